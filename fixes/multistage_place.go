package fixes

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// place is a set of stages.
type place uint8

const (
	inBase place = 1 << iota
	inBuilder
	inRuntime
)

// placed is a step with the stages that it goes to.
type placed struct {
	step   *analyzer.Step
	at     place   // for a step that stays whole
	pieces []piece // for a RUN: the elements of its list, or one piece for all of it
}

// piece is an element of a RUN's list.
type piece struct {
	span     source.Span // of the element
	at       place
	follows  follows          // for an element that goes where others go
	rewrites map[place]string // its text in a stage where that is not the file's
	packages bool             // it installs OS packages
	// leaves and stays are the OS packages that a divided installation gives to the builder and to the base stage.
	leaves, stays []string
}

// follows says which other elements of the list decide where an element goes.
type follows uint8

const (
	itself       follows = iota
	allBehind            // cd, export, set: wherever something behind it goes
	systemBehind         // apt-get update: where packages are installed behind it
	systemBefore         // the clean-up of a package manager: where packages were installed
	neighbour            // echo, true: where the next one goes, or the one before
	dropped              // nothing is left for it to do
)

// place decides for every step where it goes.
func (c *conversion) place() string {
	c.moved = map[string]bool{}
	c.stageNames()
	for _, step := range c.stage.Steps {
		p := &placed{step: step}
		var reason string
		switch step.Instruction.Keyword {
		case "RUN":
			reason = c.placeRun(p)
		case "COPY", "ADD":
			p.at, reason = c.placeCopy(step)
		default:
			p.at, reason = c.placeSetting(step)
		}
		if reason != "" {
			return c.lineOf(step.Instruction) + " " + reason
		}
		c.steps = append(c.steps, p)
	}
	c.lowerCopies()
	for i := range c.steps {
		if at := c.updatedFor(i); at&inBase != 0 {
			c.placeUpdate(i, inBase) // the other stages are built from it
		} else if at != 0 {
			c.placeUpdate(i, at)
		}
	}
	return ""
}

// lowerCopies takes the sources that are copied before the installations out of the base stage, unless a RUN behind them is there: an
// edit of a source would build again all that stands on the base stage, and in the builder that is the installation of the build tools.
func (c *conversion) lowerCopies() {
	moves := false // into another directory, behind the COPY
	for i := len(c.steps) - 1; i >= 0; i-- {
		p := c.steps[i]
		if slices.ContainsFunc(p.pieces, func(one piece) bool { return one.at&inBase != 0 }) {
			return
		}
		moves = moves || p.at == inBase && p.step.Instruction.Keyword == "WORKDIR"
		if p.step.Copy == nil || p.at != inBase {
			continue
		}
		if args := p.step.Instruction.Args; !p.step.Copy.FromContext() || moves && (len(args) == 0 || !path.IsAbs(args[len(args)-1].Value)) {
			return // what is copied before it must not come behind it
		}
		p.at = inBuilder | inRuntime
	}
}

// updatedFor tells for an `apt-get update` with a RUN of its own where packages are installed behind it; 0 for other steps.
func (c *conversion) updatedFor(i int) (at place) {
	for _, one := range c.steps[i].pieces {
		if one.follows != systemBehind {
			return 0
		}
	}
	if len(c.steps[i].pieces) == 0 {
		return 0
	}
	for _, p := range c.steps[i+1:] {
		for _, one := range p.pieces {
			if one.packages {
				at |= one.at
			}
		}
	}
	return at
}

func (c *conversion) placeUpdate(i int, at place) {
	for j := range c.steps[i].pieces {
		c.steps[i].pieces[j].at = at
	}
}

// before and behind tell where something stands from the installations of the application.
func (c *conversion) before(span source.Span) bool {
	return span.End <= c.apps[0].Command.Shell.Span.Start
}

func (c *conversion) behind(span source.Span) bool {
	return span.Start >= c.apps[len(c.apps)-1].Command.Shell.Span.End
}

func (c *conversion) between(span source.Span) bool { return !c.before(span) && !c.behind(span) }

// asRoot tells whether the step runs as root and nothing before it was left for the final stage because of another user.
func (c *conversion) asRoot(step *analyzer.Step) bool {
	return !step.Before.NonRoot() && !c.userChanged()
}

func (c *conversion) userChanged() bool {
	return slices.ContainsFunc(c.steps, func(p *placed) bool { return p.step.Instruction.Keyword == "USER" && p.at == inRuntime })
}

