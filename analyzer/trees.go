package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// ContextTree is a directory of the build context that a COPY or ADD takes.
type ContextTree struct {
	Copy   *Copy
	Source CopySource
	Dir    string // in the context, "." for all of it
}

// ContextTrees are the directories of the build context that COPYs and ADDs take in the stages that feed the final
// image, in the order of the file. There are none without a context.
func (b *Build) ContextTrees() []ContextTree {
	var found []ContextTree
	for _, s := range b.Stages {
		if !s.Feeds {
			continue
		}
		for _, step := range s.Steps {
			if step.Copy == nil || !step.Copy.FromContext() {
				continue
			}
			for _, source := range step.Copy.Sources {
				if source.Text.IsKnown() && !source.Heredoc && !source.Remote && b.Context.IsDir(source.Text.Text) {
					found = append(found, ContextTree{step.Copy, source, source.Text.Text})
				}
			}
		}
	}
	return found
}

// Excludes tells whether an --exclude of the COPY keeps a path of the context out. The documentation does not say what
// its patterns are relative to for every kind of source, so both readings count.
func (t ContextTree) Excludes(p string) bool {
	var patterns []string
	for _, f := range t.Copy.Step.Instruction.Flags {
		if f.Name == "exclude" {
			patterns = append(patterns, f.Value)
		}
	}
	if len(patterns) == 0 {
		return false
	}
	inside := strings.TrimPrefix(p, t.Dir+"/")
	return project.WouldIgnore(patterns, p) || project.WouldIgnore(patterns, inside)
}

// ContextNames are the paths of the build context, or patterns for them, that COPYs, ADDs and bind mounts of the
// whole file name.
func (b *Build) ContextNames() []string {
	var names []string
	for _, s := range b.Stages {
		for _, step := range s.Steps {
			if step.Copy != nil && step.Copy.FromContext() {
				for _, source := range step.Copy.Sources {
					if source.Text.IsKnown() && !source.Heredoc && !source.Remote {
						names = append(names, source.Text.Text)
					}
				}
			}
			for _, m := range step.Mounts() {
				if m.Type == "bind" && m.From == "" && m.Source != "" {
					names = append(names, strings.TrimPrefix(path.Clean("/"+m.Source), "/"))
				}
			}
		}
	}
	return names
}

// Clutter is a kind of thing that lies in build contexts and does not belong into an image.
type Clutter uint8

// The kinds.
const (
	ByteCode Clutter = iota
	Environments
	Secrets
	Repository
	Tests
	BuildOutput
)

// clutterLines is the one table of what an ignore file should hold against each kind. Patterns are anchored at the context
// root, so those for any depth begin with "**/". https://docs.docker.com/build/concepts/context/#syntax
var clutterLines = map[Clutter][]string{
	ByteCode:     {"**/__pycache__", "**/*.py[cod]"},
	Environments: {"**/.venv"},
	Secrets:      {"**/.env", "**/.env.*"},
	Repository:   {".git"},
	BuildOutput:  {"build", "dist", "**/*.egg-info"},
}

// ClutterLines are the lines of an ignore file that keep things of the kind out.
func ClutterLines(kind Clutter) []string { return slices.Clone(clutterLines[kind]) }

// MadeName are names of things that builds make, and of secrets that stay on the machine.
var MadeName = pattern.New(`(?i)(^|/)(dist|build|out|output|target|public|static|assets|bin|vendor|wheels?|wheelhouse|packages|node_modules|venv|\.venv|artifacts?|models?|weights|data|certs?|keys?|ssl|tmp|logs?|cache|release|generated)(/|$)|` +
	`\.(whl|jar|war|tar|gz|tgz|xz|bz2|zip|deb|rpm|apk|so|exe|bin|pem|crt|cer|key|pub|env|db|sqlite3?|pkl|pt|pth|onnx|h5|egg|img|iso|log|pb|model|bundle)$|` +
	`(^|/)\.env|secret|credential|token|passw|id_[rd]sa|\.netrc|\.pypirc|pip\.conf|\.npmrc|version|revision|commit|local|_pb2`)

// OutsideApp tells whether a path of sources names tests, documentation, tools or packages of others: not what the image runs.
func OutsideApp(p string) bool { return outsideApp.MatchString(p) }

var outsideApp = pattern.New(`(?i)(?:^|/)(?:tests?|testing|docs?|examples?|scripts|tools|bin|ci|\.[^/]*|build|dist|benchmarks?|setup\.py|conftest\.py|noxfile\.py|tasks\.py|node_modules|site-packages|_?vendor|v?env|[^/]*test[^/]*\.py)(?:/|$)`)

// AboutProject matches files of a project that are not part of what runs.
var AboutProject = pattern.New(`(?i)^(?:.*\.(?:py|pyc|pyi|md|rst|toml|cfg|lock|in|yml|yaml|dockerfile)|(?:license|licence|copying|authors|notice|changelog|changes|readme|makefile|manifest|dockerfile|pipfile|tox|requirements|constraints|codeowners)[\w.-]*|\..*|py\.typed)$`)
