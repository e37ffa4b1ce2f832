// Package analyzer turns a Dockerfile and its build context into facts: the stages and what flows
// between them, the environment at every instruction, what each installer puts where, and how the image
// starts. It also says what a rule, a finding and a fix are. Rules ask a Build; nothing here judges.
//
// To read: model.go (the types), analyze.go and run.go (how a Dockerfile becomes them), presence.go, index.go and says.go (what the image
// holds), programs.go (programs on PATH), install.go (where an installation goes), requirements.go and packages.go (what it takes and
// brings), copy.go and contents.go (what flows between stages), start.go and process.go (what starts), rule.go (what a rule says).
package analyzer

import (
	"iter"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Settings are what the user can say about a build besides its files.
type Settings struct {
	// Name is the slash path of the Dockerfile below the root of its repository, or else of its build context: what lies above is a
	// matter of whose machine it is. "" stands for the name of the file.
	Name      string
	Context   *project.Context  // nil when there is no build context: rules that need one stay silent
	Target    string            // the stage to build; "" for the last one
	Composed  bool              // Target is what a compose or bake file builds, and the user named none
	Targets   []string          // the stages that compose and bake files build, where they build several of the file
	BuildArgs map[string]string // --build-arg
	// Starts is what compose files start containers of the image with, as shell code.
	Starts   []string
	Today    time.Time         // the day that end-of-life dates are compared with
	Pins     map[string]string // installer -> version, the only versions that a fix may write
	UserBase string            // where fixes put a user base; "" means /pyroot
	// TrustedRegistries are those that images may come from; nil means any. See Settings.Trusts.
	TrustedRegistries []string
	Images            image.Catalog       // what the configuration says of images
	Allow             map[string][]string // rule code -> words that the rule accepts, see Rule.Allows
	Layout            string              // where a conversion to several stages installs to: "user-base", "venv", "prefix", or "" for the first that will do
	// RuntimeImage says what such a conversion builds the final stage on where the image is a full Python one: "slim" for its slim
	// variant, "same" for the full one, "" for slim where it is known that it will do.
	RuntimeImage string
	// Services are those of compose files that run the image, with what they mount.
	Services []Service
}

// Service is what a compose file says of a container of the image.
type Service = compose.Volumes

// HostMount is a directory of the host in a container.
type HostMount = compose.HostMount

// Build is what is known of the image build that a Dockerfile describes. It is immutable after
// Analyze and never nil in a Pass.
type Build struct {
	Doc      *dockerfile.Document
	File     *source.File
	Settings Settings
	Context  *project.Context // may be nil
	Stages   []*Stage         // in file order
	Target   *Stage           // the stage that becomes the image; nil when the file has no stage
	// Python tells that the final image is a Python image: it installs or runs Python itself, or
	// receives Python packages from another stage.
	Python bool
	memory memory
	held   int // how many contents the stages hold so far, see maxContents
	// complete tells that all stages have all their steps.
	complete bool
}

// Stage is one FROM and what follows it.
type Stage struct {
	Index int
	Name  string // "" when it has none
	From  *dockerfile.Instruction
	// Base is the stage that this one is built from, nil when its base is an image.
	Base *Stage
	// BaseText is the image reference or stage name with variables expanded.
	BaseText env.Value
	// Image is what is known of the image at the root of the chain of bases.
	Image image.Facts
	Steps []*Step // its instructions after FROM, in order
	// Ships tells that its layers are part of the final image: the target and its chain of bases.
	Ships bool
	// Feeds tells that something of it can reach the final image: it ships, or a stage that ships
	// copies or mounts from it, directly or through others.
	Feeds  bool
	build  *Build
	global State // the ARGs before the first FROM
	// After is the state at the end of the stage.
	After    State
	contents []Content
	start    *Start     // what Start has found
	chain    []*Step    // the steps of the bases, then Steps
	commands []*Command // what ChainCommands has found, once the stage is complete

	ix *index // see index
}

// Feeding gives the stages of which something can reach the final image, in file order.
func (b *Build) Feeding() iter.Seq[*Stage] {
	return func(yield func(*Stage) bool) {
		for _, s := range b.Stages {
			if s.Feeds && !yield(s) {
				return
			}
		}
	}
}

// Steps gives the steps of the stages that Feeding gives, in file order.
func (b *Build) Steps() iter.Seq[*Step] {
	return func(yield func(*Step) bool) {
		for s := range b.Feeding() {
			for _, step := range s.Steps {
				if !yield(step) {
					return
				}
			}
		}
	}
}

// Commands gives the commands of the steps that Steps gives, in file order.
func (b *Build) Commands() iter.Seq[*Command] {
	return func(yield func(*Command) bool) {
		for step := range b.Steps() {
			for _, c := range step.Commands {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// Build is the build that the stage belongs to.
func (s *Stage) Build() *Build { return s.build }

// Step is an instruction of a stage, with what holds when it begins.
type Step struct {
	Stage       *Stage
	Index       int // in Stage.Steps
	Instruction *dockerfile.Instruction
	Before      State
	// Commands are the simple commands of a RUN in source order; nil for other instructions and
	// when the shell code could not be read: then Unreadable says why.
	Commands   []*Command
	Script     *shell.Script
	Unreadable string
	Copy       *Copy // for COPY and ADD

	// What was found once, for those who ask for each command of a long script.
	functions map[string]bool // those that the RUN's code defines
}

// State is the environment at one point of a stage.
type State struct {
	User    env.Value // as USER says, group cut off; "root" when nobody said anything
	Workdir env.Value // absolute
	Shell   []string  // SHELL in force; nil for the default
	vars    *scope
	image   *image.Facts // of the base at the root of the chain
}

// Command is a simple command of a RUN with the state that it runs in.
type Command struct {
	Step  *Step
	Shell *shell.Command
	Argv  []shell.Field // after expansion; empty for a bare assignment
	State State         // User after sudo, Workdir after cd, variables after export and assignments in this RUN
	// Exactly one of these is set for a command that a grammar knows; both are nil otherwise.
	Installer *installer.Command
	OS        *ospkg.Command
	// Install is what an installer command installs and where to; nil for every other command.
	Install *Installation
	// Effects are what the command does to the image.
	Effects effect.Effects
	number  int // in Step.Commands
}

// Place is the kind of directory that Python packages are installed to.
type Place string

// The places.
const (
	System       Place = "system"    // the interpreter's own site-packages
	UserSite     Place = "user base" // PEP 370
	VirtualEnv   Place = "venv"
	PrefixDir    Place = "prefix" // --prefix
	TargetDir    Place = "target" // --target: a flat directory
	RootDir      Place = "root"   // --root: a tree with the interpreter's paths below it
	CondaEnv     Place = "conda"
	ToolEnv      Place = "tool" // pipx, uv tool: a private venv
	UnknownPlace Place = "unknown"
)

// Installation is what one command installs.
type Installation struct {
	Command *Command
	Call    *installer.Command
	Place   Place
	// Dir is the directory that Place is about: the user base, the venv, the prefix, the target.
	Dir env.Value
	// Interpreter is the interpreter that the packages are for; nil when unknown.
	Interpreter  *image.Interpreter
	Requirements []installer.Requirement
	Files        []RequirementsUse // -r files
	Constraints  []RequirementsUse // -c files
	// Implicit tells that pip chose the user base by itself: a non-root user without --user.
	Implicit bool
}

// RequirementsUse is a requirements file named by an installation.
type RequirementsUse struct {
	Written string
	// InImage is its absolute path at that point of the build; Unknown when it can't be told.
	InImage env.Value
	// InContext is the path of the file in the build context that was put there, "" when unknown.
	InContext string
	// File is what pip reads; nil when it could not be read, and when a command may have changed it in the image.
	File *project.RequirementsFile
	Span source.Span
}

// Copy is what a COPY or ADD puts where.
type Copy struct {
	Step *Step
	// From is the stage that is copied from; nil for the build context and for images.
	From *Stage
	// FromText is what --from says after expansion, Unset without --from.
	FromText env.Value
	Sources  []CopySource
	// Dest is the absolute destination; DestIsDir tells that it is certainly a directory.
	Dest      env.Value
	DestIsDir bool
	DestSpan  source.Span
}

// CopySource is one source of a COPY.
type CopySource struct {
	Text    env.Value // cleaned: absolute for another stage, relative to the context root otherwise
	Span    source.Span
	Heredoc bool
	Remote  bool // ADD of a URL or a git repository
}

// Start is the start command of a stage: ENTRYPOINT with CMD.
type Start struct {
	Entrypoint, Cmd               *dockerfile.Instruction // nil when absent, or inherited from the base image
	EntrypointUnknown, CmdUnknown bool                    // the base image may set it
	Commands                      []StartCommand
}

// StartCommand is one simple command that runs at start as far as it can be read: the exec form, or
// each command of the shell form; wrappers such as `exec`, `env`, tini and gosu are cut off.
type StartCommand struct {
	Argv []shell.Field
	Span source.Span
	// Wrappers are those that were cut off, "tini" or "uv run", with their options at WrapperSpan.
	Wrappers    []string
	WrapperSpan source.Span
}

// Analyze builds the model. It accepts every document that dockerfile.Parse accepts.
func Analyze(doc *dockerfile.Document, settings Settings) *Build { return analyze(doc, settings) }
