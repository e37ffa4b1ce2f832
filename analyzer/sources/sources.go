// Package sources says which of the build context's files the image needs: which projects a command builds and what that takes, and which
// source trees nothing reads once they are installed.
package sources

import "github.com/pylint-docker/pylint-docker/analyzer"

// InstalledInPlace tells whether the chain of the stage installs the project so that it runs from dir: an editable
// install, or `uv sync`, `poetry install` or `pdm install` of it.
func InstalledInPlace(s *analyzer.Stage, dir string) bool {
	for _, c := range s.Contents() {
		if c.Install.Editable(dir) {
			return true
		}
	}
	return false
}
