package lint

import (
	"fmt"
	"os"
	"path"
	"path/filepath"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
)

// described is a build with the absolute folder that its paths are relative to.
type described struct {
	top string
	compose.Build
	also []string // contexts of other builds of the same Dockerfile, as absolute folders
}

func (b described) path(rel string) string { return filepath.Join(b.top, filepath.FromSlash(rel)) }

// context is the absolute folder of the build context, "" when it is none of this machine.
func (b described) context() string {
	if b.Context == "" {
		return ""
	}
	return b.path(b.Context)
}

func buildsOf(list []described) (builds []compose.Build) {
	for _, b := range list {
		builds = append(builds, b.Build)
	}
	return builds
}

// Embedded is a Dockerfile inside a compose or bake file.
type Embedded struct {
	file  *source.File // the compose or bake file
	at    *compose.InlinePlace
	build described
	// inside tells that findings keep the places that they have in the Dockerfile, and their fixes.
	inside bool
}

// Description is what a compose or bake file says to build.
type Description struct {
	// Dockerfiles are absolute paths, which need not exist, in the order of the file; with the place that names each.
	Dockerfiles, Why []string
	// Inline are the Dockerfiles that are written into it or into files that it includes, each once.
	Inline []Input
}

// Describe reads the compose or bake file at an absolute path. The Dockerfiles that it names are built as it says from now on, where
// nothing nearer to them says otherwise.
func (l *Linter) Describe(file string) Description {
	top := l.top(filepath.Dir(file))
	rel, inside := below(top, file)
	if !inside {
		return Description{}
	}
	var d Description
	inline := map[string][]described{}
	var order []string
	for _, b := range l.buildsIn(top, path.Dir(rel)) {
		build := described{top: top, Build: b}
		// Files that it includes belong to it; those beside it are described by themselves.
		if b.File != rel && path.Dir(b.File) == path.Dir(rel) {
			continue
		}
		if b.InlineAt != nil {
			key := fmt.Sprintf("%s:%d", b.InlineAt.File, b.InlineAt.Value.Start)
			if len(inline[key]) == 0 {
				order = append(order, key)
			}
			inline[key] = append(inline[key], build)
			continue
		}
		name := build.path(b.Dockerfile)
		l.mu.Lock()
		if l.described[name] = append(l.described[name], build); len(l.described[name]) == 1 {
			d.Dockerfiles, d.Why = append(d.Dockerfiles, name), append(d.Why, l.why(build))
		}
		l.mu.Unlock()
	}
	for _, key := range order {
		if in, ok := l.embedded(inline[key]); ok {
			d.Inline = append(d.Inline, in)
		}
	}
	return d
}

// embedded is the one Dockerfile of builds.
func (l *Linter) embedded(builds []described) (Input, bool) {
	b := joined(builds[0].top, buildsOf(builds))
	host := b.path(b.InlineAt.File)
	content, err := ReadFile(host)
	if err != nil || b.InlineAt.Value.End > len(content) {
		return Input{}, false
	}
	name := l.Display(host)
	return Input{Path: name, Content: []byte(b.Inline), Embedded: &Embedded{source.New(name, content), b.InlineAt, b, false}}, true
}

// Inside gives the Dockerfiles that are written into the compose or bake file at an absolute path, when the file has this content. What
// is found in them has the places and fixes of the Dockerfile's own text, which Span brings to the file.
func (l *Linter) Inside(file string, content []byte) (list []Input) {
	top, rel, root := l.around(file)
	if root == nil {
		return nil
	}
	defer root.Close()
	host := source.New(l.Display(file), content)
	same := map[int][]described{}
	var order []int
	for _, b := range compose.Builds(project.Overlay(l.watch(root.FS(), top), map[string][]byte{rel: content}), path.Dir(rel)) {
		if b.File != rel || b.InlineAt == nil || b.InlineAt.File != rel || b.InlineAt.Value.End > len(content) {
			continue
		}
		at := b.InlineAt.Value.Start
		if len(same[at]) == 0 {
			order = append(order, at)
		}
		same[at] = append(same[at], described{top: top, Build: b})
	}
	for _, at := range order {
		b := joined(top, buildsOf(same[at]))
		list = append(list, Input{Path: host.Name(), Content: []byte(b.Inline), Embedded: &Embedded{host, b.InlineAt, b, true}})
	}
	return list
}

