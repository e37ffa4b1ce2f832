package analyzer

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// NamedSource is a path of the build context that a COPY, an ADD or a bind mount names, and that the builder does not get.
type NamedSource struct {
	Step *Step
	Path string
	Span source.Span
	// Literal tells that the path is written at Span without variables.
	Literal bool
	// Siblings are the names in the directory where it should be.
	Siblings []string
	// Line is the line of the ignore file that hides it, and Pattern its text.
	Line    source.Span
	Pattern string
}

// namedSources are the paths of the build context that the stages which feed the final image name, without patterns and the root.
func (b *Build) namedSources() []NamedSource {
	var found []NamedSource
	if b.Context == nil {
		return nil
	}
	add := func(step *Step, p string, span source.Span) {
		if p = strings.TrimPrefix(path.Clean("/"+p), "/"); p != "" && !hasPattern(p) {
			found = append(found, NamedSource{Step: step, Path: p, Span: span, Literal: !strings.Contains(b.File.Text(span), "$")})
		}
	}
	for step := range b.Steps() {
		if step.Copy != nil && step.Copy.FromContext() {
			for _, from := range step.Copy.Sources {
				if from.Text.IsKnown() && !from.Heredoc && !from.Remote {
					add(step, from.Text.Text, from.Span)
				}
			}
		}
		for _, m := range step.Mounts() {
			if m.Type == "bind" && m.From == "" && m.Source != "" {
				add(step, m.Source, m.Flag.Span)
			}
		}
	}
	return found
}

// HiddenSources are the sources that are in the build context but that its ignore file keeps from the builder, so that the build
// stops.
func (b *Build) HiddenSources() []NamedSource {
	var hidden []NamedSource
	for _, n := range b.namedSources() {
		if b.Context.Exists(n.Path) && len(b.Context.Glob(n.Path)) == 0 {
			n.Line, n.Pattern = b.hides(n.Path)
			hidden = append(hidden, n)
		}
	}
	return hidden
}

// hides finds the line of the ignore file that hides the path.
func (b *Build) hides(p string) (line source.Span, pattern string) {
	_, file, exists := b.Context.IgnoreFile()
	if !exists {
		return line, ""
	}
	var lines []string
	hidden := false
	for n := 1; n <= file.Lines(); n++ {
		raw := file.Text(file.Line(n))
		lines = append(lines, raw)
		now := project.WouldIgnore(lines, p)
		if now && !hidden {
			pattern = strings.TrimSpace(raw)
			start := file.Line(n).Start + strings.Index(raw, pattern)
			line = source.Span{Start: start, End: start + len(pattern)}
		}
		hidden = now
	}
	return line, pattern
}

// MissingSources are the sources that are not in the build context, so that the build stops. A context is often a guess, and files
// often are made before a build: there are none unless most of what the file names is there, and none for paths that
// git ignores, that a script or guide mentions, or whose name is that of something built or secret.
func (b *Build) MissingSources() []NamedSource {
	there, missing := map[string]bool{}, []NamedSource{}
	for _, n := range b.namedSources() {
		switch {
		case b.Context.Exists(n.Path):
			there[n.Path] = true
		case !slices.ContainsFunc(missing, func(m NamedSource) bool { return m.Path == n.Path }):
			missing = append(missing, n)
		}
	}
	if len(missing) >= len(there) {
		return nil
	}
	missing = slices.DeleteFunc(missing, func(n NamedSource) bool {
		if madeName.MatchString(n.Path) || b.Context.Untracked(n.Path) || b.Context.ScriptsMention(path.Base(n.Path)) {
			return true
		}
		// A directory that is not there may be a submodule, or one that another repository brings.
		dir := path.Dir(n.Path)
		return !b.Context.IsDir(dir) || b.Context.Exists(".gitmodules")
	})
	for i := range missing {
		for _, match := range b.Context.Glob(path.Join(path.Dir(missing[i].Path), "*")) {
			missing[i].Siblings = append(missing[i].Siblings, path.Base(match))
		}
	}
	return missing
}

// madeName are names of things that builds make, and of secrets that stay on the machine.
var madeName = pattern.New(`(?i)(^|/)(dist|build|out|output|target|public|static|assets|bin|vendor|wheels?|wheelhouse|packages|node_modules|venv|\.venv|artifacts?|models?|weights|data|certs?|keys?|ssl|tmp|logs?|cache|release|generated)(/|$)|` +
	`\.(whl|jar|war|tar|gz|tgz|xz|bz2|zip|deb|rpm|apk|so|exe|bin|pem|crt|cer|key|pub|env|db|sqlite3?|pkl|pt|pth|onnx|h5|egg|img|iso|log|pb|model|bundle)$|` +
	`(^|/)\.env|secret|credential|token|passw|id_[rd]sa|\.netrc|\.pypirc|pip\.conf|\.npmrc|version|revision|commit|local|_pb2`)
