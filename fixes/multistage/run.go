package multistage

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// placeRun places the elements of a RUN's list, or all of it where it has no list.
func (c *conversion) placeRun(p *placed) string {
	step := p.step
	if !c.splits(step) {
		whole := piece{span: step.Instruction.Span}
		commands := step.Commands
		reason := c.placeItem(p, &whole, nil, commands)
		if whole.follows != itself && whole.follows != dropped {
			whole.at, whole.follows = c.elsewhere(step, whole.span), itself
		}
		p.pieces = []piece{whole}
		return reason
	}
	for _, item := range step.Script.Items {
		one := piece{span: item.Span}
		if reason := c.placeItem(p, &one, commandOf(step, item.Command), commandsIn(step, item.Span)); reason != "" {
			return reason
		}
		p.pieces = append(p.pieces, one)
	}
	c.settleFollowers(p)
	return ""
}

// splits tells whether the RUN is a list whose elements can stand alone.
func (c *conversion) splits(step *analyzer.Step) bool {
	in := step.Instruction
	if step.Script == nil || in.JSON || len(step.Script.Items) == 0 {
		return false
	}
	for _, item := range step.Script.Items {
		if item.Operator == "&" || fixes.HeredocOpensBehind(in, item.Span.End) && len(step.Script.Items) > 1 && item.Operator != "\n" && !fixes.InHeredoc(in, item.Span.Start) {
			return false
		}
	}
	return true
}

func commandOf(step *analyzer.Step, sh any) *analyzer.Command {
	for _, command := range step.Commands {
		if any(command.Shell) == sh {
			return command
		}
	}
	return nil
}

func commandsIn(step *analyzer.Step, span source.Span) []*analyzer.Command {
	var found []*analyzer.Command
	for _, command := range step.Commands {
		if command.Shell.Span.Start >= span.Start && command.Shell.Span.End <= span.End {
			found = append(found, command)
		}
	}
	return found
}

// elsewhere is where a command goes of which nothing else decides it.
func (c *conversion) elsewhere(step *analyzer.Step, span source.Span) place {
	if c.before(span) && c.asRoot(step) {
		return inBase
	}
	return inRuntime
}

// placeItem places one element: simple is the command that it consists of, nil where it is more than one command.
func (c *conversion) placeItem(p *placed, one *piece, simple *analyzer.Command, all []*analyzer.Command) string {
	step := p.step
	if slices.ContainsFunc(all, c.installsApp) {
		return c.placeInstall(one, all)
	}
	if listedPackages.MatchString(c.doc.File.Text(one.span)) {
		return "installs OS packages that a file names, which can't be told"
	}
	if simple != nil && simple.OS != nil {
		return c.placePackages(step, one, simple)
	}
	if simple != nil {
		if r, ok := c.runnerOf(simple); ok {
			c.placeRunner(step, one, r)
			return ""
		}
	}
	one.at = c.elsewhere(step, one.span)
	if c.placeRemovalOfFiles(p, one, simple) {
		return ""
	}
	if fetched := pipesDownload(all); fetched != "" {
		switch text := c.doc.File.Text(one.span); {
		case installsTool.MatchString(text):
			if !c.behind(one.span) && !c.kept["poetry"] && !c.kept["uv"] {
				one.at = inBuilder
			}
			return ""
		case addsRepository.MatchString(text):
			return ""
		}
		return "runs what " + fetched + " downloads: what it leaves in the image can't be told"
	}
	strongest := analyzer.ShellState
	for _, command := range all {
		concern := command.Concern()
		if concern == analyzer.Script && c.runsPython(command) {
			concern = analyzer.Runs
		}
		switch concern {
		case analyzer.Compiles:
			return fmt.Sprintf("builds something with %s, and what of it the image needs can't be told", command.Argv[0].Text())
		case analyzer.Script:
			return "runs a script, which may need the build tools"
		case analyzer.Unclear:
			if c.before(one.span) {
				return fmt.Sprintf("runs %s before the packages are installed, which may need the build tools", commandName(command))
			}
		case analyzer.SystemPackages:
			if slices.ContainsFunc(command.OS.Packages, func(p ospkg.Package) bool { return p.Name == "" }) && command.OS.Verb == ospkg.Remove {
				return "removes packages that can't be told"
			}
		}
		if rank(concern) > rank(strongest) {
			strongest = concern
		}
	}
	if simple != nil && simple.Concern() == analyzer.ShellState {
		strongest = analyzer.ShellState // a variable that is set to what a command prints goes where it is used
	}
	c.placeConcern(step, one, strongest, all)
	if strongest == analyzer.PipCleanup && !c.behind(one.span) {
		for _, earlier := range p.pieces { // the cache is where the installer of the same RUN has left it
			if slices.ContainsFunc(commandsIn(step, earlier.span), func(command *analyzer.Command) bool { return command.Install != nil }) {
				one.at = earlier.at
			}
		}
	}
	return ""
}

