package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// namedSource is a path of the build context that a COPY, an ADD or a bind mount names, and that the builder does not get.
type namedSource struct {
	step *analyzer.Step
	path string
	span source.Span
	// literal tells that the path is written at Span without variables.
	literal bool
	// siblings are the names in the directory where it should be.
	siblings []string
	// line is the line of the ignore file that hides it, and Pattern its text.
	line    source.Span
	pattern string
}

// hiddenSources are the sources that are in the build context but that its ignore file keeps from the builder, so that the build
// stops.
func hiddenSources(b *analyzer.Build) []namedSource {
	var hidden []namedSource
	for _, n := range namedSources(b) {
		if b.Context.Exists(n.path) && len(b.Context.Glob(n.path)) == 0 {
			n.line, n.pattern = hides(b, n.path)
			hidden = append(hidden, n)
		}
	}
	return hidden
}

// missingSources are the sources that are not in the build context, so that the build stops. A context is often a guess, and files
// often are made before a build: there are none unless most of what the file names is there, or half of it and the name is
// nearly another one, or all that is not there nearly has such a name; and none for paths that git ignores, that a script or guide mentions, or whose name is that of something built or secret.
func missingSources(b *analyzer.Build) []namedSource {
	there, missing := map[string]bool{}, []namedSource{}
	for _, n := range namedSources(b) {
		switch {
		case b.Context.Exists(n.path):
			there[n.path] = true
		case !slices.ContainsFunc(missing, func(m namedSource) bool { return m.path == n.path }):
			missing = append(missing, n)
		}
	}
	all := len(missing)
	half := len(missing) >= len(there)
	missing = slices.DeleteFunc(missing, func(n namedSource) bool {
		if project.MadeName.MatchString(n.path) || b.Context.Untracked(n.path) || b.Context.ScriptsMention(path.Base(n.path)) {
			return true
		}
		// A directory that is not there may be a submodule, or one that another repository brings.
		dir := path.Dir(n.path)
		return b.Context.Exists(".gitmodules") || !b.Context.IsDir(dir) && meantDir(b.Context, n.path) == ""
	})
	for i := range missing {
		for _, match := range b.Context.Glob(path.Join(path.Dir(missing[i].path), "*")) {
			missing[i].siblings = append(missing[i].siblings, path.Base(match))
		}
	}
	if half {
		near := slices.DeleteFunc(slices.Clone(missing), func(n namedSource) bool {
			return similar(path.Base(n.path), n.siblings) == "" && meantDir(b.Context, n.path) == ""
		})
		if all > len(there) && len(near) < all {
			return nil
		}
		return near
	}
	return missing
}

// meantDir is the path that is there when one directory of p is written as its neighbour is: dokcer/start.sh for docker/start.sh. "" for none.
func meantDir(context *project.Context, p string) string {
	parts := strings.Split(p, "/")
	for i, part := range parts[:len(parts)-1] {
		above := path.Join(parts[:i]...)
		if context.IsDir(path.Join(above, part)) {
			continue
		}
		for _, match := range context.Glob(path.Join(above, "*")) {
			near := path.Base(match)
			there := path.Join(above, near, path.Join(parts[i+1:]...))
			if words.Distance(strings.ToLower(part), strings.ToLower(near), 2+len(part)/6) < 2+len(part)/6 && context.Exists(there) {
				return there
			}
		}
		return ""
	}
	return ""
}

// hides finds the line of the ignore file that hides the path.
func hides(b *analyzer.Build, p string) (line source.Span, pattern string) {
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

// namedSources are the paths of the build context that the stages which feed the final image name, without patterns and the root.
func namedSources(b *analyzer.Build) []namedSource {
	var found []namedSource
	if b.Context == nil {
		return nil
	}
	add := func(step *analyzer.Step, p string, span source.Span) {
		if p = strings.TrimPrefix(path.Clean("/"+p), "/"); p != "" && !analyzer.HasPattern(p) {
			found = append(found, namedSource{step: step, path: p, span: span, literal: !strings.Contains(b.File.Text(span), "$")})
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
