package fixes

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// BindWheels gives the fix that mounts a directory of wheels for the RUN which installs them, in place of the COPY. refused says
// why there is none.
func BindWheels(build *analyzer.Build, w analyzer.WheelCopy) (fix *analyzer.Fix, refused string) {
	cleanup, refused := w.Bind()
	if refused != "" {
		return nil, refused
	}
	doc, run := build.Doc, w.Install.Step
	from := w.Source.Text.Text
	mount := "--mount=type=bind,source=" + from + ",target=" + w.Dir
	if flag, ok := w.Copy.Step.Instruction.Flag("from"); ok {
		if _, err := strconv.Atoi(flag.Value); err == nil {
			return nil, "a mount can't name a stage by its number"
		}
		mount = "--mount=type=bind,from=" + flag.Value + ",source=" + from + ",target=" + w.Dir
	}
	if strings.ContainsAny(mount, "\" \t$") {
		return nil, "the mount would need quotes or variables"
	}
	at := run.Instruction.KeywordSpan.End
	fix = &analyzer.Fix{Title: "Mount " + w.Dir + " instead of copying it", Safety: analyzer.Safe, Edits: []analyzer.Edit{
		DeleteInstruction(doc, w.Copy.Step.Instruction, false),
		{Span: source.Span{Start: at, End: at}, Text: " " + mount},
	}}
	for _, c := range cleanup {
		index := slices.IndexFunc(run.Script.Items, func(i shell.Item) bool { return i.Command == c.Shell })
		if index < 0 || len(cleanup) > 1 {
			return nil, "the clean-up in the RUN can't be removed"
		}
		edits, ok := DeleteItem(doc, run.Script, index)
		if !ok {
			return nil, "the clean-up in the RUN can't be removed"
		}
		fix.Edits = append(fix.Edits, edits...)
	}
	return fix, ""
}
