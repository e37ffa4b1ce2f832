package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// openInstall is an installation from a directory of wheels that were built for it, which asks the package index as well.
type openInstall struct {
	command *analyzer.Command
	option  installer.Option  // --find-links
	built   *analyzer.Command // what has built the wheels
}

// openInstalls are those of all stages that feed the final image. Certainly the wheels of everything that is named were built, with
// their dependencies, and nothing asks for an index by name.
func openInstalls(b *analyzer.Build) []openInstall {
	var found []openInstall
	for c := range b.Commands() {
		if open, ok := readOpenInstall(c); ok {
			found = append(found, open)
		}
	}
	return found
}

func readOpenInstall(c *analyzer.Command) (openInstall, bool) {
	if c.Install == nil || c.Installer.Tool != installer.Pip && c.Installer.Tool != installer.UvPip || !c.Shell.Certain && !c.Shell.Attempted {
		return openInstall{}, false
	}
	call := c.Installer
	links := call.All("--find-links")
	if len(links) != 1 || call.NoIndex() || len(call.ExtraIndexURLs()) > 0 || c.Setting("--no-index").Kind != env.Unset && !c.Setting("--no-index").Is("false") {
		return openInstall{}, false
	}
	if _, ok := call.IndexURL(); ok {
		return openInstall{}, false
	}
	dir := c.State.Abs(links[0].Value)
	if !dir.IsKnown() || strings.Contains(links[0].Value.Text, "://") {
		return openInstall{}, false
	}
	var built []*analyzer.Command
	stage, at := origin(c, dir.Text)
	if stage == nil {
		return openInstall{}, false
	}
	for _, maker := range stage.ChainCommands() {
		if maker.Step == c.Step {
			break // made at the same time, of the same index
		}
		if wheelhouse(maker) == at {
			if maker.Installer.NoDeps() {
				return openInstall{}, false // what they depend on comes from the index
			}
			built = append(built, maker)
		}
	}
	if len(built) == 0 || !coveredBy(c.Install, built, dir.Text) {
		return openInstall{}, false
	}
	return openInstall{c, links[0], built[0]}, true
}

// origin is the stage that a directory comes from and its path there: through a mount or a COPY, else the command's own stage.
func origin(c *analyzer.Command, dir string) (*analyzer.Stage, string) {
	for _, m := range c.Step.Mounts() {
		if !m.Target.Is(dir) {
			continue
		}
		if m.Type != "bind" || m.From == "" || m.Source == "" {
			return nil, ""
		}
		return c.Step.Stage.Build().StageFrom(m.From, c.Step.Stage.Index), path.Clean("/" + m.Source)
	}
	if t, ok := copyOf(c.Step.Stage, dir, c); ok {
		return t.Copy.From, t.Source.Text.Text
	}
	return c.Step.Stage, dir
}

// coveredBy tells whether wheels of all that the installation names were certainly built into dir: the same packages or the same
// requirements files were named, or it is one name and one project was built.
func coveredBy(in *analyzer.Installation, built []*analyzer.Command, dir string) bool {
	names, files, projects := map[string]bool{}, map[string]bool{}, 0
	for _, c := range built {
		for _, r := range c.Installer.Requirements {
			if r.Kind == installer.Named {
				names[r.Name] = true
			} else {
				projects++
			}
		}
		for _, f := range c.Installer.RequirementFiles() {
			files[path.Base(f.Value.Or(""))] = true
		}
	}
	for _, use := range in.Files {
		if !files[path.Base(use.Written)] {
			return false
		}
	}
	strangers := slices.DeleteFunc(slices.Clone(in.Requirements), func(r installer.Requirement) bool {
		return r.Kind == installer.Named && names[r.Name] || r.Kind == installer.Archive && in.Command.State.Abs(env.Of(path.Dir(r.Location))).Is(dir)
	})
	switch len(strangers) {
	case 0:
		return len(in.Requirements)+len(in.Files) > 0
	case 1:
		return strangers[0].Kind == installer.Named && projects == 1 && len(names) == 0 && len(files) == 0
	}
	return false
}
