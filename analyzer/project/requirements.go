package project

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// maxIncludes is how deep -r and -c may nest; pip itself only refuses cycles.
const maxIncludes = 32

// maxLines is how long a requirements file may be; with hashes the longest have some 10,000 lines.
const maxLines = 100_000

var (
	// environmentVariable is what pip replaces by the environment: ENV_VAR_RE in req_file.py.
	environmentVariable = pattern.New(`\$\{[A-Z0-9_]+\}`)
	// remoteFile is what pip fetches instead of opening: SCHEME_RE in req_file.py.
	remoteFile = pattern.New(`(?i)^(http|https|file):`)
	// hashValue is a --hash that pip accepts (STRONG_HASHES in pip's utils/hashes.py).
	hashValue = pattern.New(`^(sha256|sha384|sha512):[^:]*$`)
)

func (c *Context) requirements(written string) (*RequirementsFile, bool) {
	name, ok := CleanPath(written)
	if c == nil || !ok {
		return nil, false
	}
	got := c.requirementM.get(name, func() found[*RequirementsFile] {
		content, ok := c.read(name)
		if !ok || bytes.Count(content, []byte("\n")) > maxLines {
			return found[*RequirementsFile]{}
		}
		return found[*RequirementsFile]{parseRequirements(name, content), true}
	})
	return got.value, got.ok
}

// ParseRequirementsText reads content as the requirements file at path, without looking at any context. It is for
// texts that live elsewhere, such as a heredoc.
func ParseRequirementsText(path string, content []byte) *RequirementsFile {
	return parseRequirements(path, content)
}

func parseRequirements(name string, content []byte) *RequirementsFile {
	text, encoding, problem := decodeText(content)
	f := &RequirementsFile{Path: name, File: source.New(name, text), Encoding: encoding}
	if problem != "" {
		f.Problems = append(f.Problems, Problem{Message: problem})
		return f
	}
	for _, line := range logicalLines(string(text)) {
		f.addLine(line)
	}
	return f
}

// addLine reads one line as pip's ParsedLine does: what stands before the first option is the requirement; only without one do the
// file-wide options count.
func (f *RequirementsFile) addLine(line mappedText) {
	args, rest := breakOptions(line)
	options, problem := parseOptions(rest)
	editable := slices.ContainsFunc(options, func(o lineOption) bool { return o.name == "--editable" })
	if problem != nil {
		f.Problems = append(f.Problems, *problem)
		if args.text == "" && !editable {
			// Of a line that is half read no part may count, but an include is still worth following.
			options = slices.DeleteFunc(options, func(o lineOption) bool { return !isInclude(o.name) })
		}
	}
	if args.text != "" {
		// With "./a -e ./b" pip installs ./a in editable mode and forgets ./b.
		f.addRequirement(line, args, editable, options)
		return
	}
	for _, o := range options {
		if o.name == "--editable" {
			// pip takes the first -e of a line and drops the others.
			f.addRequirement(line, o.value, true, options)
			return
		}
	}
	for _, wanted := range []string{"--requirement", "--constraint"} {
		for _, o := range options {
			if o.name == wanted {
				// Likewise the first -r, before any -c; the rest of such a line is never looked at.
				f.addInclude(o)
				return
			}
		}
	}
	for _, o := range options {
		if o.name == "--hash" {
			continue // pip warns and ignores a hash without a requirement
		}
		f.Options = append(f.Options, RequirementOption{Name: o.name, Value: o.value.text, Span: o.span, ValueSpan: o.value.span()})
	}
}

func (f *RequirementsFile) addRequirement(line, args mappedText, editable bool, options []lineOption) {
	r := RequirementLine{Path: f.Path, Span: line.span()}
	span := args.span()
	if environmentVariable.MatchString(args.text) {
		r.Requirement = installer.Requirement{Kind: installer.Doubtful, Span: span}
	} else {
		r.Requirement = installer.ParseRequirement(args.text, span)
		r.Requirement.Literal = !span.Empty() && f.File.Text(span) == args.text
		if r.Requirement.Kind == installer.Doubtful {
			f.Problems = append(f.Problems, Problem{Span: span, Message: "this is not a requirement that pip can read"})
		}
	}
	r.Requirement.Span = span
	r.Requirement.Editable = editable
	for _, o := range options {
		switch o.name {
		case "--hash":
			r.Hashes = append(r.Hashes, o.value.text)
			f.Hashed = true
			if !hashValue.MatchString(o.value.text) && !environmentVariable.MatchString(o.value.text) {
				f.Problems = append(f.Problems, Problem{Span: o.span, Message: "a hash is written sha256:DIGEST, sha384:DIGEST or sha512:DIGEST"})
			}
		case "--config-settings", "--global-option", "--install-option", "--build-option":
			r.Options = append(r.Options, RequirementOption{Name: o.name, Value: o.value.text, Span: o.span, ValueSpan: o.value.span()})
		}
	}
	f.Lines = append(f.Lines, r)
}

