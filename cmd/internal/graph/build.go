package graph

import (
	"path"
	"reflect"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// Of is the graph of a build.
func Of(b *analyzer.Build) *Graph {
	g := &Graph{File: b.File.Name(), Stages: []Stage{}, Flows: []Flow{}}
	reached := map[*analyzer.Installation]bool{}
	for _, c := range b.Target.Contents() {
		reached[c.Install] = true
	}
	for _, s := range b.Stages {
		g.Stages = append(g.Stages, stage(b, s, reached))
		for _, f := range s.Flows() {
			g.Flows = append(g.Flows, flow(b, f))
		}
	}
	g.Final = final(b, g)
	if b.Target != nil {
		g.Target = b.Target.Label()
	}
	scrub(reflect.ValueOf(g).Elem())
	return g
}

func id(s *analyzer.Stage) string { return "stage-" + strconv.Itoa(s.Index) }

func stage(b *analyzer.Build, s *analyzer.Stage, reached map[*analyzer.Installation]bool) Stage {
	out := Stage{
		ID: id(s), Name: s.Name, Label: s.Label(), Line: b.File.LineOf(s.From.Span.Start), Base: base(s),
		Distro: strings.TrimSpace(s.Image.Distro + " " + s.Image.Release), Final: s == b.Target, Ships: s.Ships, Feeds: s.Feeds,
		Packages: []OSPackage{}, Installs: []Install{},
	}
	if python := s.After.Python(); python != nil {
		out.Python = python.Version
	}
	if python := s.Image.Python; python != nil {
		out.imagePython = python.Version
	}
	for _, p := range s.AddsOSPackages() {
		out.Packages = append(out.Packages, OSPackage{
			Name: packageName(b, p), Manager: p.Command.OS.Program, Line: b.File.LineOf(p.Package.Span.Start),
			Build: ospkg.ClassOf(s.Image.Distro, p.Package.Name) == ospkg.BuildOnly,
		})
	}
	for _, in := range s.Installs() {
		// An installation whose directory isn't known is no Content, but what a shipping stage installs ships.
		out.Installs = append(out.Installs, install(b, in, s.Ships || reached[in]))
	}
	return out
}

// packageName is the name, or what is written where the name is not known: $PACKAGES.
func packageName(b *analyzer.Build, p analyzer.PackageUse) string {
	if p.Package.Name != "" {
		return p.Package.Name
	}
	return b.File.Text(p.Package.Span)
}

func install(b *analyzer.Build, in *analyzer.Installation, reaches bool) Install {
	out := Install{
		Tool: string(in.Call.Tool), Verb: in.Call.Verb, Packages: []string{}, Files: []File{},
		Place: string(in.Place), Dir: in.Dir.Or(""), Line: b.File.LineOf(in.Call.Span.Start), Reaches: reaches,
	}
	for _, r := range in.Requirements {
		text := r.Text
		if text == "" {
			text = b.File.Text(r.Span)
		}
		out.Packages = append(out.Packages, text)
	}
	for _, f := range in.Files {
		file := File{Path: f.Written}
		if f.File != nil {
			if lines, complete := b.Context.AllRequirements(f.InContext); complete {
				n := len(lines)
				file.Count = &n
			}
		}
		out.Files = append(out.Files, file)
	}
	return out
}

func base(s *analyzer.Stage) End {
	switch {
	case s.Base != nil:
		return End{kindStage, id(s.Base), s.Base.Label()}
	case s.BaseText.IsKnown() && s.BaseText.Text != "":
		return End{Kind: kindImage, Name: s.BaseText.Text}
	case len(s.From.Args) > 0:
		return End{Kind: kindUnknown, Name: s.From.Args[0].Text}
	}
	return End{Kind: kindUnknown, Name: "?"}
}

func flow(b *analyzer.Build, f analyzer.Flow) Flow {
	out := Flow{Kind: string(f.Kind), To: id(f.To), Sources: []string{}, Brings: []string{}}
	switch {
	case f.Kind == analyzer.BaseFlow:
		out.From, out.Line = base(f.To), b.File.LineOf(f.To.From.Span.Start)
		return out
	case f.From != nil:
		out.From = End{kindStage, id(f.From), f.From.Label()}
	case f.FromContext():
		out.From = End{Kind: kindContext, Name: "build context"}
	case f.Image.IsKnown():
		out.From = End{Kind: kindImage, Name: f.Image.Text}
	default:
		out.From = End{Kind: kindUnknown, Name: fromFlag(f)}
	}
	out.Line = b.File.LineOf(f.Step.Instruction.Span.Start)
	if f.Kind == analyzer.MountFlow {
		out.Sources, out.Dest = []string{f.Mount.Source}, f.Mount.Target.Or("")
		return out
	}
	for _, s := range f.Copy.Sources {
		text := s.Text.Or("")
		if text == "" {
			text = b.File.Text(s.Span)
		}
		if s.Heredoc {
			text = "<<" + text
		}
		out.Sources = append(out.Sources, text)
	}
	out.Dest = f.Copy.Dest.Or("")
	for _, d := range f.Copy.Deliveries() {
		out.Brings = append(out.Brings, part(d)+" of "+d.Install.Dir.Or(string(d.Install.Place)))
	}
	out.Brings = distinct(out.Brings)
	return out
}

func fromFlag(f analyzer.Flow) string {
	if f.Kind == analyzer.MountFlow {
		return f.Mount.From
	}
	flag, _ := f.Step.Instruction.Flag("from")
	return flag.Value
}

func part(c analyzer.Content) string {
	switch {
	case c.OneScript != "" && !c.Libs:
		return "script " + c.OneScript
	case c.Libs && c.Scripts:
		return "packages and scripts"
	case c.Libs:
		return "packages"
	}
	return "scripts"
}

func final(b *analyzer.Build, g *Graph) Final {
	out := Final{Python: []Content{}, Left: []Left{}}
	if b.Target == nil {
		return out
	}
	chain := b.Target.Chain()
	out.Base = base(chain[0])
	out.User = b.Target.After.User.Or("")
	if commands := b.Target.Start().Commands; len(commands) > 0 {
		var words []string
		for _, field := range commands[0].Argv {
			if text := field.Text(); text != "" || field.Value.Kind == env.Known {
				words = append(words, text)
			} else {
				words = append(words, b.File.Text(field.Span))
			}
		}
		out.Start = strings.Join(words, " ")
	}
	for _, c := range b.Target.Contents() {
		what := Content{Dir: c.Dir, Place: string(c.Install.Place), Part: part(c), What: short(install(b, c.Install, true))}
		if c.Copy != nil {
			what.From = c.Copy.From.Label()
		}
		out.Python = append(out.Python, what)
	}
	for _, s := range g.Stages {
		if s.Ships {
			out.Packages += len(s.Packages)
		}
		if s.Ships || !s.Feeds {
			continue
		}
		left := Left{Stage: s.Label, Packages: []string{}, Python: []string{}}
		for _, p := range s.Packages {
			left.Packages = append(left.Packages, p.Name)
		}
		for _, in := range s.Installs {
			if !in.Reaches {
				left.Python = append(left.Python, short(in))
			}
		}
		left.Packages, left.Python = distinct(left.Packages), distinct(left.Python)
		out.Left = append(out.Left, left)
	}
	return out
}

// short says what is installed: "requirements.txt (3 packages), flask".
func short(in Install) string {
	var parts []string
	for _, f := range in.Files {
		text := path.Base(f.Path)
		if f.Path == "" {
			text = "a requirements file"
		}
		if f.Count != nil {
			text += " (" + words.Count(*f.Count, "package") + ")"
		}
		parts = append(parts, text)
	}
	parts = append(parts, in.Packages...)
	if len(parts) == 0 {
		return "the project" // `poetry install`, `uv sync`, `pipenv install`
	}
	return list(parts, 4)
}

// list joins words, the first n of them.
func list(words []string, n int) string {
	if len(words) > n+1 {
		return strings.Join(words[:n], ", ") + " and " + strconv.Itoa(len(words)-n) + " more"
	}
	return strings.Join(words, ", ")
}

func distinct(words []string) []string {
	seen := map[string]bool{}
	out := []string{}
	for _, w := range words {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}