// around opens the folder in which compose and bake files may speak of a file at an absolute path; rel is the file's path in it. root is nil
// where it can't be opened or the file lies elsewhere.
func (l *Linter) around(file string) (top, rel string, root *os.Root) {
	top = l.top(filepath.Dir(file))
	rel, inside := below(top, file)
	if !inside {
		return top, rel, nil
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return top, rel, nil
	}
	return top, rel, root
}

// Named is a build that a compose or bake file describes of a Dockerfile which is a file of its own. Paths are absolute.
type Named struct {
	File       string // the compose or bake file
	Line       int    // where in it, from 1
	Dockerfile string
	Target     string
	Args       map[string]string // build arguments
}

// Named gives the builds in the compose or bake file, or of the Dockerfile, at an absolute path. Content is that of a compose or bake file.
func (l *Linter) Named(file string, content []byte) (list []Named) {
	top, rel, root := l.around(file)
	if root == nil {
		return nil
	}
	defer root.Close()
	fsys := l.watch(root.FS(), top)
	if content != nil {
		fsys = project.Overlay(fsys, map[string][]byte{rel: content})
	}
	for dir := path.Dir(rel); ; dir = path.Dir(dir) {
		for _, b := range compose.Builds(fsys, dir) {
			if b.InlineAt == nil && (b.File == rel || b.Dockerfile == rel) {
				at := described{top: top, Build: b}
				list = append(list, Named{at.path(b.File), b.Line, at.path(b.Dockerfile), b.Target, b.Args})
			}
		}
		if content != nil || dir == "." {
			return list
		}
	}
}

// placeOf decides where an embedded Dockerfile is built. There is nothing to guess.
func (l *Linter) placeOf(e *Embedded, c *config.Config) Place {
	p := Place{Target: c.Target, Args: map[string]string{}}
	l.arguments(&p, e.build.Build, c)
	switch origin, _ := c.Origin("context"); {
	case l.options.Context != "":
		p.Context, p.Why = l.absolute(l.options.Context), "--context"
	case c.Context != "":
		p.Context, p.Why = c.Context, origin.String()
	default:
		p.Context, p.Why, p.Also = e.build.context(), l.why(e.build), e.build.also
	}
	// BuildKit gets the text from a folder of its own, so no ignore file can stand beside it.
	p.Dockerfile = "../Dockerfile"
	return p
}

// At is where the Dockerfile begins in its file, as a byte offset.
func (e *Embedded) At() int { return e.at.Value.Start }

// Line is the line of At, from 1.
func (e *Embedded) Line() int { return e.file.LineOf(e.At()) }

// Offsets are those of compose.InlinePlace.
func (e *Embedded) Offsets() []int { return e.at.Offsets }

// place moves findings from the text to the file that it stands in.
func (e *Embedded) place(r *Result) {
	r.File = e.file
	for i := range r.Diagnostics {
		d := &r.Diagnostics[i]
		if d.Path == "" {
			d.Span = e.Span(d.Span)
		}
		d.Related = append([]analyzer.Related(nil), d.Related...)
		for j := range d.Related {
			if d.Related[j].Path == "" {
				d.Related[j].Span = e.Span(d.Related[j].Span)
			}
		}
		if d.Fix != nil {
			d.Fix, d.NoFixReason = nil, "the Dockerfile stands in "+path.Base(filepath.ToSlash(e.file.Name()))+", where fixes are not written"
		}
	}
}

// Span gives the place in the file of a place in the Dockerfile.
func (e *Embedded) Span(s source.Span) source.Span {
	last := len(e.at.Offsets) - 1
	if last < 0 {
		return e.at.Value
	}
	start, end := max(0, min(s.Start, last)), max(0, min(s.End, last))
	at := source.Span{Start: e.at.Offsets[start], End: e.at.Offsets[start]}
	if end > start {
		// The end is where the last character ends, not where the next one begins: that may be on another line. A character that is
		// written as an escape ends where the next one begins.
		if at.End = e.at.Offsets[end-1] + 1; e.file.LineOf(e.at.Offsets[end]) == e.file.LineOf(e.at.Offsets[end-1]) {
			at.End = e.at.Offsets[end]
		}
	}
	return at
}