var (
	// installsTool matches scripts that bring an installer or a compiler, which only the builder needs.
	installsTool = pattern.New(`/get-pip\.py|/(?:get|install)-poetry\.py|install\.python-poetry\.org|astral\.sh/uv|sh\.rustup\.rs`)
	// listedPackages matches an installation of the OS packages that xargs reads.
	listedPackages = pattern.New(`\bxargs\s[^;&|\n]*\b(?:apt|apt-get|apk|dnf|microdnf|yum)\s`)
	// addsRepository matches scripts that add a source of OS packages.
	addsRepository = pattern.New(`\b(?:deb|rpm)\.nodesource\.com/setup|\bpackagecloud\.io/install/repositories/`)
)

// runsPython tells whether a command runs a Python program by its path, whose first line finds the interpreter that sees the packages: a virtual
// environment is not seen by the distribution's own.
func (c *conversion) runsPython(command *analyzer.Command) bool {
	_, _, argv, _ := shell.Unwrap(command.Argv)
	return len(argv) > 0 && path.Ext(argv[0].Text()) == ".py" && (c.layout != newVenv || c.python.Prefix != "/usr")
}

// pipesDownload is the program whose download goes straight into an interpreter, "" when there is none.
func pipesDownload(all []*analyzer.Command) string {
	for i, command := range all {
		if !command.Shell.Piped || command.Concern() != analyzer.Fetches {
			continue
		}
		for _, next := range all[i+1:] {
			if concern := next.Concern(); next.Shell.Piped && (concern == analyzer.Runs || concern == analyzer.Script) {
				return command.Argv[0].Text()
			}
		}
	}
	return ""
}

func commandName(command *analyzer.Command) string {
	if len(command.Argv) > 0 && command.Argv[0].Text() != "" {
		return command.Argv[0].Text()
	}
	return "a program"
}

// rank orders effects by how much they say about the place of a list's element.
func rank(e analyzer.Concern) int {
	return slices.Index([]analyzer.Concern{analyzer.ShellState, analyzer.Nothing, analyzer.PipCleanup, analyzer.IndexCleanup, analyzer.Files,
		analyzer.Fetches, analyzer.Accounts, analyzer.Runs, analyzer.Unclear, analyzer.SystemPackages, analyzer.Packaging}, e)
}

func (c *conversion) placeConcern(step *analyzer.Step, one *piece, concern analyzer.Concern, all []*analyzer.Command) {
	switch concern {
	case analyzer.ShellState:
		one.follows = allBehind
	case analyzer.Nothing:
		one.follows = neighbour
	case analyzer.IndexCleanup:
		one.follows = systemBefore
	case analyzer.PipCleanup:
		if step == c.first || step == c.last || c.between(one.span) {
			one.at = inBuilder
		}
	case analyzer.Accounts:
		if !c.behind(one.span) && !step.Before.NonRoot() {
			one.at = inBase
		}
	case analyzer.Packaging:
		c.placeTool(step, one, all)
	case analyzer.Files, analyzer.Fetches:
		if one.at&inBase == 0 && slices.ContainsFunc(all, func(command *analyzer.Command) bool { return c.feeds[command] }) {
			one.at |= inBuilder
		}
		if !c.behind(one.span) && (c.madeForBuilder(all) || c.configuresGit(all) || c.linksTool(all)) {
			one.at = inBuilder
		}
		if at := c.touchedDependencies(one.span); !c.behind(one.span) && (at == inBuilder || at != 0 && one.at&inBase != 0) {
			one.at = at
		}
	}
}

