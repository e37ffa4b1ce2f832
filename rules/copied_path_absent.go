package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// checkAbsent reports sources that nothing can have put into the stage, and those that are one slip away from a directory that
// packages are installed to.
func checkAbsent(p *analyzer.Pass, c *analyzer.Copy) {
	for i, s := range c.Sources {
		if !s.Text.IsKnown() || strings.ContainsAny(s.Text.Text, "*?[") {
			continue
		}
		there := c.From.HasPath(path.Clean(s.Text.Text))
		switch {
		case there.Is(analyzer.Yes), saidElsewhere(p, c, s):
		case (there.Is(analyzer.No) || hardlyThere(c.From, there)) && !c.From.MayName(s.Text.Text) && checkMisspelt(p, c, i):
		case there.Is(analyzer.No):
			p.Report(analyzer.Diagnostic{
				Span:    s.Span,
				Message: absentSource(c.From, s.Text.Text),
			})
		}
	}
}

func absentSource(from *analyzer.Stage, p string) string {
	return fmt.Sprintf("nothing in %s puts anything to %s, so the build fails", from.Label(), p)
}

// hardlyThere tells whether what may have brought a path is an unfamiliar base image, or a command that does not say all that it writes but
// installs no packages and makes no programs: neither makes a directory that is named nearly as one of this very file.
func hardlyThere(from *analyzer.Stage, there analyzer.Answer) bool {
	if _, may := from.MayBring(effect.AnyPackage); may {
		return false
	}
	return there.Step == nil || there.Command != nil && there.Command.Effects.Reach&effect.AnyProgram == 0
}

// saidElsewhere tells whether another rule knows better why the path is not there: a .venv that poetry or pipenv keep elsewhere, the
// library of another version of Python.
func saidElsewhere(p *analyzer.Pass, c *analyzer.Copy, s analyzer.CopySource) bool {
	if slices.ContainsFunc(p.AbsentVenvs(), func(a analyzer.AbsentVenv) bool { return a.Copy == c && a.Source.Span == s.Span }) {
		return true
	}
	_, version, ok := strings.Cut(s.Text.Text, "/lib/python3.")
	python := c.From.After.Python()
	version, _, _ = strings.Cut(version, "/")
	return ok && (python == nil || python.Minor != "3."+version)
}

// checkMisspelt reports a source that is one slip away from a directory that packages are installed to.
func checkMisspelt(p *analyzer.Pass, c *analyzer.Copy, i int) bool {
	s := c.Sources[i]
	for _, content := range c.From.Contents() {
		for _, dir := range installedTo(content) {
			right, ok := corrected(s.Text.Text, dir)
			if !ok {
				continue
			}
			d := analyzer.Diagnostic{
				Span: s.Span,
				Message: fmt.Sprintf("nothing in %s puts files to %s, so the build fails; packages are installed to %s",
					c.From.Label(), s.Text.Text, dir),
				Related: []analyzer.Related{{Span: content.Install.Call.Span, Message: "they are installed here"}},
			}
			if written := c.Step.Instruction.Args[i]; literal(written) {
				if strings.HasSuffix(written.Text, "/") {
					right += "/"
				}
				d.Fix = &analyzer.Fix{Title: "Copy from " + right, Safety: analyzer.Safe, Edits: []analyzer.Edit{fixes.ReplaceSpan(s.Span, right)}}
			}
			p.Report(d)
			return true
		}
	}
	return false
}

// installedTo are the directories that an installation fills: the whole, where that is its own, and its parts, and its well-known programs.
func installedTo(content analyzer.Content) []string {
	var dirs []string
	if content.Dir == "/" {
		return nil
	}
	if content.Install.Place != analyzer.System {
		dirs = append(dirs, content.Dir)
	}
	if content.Install.Place == analyzer.TargetDir || content.Install.Place == analyzer.CondaEnv {
		return dirs
	}
	for _, part := range []string{"bin", "lib", "local"} {
		dirs = append(dirs, path.Join(content.Dir, part))
	}
	if python := content.Install.Interpreter; python != nil && python.Minor != "" {
		dirs = append(dirs, path.Join(content.Dir, "lib", "python"+python.Minor, "site-packages"))
	}
	for name := range content.EntryPoints() {
		dirs = append(dirs, path.Join(content.ScriptsDir(), name))
	}
	program.All(func(f program.Facts) {
		if len(f.Name) > 4 && f.Package != "" && content.Install.Script(f.Name) == analyzer.Yes {
			dirs = append(dirs, path.Join(content.ScriptsDir(), f.Name))
		}
	})
	return dirs
}

// otherDirs are directories that other things than packages fill, though their names are one slip away.
var otherDirs = []string{"sbin", "libx", "lib64", "lib32"}

// corrected replaces the front of a path that is nearly dir by dir.
func corrected(text, dir string) (string, bool) {
	depth := strings.Count(dir, "/")
	parts := strings.Split(text, "/")
	if len(parts) <= depth {
		return "", false
	}
	front := strings.Join(parts[:depth+1], "/")
	if _, known := program.Lookup(path.Base(front)); known || front == dir || len(dir) < 4 || slices.Contains(otherDirs, path.Base(front)) || !oneSlip(front, dir) || digits(front) != digits(dir) {
		return "", false
	}
	return strings.Join(append([]string{dir}, parts[depth+1:]...), "/"), true
}

// digits are the digits of a path: /opt/venv2 is no slip for /opt/venv1.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

// oneSlip tells whether one character was left out, added, changed, or swapped with its neighbour.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch {
	case len(b)-len(a) == 1:
		return a[i:] == b[i+1:]
	case len(a) != len(b) || i == len(a):
		return false
	case a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
