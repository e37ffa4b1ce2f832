package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// libcGap is a COPY of packages between a system with glibc and one with musl.
type libcGap struct {
	content    analyzer.Content
	made, runs string // "glibc" or "musl"
	// compiled is a package among them that has compiled modules, "" when none is known to.
	compiled string
}

// libcGaps are the COPYs into the finished stage that bring packages installed under another libc, one for each COPY.
func libcGaps(s *analyzer.Stage) []libcGap {
	// Layers between the two exist; what they are good for depends on the modules.
	if hasLibcLayer(s) {
		return nil
	}
	var found []libcGap
	at := map[*analyzer.Copy]int{}
	for _, c := range s.Contents() {
		if c.Copy == nil || !c.Libs || c.Install.Call.Has("--platform") {
			continue
		}
		made, runs := c.Install.Command.Step.Stage.Image.Libc, s.Image.Libc
		if made == "" || runs == "" || made == runs {
			continue
		}
		gap := libcGap{c, made, runs, c.Install.CompiledPackage()}
		if i, ok := at[c.Copy]; ok {
			if found[i].compiled == "" {
				found[i] = gap
			}
			continue
		}
		at[c.Copy] = len(found)
		found = append(found, gap)
	}
	return found
}

// hasLibcLayer tells whether a package that imitates the other libc may be installed, or the other libc itself.
func hasLibcLayer(s *analyzer.Stage) bool {
	for _, name := range []string{"gcompat", "libc6-compat", "glibc", "musl"} {
		if s.After.HasOSPackage(name) {
			return true
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		for _, c := range step.Commands {
			if c.HasText("glibc") || c.HasText("gcompat") {
				return true
			}
		}
		if step.Copy == nil || step.Copy.FromContext() {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() || source.Text.Is("/") || source.Text.Is("/lib") || source.Text.Is("/usr") || source.Text.Is("/lib64") {
				return true // its own libc comes along
			}
		}
	}
	return false
}
