package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// markdown writes a table per file, for job summaries and comments.
func markdown(w io.Writer, run *Run, style Style) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "# pylint-docker\n\n")
	c := countHabits(run)
	if c.total == 0 {
		fmt.Fprintf(out, "No problems: %s checked.\n", words.Count(style.Files, "file"))
		return out.Flush()
	}
	fmt.Fprintf(out, "%s: %s, %s, %d info.\n", words.Count(c.total, "problem"), words.Count(c.errors, "error"), words.Count(c.warnings, "warning"), c.info)
	for i := range run.Targets {
		t := &run.Targets[i]
		if len(t.Diagnostics) == 0 {
			continue
		}
		fmt.Fprintf(out, "\n## %s\n\n| Place | Rule | Severity | Message | Fix |\n| --- | --- | --- | --- | --- |\n", markdownText(t.File.Name()))
		for _, h := range habits(t.Diagnostics) {
			fmt.Fprintf(out, "| %s | [%s](%s) %s | %s | %s | %s |\n", markdownPlaces(t, h), h.Rule.Code, URL(h.Rule), h.Rule.Name,
				h.Severity, markdownText(h.Message), markdownFix(h.Diagnostic))
		}
	}
	if hint := fixHint(c, style.Unsafe); hint != "" {
		fmt.Fprintf(out, "\n%s.\n", strings.ToUpper(hint[:1])+hint[1:])
	}
	return out.Flush()
}

// markdownPlaces lists the places of a habit: "3:5", or "requirements.txt:1:1, 2:1" in another file than the Dockerfile.
func markdownPlaces(t *Target, h habit) string {
	file := t.file(h.Path)
	places := []string{markdownPlace(file, h.Diagnostic)}
	for _, d := range h.others {
		places = append(places, markdownPlace(file, d))
	}
	text := strings.Join(places, ", ")
	if h.Path != "" {
		return markdownText(file.Name()) + ":" + text
	}
	return text
}

func markdownPlace(file *source.File, d analyzer.Diagnostic) string {
	at := file.Position(d.Span.Start)
	return fmt.Sprintf("%d:%d", at.Line, at.Column)
}

// markdownFix is what a fix does, or what to do without one.
func markdownFix(d analyzer.Diagnostic) string {
	if d.Fix != nil {
		return markdownText(fmt.Sprintf("%s (%s)", d.Fix.Title, d.Fix.Safety))
	}
	do, reason := advice(d)
	switch {
	case do != "":
		return markdownText(do)
	case reason != "":
		return markdownText("no fix: " + reason)
	}
	return ""
}

// markdownSpecials keeps a text a text: no emphasis, no HTML, no cell that ends early, and no link that GitHub makes of an address
// (https://github.github.com/gfm/#autolinks-extension-).
var markdownSpecials = strings.NewReplacer("\\", "\\\\", "|", "\\|", "*", "\\*", "_", "\\_", "~", "\\~", "#", "\\#", "&", "&amp;",
	"<", "&lt;", ">", "&gt;", "[", "\\[", "]", "\\]", "://", "\\://", "www.", "www\\.", "\n", " ", "\r", "")

// markdownText shows a text as it is, and as code what stands between backticks: nothing is special there but what ends a cell, which
// a backslash before it would do after all.
func markdownText(text string) string {
	parts := strings.Split(clean(text), "`")
	code := len(parts)%2 == 1
	for i := 1; i < len(parts); i += 2 {
		code = code && parts[i] != "" && !strings.Contains(parts[i], "\\")
	}
	mark := "\\`"
	if code {
		mark = "`"
	}
	for i, part := range parts {
		if code && i%2 == 1 {
			parts[i] = strings.ReplaceAll(part, "|", "\\|")
		} else {
			parts[i] = markdownSpecials.Replace(part)
		}
	}
	return strings.Join(parts, mark)
}
