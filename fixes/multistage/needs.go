package multistage

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// systemNeeds are what requirements need at run time on a slim Python image.
type systemNeeds struct {
	packages []string // of the distribution
	unknown  []string // requirements of which it is not known what they need
	linked   []string // requirements that are built with libraries of a full image whose packages are not known
}

// systemNeeds are what the application's packages need on a slim image.
func (c *conversion) systemNeeds() (all systemNeeds) {
	facts := c.stage.Image
	for _, in := range c.apps {
		all.install(in, facts.Distro, facts.PackageRelease())
	}
	all.packages = slices.DeleteFunc(unique(all.packages), func(name string) bool { return slices.Contains(c.runtimes, name) })
	all.unknown = unique(all.unknown)
	return all
}

// unique are the names without those that came before.
func unique(names []string) (list []string) {
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// install takes the requirements of an installation.
func (n *systemNeeds) install(in *analyzer.Installation, distro, release string) {
	all, unread := in.AllRequirements()
	if unread != "" {
		n.unknown = append(n.unknown, unread)
	}
	minor := ""
	if in.Interpreter != nil {
		minor = in.Interpreter.Minor
	}
	for _, r := range all {
		switch {
		case r.Kind == installer.Local:
			n.unknown = append(n.unknown, "the project in "+r.Text)
		case r.Kind != installer.Named || r.Name == "":
			n.unknown = append(n.unknown, r.Text)
		case !needs.IsSelfContained(r, minor) && !installer.IsInstaller(r.Name):
			n.require(r, distro, release)
		}
	}
}

// require takes a requirement that is not known to be self-contained.
func (n *systemNeeds) require(r installer.Requirement, distro, release string) {
	if packages, known := needs.LinkedNeeds(r, distro, release); known {
		n.packages = append(n.packages, packages...)
		return
	}
	need := needs.Need{}
	if distro == "debian" {
		need, _ = needs.Of(r, release)
	}
	packages, linked, known := needs.LinkedOnFull(r, distro, release)
	_, builds := needs.Compiled[r.Name]
	switch {
	case linked && !known:
		n.linked = append(n.linked, r.Name)
		return
	case linked:
		need.Runtime = append(need.Runtime, packages...)
	case !builds:
		n.unknown = append(n.unknown, r.Name)
		// A full image has git and the libraries; what else it has not was never there.
		need.Runtime = slices.DeleteFunc(need.Runtime, func(name string) bool { return name != "git" && !strings.HasPrefix(name, "lib") || name == "libgl1" })
	}
	n.packages = append(n.packages, need.Runtime...)
}

// callsOut gives the first Python file of the build context, tests and set-up apart, that may run programs of the system or load its
// libraries; "" when there is none. Without a context nothing is known, and ok is false.
func callsOut(b *analyzer.Build) (file string, ok bool) {
	if b.Context == nil {
		return "", false
	}
	file = b.Context.Remember("calls out", func() any { return findCallsOut(b) }).(string)
	return file, true
}

func findCallsOut(b *analyzer.Build) (file string) {
	const most = 2000
	n := 0
	b.Context.Walk(".", func(p string, isDir bool) bool {
		switch {
		case file != "":
			return false
		case isDir || path.Ext(p) != ".py" && path.Ext(p) != ".sh" || b.Context.Ignored(p) || project.OutsideApp(p) && path.Ext(p) == ".py":
			return true
		}
		if n++; n > most {
			file = p
			return false
		}
		content, readable := b.Context.Read(p)
		if !readable || needs.CallsOut.Match(content) || path.Ext(p) == ".sh" && needs.NamesTool(content) {
			file = p
		}
		return file == ""
	})
	return file
}