func isInclude(name string) bool { return name == "--requirement" || name == "--constraint" }

func (f *RequirementsFile) addInclude(o lineOption) {
	include := Include{Written: o.value.text, Constraint: o.name == "--constraint", Span: o.span}
	if !remoteFile.MatchString(o.value.text) && !environmentVariable.MatchString(o.value.text) {
		// Relative to the file that includes, not to the working directory.
		include.Path, _ = JoinPath(path.Dir(f.Path), o.value.text)
	}
	f.Includes = append(f.Includes, include)
}

// Via lists why a line is there, as pip-compile and uv write it in comments behind it: the names of the packages that need it, "-r
// requirements.in" or "NAME (pyproject.toml)" where the project asks for it itself. It is empty where there is no such comment.
// https://pip-tools.readthedocs.io/en/stable/#example-usage-for-pip-compile
func (f *RequirementsFile) Via(line RequirementLine) []string {
	var via []string
	rest := string(f.File.Bytes()[line.Span.End:])
	for text := range strings.Lines(rest) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(text), "#")
		if comment = strings.TrimSpace(comment); !ok && strings.TrimSpace(text) != "" {
			break
		}
		if after, first := strings.CutPrefix(comment, "via"); first && via == nil && (after == "" || after[0] == ' ') {
			via, comment = []string{}, strings.TrimSpace(after)
		}
		if via == nil || comment == "" {
			continue
		}
		for _, one := range strings.Split(comment, ",") {
			via = append(via, strings.TrimSpace(one))
		}
	}
	return via
}

// AllRequirements gives the requirements of the file and of the files that it includes with -r, in pip's order, each
// file once. complete is false when a file could not be read: it is missing, remote, outside of the root, or
// includes itself, which pip refuses. Constraint files (-c) are not part of it: see AllConstraints.
func (c *Context) AllRequirements(path string) (lines []RequirementLine, complete bool) {
	v := includeVisitor{c: c, seen: map[includeKey]bool{}, complete: true}
	v.visit(path, false, nil)
	return v.required, v.complete
}

// AllConstraints gives the lines of all constraint files that the file and its includes name with -c;
// complete is as for AllRequirements.
func (c *Context) AllConstraints(path string) (lines []RequirementLine, complete bool) {
	v := includeVisitor{c: c, seen: map[includeKey]bool{}, complete: true}
	v.visit(path, false, nil)
	return v.constraints, v.complete
}

type includeKey struct {
	path       string
	constraint bool
}

type includeVisitor struct {
	c                     *Context
	seen                  map[includeKey]bool
	required, constraints []RequirementLine
	complete              bool
}

func (v *includeVisitor) visit(written string, constraint bool, above []string) {
	name, ok := CleanPath(written)
	if !ok || slices.Contains(above, name) || len(above) >= maxIncludes {
		v.complete = false
		return
	}
	key := includeKey{name, constraint}
	if v.seen[key] {
		return // a second inclusion adds nothing, and could add it exponentially often
	}
	v.seen[key] = true
	file, ok := v.c.requirements(name)
	if !ok {
		v.complete = false
		return
	}
	above = append(slices.Clone(above), name)
	lines, includes := file.Lines, file.Includes
	for len(lines) > 0 || len(includes) > 0 {
		if len(includes) == 0 || len(lines) > 0 && lines[0].Span.Start < includes[0].Span.Start {
			if constraint {
				v.constraints = append(v.constraints, lines[0])
			} else {
				v.required = append(v.required, lines[0])
			}
			lines = lines[1:]
			continue
		}
		if includes[0].Path == "" {
			v.complete = false
		} else {
			// -r inside of a constraint file includes requirements: pip decides by the option alone.
			v.visit(includes[0].Path, includes[0].Constraint, above)
		}
		includes = includes[1:]
	}
	if len(file.Problems) > 0 && len(file.Lines)+len(file.Includes) == 0 {
		v.complete = false
	}
}

// IsRequirementsName tells whether a file of that base name is a requirements or constraints file by custom:
// "requirements.txt", "requirements-dev.in", "dev_requirements.txt", "constraints.txt".
func IsRequirementsName(base string) bool {
	lower := strings.ToLower(base)
	if ext := path.Ext(lower); ext != ".txt" && ext != ".in" && ext != ".pip" {
		return false
	}
	return strings.Contains(lower, "requirement") || strings.Contains(lower, "constraint")
}
