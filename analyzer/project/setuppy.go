package project

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// setupCalls finds the calls of setup() or setuptools.setup() and their keyword arguments; "**" stands for a dict that
// is unpacked into them.
func setupCalls(tokens []pythonToken) []map[string]pythonValue {
	var calls []map[string]pythonValue
	for i := 0; i+1 < len(tokens); i++ {
		if tokens[i].kind != pythonName || tokens[i].text != "setup" || tokens[i+1].text != "(" || tokens[i+1].kind != pythonOperator {
			continue
		}
		if i > 0 && (tokens[i-1].text == "def" || tokens[i-1].text == "." && i > 1 && !isSetupModule(tokens[i-2].text)) {
			continue
		}
		p := &pythonParser{tokens: tokens, at: i + 2}
		calls = append(calls, p.keywords())
		i = max(i, p.at-1)
	}
	return calls
}

func isSetupModule(name string) bool {
	return name == "setuptools" || name == "core" || name == "distutils"
}

// keywords reads the arguments of a call up to its closing bracket.
func (p *pythonParser) keywords() map[string]pythonValue {
	arguments := map[string]pythonValue{}
	for p.at < len(p.tokens) && !p.peek(")") {
		before := p.at
		switch {
		case p.peek("**"):
			arguments["**"] = pythonValue{}
			p.at++
			p.skipExpression()
		case p.at+1 < len(p.tokens) && p.tokens[p.at].kind == pythonName && p.tokens[p.at+1].text == "=" && p.tokens[p.at+1].kind == pythonOperator:
			name := p.tokens[p.at].text
			p.at += 2
			arguments[name] = p.value(0)
		default:
			p.skipExpression()
		}
		if p.peek(",") {
			p.at++
		}
		if p.at == before {
			p.at++
		}
	}
	return arguments
}

// constants are the names that the module sets once, at its outermost level, to a value that is written out. A list
// or dict is only taken when it is named nowhere but there and once more, since anything else may change it.
func constants(tokens []pythonToken) map[string]pythonValue {
	uses, settings := map[string]int{}, map[string]int{}
	values := map[string]pythonValue{}
	for i, t := range tokens {
		if t.kind != pythonName {
			continue
		}
		previous, next := "", ""
		if i > 0 && tokens[i-1].kind != pythonString {
			previous = tokens[i-1].text
		}
		if i+1 < len(tokens) && tokens[i+1].kind == pythonOperator {
			next = tokens[i+1].text
		}
		keyword := t.depth > 0 && next == "="
		if keyword || previous == "." {
			continue
		}
		uses[t.text]++
		switch {
		case previous == "for" || previous == "as" || previous == "import" || previous == "def" || previous == "global" || previous == "class" || previous == "del":
			settings[t.text] += 2
		case next == "=" && t.indent == 0 && (i == 0 || tokens[i-1].kind == pythonNewline):
			settings[t.text]++
			p := &pythonParser{tokens: tokens, at: i + 2}
			v := p.value(0)
			if p.at < len(tokens) && tokens[p.at].kind != pythonNewline {
				v = pythonValue{} // a bare tuple and the like
			}
			values[t.text] = v
		case next == "=" || next == ":=" || next == "," && t.depth == 0 || len(next) == 2 && next[1] == '=' && !strings.ContainsAny(next[:1], "=!<>"):
			settings[t.text] += 2
		}
	}
	for name, v := range values {
		mutable := v.kind == pythonList || v.kind == pythonDict
		if settings[name] != 1 || v.kind == pythonComputed || v.kind == pythonVariable || mutable && uses[name] > 2 {
			delete(values, name)
		}
	}
	return values
}

// setupPy reads setup.py without running it: literal arguments of its one setup() call. Everything else is named in
// Dynamic. What pyproject.toml and setup.cfg say stays.
func (b *metadataBuilder) setupPy(content []byte) {
	m := b.m
	text := strings.TrimPrefix(string(content), "\uFEFF")
	base := len(content) - len(text)
	tokens := pythonTokens(text)
	b.openedFiles(tokens)
	calls := setupCalls(tokens)
	if len(calls) != 1 {
		for _, call := range calls {
			for name := range call {
				m.Dynamic = append(m.Dynamic, name)
			}
		}
		if len(calls) == 0 {
			m.Dynamic = append(m.Dynamic, "**")
		}
		return
	}
	s := setupArguments{b: b, in: tomlSource{content}, base: base, values: calls[0], constants: constants(tokens)}
	m.Name = cmp.Or(m.Name, s.text("name"))
	version := s.text("version")
	m.Version = cmp.Or(m.Version, version)
	m.RequiresPython = cmp.Or(m.RequiresPython, strings.ReplaceAll(s.text("python_requires"), " ", ""))
	s.dependencies()
	s.packages()
	s.scripts()
	for _, pair := range s.get("data_files").list { // [("share/app", ["logo.png"])]
		if len(pair.list) == 2 && pair.list[0].kind == pythonText {
			b.dataDirs(pair.list[0].text)
		}
	}
	for _, name := range []string{"license_file", "license_files"} {
		if items, ok := s.get(name).texts(); ok {
			for _, item := range items {
				b.licenses([]string{item.text})
			}
		}
	}
	if _, ok := s.values["**"]; ok {
		m.Dynamic = append(m.Dynamic, "**")
	}
	s.versionControl(tokens)
}

type setupArguments struct {
	b         *metadataBuilder
	in        tomlSource
	base      int // what spans of the tokens lack: a byte order mark
	values    map[string]pythonValue
	constants map[string]pythonValue
}

