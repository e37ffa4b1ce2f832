// Package multistage turns a stage that builds and runs an application into three: one that both share, one that builds,
// and one that runs. The first and the last are one where the builder has another image.
//
// Each step of the work is a file: refuse what is not understood, choose a layout, place every instruction and every
// command of a RUN (place, run, packages), choose the final image (slim), render, and prove that the result, parsed and
// analyzed again, still is what the file was.
package multistage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/order"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// Convert gives the fix that turns the final stage into three: what building and running share goes into a base stage, the
// installations with their build tools into a builder, and what is left into the final stage, which takes the installed packages
// from the builder. Every instruction, and every command of a RUN's list, goes to one stage or to several in its old order and its
// old spelling.
//
// What comes out is parsed and analyzed again, and held against what went in: see prove.
func Convert(build *analyzer.Build) Conversion {
	under := false
	if joining(build) == nil && build.Target.Base != nil {
		if next := beneath(build); next != nil {
			build, under = next, true
		}
	}
	var c *conversion
	var text []byte
	for keep := map[string]bool{}; ; {
		var refused string
		if c, refused = plan(build, keep, under); refused != "" {
			return Conversion{Refused: refused, NoGain: refused == noGain}
		}
		text = c.render()
		if refused = c.prove(build, text); refused == "" {
			break
		}
		if c.lacks == "" || keep[c.lacks] {
			return Conversion{Refused: refused, NoGain: refused == noGain}
		}
		keep[c.lacks] = true // a package that something outside of the builder calls the program of
	}
	edit := difference(build.File.Bytes(), text)
	title := "Convert to a multi-stage build"
	if c.layout == prefix {
		title += ", into the interpreter's own prefix, since " + c.why
	}
	if c.unsure != "" {
		title += ", on " + c.base + ": " + c.unsure + " than that has, so try it (--verify does)"
	}
	if c.sameImage != "" {
		title += ", on the same image, since " + c.sameImage
	}
	fix := &analyzer.Fix{Title: title, Safety: analyzer.Unsafe, Edits: []analyzer.Edit{edit}, Prove: c.holds}
	return Conversion{Fix: fix, Slim: c.base != "" && c.unsure == ""}
}

// Conversion is what Convert offers.
type Conversion struct {
	Fix     *analyzer.Fix
	Refused string // says in a clause why there is no Fix
	NoGain  bool   // Refused is that all OS packages may be needed when the image runs
	Slim    bool   // the final stage moves from a full image to its slim variant, which is known to do
}

// plan decides where everything goes.
func plan(build *analyzer.Build, keep map[string]bool, under bool) (c *conversion, refused string) {
	ready := settle(build)
	c = &conversion{keep: keep, under: under, feeds: map[*analyzer.Command]bool{}, build: ready, doc: ready.Doc, stage: ready.Target}
	for _, step := range []func() string{c.refuseFile, c.gather, c.chooseLayout, c.readRunners, c.place, c.narrowBase, c.refuseNoGain} {
		if reason := step(); reason != "" {
			return nil, reason
		}
	}
	return c, ""
}

// settle applies what other fixes do to a single stage and what the conversion would otherwise carry along: dependencies are
// copied before the sources, and `pip install --user` goes to a user base of its own. Before that, a stage that only the final one is built from
// becomes a part of it.
func settle(build *analyzer.Build) *analyzer.Build {
	if next := settled(build, joining(build), -1); next != nil {
		build = next
	}
	const most = 4
	for range most {
		next := settled(build, settling(build), 0)
		if next == nil {
			return build
		}
		build = next
	}
	return build
}

// settled is the build after edits that change the number of its stages by so many, nil where there are none, or they do something else.
func settled(build *analyzer.Build, edits []analyzer.Edit, stages int) *analyzer.Build {
	if len(edits) == 0 {
		return nil
	}
	text, err := fixes.Apply(build.File.Bytes(), edits)
	if err != nil {
		return nil
	}
	doc, err := dockerfile.Parse(source.New(build.File.Name(), text))
	if err != nil {
		return nil
	}
	next := analyzer.Analyze(doc, build.Settings)
	if next.Target == nil || len(next.Stages) != len(build.Stages)+stages {
		return nil
	}
	return next
}

func settling(build *analyzer.Build) []analyzer.Edit {
	if early, ok := order.Find(build.Target); ok {
		if move, reason := early.Move(); reason == "" {
			if edits, reason := fixes.CopyDependenciesFirst(build.Doc, early.Copy, move); reason == "" {
				return edits
			}
		}
	}
	base := userBaseOf(build)
	for _, in := range build.Target.Installs() {
		if in.Place == analyzer.UserSite && in.Dir.IsKnown() && !in.Dir.Is(base) && strings.HasSuffix(in.Dir.Text, "/.local") {
			edits, reason := fixes.MoveUserBase(build, in.Dir.Text)
			if reason == "" {
				return edits
			}
		}
	}
	return nil
}

func userBaseOf(build *analyzer.Build) string {
	if build.Settings.UserBase != "" {
		return build.Settings.UserBase
	}
	return fixes.DefaultUserBase
}

