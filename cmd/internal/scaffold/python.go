package scaffold

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	pyversion "github.com/pylint-docker/pylint-docker/analyzer/version"
)

// candidates are versions of Python in the order in which they are taken where the project allows several: first the one that the Debian
// release below has itself and that all well-known packages have wheels for, then those that are maintained (November 2026), then older ones.
var candidates = []string{"3.13", "3.12", "3.11", "3.14", "3.10", "3.9", "3.8", "3.7", "3.6"}

// currentPythons is how many of the candidates are taken without a word of the project's: those that are maintained.
const currentPythons = 5

// suffix is the variant of Docker's image: small, and on a release that is named, since the names of libraries depend on it.
const suffix = "-slim-trixie"

// onTrixie are the versions that Docker's image has that variant of.
var onTrixie = map[string]bool{"3.9": true, "3.10": true, "3.11": true, "3.12": true, "3.13": true, "3.14": true, "3.15": true}

// choosePython finds the version of Python: what the user says, then what a file pins, then what the metadata allows.
func (p *plan) choosePython() error {
	version, from := p.o.Python, "--python"
	if version == "" {
		version, from = p.pinnedPython()
	}
	switch {
	case version != "" && !pythonWord.MatchString(version):
		return fmt.Errorf("%s says %q, which is no version of Python 3 such as 3.13", from, shown(version))
	case version != "":
		p.decide("Python %s, as %s says", version, from)
	case p.meta.RequiresPython != "":
		minors := slices.DeleteFunc(slices.Clone(candidates), func(minor string) bool {
			allowed, known := pyversion.AllowsPython(p.meta.RequiresPython, minor)
			return !allowed || !known
		})
		if len(minors) == 0 {
			return errors.New("requires-python allows no version that init knows; say which with --python")
		}
		version = p.lockedFor(minors)[0]
		if version != minors[0] {
			p.decide("Python %s, the likeliest that requires-python allows (%s) and that the locked packages have wheels for; --python chooses another", version, shown(p.meta.RequiresPython))
			break
		}
		p.decide("Python %s, which requires-python allows (%s); --python chooses another", version, shown(p.meta.RequiresPython))
	default:
		version = candidates[0]
		if names := p.misfits(version); len(names) > 0 {
			version = p.lockedFor(candidates[:currentPythons])[0]
			if version != candidates[0] {
				p.decide("Python %s, which has wheels of %s, as %s has not; --python chooses another", version, shown(list(firstOf(names, 5))), candidates[0])
				break
			}
		}
		if p.tool != Conda {
			p.note("no file says which Python the project is for: %s is taken; --python or a file .python-version chooses another", version)
		}
	}
	p.python = minorOf(version)
	if names := p.misfits(p.python); len(names) > 0 {
		where := "there are no wheels"
		if len(p.wheels) > 0 {
			where = "the lock file has no wheels"
		}
		p.note("%s for Python %s of %s, which will be compiled: that needs tools that the builder may lack, and fails where the version is too old", where, p.python, shown(list(firstOf(names, 5))))
	}
	if end, ok := image.End("python", p.python); ok && !p.o.Today.IsZero() && p.o.Today.After(end.Date) {
		p.note("Python %s reached its end of life on %s", p.python, end.Date.Format(time.DateOnly))
	}
	p.base = "python:" + version + "-slim"
	if onTrixie[version] {
		p.base = "python:" + version + suffix
	}
	if p.tool == Conda {
		p.base = "debian:trixie-slim" // the interpreter is in the environment
	}
	p.facts = image.Lookup(p.base)
	return nil
}

func minorOf(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return parts[0] + "." + parts[1]
}

// pinnedPython is the version that a file names.
func (p *plan) pinnedPython() (version, from string) {
	if p.tool == Pipenv {
		// "3" and "*" leave it open.
		if f, ok := p.c.Pipfile("Pipfile"); ok && f.PythonVersion != "" && f.PythonVersion != "3" && f.PythonVersion != "*" {
			return minorIfThree(f.PythonVersion), "Pipfile"
		}
	}
	if p.tool == Conda {
		if e, ok := p.c.CondaEnvironment(p.environment); ok && pythonWord.MatchString(e.Python) {
			return e.Python, p.environment
		}
		return "", ""
	}
	for _, name := range []string{".python-version", "runtime.txt"} {
		content, ok := p.c.Read(name)
		if !ok {
			continue
		}
		for line := range strings.Lines(string(content)) {
			line = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(line), "python-"), "cpython-")
			// Names of environments, pypy, and 3.12-dev say nothing about the image.
			if !pythonWord.MatchString(line) {
				continue
			}
			if allowed, known := pyversion.AllowsPython(p.meta.RequiresPython, minorOf(line)); known && !allowed && p.meta.RequiresPython != "" {
				p.note("%s says %s, which is not followed: requires-python (%s) does not allow it", name, line, shown(p.meta.RequiresPython))
				continue
			}
			return minorOf(line), name
		}
	}
	if written := strings.TrimPrefix(p.meta.RequiresPython, "=="); written != p.meta.RequiresPython && pythonWord.MatchString(written) {
		return minorOf(written), "requires-python"
	}
	return "", ""
}

// minorIfThree leaves the patch release to the image, which gets its fixes.
func minorIfThree(version string) string {
	if pythonWord.MatchString(version) {
		return minorOf(version)
	}
	return version
}