// linksTool tells whether a command makes a link to an installer that only the builder has.
func (c *conversion) linksTool(all []*analyzer.Command) bool {
	return len(all) == 1 && len(all[0].Argv) > 1 && shell.Program(all[0].Argv[0]) == "ln" && slices.ContainsFunc(all[0].Argv[1:], func(f shell.Field) bool {
		name := path.Base(f.Text())
		return path.IsAbs(f.Text()) && slices.Contains([]string{"poetry", "uv", "pdm"}, name) && !c.kept[name]
	})
}

// touchedDependencies is where the files go that the text names and the base stage does not get, 0 for none.
func (c *conversion) touchedDependencies(span source.Span) (at place) {
	text := c.doc.File.Text(span)
	for _, p := range c.steps {
		if p.at != inBuilder && p.at != inBuilder|inRuntime || p.step.Copy == nil {
			continue
		}
		for _, s := range p.step.Copy.Sources {
			switch {
			case !strings.Contains(text, path.Base(s.Text.Text)):
			case p.at == inBuilder:
				return inBuilder
			default:
				at = p.at
			}
		}
	}
	return at
}

// placeTool places calls of installers that install nothing of the application.
func (c *conversion) placeTool(step *analyzer.Step, one *piece, all []*analyzer.Command) {
	one.at = inBuilder
	for _, command := range all {
		if command.Install == nil {
			if c.behind(one.span) && c.listsPackages(command) {
				one.at = inRuntime
			}
			continue
		}
		switch {
		case c.keepsTool(command.Install):
			one.at = inBase
		case command.Install.Place == analyzer.ToolEnv:
			one.at = c.elsewhere(step, one.span)
		case c.behind(one.span):
			one.at = inRuntime
		// Since Python 3.12 neither the official images nor virtual environments have setuptools, which the application may import.
		case names(command.Install, "setuptools") && (c.layout == userBase || c.layout == prefix) && !c.python.BringsSetuptools():
			one.at = inBase
		}
	}
}

// listsPackages tells whether pip writes a list of what is installed to a file.
func (c *conversion) listsPackages(command *analyzer.Command) bool {
	call := command.Installer
	return call != nil && call.Tool == installer.Pip && (call.Verb == "freeze" || call.Verb == "list") && len(command.Shell.Redirects) > 0 &&
		c.layout != newVenv && strings.HasPrefix(command.Shell.Redirects[0].Op, ">")
}

// keepsTool tells whether an installation brings a tool that the final stage needs.
func (c *conversion) keepsTool(in *analyzer.Installation) bool {
	return slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return c.kept[r.Name] })
}

func (c *conversion) installsApp(command *analyzer.Command) bool {
	return command.Install != nil && slices.Contains(c.apps, command.Install)
}

// placeInstall puts an installation of the application into the builder, and for a user base writes the options that lead there.
func (c *conversion) placeInstall(one *piece, all []*analyzer.Command) string {
	one.at = inBuilder
	var edits []analyzer.Edit
	for _, command := range all {
		if command.OS != nil && command.OS.Verb == ospkg.Install {
			return "installs OS packages under the same condition as Python packages"
		}
		if !c.installsApp(command) {
			continue
		}
		edit, reason := c.leadToLayout(command)
		if reason != "" {
			return reason
		}
		edits = append(edits, edit...)
	}
	if len(edits) > 0 {
		one.rewrites = map[place]string{inBuilder: c.edited(one.span, edits)}
	}
	return ""
}

