package project

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

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

// FirstLine is the first line of a file such as .python-version with something beside a comment.
func FirstLine(text string) string {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			return line
		}
	}
	return ""
}