func (c *conversion) placeSetting(step *analyzer.Step) (place, string) {
	switch step.Instruction.Keyword {
	case "ENV":
		if c.behind(step.Instruction.Span) {
			for _, p := range step.Instruction.Pairs {
				if p.Key == "PATH" && !strings.Contains(p.Value, "$PATH") && !strings.Contains(p.Value, "${PATH") {
					return 0, "sets PATH anew, without the directory that the packages will be in"
				}
			}
			return inRuntime, ""
		}
		return inBase, ""
	case "ARG":
		if c.behind(step.Instruction.Span) {
			return inRuntime, ""
		}
		return inBase, ""
	case "WORKDIR", "SHELL":
		switch {
		case c.behind(step.Instruction.Span):
			return inRuntime, ""
		case c.before(step.Instruction.Span) && c.asRoot(step):
			return inBase, ""
		}
		return inBuilder | inRuntime, ""
	case "USER":
		if c.before(step.Instruction.Span) && !c.userChanged() && len(step.Instruction.Args) == 1 && slices.Contains([]string{"root", "0", "root:root", "0:0"}, step.Instruction.Args[0].Text) {
			return inBase, ""
		}
		return inRuntime, ""
	}
	return inRuntime, ""
}

// placeCopy places a COPY or ADD. Files that only say what to install stay in the builder.
func (c *conversion) placeCopy(step *analyzer.Step) (place, string) {
	copied := step.Copy
	switch {
	case copied == nil:
		return 0, "can't be read"
	case c.behind(step.Instruction.Span):
		return inRuntime, ""
	case !copied.FromContext():
		if c.bringsInstaller(copied) && !c.mentionedBehind(step, regexp.MustCompile(`\buvx?\b`)) {
			return inBuilder, ""
		}
		return inBase, ""
	case c.onlyDependencies(copied):
		for _, s := range copied.Sources {
			if c.mentionedBehind(step, regexp.MustCompile(`\b`+regexp.QuoteMeta(path.Base(s.Text.Text))+`\b`)) {
				return inBuilder | inRuntime, ""
			}
		}
		return inBuilder, ""
	case c.before(step.Instruction.Span):
		return inBase, ""
	}
	return inBuilder | inRuntime, ""
}

// bringsInstaller tells whether a COPY takes nothing but uv from uv's own image.
func (c *conversion) bringsInstaller(copied *analyzer.Copy) bool {
	if copied.From != nil {
		return false
	}
	return !slices.ContainsFunc(copied.Sources, func(s analyzer.CopySource) bool {
		name := path.Base(s.Text.Text)
		return !s.Text.IsKnown() || name != "uv" && name != "uvx"
	})
}

var describesProject = regexp.MustCompile(`^(?:pyproject\.toml|poetry\.(?:lock|toml)|Pipfile(?:\.lock)?\*?|uv\.lock|pdm\.lock|setup\.(?:py|cfg)|pylock.*\.toml|README(?:\.\w+)?)$|(?i)^(?:requirements|constraints)[\w.*-]*$`)

// onlyDependencies tells whether a COPY takes nothing but files that say what to install.
func (c *conversion) onlyDependencies(copied *analyzer.Copy) bool {
	readme := 0
	for _, s := range copied.Sources {
		name := path.Base(s.Text.Text)
		if !s.Text.IsKnown() || s.Heredoc || s.Remote || !describesProject.MatchString(name) && !project.IsRequirementsName(name) {
			return false
		}
		if strings.HasPrefix(name, "README") {
			readme++
		}
	}
	return readme < len(copied.Sources)
}

// mentionedBehind tells whether something that will be in the final stage mentions the pattern.
func (c *conversion) mentionedBehind(step *analyzer.Step, pattern *regexp.Regexp) bool {
	for _, other := range c.stage.Steps[step.Index+1:] {
		if other.Instruction.Keyword == "RUN" && !slices.ContainsFunc(c.apps, func(in *analyzer.Installation) bool { return in.Command.Step == other }) &&
			pattern.MatchString(c.doc.File.Text(other.Instruction.Span)) {
			return true
		}
	}
	texts, _ := c.stage.StartTexts()
	return slices.ContainsFunc(texts, pattern.MatchString)
}

