package installer

import (
	"net/url"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// dialect says how a tool spells requirements where it departs from PEP 508.
type dialect uint8

const (
	plain    dialect = iota // PEP 508 plus pip's paths and URLs
	poetryly                // name@^1, name@1.0, name=1.0, name:1.0
	uvTool                  // name@1.0, name@latest
	condaish                // channel::name=1.0=build
)

var (
	separators = pattern.New(`[-_.]+`)
	nameFirst  = pattern.New(`^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*`)
	clause     = pattern.New(`^(?:===[^\s,;()]+|(?:~=|==|!=|<=|>=|<|>)[A-Za-z0-9][A-Za-z0-9.*+!_-]*)$`)
	urlScheme  = pattern.New(`(?i)^(https?|file|ftp|ssh|sftp|git|hg|bzr|svn|(?:git|hg|bzr|svn)\+[a-z0-9+]+):`)
	vcsScheme  = pattern.New(`(?i)^(?:git|hg|bzr|svn)\+`)
	commit     = pattern.New(`^[0-9a-fA-F]{40}$`)
	pathExtras = pattern.New(`^(.+)(\[[^\]]+\])$`)
	sdistName  = pattern.New(`^(.+?)-(\d[^-]*)$`)
	hashPart   = pattern.New(`^(?:sha1|sha224|sha256|sha384|sha512|md5)=[0-9a-fA-F]+$`)
	condaName  = pattern.New(`^(?:[^\s\[\]]*::)?([A-Za-z0-9_][A-Za-z0-9_.-]*)\s*(.*)$`)
	condaExact = pattern.New(`^=[^=*,|<>!~]+=[^=*,|<>!~]+$`)
	atLocation = pattern.New(`^[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]]*\])?\s*@\s*(?:[A-Za-z0-9+]+:|[./])`)
	lineOption = pattern.New(`\s--?[A-Za-z][A-Za-z-]*([ =]|$)`)
	poetrySpec = pattern.New(`^([^@=:\s<>!~\[]+(?:\[[^\]]*\])?)\s*(?:@|==|=|:|\s)\s*(\S.*)$`)
)

// archiveEndings are the file names that pip takes for an archive (pip/_internal/utils/filetypes.py),
// and conda's own.
var archiveEndings = []string{".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz", ".tar.lzma"}

// NormalizeName is PEP 503's form of a project name: lower case, runs of "-", "_" and "." as one "-".
func NormalizeName(name string) string {
	return strings.ToLower(separators.ReplaceAllString(strings.TrimSpace(name), "-"))
}

// ParseRequirement reads one requirement as pip does on its command line or on a line of a requirements
// file; "-e " in front, options behind ("--hash=...") and a comment are understood. What is no valid
// requirement is Doubtful, with its Text. Literal is false: the caller knows where the text came from.
func ParseRequirement(text string, span source.Span) Requirement {
	editable := false
	for _, prefix := range []string{"-e", "--editable"} {
		rest, ok := strings.CutPrefix(text, prefix)
		if ok && rest != "" && strings.ContainsAny(rest[:1], " \t=") {
			text, editable = strings.TrimLeft(rest, " \t="), true
		}
	}
	if i := strings.Index(text, " #"); i >= 0 {
		text = text[:i]
	}
	if at := lineOption.FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	r := parseRequirement(strings.TrimSpace(text), plain)
	r.Span, r.Editable = span, editable
	return r
}

// requirementOf reads an argument.
func requirementOf(f shell.Field, d dialect, editable bool) Requirement {
	r := Requirement{Kind: Doubtful}
	if f.Value.IsKnown() {
		r = parseRequirement(f.Value.Text, d)
	}
	r.Span, r.Editable = f.Span, editable
	pattern := f.Glob && strings.ContainsAny(f.Text(), "*?") // requests[socks] is a glob to the shell, too
	r.Literal = f.Literal && f.Value.IsKnown() && !f.Span.Empty() && !pattern
	return r
}

func parseRequirement(text string, d dialect) Requirement {
	r := Requirement{Kind: Doubtful, Text: text}
	text = strings.TrimSpace(text)
	if text == "" {
		return r
	}
	if d == condaish && !urlScheme.MatchString(text) && !isArchive(text) && !strings.HasSuffix(text, ".conda") {
		return condaRequirement(r, text)
	}
	// pip parts the marker from a URL only at "; " since ";" may stand in URLs.
	body, marker := text, ""
	separator := ";"
	if urlScheme.MatchString(text) {
		separator = "; "
	}
	if i := strings.Index(text, separator); i >= 0 {
		body, marker = strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(separator):])
	}
	r.Marker = marker
	switch {
	case urlScheme.MatchString(body) || vcsScheme.MatchString(body):
		return locate(r, body)
	case atLocation.MatchString(body):
		return named(r, body, d) // before the paths, for the URL has slashes in it
	case looksLikePath(body) || strings.HasPrefix(body, "~"):
		return localPath(r, body)
	}
	return named(r, body, d)
}

