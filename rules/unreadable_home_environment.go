package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// rootsEnvironment is a virtual environment of the final image that its user can't use, since a part of it is in root's home.
type rootsEnvironment struct {
	install *analyzer.Installation
	// dir is the directory in root's home: of the environment itself, or, where python is set, of the interpreter that it is linked to.
	dir    string
	python bool
	path   string // the environment's directory, "" where it has a name that is not known before
}

// ownEnvironments are the directories below root's home in which tools make environments.
// https://python-poetry.org/docs/configuration/#virtualenvspath and https://pipenv.pypa.io/en/latest/virtualenv.html
var ownEnvironments = map[installer.Tool]string{
	installer.Poetry: "/root/.cache/pypoetry/virtualenvs",
	installer.Pipenv: "/root/.local/share/virtualenvs",
}

// findRootsEnvironment gives the one that the image starts something in: with an interpreter that uv has downloaded for root, or made by
// poetry or pipenv in the place that they choose themselves.
func findRootsEnvironment(b *analyzer.Build) (h rootsEnvironment, found bool) {
	process, ok := b.Target.Process()
	if !ok || !b.Private("/root") {
		return h, false
	}
	for _, c := range b.Target.Contents() {
		maker := c.Install.VenvMaker()
		if c.Copy != nil || c.Install.Place != analyzer.VirtualEnv || maker == nil || process.Environment != c.Dir {
			continue
		}
		if dir, managed := maker.ManagedPython(); managed && b.Private(dir) {
			return rootsEnvironment{install: c.Install, dir: dir, python: true, path: c.Dir}, true
		}
	}
	for _, c := range b.Target.ChainCommands() {
		in := c.Install
		if in == nil || process.Start.Runner() != string(in.Call.Tool)+" run" {
			continue
		}
		dir := ownEnvironments[in.Call.Tool]
		if dir == "" || !c.State.Home().Is("/root") || !in.OutsideProject() ||
			c.State.Sets("POETRY_CACHE_DIR") || c.State.Sets("XDG_CACHE_HOME") || c.State.Sets("XDG_DATA_HOME") {
			return h, false // another one may be what starts
		}
		if !found {
			h, found = rootsEnvironment{install: in, dir: dir}, true
		}
	}
	return h, found
}
