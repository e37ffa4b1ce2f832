package report

import (
	"bufio"
	"cmp"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// The page needs nothing else: no request goes out, and all but the search works without the script.
var (
	//go:embed html.css
	pageStyle string
	//go:embed html.js
	pageScript string
)

const (
	// So many pictures of stages are in a page; each is some 20 kB.
	maxPictures = 40
	// So many files are in the list of files; all are below it.
	maxFileBars = 25
)

// page is an HTML report on its way out.
type page struct {
	out    *bufio.Writer
	run    *Run
	counts counts
	told   map[*analyzer.Rule]int // how often a rule found something
	worst  map[*analyzer.Rule]analyzer.Severity
	files  []*pageFile
}

// pageFile is a file with findings.
type pageFile struct {
	target *Target
	habits []habit
	id     string
	counts counts
}

// html writes one page for people who would rather look than read, and for teams.
func html(w io.Writer, run *Run, style Style) error {
	p := &page{out: bufio.NewWriter(w), run: run, told: map[*analyzer.Rule]int{}, worst: map[*analyzer.Rule]analyzer.Severity{}}
	for i := range run.Targets {
		f := &pageFile{target: &run.Targets[i], habits: habits(run.Targets[i].Diagnostics), id: fmt.Sprintf("f%d", len(p.files)+1)}
		for _, h := range f.habits {
			f.counts.one(h.Diagnostic)
			p.counts.one(h.Diagnostic)
			p.told[h.Rule]++
			p.worst[h.Rule] = max(p.worst[h.Rule], h.Severity)
		}
		if len(f.habits) > 0 {
			p.files = append(p.files, f)
		}
	}
	p.write(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>pylint-docker: %s</title>
<style>
%s</style>
</head>
<body>
`, esc(words.Count(p.counts.total, "problem")), pageStyle)
	p.head(style)
	p.write("<main>\n")
	for _, t := range run.Targets {
		if t.Image != "" {
			p.write("<section aria-labelledby=\"image\">\n<h2 id=\"image\">Image</h2>\n<pre class=\"image\" tabindex=\"0\" role=\"group\" aria-label=\"Its layers, and what it starts\">%s</pre>\n</section>\n",
				htmlEscape.Replace(strings.TrimSpace(t.Image)))
		}
	}
	if p.counts.total > 0 {
		if len(p.files) > 1 {
			p.rules()
			p.fileList()
		}
		p.write("<section aria-labelledby=\"found\">\n<h2 id=\"found\">Findings</h2>\n<p id=\"none\" hidden>No finding fits the filter.</p>\n")
		for i, f := range p.files {
			p.file(f, i)
		}
		p.write("</section>\n")
		if len(p.files) == 1 {
			p.rules() // who has one file wants to see what is wrong with it first
		}
	}
	p.write("</main>\n<footer>pylint-docker %s · <a href=\"https://github.com/pylint-docker/pylint-docker\">what it is</a></footer>\n<script>\n%s</script>\n</body>\n</html>\n",
		esc(p.run.Version), pageScript)
	return p.out.Flush()
}

func (p *page) write(format string, args ...any) { fmt.Fprintf(p.out, format, args...) } // Flush tells of errors

var htmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;")

// esc makes text safe to show: neither markup nor what would turn the reading direction.
func esc(text string) string { return htmlEscape.Replace(clean(text)) }

// prose is esc for messages, whose code stands between backticks.
func prose(text string) string {
	parts := strings.Split(esc(text), "`")
	if len(parts)%2 == 0 {
		return esc(text)
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = "<code>" + parts[i] + "</code>"
	}
	return strings.Join(parts, "")
}

// head has the totals and the filter.
func (p *page) head(style Style) {
	c := p.counts
	p.write("<header>\n<h1>pylint-docker</h1>\n")
	if c.total == 0 {
		p.write("<p class=\"lead\">No problems: %s checked.</p>\n</header>\n", words.Count(style.Files, "file"))
		return
	}
	p.write("<p class=\"lead\">%s in %s of %d</p>\n", words.Count(c.total, "problem"), words.Count(len(p.files), "file"), max(style.Files, len(p.files)))
	p.write("<div class=\"total\" aria-hidden=\"true\">")
	for _, part := range []struct {
		class string
		n     int
	}{{"error", c.errors}, {"warning", c.warnings}, {"info", c.info}} {
		if part.n > 0 {
			p.write("<span class=\"%s\" style=\"flex-grow:%d\"></span>", part.class, part.n)
		}
	}
	p.write("</div>\n<form class=\"filter\" role=\"search\">\n")
	for _, box := range []struct{ id, label string }{{"error", words.Count(c.errors, "error")}, {"warning", words.Count(c.warnings, "warning")}, {"info", fmt.Sprintf("%d info", c.info)}} {
		p.write("<label class=\"%s\"><input type=\"checkbox\" id=\"show-%s\" checked> %s</label>\n", box.id, box.id, box.label)
	}
	p.write("<label class=\"find\" hidden>Filter <input type=\"search\" id=\"find\" placeholder=\"rule, file or word\" autocomplete=\"off\"></label>\n</form>\n")
	if hint := fixHint(c, style.Unsafe); hint != "" {
		p.write("<p class=\"hint\">%s.</p>\n", esc(hint))
	}
	p.write("</header>\n")
}

// bar is a bar whose length is a share of the greatest.
func (p *page) bar(n, most int, class string) {
	p.write("<span class=\"bar\" aria-hidden=\"true\"><span class=\"%s\" style=\"width:%d%%\"></span></span>", class, max(2, n*100/max(1, most)))
}

// rules lists the rules that found something, the most frequent of the gravest first, with the reason of each.
func (p *page) rules() {
	var list []*analyzer.Rule
	most := 0
	for rule, n := range p.told {
		list = append(list, rule)
		most = max(most, n)
	}
	slices.SortFunc(list, func(a, b *analyzer.Rule) int {
		return cmp.Or(cmp.Compare(p.worst[b], p.worst[a]), cmp.Compare(p.told[b], p.told[a]), cmp.Compare(a.Code, b.Code))
	})
	p.write("<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">By rule</h2>\n<ul class=\"bars\">\n")
	for _, rule := range list {
		p.write("<li id=\"%s\" class=\"%s\"><a href=\"%s\">%s</a> <b>%s</b> <button type=\"button\" data-find=\"%s\" hidden>only</button> <span class=\"n\">%d</span>",
			rule.Code, p.worst[rule], esc(rule.URL()), rule.Code, esc(rule.Name), rule.Code, p.told[rule])
		p.bar(p.told[rule], most, p.worst[rule].String())
		why := rule.Summary
		if p.run.Why != nil {
			why = cmp.Or(p.run.Why(rule), why)
		}
		p.write("<p>%s</p></li>\n", prose(why))
	}
	p.write("</ul>\n</section>\n")
}

// fileList lists the files with the most findings, those with errors first.
func (p *page) fileList() {
	if len(p.files) < 2 {
		return
	}
	list := slices.Clone(p.files)
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i].counts, list[j].counts
		return a.errors > b.errors || a.errors == b.errors && a.total > b.total
	})
	most := 0
	for _, f := range list {
		most = max(most, f.counts.total)
	}
	p.write("<section aria-labelledby=\"files\">\n<h2 id=\"files\">By file</h2>\n<ul class=\"bars\">\n")
	for _, f := range list[:min(len(list), maxFileBars)] {
		p.write("<li class=\"%s\"><a href=\"#%s\">%s</a> <span class=\"n\">%d</span>", f.habits[0].Severity, f.id, esc(f.target.File.Name()), f.counts.total)
		p.bar(f.counts.total, most, f.habits[0].Severity.String())
		p.write("</li>\n")
	}
	p.write("</ul>\n")
	if more := len(list) - maxFileBars; more > 0 {
		p.write("<p>And %s, below.</p>\n", words.Count(more, "more file"))
	}
	p.write("</section>\n")
}

