package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
)

// isPython decides whether the final image is a Python image: whether it runs Python, or installs
// an application's dependencies. An image of another language that pip-installs a helper is none.
func (b *Build) isPython() bool {
	if b.Target == nil {
		return false
	}
	starts := b.Target.Start().Commands
	python := slices.ContainsFunc(starts, func(c StartCommand) bool { return IsPythonName(c.Program()) })
	if b.startsOther() && !python { // `python a.py & node b.js` is both
		return false
	}
	// The entry point of gcr.io/distroless/python3-debian12 and of cgr.dev/chainguard/python is Python itself.
	base := b.Target.Image
	if base.Python != nil && (base.Official || base.Python.Conda || strings.HasPrefix(path.Base(base.Reference.Path), "python")) {
		return true
	}
	return python || installsApplication(b.Target.Contents()) || !base.OtherPurpose() && installsApplication(b.Target.Unplaced())
}

// Unplaced are the installations of the stage's chain whose place is not known, for want of knowledge of the base or its interpreter.
func (s *Stage) Unplaced() []Content {
	var found []Content
	for _, c := range s.ChainCommands() {
		if c.Install != nil && !c.Install.Dir.IsKnown() {
			found = append(found, Content{Install: c.Install})
		}
	}
	return found
}

// installsApplication tells whether what was installed is more than installers and helper programs.
func installsApplication(contents []Content) bool {
	for _, c := range contents {
		call := c.Install.Call
		if len(c.Install.Files) > 0 || c.Copy != nil && c.Libs {
			return true
		}
		switch call.Tool {
		case installer.Poetry, installer.Pipenv, installer.Pdm, installer.SetupPy:
			return true
		case installer.Uv:
			return call.Verb == "sync"
		}
		for _, r := range c.Install.Requirements {
			switch {
			case r.Kind == installer.Local, r.Kind == installer.Doubtful && r.Editable:
				return true
			case r.Kind == installer.Named && !installer.IsInstaller(r.Name) && !helper[r.Name]:
				return true
			}
		}
	}
	return false
}

// IsPythonName tells interpreters, misspelt ones too (CMD ["python3.7 app.py"]), and well-known Python servers.
func IsPythonName(name string) bool {
	return strings.HasPrefix(name, "python") || strings.HasPrefix(name, "pypy") || IsServer(name)
}

// helper holds the Python programs that images of every kind install as tools.
var helper = map[string]bool{
	"awscli": true, "aws": true, "ansible": true, "docker-compose": true, "supervisor": true, "supervisor-stdout": true, "httpie": true,
	"yq": true, "jinja2-cli": true, "j2cli": true, "envtpl": true, "s3cmd": true, "azure-cli": true, "gsutil": true, "conan": true,
	"cqlsh": true, "mkdocs": true, "yamllint": true, "ansible-lint": true, "pre-commit": true, "meson": true, "ninja": true,
	"cmake": true, "gcovr": true, "youtube-dl": true, "yt-dlp": true, "shyaml": true, "dumb-init": true, "crudini": true,
	"aws-sam-cli": true, "awsebcli": true, "sphinx": true, "pygments": true, "mercurial": true, "pyyaml": true,
}

// IsServer tells the console scripts that show that an image runs Python.
func IsServer(name string) bool {
	f, ok := program.Lookup(name)
	return ok && f.Kind == program.Run && f.Package != "" && !helper[f.Package] && !f.Is(program.Tasks)
}
