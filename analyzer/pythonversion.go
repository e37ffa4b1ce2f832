package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// VersionGap is a COPY of packages between interpreters of different minor versions.
type VersionGap struct {
	Copy *Copy
	Span source.Span // the path, or the source of the COPY
	// Path is the versioned directory that the COPY names, "" where the packages themselves show the version.
	Path string
	// Have is the version that the packages are for, or that Path names; Stage's interpreter is of version Runs. Runs is
	// "" where the stage's base image names no version and so moves on.
	Have, Runs string
	Stage      *Stage
	// Lost tells that Path is a source which the stage that is copied from lacks.
	Lost bool
}

var versionedLib = pattern.New(`^(/.*)/lib(?:64)?/python(3\.\d+)(?:/|$)`)

// VersionGaps are the COPYs from other stages in the stage's own steps that bring packages for another minor version of
// Python than runs there, or that name the directory of a version which is not there. One for each COPY.
func (s *Stage) VersionGaps() []VersionGap {
	var found []VersionGap
	for _, step := range s.Steps {
		if step.Copy == nil || step.Copy.FromContext() || !step.Copy.Dest.IsKnown() {
			continue
		}
		if gap, ok := step.Copy.versionGap(); ok {
			found = append(found, gap)
		}
	}
	return found
}

func (c *Copy) versionGap() (VersionGap, bool) {
	here := c.Step.Stage
	for _, s := range c.Sources {
		if c.From == nil || !s.Text.IsKnown() {
			continue
		}
		if minor, ok := c.From.lacksLib(s.Text.Text); ok {
			runs := c.From.Interpreter().Minor
			return VersionGap{Copy: c, Span: s.Span, Path: s.Text.Text, Have: minor, Runs: runs, Stage: c.From, Lost: true}, true
		}
	}
	python := here.Interpreter()
	if python == nil || python.Minor == "" {
		return VersionGap{}, false
	}
	if minor, ok := here.lacksLib(c.Dest.Text); ok && c.bringsPackages() && !here.searches("python"+minor) {
		return VersionGap{Copy: c, Span: c.DestSpan, Path: c.Dest.Text, Have: minor, Runs: python.Minor, Stage: here}, true
	}
	for _, d := range c.Deliveries() {
		switch d.Install.Place {
		case UserSite, PrefixDir:
		case VirtualEnv:
			// Where even the path differs, its python does not start at all.
			if names := d.Install.Names(); names == nil || names.Prefix != python.Prefix {
				continue
			}
		default:
			continue
		}
		names := d.Install.Names()
		if names == nil || names.Minor == "" || names.Minor == python.Minor || !d.Libs || here.searches("python"+names.Minor) {
			continue
		}
		return VersionGap{Copy: c, Span: d.Source.Span, Have: names.Minor, Runs: python.Minor, Stage: here}, true
	}
	return VersionGap{}, false
}

// lacksLib tells whether dir is the library of another minor version than the stage's interpreter of that prefix, or of any
// certain version where the base image names none.
func (s *Stage) lacksLib(dir string) (minor string, ok bool) {
	m := versionedLib.FindStringSubmatch(dir)
	python := s.Interpreter()
	if m == nil || python == nil || m[1] != python.Prefix || python.Prefix != "/usr/local" || m[2] == python.Minor {
		return "", false
	}
	for _, step := range s.ChainSteps() {
		if step.Copy != nil && step.Copy.puts3(dir) {
			return "", false
		}
	}
	return m[2], true
}

// puts3 tells whether a COPY from another stage makes the directory of that version.
func (c *Copy) puts3(dir string) bool {
	m := versionedLib.FindStringSubmatch(dir)
	return c.Dest.IsKnown() && !c.FromContext() && c.Dest.Text != dir && Under(path.Join(m[1], "lib", "python"+m[2]), c.Dest.Text)
}

// bringsPackages tells whether the COPY takes a directory of packages.
func (c *Copy) bringsPackages() bool {
	for _, s := range c.Sources {
		if name := path.Base(s.Text.Text); s.Text.IsKnown() && (name == "site-packages" || name == "dist-packages" || strings.HasPrefix(name, "python3.")) {
			return true
		}
	}
	return false
}

// searches tells whether PYTHONPATH may have a directory with that part in its name.
func (s *Stage) searches(part string) bool {
	v := s.After.Env("PYTHONPATH")
	return s.After.Sets("PYTHONPATH") && !v.IsKnown() || strings.Contains(v.Text, part)
}

// RootFrom is the FROM that names the image at the root of the stage's chain of bases.
func (s *Stage) RootFrom() *dockerfile.Instruction { return s.Chain()[0].From }
