package analyzer

import "path"

// CacheCopy is a COPY that takes an installer's download cache from another stage.
type CacheCopy struct {
	Copy    *Copy
	Source  CopySource
	Install *Installation // what has filled it
}

// CacheCopies are those of the stage's chain: of the cache directory itself, or of ~/.cache around it.
func (s *Stage) CacheCopies() []CacheCopy {
	var found []CacheCopy
	for _, step := range s.ChainSteps() {
		if step.Copy == nil || step.Copy.From == nil {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() {
				continue
			}
			for _, c := range step.Copy.From.ChainCommands() {
				if c.Install == nil || c.Installer.NoCacheDir() {
					continue
				}
				dir := c.CacheDir()
				if dir.IsKnown() && (source.Text.Text == dir.Text || cacheName[path.Base(source.Text.Text)] && under(source.Text.Text, dir.Text)) {
					found = append(found, CacheCopy{step.Copy, source, c.Install})
					break
				}
			}
		}
	}
	return found
}
