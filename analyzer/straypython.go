package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// StrayPythonPackages are OS packages of the final image that belong to the distribution's interpreter while the image has
// one of its own in /usr/local. There are none where the file shows that it uses the distribution's interpreter.
func (s *Stage) StrayPythonPackages() []PackageUse {
	if !s.Image.Official || s.mentions(distroPythonUse) {
		return nil
	}
	var found []PackageUse
	// pip2 and python2 in an image of Python 3 are the distribution's.
	bothWanted := s.Image.Python != nil && !strings.HasPrefix(s.Image.Python.Version, "2") &&
		slices.ContainsFunc(s.ChainCommands(), func(c *Command) bool {
			return len(c.Argv) > 0 && callsPython2.MatchString(shell.Program(c.Argv[0]))
		})
	for _, step := range s.ChainSteps() {
		for _, c := range step.Commands {
			for _, u := range c.packages() {
				// python3-tk brings Tk's libraries, without which the image's own tkinter can't be imported.
				if distroPythonName.MatchString(u.Package.Name) && !withLibraries.MatchString(u.Package.Name) && !otherPython[u.Package.Name] &&
					!(bothWanted && forPython2.MatchString(u.Package.Name)) && !step.uninstalls(c, u.Package.Name) {
					found = append(found, u)
				}
			}
		}
	}
	return slices.Clip(found)
}

var (
	distroPythonName = pattern.New(`^(?:python|python[23](?:\.\d+)?|py3)(?:-.+)?$`)
	withLibraries    = pattern.New(`-(?:tk|enchant|magic|minimal|apt|gdal|debian|opencv|pyqt5.*|pyside.*|gi|gi-cairo)$`)
	// A Python 2 beside Python 3, by its bare name, is wanted: node-gyp used to need one.
	otherPython     = map[string]bool{"python": true, "python2": true, "python2.7": true}
	callsPython2    = pattern.New(`^(?:python|pip)2(?:\.7)?$`)
	forPython2      = pattern.New(`^python(?:2(?:\.7)?)?-`)
	distroPythonUse = pattern.Needing([]string{"python", "-packages"}, `/usr/bin/python|dist-packages|system-site-packages|/usr/lib/python3`)
)
