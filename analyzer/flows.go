package analyzer

import (
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
)

// FlowKind tells how files come into a stage.
type FlowKind string

// The kinds. What is mounted is there for one RUN only.
const (
	BaseFlow  FlowKind = "base"
	CopyFlow  FlowKind = "copy"
	MountFlow FlowKind = "mount"
)

// Flow is a way by which files come into a stage: its FROM, a COPY or ADD, or a bind mount of a RUN.
type Flow struct {
	Kind FlowKind
	To   *Stage
	Step *Step // nil for BaseFlow
	// From is the stage that the files come from. It is nil for images and for the build context; then Image is the
	// reference with variables expanded, Unset for the build context.
	From  *Stage
	Image env.Value
	Copy  *Copy // of a CopyFlow
	Mount Mount // of a MountFlow
}

// FromContext tells whether the files come from the build context.
func (f Flow) FromContext() bool {
	return f.Kind != BaseFlow && f.From == nil && f.Image.Kind == env.Unset
}

// Flows are the ways by which files come into the stage itself, its bases' own ones aside, in the order of the file.
func (s *Stage) Flows() []Flow {
	list := []Flow{{Kind: BaseFlow, To: s, From: s.Base, Image: s.BaseText}}
	if s.Base != nil {
		list[0].Image = env.Value{}
	}
	for _, step := range s.Steps {
		if c := step.Copy; c != nil {
			f := Flow{Kind: CopyFlow, To: s, Step: step, From: c.From, Copy: c}
			if c.From == nil {
				f.Image = c.FromText
			}
			list = append(list, f)
		}
		for _, m := range step.Mounts() {
			if m.Type != "bind" {
				continue
			}
			f := Flow{Kind: MountFlow, To: s, Step: step, Mount: m}
			if m.From != "" {
				f.Image = env.Expand(m.From, s.build.Doc.Escape, step.Before.Lookup)
				if from := s.build.StageFrom(f.Image.Text, s.Index); f.Image.IsKnown() && from != nil {
					f.From, f.Image = from, env.Value{}
				}
			}
			list = append(list, f)
		}
	}
	return list
}

// AddsOSPackages are the packages that the stage's own steps install with the operating system's package manager and
// that are there when the layer is done, in order. Packages whose names are not known are among them, without a name.
func (s *Stage) AddsOSPackages() []PackageUse {
	var found []PackageUse
	for _, step := range s.Steps {
		for _, c := range step.Commands {
			if c.OS == nil || c.OS.Verb != ospkg.Install || c.OS.Opaque != "" {
				continue
			}
			for _, p := range c.OS.Packages {
				if !step.Uninstalls(c, p.Name) {
					found = append(found, PackageUse{Command: c, Package: p})
				}
			}
		}
	}
	return found
}
