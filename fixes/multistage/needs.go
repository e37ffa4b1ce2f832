package multistage

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/needs"
)

// systemNeeds are the OS packages that what the installation installs needs at run time on a slim Python image of the release.
// unknown names the first thing of which that is not known, and is "" when all is.
func systemNeeds(in *analyzer.Installation, distro, release string) (packages []string, unknown string) {
	all, unread := in.AllRequirements()
	if unread != "" {
		return nil, unread
	}
	minor := ""
	if in.Interpreter != nil {
		minor = in.Interpreter.Minor
	}
	for _, r := range all {
		if r.Kind != installer.Named || r.Name == "" {
			return nil, r.Text
		}
		if needs.IsSelfContained(r, minor) || installer.IsInstaller(r.Name) {
			continue
		}
		needs, known := needs.LinkedNeeds(r, distro, release)
		if !known {
			return nil, r.Name
		}
		packages = append(packages, needs...)
	}
	return packages, ""
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
		case isDir || path.Ext(p) != ".py" && path.Ext(p) != ".sh" || b.Context.Ignored(p) || analyzer.OutsideApp(p) && path.Ext(p) == ".py":
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