// named reads "name[extras] specifier" and "name @ location".
func named(r Requirement, body string, d dialect) Requirement {
	m := nameFirst.FindStringSubmatch(body)
	if m == nil {
		return r
	}
	rest := strings.TrimSpace(body[len(m[0]):])
	if isArchive(body) && !strings.Contains(body, "@") {
		return localPath(r, body)
	}
	if at, ok := strings.CutPrefix(rest, "@"); ok {
		at = strings.TrimSpace(at)
		if urlScheme.MatchString(at) || vcsScheme.MatchString(at) || looksLikePath(at) {
			r = locate(r, at)
			r.Name, r.Extras = NormalizeName(m[1]), extras(m[2])
			return r
		}
	}
	switch d {
	case poetryly, uvTool:
		if p := poetrySpec.FindStringSubmatch(body); p != nil && (d == poetryly || strings.HasPrefix(rest, "@")) {
			n := nameFirst.FindStringSubmatch(p[1])
			if n == nil {
				return r
			}
			r.Kind, r.Name, r.Extras, r.Specifier = Named, NormalizeName(n[1]), extras(n[2]), caretSpecifier(p[2])
			return r
		}
	}
	r.Name, r.Extras = NormalizeName(m[1]), extras(m[2])
	specifier, ok := specifierOf(rest, d)
	if !ok {
		return r // "flask=1.0": pip refuses it
	}
	r.Kind, r.Specifier = Named, specifier
	return r
}

// caretSpecifier reads what follows '@' in `poetry add name@...`: a bare version is exact there.
func caretSpecifier(text string) string {
	text = strings.Join(strings.Fields(text), "")
	switch {
	case text == "latest" || text == "*":
		return ""
	case text != "" && text[0] >= '0' && text[0] <= '9' && !strings.ContainsAny(text, ",|*"):
		return "==" + text
	}
	return text
}

// specifierOf checks and squeezes PEP 440 clauses.
func specifierOf(text string, d dialect) (string, bool) {
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		text = text[1 : len(text)-1]
	}
	if strings.TrimSpace(text) == "" {
		return "", true
	}
	var clauses []string
	for _, part := range strings.Split(text, ",") {
		part = strings.Join(strings.Fields(part), "")
		if part == "" {
			continue // a trailing comma is allowed
		}
		if !clause.MatchString(part) && (d != poetryly || strings.ContainsAny(part, "@;/")) {
			return "", false
		}
		clauses = append(clauses, part)
	}
	return strings.Join(clauses, ","), len(clauses) > 0
}

func extras(list string) []string {
	var found []string
	for _, e := range strings.Split(strings.Trim(list, "[]"), ",") {
		if e = NormalizeName(e); e != "" {
			found = append(found, e)
		}
	}
	return found
}

// looksLikePath is pip's _looks_like_path: a separator, or a dot in front.
func looksLikePath(text string) bool {
	return strings.Contains(text, "/") || strings.HasPrefix(text, ".")
}

func isArchive(text string) bool {
	text = strings.ToLower(text)
	if m := pathExtras.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	for _, ending := range archiveEndings {
		if strings.HasSuffix(text, ending) {
			return true
		}
	}
	return false
}

// localPath reads a directory or archive with extras behind it: "./pkg[test]".
func localPath(r Requirement, body string) Requirement {
	if m := pathExtras.FindStringSubmatch(body); m != nil {
		body, r.Extras = m[1], extras(m[2])
	}
	r.Kind, r.Location = Local, body
	if !isArchive(body) {
		return r
	}
	r.Kind = Archive
	if name, version := archiveName(body); name != "" {
		r.Name, r.Specifier = NormalizeName(name), "=="+version
	}
	return r
}

// archiveName takes name and version from the name of a wheel (PEP 427) or sdist; "" if it has none.
func archiveName(location string) (name, version string) {
	base := path.Base(location)
	if wheel, ok := strings.CutSuffix(base, ".whl"); ok {
		parts := strings.Split(wheel, "-")
		if len(parts) < 5 || strings.ContainsAny(base, "*?") {
			return "", ""
		}
		return parts[0], parts[1]
	}
	for _, ending := range archiveEndings {
		stem, ok := strings.CutSuffix(base, ending)
		if !ok {
			continue
		}
		if m := sdistName.FindStringSubmatch(stem); m != nil && !strings.ContainsAny(stem, "*?") {
			return m[1], m[2]
		}
	}
	return "", ""
}

// locate reads a URL, with the fragment's egg, extras and the revision of a VCS.
func locate(r Requirement, location string) Requirement {
	r.Kind, r.Location = URL, location
	if m := pathExtras.FindStringSubmatch(location); m != nil && !strings.Contains(m[2], "/") && strings.Contains(location, "#egg=") {
		location = m[1]
		r.Extras = extras(m[2])
	}
	address, fragment, _ := strings.Cut(location, "#")
	for _, part := range strings.Split(fragment, "&") {
		egg, ok := strings.CutPrefix(part, "egg=")
		if !ok {
			continue
		}
		if unescaped, err := url.PathUnescape(egg); err == nil {
			egg = unescaped
		}
		if m := nameFirst.FindStringSubmatch(egg); m != nil {
			r.Name = NormalizeName(m[1])
			r.Extras = append(r.Extras, extras(m[2])...)
		}
	}
	if !vcsScheme.MatchString(address) {
		if name, _ := archiveName(strings.SplitN(address, "?", 2)[0]); name != "" && r.Name == "" {
			r.Name = NormalizeName(name)
		}
		return r
	}
	r.Kind = VCS
	repository := address
	if i := strings.Index(address, "://"); i >= 0 {
		repository = address[i+3:]
	}
	// The '@' of user@host comes before the first slash.
	if slash := strings.IndexByte(repository, '/'); slash >= 0 {
		if at := strings.LastIndexByte(repository[slash:], '@'); at >= 0 {
			r.Revision = repository[slash+at+1:]
		}
	}
	return r
}

