package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/remote"
)

// insecureIndexes are those that are asked over http or whose certificate is not checked.
func insecureIndexes(in *analyzer.Installation) []remote.Index {
	var found []remote.Index
	for _, i := range remote.Indexes(in) {
		// "--trusted-host None" is a template's way to name none; an ARG without default names none by default.
		if i.Host != "" && i.Host != "none" && !strings.Contains(i.Host, "$") && !i.Local() && (i.Plain || i.Role == "--trusted-host") {
			found = append(found, i)
		}
	}
	return found
}

// unasked tells whether the trusted host is the old name of PyPI, which pip does not ask since version 10.
// https://pip.pypa.io/en/stable/news/#b1-2018-03-31
func unasked(i remote.Index) bool { return i.Role == "--trusted-host" && i.Host == "pypi.python.org" }