func (p *page) file(f *pageFile, index int) {
	p.write("<section class=\"file\" id=\"%s\" aria-labelledby=\"%s-name\">\n<h3 id=\"%s-name\">%s</h3>\n", f.id, f.id, f.id, esc(f.target.File.Name()))
	if f.target.Picture != nil && index < maxPictures {
		p.write("<details><summary>Stages</summary><div tabindex=\"0\" role=\"group\" aria-label=\"Picture\"><img loading=\"lazy\" alt=\"The stages of %s, and what flows between them\" src=\"data:image/svg+xml;base64,%s\"></div></details>\n",
			esc(f.target.File.Name()), base64.StdEncoding.EncodeToString(f.target.Picture))
	}
	for _, h := range f.habits {
		p.finding(f.target, h)
	}
	p.write("</section>\n")
}

func (p *page) finding(t *Target, h habit) {
	file := t.file(h.Path)
	at := file.Position(h.Span.Start)
	p.write("<article class=\"%s\">\n<h4><span class=\"tag\">%s</span> <a href=\"#%s\">%s</a> %s <span class=\"place\">%s:%d:%d</span></h4>\n<p>%s</p>\n",
		h.Severity, h.Severity, h.Rule.Code, h.Rule.Code, esc(h.Rule.Name), esc(file.Name()), at.Line, at.Column, prose(h.Message))
	if file.Len() > 0 {
		p.frame(file, h.Diagnostic)
		for _, d := range h.others {
			if !h.oneMessage() {
				p.write("<p>%s</p>\n", prose(d.Message))
			}
			p.frame(file, d)
		}
	}
	for _, r := range h.Related {
		other := t.file(r.Path)
		at := other.Position(r.Span.Start)
		p.write("<p class=\"see\"><span class=\"place\">%s:%d:%d</span> %s</p>\n", esc(other.Name()), at.Line, at.Column, prose(r.Message))
	}
	do, reason := advice(h.Diagnostic)
	switch {
	case h.Fix != nil:
		p.fix(t, h)
	case do != "" && reason != "":
		p.write("<p class=\"do\"><b>Do:</b> %s (no fix: %s)</p>\n", prose(do), prose(reason))
	case do != "":
		p.write("<p class=\"do\"><b>Do:</b> %s</p>\n", prose(do))
	case reason != "":
		p.write("<p class=\"do\"><b>No fix:</b> %s</p>\n", prose(reason))
	}
	p.write("</article>\n")
}