// get is an argument with names replaced by what they stand for; a computed one is noted.
func (s *setupArguments) get(name string) pythonValue {
	v, ok := s.values[name]
	if !ok {
		return pythonValue{}
	}
	v = s.resolve(v)
	if v.kind == pythonComputed || v.kind == pythonVariable {
		s.b.m.Dynamic = append(s.b.m.Dynamic, name)
		return pythonValue{}
	}
	return v
}

func (s *setupArguments) resolve(v pythonValue) pythonValue {
	if v.kind != pythonVariable {
		return v
	}
	if known, ok := s.constants[v.text]; ok {
		return known
	}
	return pythonValue{}
}

func (s *setupArguments) text(name string) string {
	v := s.get(name)
	if v.kind != pythonText {
		return ""
	}
	return v.text
}

// requirements reads a list of requirements, or a string with one a line.
func (s *setupArguments) requirements(v pythonValue) (all []installer.Requirement, ok bool) {
	items, ok := v.texts()
	for _, item := range items {
		lines := strings.Split(item.text, "\n")
		for _, line := range lines {
			if at := commentStart(line); at >= 0 {
				line = line[:at]
			}
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			span := item.span
			span.Start, span.End = span.Start+s.base, span.End+s.base
			r := s.in.requirement(line, span)
			r.Literal = r.Literal && item.exact
			all = append(all, r)
		}
	}
	return all, ok
}

func (s *setupArguments) dependencies() {
	m := s.b.m
	if v := s.get("install_requires"); v.kind != pythonComputed && m.DependenciesFile == "" && !s.b.closed {
		all, ok := s.requirements(v)
		if ok {
			m.Dependencies, m.DependenciesFile = all, "setup.py"
		} else {
			m.Dynamic = append(m.Dynamic, "install_requires")
		}
	}
	if all, ok := s.requirements(s.get("setup_requires")); ok {
		m.Requires = append(m.Requires, all...)
	}
	v := s.get("extras_require")
	if v.kind != pythonDict {
		return
	}
	for i, key := range v.keys {
		all, ok := s.requirements(s.resolve(v.list[i]))
		if key.kind != pythonText || !ok {
			m.Dynamic = append(m.Dynamic, "extras_require")
			continue
		}
		if m.Extras == nil {
			m.Extras = map[string][]installer.Requirement{}
		}
		if _, known := m.Extras[key.text]; !known {
			m.Extras[key.text] = all
		}
	}
}

func (s *setupArguments) packages() {
	b := s.b
	if v := s.get("package_dir"); v.kind == pythonDict {
		for i, key := range v.keys {
			if dir := s.resolve(v.list[i]); key.kind == pythonText && key.text == "" && dir.kind == pythonText {
				b.lookIn(dir.text)
			}
		}
	}
	for _, name := range []string{"packages", "py_modules"} {
		items, ok := s.get(name).texts()
		if !ok {
			continue
		}
		for _, item := range items {
			b.m.Packages = append(b.m.Packages, item.text)
		}
	}
}

func (s *setupArguments) scripts() {
	v := s.get("entry_points")
	switch v.kind {
	case pythonText:
		f := parseIni(v.text)
		for _, group := range []string{"console_scripts", "gui_scripts"} {
			for name, lines := range f[group] {
				if len(lines) > 0 {
					s.b.entryPoint(name + "=" + lines[0].text)
				}
			}
		}
	case pythonDict:
		for i, key := range v.keys {
			if key.text != "console_scripts" && key.text != "gui_scripts" {
				continue
			}
			items, ok := s.resolve(v.list[i]).texts()
			if !ok || key.kind != pythonText {
				s.b.m.Dynamic = append(s.b.m.Dynamic, "entry_points")
				continue
			}
			for _, item := range items {
				s.b.entryPoint(item.text)
			}
		}
	}
}

func (s *setupArguments) versionControl(tokens []pythonToken) {
	m := s.b.m
	if m.Version != "" {
		return
	}
	for _, name := range []string{"use_scm_version", "pbr", "setuptools_git_versioning", "version_config"} {
		if v, ok := s.values[name]; ok && v.text != "False" && v.text != "None" {
			m.UsesSCM = true
			m.Dynamic = append(m.Dynamic, "version")
		}
	}
	for i, t := range tokens {
		if t.kind == pythonName && t.text == "versioneer" && i+1 < len(tokens) && tokens[i+1].text == "." {
			m.UsesSCM = true
		}
	}
}

// readers are functions whose literal arguments name files: open() itself, and what setup.py files call their own.
var readers = []string{
	"open", "read", "read_file", "readfile", "Path", "join", "joinpath", "parse_requirements", "read_requirements",
	"load_requirements", "get_requirements", "find_version", "get_version", "read_version", "get_long_description", "relpath",
}

// openedFiles notes the files that setup.py seems to open, where they are there: read("README.md"),
// open(os.path.join(here, "requirements.txt")), Path(__file__).parent / "VERSION".
func (b *metadataBuilder) openedFiles(tokens []pythonToken) {
	for i, t := range tokens {
		if t.kind != pythonName || !slices.Contains(readers, t.text) || i+1 >= len(tokens) || tokens[i+1].text != "(" {
			continue
		}
		var parts []string
		for j := i + 2; j < len(tokens) && tokens[j].depth > t.depth && j < i+40; j++ {
			if tokens[j].kind == pythonString && tokens[j].literal {
				parts = append(parts, tokens[j].text)
			}
		}
		// join("a", "b.txt") is one path; open("a.txt", "r") is one and a mode.
		candidates := []string{path.Join(parts...)}
		if len(parts) > 0 {
			candidates = append(candidates, parts[0])
		}
		for _, name := range candidates {
			if full, ok := JoinPath(b.m.Dir, name); ok && b.c.isFile(full) && path.Base(full) != "setup.py" {
				b.m.DynamicFiles = append(b.m.DynamicFiles, full)
				break
			}
		}
	}
}
