package fixes

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// NoSync are the edits after which the final image starts its program by `uv run --no-sync`: the environment stays as it was built. refused
// says why there are none; both are empty where nothing synchronizes when the container starts.
func NoSync(build *analyzer.Build) (edits []analyzer.Edit, refused string) {
	runs, ok := build.Target.SyncingStarts()
	if !ok {
		return nil, "the start script calls `uv run`, which brings the environment up to date first: another user may not write there"
	}
	for _, run := range runs {
		switch {
		case !run.Plain || !build.Target.Synced():
			return nil, "`uv run` installs packages when the container starts, and another user may not write there"
		case !run.Editable:
			return nil, "`uv run` brings the environment up to date first, and can't be given --no-sync where it stands"
		case !run.Frozen.Empty():
			edits = append(edits, ReplaceSpan(run.Frozen, "--no-sync"))
		default:
			edits = append(edits, uvOption(run, "--no-sync"))
		}
	}
	return edits, ""
}

// RunWithoutDev are the edits after which no `uv run` behind c, neither in a RUN nor at the start, installs the development group again.
func RunWithoutDev(build *analyzer.Build, c *analyzer.Command) (edits []analyzer.Edit, refused string) {
	starts, ok := build.Target.SyncingStarts()
	if !ok {
		return nil, "the start script calls `uv run`, which installs them again: give it --no-dev or --no-sync, or set UV_NO_DEV"
	}
	for _, run := range append(build.Target.SyncingRuns(c), starts...) {
		switch {
		case build.Target.LeavesDevOut(run):
		case !run.Editable:
			return nil, "a later `uv run` installs them again, and can't be given --no-dev where it stands"
		default:
			edits = append(edits, uvOption(run, "--no-dev"))
		}
	}
	return edits, ""
}

// uvOption gives `uv run` an option; the word is in quotes in an exec form.
func uvOption(run analyzer.UvRun, option string) analyzer.Edit {
	if run.Instruction.JSON {
		end := run.Word.End + 1
		return analyzer.Edit{Span: source.Span{Start: end, End: end}, Text: `, "` + option + `"`}
	}
	return InsertWord(run.Word, option)
}
