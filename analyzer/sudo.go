package analyzer

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// IdleSudo tells whether the command calls pip by sudo although the instruction runs as root. words are sudo and its options, up to where
// pip begins; plain tells that nothing in the file sets a variable that pip or Python would see without sudo and does not see now.
func (c *Command) IdleSudo() (words source.Span, plain, ok bool) {
	call := c.Installer
	if call == nil || call.Tool != installer.Pip || call.Opaque != "" || len(c.Argv) < 2 {
		return source.Span{}, false, false
	}
	if len(call.Wrappers) != 1 || call.Wrappers[0] != "sudo" || c.Argv[0].Text() != "sudo" || c.Shell.User != "" {
		return source.Span{}, false, false
	}
	if !c.Step.Before.IsRoot() || !c.State.IsRoot() {
		return source.Span{}, false, false
	}
	for _, f := range c.Argv[1:] {
		if f.Span == call.Program.Span {
			break
		}
		if strings.Contains(f.Text(), "=") {
			return source.Span{}, false, false // sudo X=Y pip sets a variable
		}
	}
	words = source.Span{Start: c.Argv[0].Span.Start, End: call.Program.Span.Start}
	for e := c.State.vars; e != nil; e = e.parent {
		if (e.kind == envVar || e.kind == argVar) && seenByPip(e.name) {
			return words, false, true
		}
	}
	return words, true, true
}

// seenByPip tells whether a variable changes what pip does. sudo drops all but a few, and sets PATH to its own secure_path.
func seenByPip(name string) bool {
	switch name {
	case "PATH", "HOME", "VIRTUAL_ENV", "CONDA_PREFIX", "CC", "CFLAGS", "LDFLAGS", "XDG_CACHE_HOME", "TMPDIR":
		return true
	}
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, "PIP_") || strings.HasPrefix(name, "PYTHON") || strings.HasSuffix(lower, "_proxy")
}
