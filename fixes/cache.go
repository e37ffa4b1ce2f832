package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// WithoutCache is the edit with which an installation of the stage's chain leaves no cache of its installer behind. refused says why there is none.
func WithoutCache(build *analyzer.Build, stage *analyzer.Stage, c *analyzer.Command) (edit analyzer.Edit, refused string) {
	call := c.Installer
	if !c.Shell.Exact || call.VerbSpan.Empty() || c.Step.Instruction.JSON {
		return edit, "a command inside quotes or a JSON form is for a person to change"
	}
	if reason := caches.Uses(stage, c); reason != "" {
		return edit, "the install may need the cache: " + reason
	}
	// Of pip's two options the last one counts.
	named := call.All("--cache-dir")
	if call.Tool != installer.Pip || len(named) == 0 {
		return InsertWord(call.VerbSpan, call.NoCacheOption()), ""
	}
	value := named[0].Value.Text
	switch {
	case len(named) > 1 || value == "" || !strings.HasPrefix(build.File.Text(named[0].Span), "--cache-dir") || strings.ContainsAny(build.File.Text(named[0].Span), "\\`\n"):
		return edit, "--cache-dir can't be replaced where it stands"
	case strings.Count(string(build.File.Bytes()), value) > 1:
		return edit, "the install may need the cache: something else names " + value
	}
	if call.Has(call.NoCacheOption()) {
		return DeleteWord(build.Doc, named[0].Span), ""
	}
	return ReplaceSpan(named[0].Span, call.NoCacheOption()), ""
}
