package cli

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/cmd/internal/discover"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// inputs are the Dockerfiles to lint: those that were found, and those that compose and bake files describe, by a name that no search
// knows or inside of the file itself. Of a file that was found in a folder only what lies in the folders of args counts; of one that was
// named itself all does, and what is missing is an error.
func (s *session) inputs(found []discover.File, args []string) (list []lint.Input, errs []error) {
	known := map[string]bool{}
	for _, f := range found {
		if !f.Describes {
			known[resolved(f.Path)] = true
			list = append(list, lint.Input{Path: f.Path})
		}
	}
	inline := map[string]bool{}
	for _, f := range found {
		if !f.Describes {
			continue
		}
		s.flags.look.see(f.Path)
		absolute, err := filepath.Abs(f.Path)
		if err != nil {
			continue
		}
		d := s.linter.Describe(absolute)
		if f.Explicit && len(d.Dockerfiles)+len(d.Inline) == 0 && !s.flags.quiet {
			fmt.Fprintf(s.Err, "pylint-docker: %s describes no image build that could be read\n", printable(f.Path))
		}
		for i, path := range d.Dockerfiles {
			if s.flags.forceExclude && leftOut(s.linter, path) {
				continue
			}
			if !f.Explicit && (!within(path, args) || s.linter.Excluded(path, false) || discover.Skipped(path)) || known[resolved(path)] {
				continue
			}
			if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
				if f.Explicit {
					errs = append(errs, fmt.Errorf("%s: there is no file %s", d.Why[i], s.linter.Display(path)))
				}
				continue
			}
			known[resolved(path)] = true
			list = append(list, lint.Input{Path: s.linter.Display(path)})
		}
		for _, in := range d.Inline {
			if key := fmt.Sprintf("%s:%d", in.Path, in.Embedded.At()); !inline[key] {
				inline[key] = true
				list = append(list, in)
			}
		}
	}
	stable.Sort(list, func(a, b lint.Input) int {
		return cmp.Or(discover.Compare(a.Path, b.Path), cmp.Compare(offsetOf(a), offsetOf(b)))
	})
	return list, errs
}

func offsetOf(in lint.Input) int {
	if in.Embedded == nil {
		return -1
	}
	return in.Embedded.At()
}

// resolved is a path by which a file is known again, also through a link.
func resolved(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	return path
}

// within tells whether an absolute path lies in one of the folders.
func within(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return false
		}
		rel, err := filepath.Rel(absolute, path)
		return err == nil && filepath.IsLocal(rel)
	})
}
