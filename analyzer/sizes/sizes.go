// Package sizes tells about how many bytes of an image are packages of the distribution: of a stage it asks what is installed and how, and of
// analyzer/weight what that takes. It is 0 where that is not known.
package sizes

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
)

// known tells whether the stage is made of an image whose packages have known weights, Docker's own of Python or Debian.
func known(s *analyzer.Stage) bool {
	f := s.Image
	return f.Distro == "debian" && !f.Extended && (f.Official || f.Reference.Name == "debian")
}

// Of is about how many bytes of the stage's image are packages and all that came with them.
func Of(s *analyzer.Stage, packages ...weight.Package) int64 {
	if !known(s) {
		return 0
	}
	return weight.System(s.Image.Codename, s.Image.BuildTools, packages)
}

// OfUses is about how many bytes apt installs with all that comes along.
func OfUses(s *analyzer.Stage, uses []analyzer.PackageUse) int64 {
	packages := packagesOf(uses)
	if packages == nil {
		return 0
	}
	return Of(s, packages...)
}

// Recommended is about how many bytes of what apt installs nobody has named or needs.
func Recommended(s *analyzer.Stage, uses []analyzer.PackageUse) int64 {
	if !known(s) || s.Image.BuildTools {
		return 0
	}
	return weight.Recommended(s.Image.Codename, packagesOf(uses))
}

func packagesOf(uses []analyzer.PackageUse) []weight.Package {
	var packages []weight.Package
	if len(uses) > 0 && uses[len(uses)-1].Command.OtherArchive() { // which looks at all that stands before
		return nil
	}
	for _, u := range uses {
		if u.Command.OS.Manager != ospkg.Apt {
			return nil
		}
		packages = append(packages, weight.Package{Name: u.Package.Name, Recommends: Recommends(u.Command)})
	}
	return packages
}

// Recommends tells whether apt installs with the command what packages recommend, too: neither an option nor apt's configuration, as far as the
// file shows, keeps them out.
func Recommends(c *analyzer.Command) bool {
	return c.OS != nil && c.OS.Manager == ospkg.Apt && c.OS.Verb == ospkg.Install && !c.OS.NoRecommends && !configured(c.Step.Stage)
}

func configured(s *analyzer.Stage) bool {
	type key struct{ *analyzer.Stage }
	return analyzer.Remember(s.Build(), key{s}, func() bool { return s.ChainMatches(aptRecommends) })
}

var aptRecommends = pattern.New(`[Ii]nstall-[Rr]ecommends|apt\.conf`)