// condaRequirement reads a MatchSpec: channel::name, name=1.2=build, name==1.2, name>=1, "name >=1,<2".
func condaRequirement(r Requirement, text string) Requirement {
	if looksLikePath(text) && !strings.Contains(text, "::") {
		return localPath(r, text)
	}
	m := condaName.FindStringSubmatch(text)
	if m == nil {
		return r
	}
	specifier := m[2]
	if inner, ok := strings.CutPrefix(specifier, "["); ok {
		specifier = ""
		for _, pair := range strings.Split(strings.TrimSuffix(inner, "]"), ",") {
			if v, ok := strings.CutPrefix(strings.TrimSpace(pair), "version="); ok {
				specifier = strings.Trim(v, `'"`)
			}
		}
	}
	specifier = strings.TrimSpace(specifier)
	if strings.HasPrefix(specifier, "=") || !strings.Contains(specifier, " ") {
		specifier = strings.Join(strings.Fields(specifier), "")
	} else if parts := strings.Fields(specifier); len(parts) == 2 && parts[0][0] >= '0' && parts[0][0] <= '9' {
		specifier = "=" + parts[0] + "=" + parts[1] // "name version build"
	} else {
		specifier = strings.Join(parts, "")
	}
	if specifier != "" && specifier[0] >= '0' && specifier[0] <= '9' {
		specifier = "==" + specifier // "numpy 1.26.4" is exact in a MatchSpec
	}
	r.Kind, r.Name, r.Specifier = Named, NormalizeName(m[1]), specifier
	return r
}

func pinned(r Requirement) bool {
	switch r.Kind {
	case URL:
		_, fragment, _ := strings.Cut(r.Location, "#")
		for _, part := range strings.Split(fragment, "&") {
			if hashPart.MatchString(part) {
				return true
			}
		}
		return false
	case VCS:
		return commit.MatchString(r.Revision)
	case Named, Archive:
		for _, c := range strings.Split(r.Specifier, ",") {
			version, ok := strings.CutPrefix(c, "==")
			if ok && strings.Trim(version, "=") != "" && !strings.Contains(version, "*") && !strings.Contains(r.Specifier, "|") {
				return true
			}
		}
		return condaExact.MatchString(r.Specifier)
	}
	return false
}

// doubtfulName gives the name that the known beginning of an otherwise unknown requirement shows:
// "flask" of flask==$VERSION.
func doubtfulName(prefix string) string {
	m := nameFirst.FindStringSubmatch(prefix)
	if m == nil || urlScheme.MatchString(prefix) || looksLikePath(prefix) {
		return ""
	}
	if rest := prefix[len(m[0]):]; rest != "" && strings.ContainsAny(rest[:1], "=<>!~") {
		return NormalizeName(m[1])
	}
	return ""
}

// IsLocal tells whether a requirement is, or may be, a file or directory of the machine.
func (r Requirement) IsLocal() bool {
	switch r.Kind {
	case Local, Archive, Doubtful:
		return true
	case URL:
		return strings.HasPrefix(r.Location, "file:")
	}
	return false
}

// versionClause is a clause of PEP 440: a wildcard stands behind == and != only, and ~= wants two numbers.
var versionClause = pattern.New(`^(?:===[^\s,;()]+|(?:==|!=)v?` + versionNumber + `(?:\.\*)?(?:\+[A-Za-z0-9._-]+)?|~=v?\d+(?:\.\d+)+` + versionSuffix +
	`|(?:<=|>=|<|>)v?` + versionNumber + `)$`)

const (
	versionNumber = `(?:\d+!)?\d+(?:\.\d+)*` + versionSuffix
	versionSuffix = `(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?`
)

// Valid tells whether text is a named requirement as PEP 508 and PEP 440 define it, which every release of pip and uv takes. `virtualenv>=15.*` is
// none: pip refuses it since 24.1. Variables of the shell count as a version or a part of one.
func Valid(text string) bool {
	text = shellVariable.ReplaceAllString(text, "1")
	r := ParseRequirement(text, source.Span{})
	if r.Kind != Named || strings.ContainsAny(r.Marker, "`\\") {
		return false
	}
	for clause := range strings.SplitSeq(r.Specifier, ",") {
		if clause != "" && !versionClause.MatchString(clause) {
			return false
		}
	}
	return true
}

var shellVariable = pattern.New(`\$(?:\w+|\{\w+\})`)
