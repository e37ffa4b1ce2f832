package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// UnusedBuilders are stages that exist to build something for the final image, going by the lack of a name or by the name that they have, and
// of which nothing is used. Other stages may be targets of builds of their own, and so may all when a target is set.
func (b *Build) UnusedBuilders() []*Stage {
	if b.Settings.Target != "" {
		return nil
	}
	var found []*Stage
	for _, s := range b.Stages {
		if s.Feeds || s.Name != "" && !builderName.MatchString(strings.ToLower(s.Name)) || b.readsUnknownStage() {
			continue
		}
		used := slices.ContainsFunc(b.Stages, func(other *Stage) bool {
			return other.Base == s || slices.ContainsFunc(other.Steps, func(step *Step) bool { return slices.Contains(step.sourceStages(), s) })
		})
		if !used {
			found = append(found, s)
		}
	}
	return found
}

// readsUnknownStage tells whether a FROM or --from has a name that only the build command decides.
func (b *Build) readsUnknownStage() bool {
	for _, s := range b.Stages {
		if !s.BaseText.IsKnown() {
			return true
		}
		for _, step := range s.Steps {
			if step.Copy != nil && !step.Copy.FromContext() && !step.Copy.FromText.IsKnown() {
				return true
			}
		}
	}
	return false
}

var builderName = pattern.New(`^(?:.*[-_.])?(?:build|builder|buildstage|build-stage|compile|compiler|compile-image|deps|dependencies|wheels)$`)