// difference is the edit that makes after of before, over whole lines.
func difference(before, after []byte) analyzer.Edit {
	start := 0
	for i := 0; i < len(before) && i < len(after) && before[i] == after[i]; i++ {
		if before[i] == '\n' {
			start = i + 1
		}
	}
	endBefore, endAfter := len(before), len(after)
	for i, j := len(before), len(after); i > start && j > start && before[i-1] == after[j-1]; i, j = i-1, j-1 {
		if before[i-1] == '\n' {
			endBefore, endAfter = i, j
		}
	}
	return analyzer.Edit{Span: source.Span{Start: start, End: endBefore}, Text: string(after[start:endAfter])}
}

// layoutKind is where the builder installs to.
type layoutKind uint8

const (
	userBase layoutKind = iota // a user base of its own, by `pip install --user`
	newVenv                    // a virtual environment that the builder makes
	oldVenv                    // the virtual environment that the file makes already
	prefix                     // a directory that is copied over the interpreter's own prefix: the packages are found without any environment variable
)

// conversion is the work on one file.
type conversion struct {
	build *analyzer.Build
	doc   *dockerfile.Document
	stage *analyzer.Stage

	apps   []*analyzer.Installation // what the application needs: goes to the builder
	tools  []*analyzer.Installation // pip, poetry and other installers
	first  *analyzer.Step           // with the first of apps
	last   *analyzer.Step           // with the last of apps
	python *image.Interpreter
	// python2 tells that it is the Python 2 of an old distribution, which has no venv.
	python2 bool
	python3 string // the name of the distribution's Python 3, where no more is known of it

	under bool                       // the final stage is built from this one, see beneath
	trees []tree                     // of editable projects
	feeds map[*analyzer.Command]bool // commands that fetch, make or change what the application's installations read

	layout layoutKind
	dir    string // the user base, virtual environment or prefix
	why    string // a clause that says why the layout is the prefix

	moves  []string                           // scripts that the start command names by their path
	texts  map[*dockerfile.Instruction]string // of instructions that start something, where they are written anew
	kept   map[string]bool                    // tools such as poetry that the final stage needs
	keeps  bool                               // there is one of them
	onPath bool                               // something that a tool ran is called by itself

	links     []string        // libraries that something names by the link of their headers, see loadsLink
	linksRead bool            // links is known
	keep      map[string]bool // OS packages that stay
	lacks     string          // the OS package whose program the proof has not found

	steps    []*placed
	base     string // the image of the base stage where it is another than the builder's, else ""
	moved    map[string]bool
	names    map[place]string
	runtimes []string // OS packages that the runtime gets instead of those that went to the builder
	// libraries are OS packages that the slim image needs for the application's packages.
	libraries []string
	venvAdded bool   // an installation of the builder has been given the package that makes virtual environments
	unsure    string // what may need more than the slim image has, as the beginning of a clause
	sameImage string // a clause that says why the final stage stays on a full image, "" where it does not
}

// lineOf is "line 12", for reasons.
func (c *conversion) lineOf(in *dockerfile.Instruction) string {
	return fmt.Sprintf("line %d", c.doc.File.LineOf(in.Span.Start))
}

// gather finds the installations, and refuses those that can't move to a builder.
func (c *conversion) gather() string {
	for _, in := range c.stage.Installs() {
		step := in.Command.Step
		switch {
		case in.Place == analyzer.ToolEnv:
		case onlyTools(in):
			c.tools = append(c.tools, in)
		default:
			if reason := c.refuseInstall(in); reason != "" {
				return c.lineOf(step.Instruction) + " " + reason
			}
			if c.first == nil {
				c.first = step
			}
			c.apps, c.last = append(c.apps, in), step
		}
	}
	if len(c.apps) == 0 {
		return "the final stage installs no packages of an application"
	}
	if c.python = c.apps[0].Interpreter; c.python == nil {
		c.python, c.python3 = &image.Interpreter{Prefix: "/usr"}, c.python3Of(c.apps[0])
		c.python2 = c.python3 == ""
		for _, in := range c.apps {
			if in.Interpreter != nil || c.python3Of(in) != c.python3 {
				return c.lineOf(in.Command.Step.Instruction) + " installs for another Python than the installation before"
			}
		}
	}
	return ""
}

// onlyTools tells whether an installation brings nothing but installers. Cython and its like are wanted by what is built.
func onlyTools(in *analyzer.Installation) bool {
	if len(in.Files) > 0 || len(in.Requirements) == 0 {
		return false
	}
	for _, r := range in.Requirements {
		if r.Kind != installer.Named || !installer.IsInstaller(r.Name) || r.Name == "cython" {
			return false
		}
	}
	return true
}

// basicTools are the installers that come with an interpreter or a virtual environment anyway.
func basicTools(in *analyzer.Installation) bool {
	return !slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool {
		return r.Name != "pip" && r.Name != "setuptools" && r.Name != "wheel"
	})
}

func names(in *analyzer.Installation, name string) bool {
	return slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return r.Name == name })
}

// outer tells whether a tool is installed for the builder alone, outside of the environment that ships.
func (c *conversion) outer(in *analyzer.Installation) bool { return !basicTools(in) }

// stageNames chooses names that no stage has.
func (c *conversion) stageNames() {
	c.names = map[place]string{inBase: fixes.FreeStageName(c.build, "base", "runtime-base", "python-base"), inBuilder: fixes.FreeStageName(c.build, "builder", "python-builder", "build-deps")}
}
