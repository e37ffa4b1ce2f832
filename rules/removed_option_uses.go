package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// removedOption is an option that the installer no longer has in the release that runs, with what does the same now.
type removedOption struct {
	option installer.Option
	since  string // the first release without it: "poetry 2.0.0"; "uv" for an option that uv never had
	// Verb and Words replace the subcommand and the option; Verb is "" when the subcommand stays. An option whose Words are
	// empty is left out.
	verb, words string
	// Replaceable tells that the rest of the command line means the same with them.
	replaceable bool
}

// instead is the new way of writing it, for messages: "pipenv requirements", "--only main".
func (r removedOption) instead(tool string) string {
	if r.verb == "" {
		return r.words
	}
	return strings.TrimSpace(tool + " " + r.verb + " " + r.words)
}

// removedOptions were taken from the tools' changelogs and tried with the releases named.
// https://github.com/python-poetry/poetry/blob/main/CHANGELOG.md and https://github.com/pypa/pipenv/blob/main/CHANGELOG.md
var removedOptions = []struct {
	tool          installer.Tool
	verbs, option string
	since         string
	verb, words   string
	keep          string // the other options that the replacement takes, or "*" for any but those in clash
	clash         string
}{
	{installer.Poetry, "install update show", "--no-dev", "2.0.0", "", "--only main", "*", "--only --with --without --dev"},
	{installer.Poetry, "install", "--remove-untracked", "2.0.0", "", "--sync", "*", "--sync"},
	{installer.Poetry, "lock", "--no-update", "2.0.0", "", "", "*", "--regenerate --check"},
	{installer.Poetry, "lock", "--check", "2.0.0", "check", "--lock", "", ""},
	{installer.Pipenv, "lock", "--requirements", "2022.8.13", "requirements", "", "--dev --dev-only", ""},
}

// removedOptionsOf finds options that the installer which the command calls certainly lacks: the Dockerfile shows
// its release, or that nothing holds it back.
func removedOptionsOf(c *analyzer.Command) []removedOption {
	call := c.Installer
	if call == nil || call.Opaque != "" {
		return nil
	}
	var removed []removedOption
	// https://docs.astral.sh/uv/pip/compatibility/#-user-and-the-user-install-scheme
	if o, ok := call.Option("--user"); ok && call.Tool == installer.UvPip {
		removed = append(removed, removedOption{option: o, since: "uv"})
	}
	for _, r := range removedOptions {
		if call.Tool != r.tool || !slices.Contains(strings.Fields(r.verbs), call.Verb) {
			continue
		}
		o, ok := call.Option(r.option)
		if !ok || !c.ToolRelease(string(r.tool)).AtLeast(r.since) {
			continue
		}
		removed = append(removed, removedOption{
			option: o, since: string(r.tool) + " " + r.since, verb: r.verb, words: r.words,
			replaceable: onlyOptions(call, r.option, r.keep, r.clash),
		})
	}
	return removed
}

// onlyOptions tells whether the other options are all among keep ("*" for any), and none is among clash.
func onlyOptions(call *installer.Command, but, keep, clash string) bool {
	seen := false
	for _, o := range call.Options {
		switch {
		case o.Name == but && !seen:
			seen = true
		case o.Name == but, slices.Contains(strings.Fields(clash), o.Name):
			return false
		case keep != "*" && (o.Written != o.Name || !slices.Contains(strings.Fields(keep), o.Name)):
			return false
		}
	}
	return true
}

// lacksExport tells whether the command is `poetry export` of a poetry that certainly has no export command: since 2.0 it
// is a plugin of its own, poetry-plugin-export, which nothing visible installs.
// https://python-poetry.org/blog/announcing-poetry-2.0.0/#poetry-export
func lacksExport(c *analyzer.Command) (poetry analyzer.Release, lacks bool) {
	call := c.Installer
	if call == nil || call.Opaque != "" || call.Tool != installer.Poetry || call.Verb != "export" {
		return analyzer.Release{}, false
	}
	poetry = c.ToolRelease("poetry")
	if !poetry.AtLeast("2.0.0") {
		return poetry, false
	}
	for _, other := range c.Step.Stage.ChainCommands() {
		if other == c {
			break
		}
		// The plugin may also come with another plugin, a file of requirements, or words that can't be read.
		if other.HasText("poetry-plugin") || other.Installer != nil && other.Installer.Opaque != "" ||
			other.Install != nil && doubtful(other.Install) {
			return poetry, false
		}
	}
	return poetry, !projectNames(c, "poetry-plugin")
}

// doubtful tells whether some of what is installed can't be read.
func doubtful(in *analyzer.Installation) bool {
	for _, use := range in.Files {
		if strings.Contains(use.Written, "poetry") {
			return true
		}
	}
	return slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool {
		return r.Kind == installer.Doubtful && r.Name == ""
	})
}

// projectNames tells whether the pyproject.toml in the working directory mentions the text, as far as it can be read.
func projectNames(c *analyzer.Command, text string) bool {
	if !c.State.Workdir.IsKnown() {
		return false
	}
	dir, ok := c.Step.ContextDir(c.State.Workdir.Text)
	if !ok {
		return false
	}
	content, _ := c.Step.Stage.Build().Context.Read(path.Join(dir, "pyproject.toml"))
	return strings.Contains(string(content), text)
}
