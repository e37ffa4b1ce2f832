package multistage

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/version"
)

// python2 tells whether the stage certainly has the Python 2 of its distribution, of which no more is known than that it is in /usr.
func python2(s *analyzer.Stage) bool {
	last, ok := lastPython2[s.Image.Distro]
	if !ok || s.Image.Official || s.Image.Release == "" || version.Compare(s.Image.Release, last) > 0 || s.BringsPython("/usr") || s.SearchesElsewhere() {
		return false
	}
	return has(s, python2Packages)
}

// lastPython2 is the last release of a distribution that has Python 2. None of these has an interpreter that refuses pip (PEP 668).
var lastPython2 = map[string]string{"debian": "10", "ubuntu": "20.04", "alpine": "3.11"}

// python2Packages bring pip for the Python 2 of a distribution.
const python2Packages = "python-pip python python-dev python-setuptools python2 python2.7 python2-dev python2.7-dev py-pip py2-pip " +
	"python-virtualenv python-all-dev python-minimal"