// placeRun places the elements of a RUN's list, or all of it where it has no list.
func (c *conversion) placeRun(p *placed) string {
	step := p.step
	items := step.Script.Items
	if !c.splits(step) {
		whole := piece{span: step.Instruction.Span}
		commands := step.Commands
		reason := c.placeItem(step, &whole, nil, commands)
		if whole.follows != itself && whole.follows != dropped {
			whole.at, whole.follows = c.elsewhere(step, whole.span), itself
		}
		p.pieces = []piece{whole}
		return reason
	}
	for _, item := range items {
		one := piece{span: item.Span}
		if reason := c.placeItem(step, &one, commandOf(step, item.Command), commandsIn(step, item.Span)); reason != "" {
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
		if item.Operator == "&" || markerBehind(in, item.Span.End) && len(step.Script.Items) > 1 && item.Operator != "\n" && !inHeredoc(in, item.Span.Start) {
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
func (c *conversion) placeItem(step *analyzer.Step, one *piece, simple *analyzer.Command, all []*analyzer.Command) string {
	if slices.ContainsFunc(all, c.installsApp) {
		return c.placeInstall(one, all)
	}
	if simple != nil && simple.OS != nil {
		return c.placePackages(step, one, simple)
	}
	one.at = c.elsewhere(step, one.span)
	if fetched := pipesDownload(all); fetched != "" {
		return "runs what " + fetched + " downloads: what it leaves in the image can't be told"
	}
	strongest := analyzer.ShellState
	for _, command := range all {
		effect := command.Effect()
		switch effect {
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
		if rank(effect) > rank(strongest) {
			strongest = effect
		}
	}
	c.placeEffect(step, one, strongest, all)
	return ""
}

// pipesDownload is the program whose download goes straight into an interpreter, "" when there is none.
func pipesDownload(all []*analyzer.Command) string {
	for i, command := range all {
		if !command.Shell.Piped || command.Effect() != analyzer.Fetches {
			continue
		}
		for _, next := range all[i+1:] {
			if effect := next.Effect(); next.Shell.Piped && (effect == analyzer.Runs || effect == analyzer.Script) {
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
func rank(e analyzer.Effect) int {
	return slices.Index([]analyzer.Effect{analyzer.ShellState, analyzer.Nothing, analyzer.PipCleanup, analyzer.IndexCleanup, analyzer.Files,
		analyzer.Fetches, analyzer.Accounts, analyzer.Runs, analyzer.Unclear, analyzer.SystemPackages, analyzer.Packaging}, e)
}

func (c *conversion) placeEffect(step *analyzer.Step, one *piece, effect analyzer.Effect, all []*analyzer.Command) {
	switch effect {
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
		if !c.behind(one.span) && c.touchesDependencies(one.span) {
			one.at = inBuilder
		}
	}
}

// touchesDependencies tells whether the text names a file that only the builder gets.
func (c *conversion) touchesDependencies(span source.Span) bool {
	text := c.doc.File.Text(span)
	for _, p := range c.steps {
		if p.at != inBuilder || p.step.Copy == nil {
			continue
		}
		for _, s := range p.step.Copy.Sources {
			if strings.Contains(text, path.Base(s.Text.Text)) {
				return true
			}
		}
	}
	return false
}

// placeTool places calls of installers that install nothing of the application.
func (c *conversion) placeTool(step *analyzer.Step, one *piece, all []*analyzer.Command) {
	one.at = inBuilder
	for _, command := range all {
		if command.Install == nil {
			continue
		}
		switch {
		case command.Install.Place == analyzer.ToolEnv:
			one.at = c.elsewhere(step, one.span)
		case c.behind(one.span):
			one.at = inRuntime
		// Since Python 3.12 neither the official images nor virtual environments have setuptools, which the application may import.
		case names(command.Install, "setuptools") && c.layout == userBase && !olderThan312(c.python.Minor):
			one.at = inBase
		}
	}
}

func olderThan312(minor string) bool {
	switch minor {
	case "3.11", "3.10", "3.9", "3.8", "3.7", "3.6", "3.5", "3.4", "2.7":
		return true
	}
	return false
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
	case c.layout == newVenv && call.Tool == installer.UvPip:
		for _, o := range call.All("--system") {
			edits = append(edits, DeleteWord(c.doc, o.Span))
		}
		return edits, ""
	case c.layout == newVenv && path.IsAbs(call.Program.Text()):
		return nil, "calls " + call.Program.Text() + ", which does not see a virtual environment"
	case c.layout != userBase:
		return nil, ""
	case call.VerbSpan.Empty() || c.doc.File.Text(call.VerbSpan) != call.Verb:
		return nil, "calls pip in a way that options can't be added to"
	}
	options := ""
	if !call.UserInstall() {
		options += " --user"
	}
	// What the builder's own tools have brought would count as installed, and would be missing in the final stage. Once more would
	// install the dependencies twice, in two versions.
	if command.Install == c.apps[0] && !call.IgnoreInstalled() {
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
	text, err := Apply([]byte(c.doc.File.Text(span)), relative)
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
