package lint

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// elsewhere is another build context of a Dockerfile: a compose or bake file builds several images from the one file, as one does
// for services that differ in their sources only.
type elsewhere struct {
	place Place
	root  *os.Root
	fsys  fs.FS
	rel   string // the context as a slash path from that of the Unit
}

// openOthers opens the contexts that the Dockerfile has besides. One that can't be opened is none.
func (u *Unit) openOthers() {
	for _, dir := range u.Place.Also {
		rel, err := filepath.Rel(u.Place.Context, dir)
		name, err2 := filepath.Rel(dir, u.path)
		if err != nil || err2 != nil {
			continue
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			continue
		}
		e := &elsewhere{u.Place, root, u.linter.watch(root.FS(), dir), filepath.ToSlash(rel)}
		e.place.Context, e.place.Dockerfile = dir, filepath.ToSlash(name)
		if u.Input.Embedded != nil {
			e.place.Dockerfile = u.Place.Dockerfile
		}
		u.others = append(u.others, e)
	}
}

// judgeElsewhere judges the Dockerfile in its other contexts, too: what is wrong in one of them only is added, an ignore comment is unused
// when it is so in all, and a fix of the Dockerfile stays only if it is the same in all.
func (u *Unit) judgeElsewhere(p parsed, result *Result) {
	for _, e := range u.others {
		s := u.settings(fixes.Files{})
		s.Context = project.Open(e.fsys, e.place.Dockerfile)
		_, found, errs := rules.LintParsed(p.file, p.doc, p.err, s, u.Selection)
		result.Errors = append(result.Errors, errs...)
		result.Diagnostics = u.mergeElsewhere(e, result.Diagnostics, found)
	}
}

func (u *Unit) mergeElsewhere(e *elsewhere, here, there []analyzer.Diagnostic) []analyzer.Diagnostic {
	at := func(list []analyzer.Diagnostic, d analyzer.Diagnostic) *analyzer.Diagnostic {
		i := slices.IndexFunc(list, func(other analyzer.Diagnostic) bool {
			return other.Rule == d.Rule && other.Path == d.Path && other.Span == d.Span
		})
		if i < 0 {
			return nil
		}
		return &list[i]
	}
	here = slices.DeleteFunc(here, func(d analyzer.Diagnostic) bool {
		return d.Rule == rules.UnusedIgnore && at(there, d) == nil
	})
	for i := range here {
		d := &here[i]
		if d.Fix == nil || !slices.ContainsFunc(d.Fix.Edits, func(edit analyzer.Edit) bool { return edit.Path == "" }) {
			continue
		}
		if other := at(there, *d); other == nil || other.Fix == nil || !reflect.DeepEqual(other.Fix.Edits, d.Fix.Edits) || other.Fix.Safety != d.Fix.Safety {
			d.Fix, d.NoFixReason = nil, fmt.Sprintf("the Dockerfile is also built in %s, where this fix is not the same", u.linter.Display(e.place.Context))
		}
	}
	for _, d := range there {
		if d.Rule == rules.UnusedIgnore || d.Path == "" && at(here, d) != nil {
			continue
		}
		here = append(here, e.moved(d, u.linter.Display(e.place.Context)))
	}
	return here
}

// moved is a finding in another context as one of the Unit, which can't be repaired: the fix might not suit the other builds.
func (e *elsewhere) moved(d analyzer.Diagnostic, context string) analyzer.Diagnostic {
	if d.Path == "" {
		d.Message += " (in the build context " + context + ")"
	} else {
		d.Path = path.Join(e.rel, d.Path)
	}
	if d.Fix != nil {
		d.Fix, d.NoFixReason = nil, "the Dockerfile is built in other contexts, too"
	}
	d.Related = slices.Clone(d.Related)
	for i := range d.Related {
		if d.Related[i].Path != "" {
			d.Related[i].Path = path.Join(e.rel, d.Related[i].Path)
		}
	}
	return d
}

// readElsewhere reads a file of another context by its path from that of the Unit.
func (u *Unit) readElsewhere(name string) ([]byte, bool) {
	absolute := filepath.Join(u.Place.Context, filepath.FromSlash(name))
	for _, e := range u.others {
		if rel, inside := below(e.place.Context, absolute); inside {
			if content, ok := project.Open(e.fsys, e.place.Dockerfile).Read(rel); ok {
				return content, true
			}
		}
	}
	return nil, false
}
