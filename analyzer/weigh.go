package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
)

// weighed tells whether the stage is made of an image whose packages have known weights, Docker's own of Python or Debian.
func (s *Stage) weighed() bool {
	f := s.Image
	return f.Distro == "debian" && !f.Extended && (f.Official || f.Reference.Name == "debian")
}

// Weight is about how many bytes of the stage's image are packages and all that came with them; 0 where that is not known.
func (s *Stage) Weight(packages ...weight.Package) int64 {
	if !s.weighed() {
		return 0
	}
	return weight.System(s.Image.Codename, s.Image.BuildTools, packages)
}

// WeightOf is the Weight of what apt installs.
func (s *Stage) WeightOf(uses []PackageUse) int64 {
	packages := s.weighable(uses)
	if packages == nil {
		return 0
	}
	return s.Weight(packages...)
}

// WeightRecommended is about how many bytes of what apt installs nobody has named or needs.
func (s *Stage) WeightRecommended(uses []PackageUse) int64 {
	if !s.weighed() || s.Image.BuildTools {
		return 0
	}
	return weight.Recommended(s.Image.Codename, s.weighable(uses))
}

func (s *Stage) weighable(uses []PackageUse) []weight.Package {
	var packages []weight.Package
	if len(uses) > 0 && uses[len(uses)-1].Command.OtherArchive() { // which looks at all that stands before
		return nil
	}
	for _, u := range uses {
		if u.Command.OS.Manager != ospkg.Apt {
			return nil
		}
		packages = append(packages, weight.Package{Name: u.Package.Name, Recommends: s.Recommends(u.Command)})
	}
	return packages
}

// Recommends tells whether apt installs with the command what packages recommend, too: neither an option nor apt's configuration, as far as the
// file shows, keeps them out.
func (s *Stage) Recommends(c *Command) bool {
	return c.OS != nil && c.OS.Manager == ospkg.Apt && c.OS.Verb == ospkg.Install && !c.OS.NoRecommends && !s.recommendsConfigured()
}

func (s *Stage) recommendsConfigured() bool {
	type key struct{ *Stage }
	return Remember(s.build, key{s}, func() bool { return s.ChainMatches(aptRecommends) })
}

var aptRecommends = pattern.New(`[Ii]nstall-[Rr]ecommends|apt\.conf`)
