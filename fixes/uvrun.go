package fixes

import (
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// NoSync are the edits after which the final image starts its program by `uv run --no-sync`: the environment stays as it was built. refused
// says why there are none; both are empty where nothing synchronizes when the container starts.
func NoSync(build *analyzer.Build) (edits []analyzer.Edit, refused string) {
	runs, ok := syncingStarts(build.Target)
	if !ok {
		return nil, "the start script calls `uv run`, which brings the environment up to date first: another user may not write there"
	}
	for _, run := range runs {
		switch {
		case !run.plain || !Synced(build.Target):
			return nil, "`uv run` installs packages when the container starts, and another user may not write there"
		case !run.editable:
			return nil, "`uv run` brings the environment up to date first, and can't be given --no-sync where it stands"
		case !run.frozen.Empty():
			edits = append(edits, ReplaceSpan(run.frozen, "--no-sync"))
		default:
			edits = append(edits, uvOption(run, "--no-sync"))
		}
	}
	return edits, ""
}

// RunWithoutDev are the edits after which no `uv run` behind c, neither in a RUN nor at the start, installs the development group again.
func RunWithoutDev(build *analyzer.Build, c *analyzer.Command) (edits []analyzer.Edit, refused string) {
	starts, ok := syncingStarts(build.Target)
	if !ok {
		return nil, "the start script calls `uv run`, which installs them again: give it --no-dev or --no-sync, or set UV_NO_DEV"
	}
	for _, run := range append(syncingRuns(build.Target, c), starts...) {
		switch {
		case leavesDevOut(build.Target, run):
		case !run.editable:
			return nil, "a later `uv run` installs them again, and can't be given --no-dev where it stands"
		default:
			edits = append(edits, uvOption(run, "--no-dev"))
		}
	}
	return edits, ""
}

// uvOption gives `uv run` an option. In an exec form the word is in quotes, unless it is one of the code of `["sh", "-c", "..."]`.
func uvOption(run uvRun, option string) analyzer.Edit {
	ownWord := func(a dockerfile.Arg) bool { return a.Value == "run" && a.Span.Contains(run.word) }
	if run.instruction.JSON && slices.ContainsFunc(run.instruction.Args, ownWord) {
		end := run.word.End + 1
		return analyzer.Edit{Span: source.Span{Start: end, End: end}, Text: `, "` + option + `"`}
	}
	return InsertWord(run.word, option)
}
