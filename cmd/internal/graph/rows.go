package graph

import (
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// row is a line of a stage's box: one thing that comes in or is installed.
type row struct {
	kind    string // "base", "copy", "mount", "os", "python"
	from    End    // of base, copy and mount
	text    string // what
	where   string // where to, "" when that is not known or need not be said
	note    string
	line    int
	reaches bool   // of os and python: it is in the final image
	build   bool   // of os: build tools are among them
	times   int    // how often it is repeated
	size    string // what the layer of its instruction has in the built image; "" without one
}

// rows are the lines of a stage in the order of the file. What comes from the build context is one line, and so are
// the packages of one package manager, and copies from one origin that bring no installation where there are many.
func (g *Graph) rows(s *Stage) []row {
	var list []row
	for _, f := range g.Flows {
		if f.To == s.ID {
			list = append(list, flowRow(f))
		}
	}
	list = merge(list, func(r row) bool { return r.kind != "base" && r.from.Kind == kindContext })
	if len(list) > 7 {
		list = merge(list, func(r row) bool { return r.kind != "base" && r.note == "" })
	}
	byManager := map[string][]OSPackage{}
	var managers []string
	for _, p := range s.Packages {
		if byManager[p.Manager] == nil {
			managers = append(managers, p.Manager)
		}
		byManager[p.Manager] = append(byManager[p.Manager], p)
	}
	for _, m := range managers {
		var names []string
		r := row{kind: "os", line: byManager[m][0].Line, reaches: s.Ships}
		for _, p := range byManager[m] {
			names = append(names, p.Name)
			r.build = r.build || p.Build
		}
		names = distinct(names)
		r.text, r.note = m+": "+words.Count(len(names), "OS package"), list4(names)
		list = append(list, r)
	}
	for _, in := range s.Installs {
		r := row{kind: "python", line: in.Line, reaches: in.Reaches, text: command(in) + " " + short(in), where: in.Dir}
		if in.Dir == "" || in.Place == "system" {
			r.where = in.Place
		} else {
			r.note = in.Place
		}
		if at := slices.IndexFunc(list, func(o row) bool { return o.kind == r.kind && o.text == r.text && o.where == r.where }); at >= 0 {
			list[at].times++
			continue
		}
		list = append(list, r)
	}
	for i := range list {
		if list[i].times > 0 {
			list[i].text += " ×" + strconv.Itoa(list[i].times+1)
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].line < list[j].line })
	if s.Ships {
		g.weighed(list)
	}
	return list
}

func list4(names []string) string { return list(names, 4) }

// command is the tool with its verb, unless the one says the other: "pip install", "setup.py develop", "conda".
func command(in Install) string {
	if in.Verb == "" || strings.HasPrefix(in.Tool, "pip-") {
		return in.Tool
	}
	return in.Tool + " " + in.Verb
}

func flowRow(f Flow) row {
	r := row{kind: f.Kind, from: f.From, line: f.Line}
	if f.Kind == "base" {
		r.text = f.From.Name
		return r
	}
	r.text = list4(f.Sources)
	if f.From.Kind == kindContext && r.text == "." {
		r.text = "everything"
	}
	// The same path there as here need not be said twice.
	if len(f.Sources) != 1 || f.Dest != path.Clean(f.Sources[0]) && f.Dest != path.Dir(f.Sources[0]) {
		r.where = f.Dest
	}
	if len(f.Brings) > 0 {
		r.note = list(f.Brings, 2)
	}
	return r
}

// merge makes one row of all of one kind and origin that may be merged.
func merge(rows []row, may func(row) bool) []row {
	type key struct {
		kind string
		from End
	}
	var out []row
	texts := map[key][]string{}
	first := map[key]int{}
	for _, r := range rows {
		k := key{r.kind, r.from}
		if !may(r) {
			out = append(out, r)
			continue
		}
		texts[k] = append(texts[k], r.text)
		if at, known := first[k]; known {
			out[at].where = ""
			continue
		}
		first[k] = len(out)
		out = append(out, r)
	}
	for k, at := range first {
		if len(texts[k]) > 1 {
			out[at].text = list4(distinct(texts[k]))
		}
	}
	return out
}

// origins are the images, the build context and what is not known that stages take from, in the order of their first use.
func (g *Graph) origins() []End {
	var ends []End
	for _, f := range g.Flows {
		if f.From.Kind != kindStage && !slices.Contains(ends, f.From) {
			ends = append(ends, f.From)
		}
	}
	return ends
}

// facts say in a few words what a base image is: "debian 12, Python 3.12".
func facts(s *Stage) string {
	var parts []string
	if s.Distro != "" {
		parts = append(parts, strings.ToUpper(s.Distro[:1])+s.Distro[1:])
	}
	if s.imagePython != "" {
		parts = append(parts, "Python "+s.imagePython)
	}
	return strings.Join(parts, ", ")
}

// held is what the final image has in one directory, from one stage.
type held struct {
	dir, place, from string
	what, parts      []string
}

// holdings are the Python installations of the final image by directory.
func (f *Final) holdings() []held {
	var list []held
	for _, c := range f.Python {
		at := slices.IndexFunc(list, func(h held) bool { return h.dir == c.Dir && h.place == c.Place && h.from == c.From })
		if at < 0 {
			at = len(list)
			list = append(list, held{dir: c.Dir, place: c.Place, from: c.From})
		}
		what := c.What
		if what == "." {
			what = "the project"
		}
		list[at].what = distinct(append(list[at].what, what))
		list[at].parts = distinct(append(list[at].parts, c.Part))
	}
	return list
}
