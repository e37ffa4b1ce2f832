package analyzer

import (
	"cmp"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// ForDevelopment tells whether the image is a place to work in rather than one to deploy, going by names: of the
// Dockerfile, of the folders of its repository that it is in (.devcontainer, compose/local/django) and of the stage that becomes the image.
func (b *Build) ForDevelopment() bool {
	name := strings.ToLower(cmp.Or(b.Settings.Name, b.File.Name()))
	dir := path.Dir(name)
	return workFile.MatchString(path.Base(name)) || workFolder[path.Base(dir)] || workFolder[path.Base(path.Dir(dir))] ||
		b.Target != nil && workStage.MatchString(strings.ToLower(b.Target.Name))
}

var (
	workFile   = pattern.New(`(?:^|[^a-z])(?:dev|devel|develop|development|devcontainer|local|debug|docs|editable)(?:[^a-z]|$)|^dockerfile[._-](?:.*[._-])?(?:tests?|testing|ci|lint)(?:[^a-z]|$)`)
	workStage  = pattern.New(`(?:^|[^a-z])(?:dev|devel|develop|development|devcontainer|local|debug|docs|(?:unit)?tests?|testing|ci|lint)(?:[^a-z]|$)`)
	workFolder = map[string]bool{".devcontainer": true, "devcontainer": true, "local": true, "dev": true, "development": true, "docs": true}
)