// leadToLayout are the edits that make one installation go to the layout's directory.
func (c *conversion) leadToLayout(command *analyzer.Command) (edits []analyzer.Edit, refused string) {
	call := command.Installer
	switch {
	case c.layout == newVenv && (call.Tool == installer.UvPip || call.Tool == installer.Pipenv):
		// pipenv installs into the environment that is active, but with --system some releases take the interpreter that they run in.
		for _, o := range call.All("--system") {
			edits = append(edits, fixes.DeleteWord(c.doc, o.Span))
		}
		return edits, ""
	case c.layout == newVenv && path.IsAbs(call.Program.Text()):
		return nil, "calls " + call.Program.Text() + ", which does not see a virtual environment"
	case c.layout != userBase && c.layout != prefix:
		return nil, ""
	case call.Tool == installer.SetupPy && (c.layout == prefix || call.VerbSpan.Empty() || call.UserInstall()):
		return nil, "runs setup.py itself: `pip install .` first"
	case call.VerbSpan.Empty() || c.doc.File.Text(call.VerbSpan) != call.Verb:
		return nil, "calls pip in a way that options can't be added to"
	}
	options := ""
	switch {
	case c.layout == prefix:
		options = " --prefix=" + c.dir
	case !call.UserInstall():
		options = " --user"
	}
	// What the builder's own tools have brought would count as installed, and would be missing in the final stage. Once more would
	// install the dependencies twice, in two versions.
	if command.Install == c.apps[0] && call.Tool == installer.Pip && !call.IgnoreInstalled() {
		options += " --ignore-installed"
	}
	if options != "" {
		edits = append(edits, analyzer.Edit{Span: source.Span{Start: call.VerbSpan.End, End: call.VerbSpan.End}, Text: options})
	}
	return edits, ""
}

// edited is the text at span after edits within it.
func (c *conversion) edited(span source.Span, edits []analyzer.Edit) string {
	var relative []analyzer.Edit
	for _, e := range edits {
		relative = append(relative, analyzer.Edit{Span: source.Span{Start: e.Span.Start - span.Start, End: e.Span.End - span.Start}, Text: e.Text})
	}
	text, err := fixes.Apply([]byte(c.doc.File.Text(span)), relative)
	if err != nil {
		return c.doc.File.Text(span)
	}
	return string(text)
}

// settleFollowers gives the elements that follow others their places.
func (c *conversion) settleFollowers(p *placed) {
	var all, system place
	for _, one := range p.pieces {
		if one.follows == itself {
			all |= one.at
			if one.packages {
				system |= one.at
			}
		}
	}
	if all == 0 {
		all = c.elsewhere(p.step, p.step.Instruction.Span)
		system = all
	}
	for i := range p.pieces {
		one := &p.pieces[i]
		switch one.follows {
		case allBehind:
			if one.at = c.decided(p.pieces[i+1:]); one.at == 0 {
				one.at = all
				if slices.ContainsFunc(p.pieces, func(other piece) bool { return other.follows == itself }) {
					one.follows = dropped // the shell ends behind it
				}
			}
			if m := assigns.FindStringSubmatch(c.doc.File.Text(one.span)); m != nil && p.step.Before.Env(m[1]).Kind == env.Unset {
				if at := c.expands(p.pieces[i+1:], m[1]); at != 0 {
					one.at = at
				}
			}
		case systemBehind, systemBefore:
			one.at = system
		case neighbour:
			one.at = c.nearest(p.pieces, i)
			if one.at == 0 {
				one.at = all
			}
		}
	}
}

// assigns matches an assignment that is no export.
var assigns = pattern.New(`^([A-Za-z_]\w*)=`)

// expands are the stages in which some elements expand a variable.
func (c *conversion) expands(pieces []piece, name string) (at place) {
	for _, one := range pieces {
		for _, stage := range []place{inBase, inBuilder, inRuntime} {
			text, ok := one.rewrites[stage]
			if !ok {
				text = c.doc.File.Text(one.span)
			}
			if one.at&stage != 0 && (strings.Contains(text, "$"+name) || strings.Contains(text, "${"+name)) {
				at |= stage
			}
		}
	}
	return at
}

func (c *conversion) decided(pieces []piece) (at place) {
	for _, one := range pieces {
		if one.follows == itself {
			at |= one.at
		}
	}
	return at
}

func (c *conversion) nearest(pieces []piece, i int) place {
	for _, one := range pieces[i+1:] {
		if one.follows == itself {
			return one.at
		}
	}
	for j := i - 1; j >= 0; j-- {
		if pieces[j].follows == itself {
			return pieces[j].at
		}
	}
	return 0
}
