package rules

import (
	"errors"
	"io/fs"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// Judge is what fixes.Loop asks for findings: name is the Dockerfile as the user names it, context
// the file system of its build context (nil for none) and path the Dockerfile's place in it. The files
// that fixes have changed are seen in place of the context's own. Settings.Context is replaced.
func Judge(name string, context fs.FS, path string, settings analyzer.Settings, sel Selection) fixes.Judge {
	return func(files fixes.Files) ([]analyzer.Diagnostic, error) {
		settings := settings
		settings.Context = nil
		if context != nil {
			settings.Context = project.Open(project.Overlay(context, files.Others), path)
		}
		_, found, failures := Lint(source.New(name, files.Dockerfile), settings, sel)
		return found, errors.Join(failures...)
	}
}
