package analyzer

import (
	"path"
	"regexp"
)

// ForDevelopment tells whether the image is a place to work in rather than one to deploy, going by names: of the
// Dockerfile, of its folder (.devcontainer) and of the stage that becomes the image.
func (b *Build) ForDevelopment() bool {
	name := b.File.Name()
	return developing.MatchString(path.Base(name)) || path.Base(path.Dir(name)) == ".devcontainer" ||
		b.Target != nil && developing.MatchString(b.Target.Name)
}

var developing = regexp.MustCompile(`(?i)(?:^|[^a-z])(?:dev|devel|develop|development|devcontainer|test|tests|testing|debug|local|ci|lint|docs|builder|build|ide|gitpod|example|examples|demo)(?:[^a-z]|$)`)
