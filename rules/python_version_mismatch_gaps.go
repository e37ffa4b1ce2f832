package rules

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// versionGap is a COPY of packages between interpreters of different minor versions.
type versionGap struct {
	copy *analyzer.Copy
	span source.Span // the path, or the source of the COPY
	// path is the versioned directory that the COPY names, "" where the packages themselves show the version.
	path string
	// have is the version that the packages are for, or that Path names; Stage's interpreter is of version Runs. Runs is
	// "" where the stage's base image names no version and so moves on.
	have, runs string
	stage      *analyzer.Stage
	// lost tells that Path is a source which the stage that is copied from lacks.
	lost bool
	// compiled is a package in a directory without a version whose modules another version does not load.
	compiled string
}

// versionGaps are the COPYs from other stages in the stage's own steps that bring packages for another minor version of
// Python than runs there, or that name the directory of a version which is not there. One for each COPY.
func versionGaps(s *analyzer.Stage) []versionGap {
	var found []versionGap
	for _, step := range s.Steps {
		if step.Copy == nil || step.Copy.FromContext() || !step.Copy.Dest.IsKnown() {
			continue
		}
		if gap, ok := versionGapOf(step.Copy); ok {
			found = append(found, gap)
		}
	}
	return found
}

func versionGapOf(c *analyzer.Copy) (versionGap, bool) {
	here := c.Step.Stage
	for _, s := range c.Sources {
		if c.From == nil || !s.Text.IsKnown() {
			continue
		}
		if minor, ok := lacksLib(c.From, s.Text.Text); ok {
			runs := c.From.Interpreter().Minor
			return versionGap{copy: c, span: s.Span, path: s.Text.Text, have: minor, runs: runs, stage: c.From, lost: true}, true
		}
	}
	python := here.Interpreter()
	if python == nil || python.Minor == "" {
		return versionGap{}, false
	}
	if minor, ok := lacksLib(here, c.Dest.Text); ok && bringsPackages(c) && !here.Searches("python"+minor) {
		return versionGap{copy: c, span: c.DestSpan, path: c.Dest.Text, have: minor, runs: python.Minor, stage: here}, true
	}
	for _, d := range c.Deliveries() {
		switch d.Install.Place {
		case analyzer.UserSite, analyzer.PrefixDir:
		case analyzer.VirtualEnv:
			// Where even the path differs, its python does not start at all.
			if names := d.Install.Names(); names == nil || names.Prefix != python.Prefix {
				continue
			}
		case analyzer.TargetDir:
			if have, pkg := compiledFor(d.Install); d.Libs && pkg != "" && have != python.Minor && (have != "" || oldMinor.MatchString(python.Minor)) {
				return versionGap{copy: c, span: d.Source.Span, have: have, runs: python.Minor, stage: here, compiled: pkg}, true
			}
			continue
		default:
			continue
		}
		names := d.Install.Names()
		if names == nil || names.Minor == "" || names.Minor == python.Minor || !d.Libs || here.Searches("python"+names.Minor) {
			continue
		}
		return versionGap{copy: c, span: d.Source.Span, have: names.Minor, runs: python.Minor, stage: here}, true
	}
	return versionGap{}, false
}

// compiledFor is a package of the installation whose modules are compiled for one minor version of Python, and that version: "" for the newest,
// of python:3-slim. pkg is "" where there is none, or where the interpreter is not known.
func compiledFor(in *analyzer.Installation) (minor, pkg string) {
	names, facts := in.Names(), in.Command.Step.Stage.Image
	if names == nil || names.Minor == "" && (!facts.Official || facts.Reference.Path != "library/python" || facts.Reference.Digest != "") {
		return "", ""
	}
	if in.Call.Has("--python-version") || in.Call.Has("--abi") || in.Call.Has("--only-binary") || in.Call.Has("--python") {
		return "", ""
	}
	if pkg = in.CompiledPackage(); stableABI[pkg] {
		pkg = ""
	}
	return names.Minor, pkg
}

// stableABI are packages with compiled modules that all later versions of Python load: https://docs.python.org/3/c-api/stable.html
var stableABI = map[string]bool{
	"bcrypt": true, "cryptography": true, "opencv-python": true, "opencv-python-headless": true, "psutil": true, "pycryptodome": true, "pynacl": true,
	"pyzmq": true, "tokenizers": true, "argon2-cffi-bindings": true,
}

// oldMinor matches versions that no image of a moving tag has any more.
var oldMinor = pattern.New(`^3\.\d$`)

// bringsPackages tells whether the COPY takes a directory of packages.
func bringsPackages(c *analyzer.Copy) bool {
	for _, s := range c.Sources {
		if name := path.Base(s.Text.Text); s.Text.IsKnown() && (name == "site-packages" || name == "dist-packages" || strings.HasPrefix(name, "python3.")) {
			return true
		}
	}
	return false
}

// lacksLib tells whether dir is the library of another minor version than the stage's interpreter of that prefix, or of any
// certain version where the base image names none.
func lacksLib(s *analyzer.Stage, dir string) (minor string, ok bool) {
	m := analyzer.VersionedLib.FindStringSubmatch(dir)
	python := s.Interpreter()
	if m == nil || python == nil || m[1] != python.Prefix || python.Prefix != "/usr/local" || m[2] == python.Minor {
		return "", false
	}
	for _, step := range s.ChainSteps() {
		if step.Copy != nil && puts3(step.Copy, dir) {
			return "", false
		}
	}
	return m[2], true
}

// puts3 tells whether a COPY from another stage makes the directory of that version.
func puts3(c *analyzer.Copy, dir string) bool {
	m := analyzer.VersionedLib.FindStringSubmatch(dir)
	return c.Dest.IsKnown() && !c.FromContext() && c.Dest.Text != dir && analyzer.Under(path.Join(m[1], "lib", "python"+m[2]), c.Dest.Text)
}