// frame shows the lines of a finding with one more at each side, and marks it.
func (p *page) frame(file *source.File, d analyzer.Diagnostic) {
	span := visible(file, d.Span)
	first, last := file.LineOf(span.Start), file.LineOf(max(span.Start, span.End-1))
	p.write("<pre tabindex=\"0\" role=\"group\" aria-label=\"Lines %d to %d\">", first, last)
	for number := max(1, first-1); number <= min(file.Lines(), last+1); number++ {
		if hidden := last - first - 8; hidden > 0 && number == first+5 {
			p.write("<i>… %s</i>\n", words.Count(hidden, "more line"))
			number += hidden
		}
		line := shown(file, number)
		from, to := max(line.Start, min(span.Start, line.End)), max(line.Start, min(span.End, line.End))
		part := func(from, to int) string { return esc(longText(file.Text(source.Span{Start: from, End: to}))) }
		p.write("<i>%d</i>%s", number, part(line.Start, from))
		if to > from {
			p.write("<mark>%s</mark>", part(from, to))
		}
		p.write("%s\n", part(to, line.End))
	}
	p.write("</pre>\n")
}

// longText cuts what nobody reads: a line may have 65,535 bytes.
func longText(text string) string {
	return shorten(valid(strings.ReplaceAll(text, "\t", "    ")), 2000)
}

func (p *page) fix(t *Target, h habit) {
	title := h.Fix.Title
	if len(h.others) > 0 {
		title += ", and so at the other places"
	}
	p.write("<p class=\"do\"><b>Fix:</b> %s <span class=\"tag\">%s</span></p>\n", prose(title), h.Fix.Safety)
	lines := changedLines(t, h.Fix)
	if len(lines) == 0 {
		return
	}
	p.write("<pre class=\"diff\" tabindex=\"0\" role=\"group\" aria-label=\"What the fix changes\">")
	for i, line := range lines {
		if i == maxDiffLines {
			p.write("<i>…</i> %s; --diff shows all\n", words.Count(len(lines)-i, "more line"))
			break
		}
		text := esc(longText(line.text))
		switch line.kind {
		case 'f':
			p.write("<i></i><b>%s</b>\n", text)
		case '-':
			p.write("<del><i>%d</i>- %s</del>\n", line.number, text)
		default:
			p.write("<ins><i>%d</i>+ %s</ins>\n", line.number, text)
		}
	}
	p.write("</pre>\n")
}

// A fix of more lines than this is cut in a page.
const maxDiffLines = 40
