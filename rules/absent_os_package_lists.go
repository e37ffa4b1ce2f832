package rules

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// checkLists finds apt-get install where there certainly are no lists of packages: the images of Debian, of Ubuntu and of Python have none,
// and nothing has fetched them since, or they were removed again.
func checkLists(p *analyzer.Pass) {
	for s := range p.Feeding() {
		if c, name := firstUnlisted(s); c != nil {
			p.Report(analyzer.Diagnostic{
				Span: c.OS.Span,
				Message: fmt.Sprintf("there are no lists of packages here, so %s finds no package %s and the build fails: it needs apt-get update before, in the same RUN",
					c.OS.Program, name),
				NoFixReason: "put `apt-get update &&` in front",
			})
		}
	}
}

// firstUnlisted is the first command of the stage that installs where apt certainly has no lists, and the package that it does not find.
func firstUnlisted(s *analyzer.Stage) (first *analyzer.Command, name string) {
	if !s.Image.Official && !bareImage(s.Image) {
		return nil, ""
	}
	installed := false // other packages, which may have brought this one along
	for _, step := range s.ChainSteps() {
		if mayBringLists(step) {
			return nil, ""
		}
		for _, c := range step.Commands {
			switch {
			case c.MayDoAnything() || c.OS != nil && (c.OS.Verb == ospkg.Update || c.OS.Verb == ospkg.Other || c.OS.Opaque != ""):
				if c.OS == nil || c.OS.Verb != ospkg.Update {
					return nil, ""
				}
				name = listed
			case len(c.Argv) > 1 && c.Argv[0].Text() == "rm" && c.Shell.Certain && c.HasText("/var/lib/apt/lists"):
				name = ""
			case name == "" && step.Stage == s:
				if name = notFound(c, installed); name != "" {
					return c, name
				}
			}
			installed = installed || c.OS != nil && c.OS.Verb == ospkg.Install
		}
	}
	return nil, ""
}

// listed stands for the name of a package while there are lists.
const listed = "*"

// mayBringLists tells whether an instruction may bring lists of packages, other archives, or a configuration of apt.
func mayBringLists(step *analyzer.Step) bool {
	under := func(p string) bool { return analyzer.Under("/var", p) || analyzer.Under("/etc", p) || p == "/" }
	for _, m := range step.Mounts() {
		if !m.Target.IsKnown() || under(m.Target.Text) {
			return true
		}
	}
	return step.Unreadable != "" || step.Copy != nil && (!step.Copy.Dest.IsKnown() || under(step.Copy.Dest.Text))
}

// notFound is the first package of apt-get install that the image certainly does not have yet, "" where all may be there.
func notFound(c *analyzer.Command, installed bool) string {
	if c.OS == nil || c.OS.Manager != ospkg.Apt || c.OS.Verb != ospkg.Install || !c.Shell.Certain || c.OtherArchive() {
		return ""
	}
	image := c.Step.Stage.Image
	for _, p := range c.OS.Packages {
		if p.File != "" || p.Name == "" || strings.ContainsAny(p.Name, "*?$:/") {
			continue
		}
		brought, _ := ospkg.Brings(image.Distro, p.Name)
		if slices.Contains(brought.Programs, p.Name) && c.FindProgram(p.Name).Is(analyzer.No) || !installed && (image.Slim || bareImage(image)) && ospkg.BringsOthers(p.Name) {
			return p.Name
		}
	}
	return ""
}
