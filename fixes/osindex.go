package fixes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/caches"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// DropIndex gives the fix after which a RUN leaves no index of its OS package manager in the layer: commands are those
// of Step.LeavesIndex. refused says why there is none.
func DropIndex(build *analyzer.Build, step *analyzer.Step, commands []*analyzer.Command) (fix *analyzer.Fix, refused string) {
	first := commands[0]
	if step.Instruction.JSON || step.Script == nil {
		return nil, "the RUN is no shell code"
	}
	switch need, by := caches.NeedsIndexLater(step, first.OS.Manager); {
	case need == analyzer.Yes && by.OS != nil:
		return nil, "a later RUN installs packages with these lists: join the two"
	case need != analyzer.No:
		return nil, mayNeedIndex(build, by)
	}
	if items := step.Script.Items; len(items) == 1 && items[0].Command == first.Shell && first.OS.Verb == ospkg.Update {
		return withoutRun(build, step)
	}
	if first.OS.Manager == ospkg.Apk {
		if edits, ok := withoutApkIndex(build, step); ok {
			return &analyzer.Fix{Title: "Use --no-cache", Safety: analyzer.Safe, Edits: edits}, ""
		}
	}
	var cleanup string
	switch first.OS.Manager {
	case ospkg.Apt:
		cleanup = "rm -rf /var/lib/apt/lists/*"
	case ospkg.Apk:
		cleanup = "rm -rf /var/cache/apk/*"
	default:
		cleanup = first.OS.Program + " clean all"
	}
	if first.Argv[0].Text() == "sudo" {
		cleanup = "sudo " + cleanup
	}
	if refused := unappendable(build, step); refused != "" {
		return nil, refused
	}
	edit, ok := AppendItem(build.Doc, step.Instruction, step.Script, cleanup)
	if !ok {
		return nil, "nothing can be appended to this RUN"
	}
	return &analyzer.Fix{Title: "Append `" + cleanup + "`", Safety: analyzer.Safe, Edits: []analyzer.Edit{edit}}, ""
}

// mayNeedIndex says what may install packages with the index.
func mayNeedIndex(build *analyzer.Build, by *analyzer.Command) string {
	if by == nil {
		return "something behind this RUN may install packages with these lists"
	}
	name := "a command"
	if len(by.Argv) > 0 && by.Argv[0].Text() != "" {
		name = by.Argv[0].Text()
	}
	return fmt.Sprintf("%s in line %d may install packages with these lists", name, build.File.LineOf(by.Shell.Span.Start))
}

// withoutRun deletes a RUN that fetches an index and does nothing else: nobody reads apt's lists any more, and apk and dnf
// fetch theirs when they need them.
func withoutRun(build *analyzer.Build, step *analyzer.Step) (fix *analyzer.Fix, refused string) {
	return &analyzer.Fix{Title: "Delete the RUN, whose index nothing uses", Safety: analyzer.Safe, Edits: []analyzer.Edit{
		DeleteInstruction(build.Doc, step.Instruction, false),
	}}, ""
}

// unappendable says why a command at the end of the script might not run, or would hide a failure.
func unappendable(build *analyzer.Build, step *analyzer.Step) string {
	items := step.Script.Items
	if len(items) == 0 {
		return "the RUN is no list of commands"
	}
	last := items[len(items)-1]
	if strings.Contains(build.File.Text(last.Span), "||") {
		return "the RUN ends in a command with an alternative"
	}
	if len(step.Instruction.Heredocs) > 0 && !setsErrexit(step.Script) {
		return "the heredoc does not stop at a failure, which one more command would hide"
	}
	for _, c := range step.Script.Commands {
		if len(c.Words) == 0 || !last.Span.Contains(c.Span) {
			continue
		}
		if word := wordText(c.Words[0]); word == "exit" || word == "exec" {
			return "the RUN ends in " + word
		}
	}
	return ""
}

// withoutApkIndex gives every `apk add` and `apk upgrade` the option --no-cache and takes a single `apk update` away.
func withoutApkIndex(build *analyzer.Build, step *analyzer.Step) (edits []analyzer.Edit, ok bool) {
	updates, installs := 0, 0
	for _, c := range step.Commands {
		if c.OS == nil && caches.CallsManager(c, ospkg.Apk) != analyzer.No {
			return nil, false // xargs apk add: it leaves an index, too, or needs the one that is there
		}
		if c.OS == nil || c.OS.Manager != ospkg.Apk || c.OS.Verb == ospkg.Remove {
			continue
		}
		if caches.CanBeOff(c) != analyzer.Yes {
			return nil, false
		}
		if c.OS.Verb == ospkg.Install || c.OS.Verb == ospkg.Upgrade {
			installs++
		}
		if c.OS.NoCache {
			continue
		}
		if !c.Shell.Exact || c.OS.Opaque != "" || c.OS.VerbSpan.Empty() {
			return nil, false
		}
		switch c.OS.Verb {
		case ospkg.Install, ospkg.Upgrade:
			edits = append(edits, noCache(c))
		case ospkg.Update:
			updates++
			index := slices.IndexFunc(step.Script.Items, func(i shell.Item) bool { return i.Command == c.Shell })
			if index < 0 {
				return nil, false
			}
			more, deleted := DeleteItem(build.Doc, step.Script, index)
			if !deleted {
				return nil, false
			}
			edits = append(edits, more...)
		default:
			return nil, false
		}
	}
	// Two updates lie in each other's way; one without an install in its RUN is for something that is not seen here.
	return edits, updates == 0 || updates == 1 && installs > 0
}

// noCache puts --no-cache in the place of --update, which it makes superfluous, or behind the verb.
func noCache(c *analyzer.Command) analyzer.Edit {
	for _, f := range c.Argv {
		if text := f.Text(); f.Literal && (text == "-U" || text == "--update" || text == "--update-cache") {
			return ReplaceSpan(f.Span, "--no-cache")
		}
	}
	return InsertWord(c.OS.VerbSpan, "--no-cache")
}
