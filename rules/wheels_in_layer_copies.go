package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// wheelCopies are the directories of wheels that the chain of the finished stage copies to install from.
func wheelCopies(s *analyzer.Stage) []analyzer.Transient {
	var found []analyzer.Transient
	seen := map[*analyzer.Copy]bool{}
	for _, c := range s.ChainCommands() {
		for _, dir := range wheelDirs(c) {
			if w, ok := copyOf(s, dir, c); ok && !seen[w.Copy] {
				seen[w.Copy] = true
				found = append(found, w)
			}
		}
	}
	return found
}

// copyOf finds the COPY before the command that brings the directory.
func copyOf(s *analyzer.Stage, dir string, c *analyzer.Command) (analyzer.Transient, bool) {
	found, ok := analyzer.Transient{}, false
	for _, step := range s.ChainSteps() {
		if step == c.Step {
			break
		}
		if step.Copy == nil || !step.Copy.Dest.IsKnown() || step.Copy.Dest.Text != dir {
			continue
		}
		if ok && step.Copy.FromContext() && !found.Copy.FromContext() {
			continue // of the context's and a builder's the latter has what was built
		}
		for _, source := range step.Copy.Sources {
			if archive := path.Ext(source.Text.Text); (archive == ".whl" || archive == ".gz") && strings.Contains(path.Base(source.Text.Text), "*") && source.Text.IsKnown() {
				found, ok = analyzer.Transient{Copy: step.Copy, Source: source, Dir: dir, Install: c}, true
				break
			}
			if source.Text.IsKnown() && !source.Heredoc && !source.Remote && !analyzer.LooksLikeFile(path.Base(source.Text.Text)) {
				found, ok = analyzer.Transient{Copy: step.Copy, Source: source, Dir: dir, Install: c}, true
				break
			}
		}
	}
	return found, ok
}

// wheelDirs are the directories that pip installs archives from: --find-links, and those of named or matched wheels.
func wheelDirs(c *analyzer.Command) []string {
	if c.Install == nil || c.Installer.Tool != installer.Pip && c.Installer.Tool != installer.UvPip {
		return nil
	}
	var dirs []string
	add := func(v env.Value) {
		if at := c.State.Abs(v); at.IsKnown() && at.Text != "/" {
			dirs = append(dirs, at.Text)
		}
	}
	for _, o := range c.Installer.All("--find-links") {
		if o.Value.IsKnown() && !strings.Contains(o.Value.Text, "://") {
			add(o.Value)
		}
	}
	for _, f := range c.Installer.Operands {
		text := f.Text()
		if strings.HasSuffix(text, ".whl") || strings.HasSuffix(text, "/*") && f.Glob || strings.HasSuffix(text, ".tar.gz") && f.Glob {
			if dir := path.Dir(text); !strings.ContainsAny(dir, "*?[") && !strings.Contains(dir, "://") {
				add(env.Of(dir))
			}
		}
	}
	return dirs
}
