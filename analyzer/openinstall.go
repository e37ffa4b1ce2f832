package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// OpenInstall is an installation from a directory of wheels that were built for it, which asks the package index as well.
type OpenInstall struct {
	Command *Command
	Option  installer.Option // --find-links
	Built   *Command         // what has built the wheels
}

// OpenInstalls are those of all stages that feed the final image. Certainly the wheels of everything that is named were built, with
// their dependencies, and nothing asks for an index by name.
func (b *Build) OpenInstalls() []OpenInstall {
	var found []OpenInstall
	for _, s := range b.Stages {
		if !s.Feeds {
			continue
		}
		for _, step := range s.Steps {
			for _, c := range step.Commands {
				if open, ok := c.openInstall(); ok {
					found = append(found, open)
				}
			}
		}
	}
	return found
}

func (c *Command) openInstall() (OpenInstall, bool) {
	if c.Install == nil || c.Installer.Tool != installer.Pip && c.Installer.Tool != installer.UvPip || !c.Shell.Certain && !c.Shell.Attempted {
		return OpenInstall{}, false
	}
	call := c.Installer
	links := call.All("--find-links")
	if len(links) != 1 || call.NoIndex() || len(call.ExtraIndexURLs()) > 0 || c.Setting("--no-index").Kind != env.Unset && !c.Setting("--no-index").Is("false") {
		return OpenInstall{}, false
	}
	if _, ok := call.IndexURL(); ok {
		return OpenInstall{}, false
	}
	dir := c.State.Abs(links[0].Value)
	if !dir.IsKnown() || strings.Contains(links[0].Value.Text, "://") {
		return OpenInstall{}, false
	}
	var built []*Command
	stage, at := c.origin(dir.Text)
	if stage == nil {
		return OpenInstall{}, false
	}
	for _, maker := range stage.ChainCommands() {
		if maker.Step == c.Step {
			break // made at the same time, of the same index
		}
		if maker.wheelhouse() == at {
			if maker.Installer.NoDeps() {
				return OpenInstall{}, false // what they depend on comes from the index
			}
			built = append(built, maker)
		}
	}
	if len(built) == 0 || !c.Install.coveredBy(built, dir.Text) {
		return OpenInstall{}, false
	}
	return OpenInstall{c, links[0], built[0]}, true
}

// origin is the stage that a directory comes from and its path there: through a mount or a COPY, else the command's own stage.
func (c *Command) origin(dir string) (*Stage, string) {
	for _, m := range c.Step.Mounts() {
		if !m.Target.Is(dir) {
			continue
		}
		if m.Type != "bind" || m.From == "" || m.Source == "" {
			return nil, ""
		}
		return c.Step.Stage.build.stageFrom(m.From, c.Step.Stage.Index), path.Clean("/" + m.Source)
	}
	if t, ok := c.Step.Stage.copyOf(dir, c); ok {
		return t.Copy.From, t.Source.Text.Text
	}
	return c.Step.Stage, dir
}

// coveredBy tells whether wheels of all that the installation names were certainly built into dir: the same packages or the same
// requirements files were named, or it is one name and one project was built.
func (in *Installation) coveredBy(built []*Command, dir string) bool {
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
