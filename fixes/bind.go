package fixes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Bind gives the edits that mount a directory for the RUN which reads it, in place of the COPY. writable mounts throw away what the
// RUN writes to them. refused says why that can't be done.
func Bind(build *analyzer.Build, t analyzer.Transient, writable bool) (edits []analyzer.Edit, refused string) {
	cleanup, refused := bind(t)
	if refused != "" {
		return nil, refused
	}
	doc, run := build.Doc, t.Install.Step
	mount := "--mount=type=bind,"
	if flag, ok := t.Copy.Step.Instruction.Flag("from"); ok {
		if _, err := strconv.Atoi(flag.Value); err == nil {
			return nil, "a mount can't name a stage by its number"
		}
		mount += "from=" + flag.Value + ","
	}
	mount += "source=" + t.Source.Text.Text + ",target=" + t.Dir
	if writable {
		mount += ",rw"
	}
	if strings.ContainsAny(mount, "\" \t$") {
		return nil, "the mount would need quotes or variables"
	}
	at := run.Instruction.KeywordSpan.End
	edits = []analyzer.Edit{
		DeleteInstruction(doc, t.Copy.Step.Instruction, false),
		{Span: source.Span{Start: at, End: at}, Text: " " + mount},
	}
	for _, c := range cleanup {
		index := slices.IndexFunc(run.Script.Items, func(i shell.Item) bool { return i.Command == c.Shell })
		if index < 0 || len(cleanup) > 1 {
			return nil, "the clean-up in the RUN can't be removed"
		}
		more, ok := DeleteItem(doc, run.Script, index)
		if !ok {
			return nil, "the clean-up in the RUN can't be removed"
		}
		edits = append(edits, more...)
	}
	return edits, ""
}
