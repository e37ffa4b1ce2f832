package analyzer

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// scope is a persistent list of what the instructions so far have said; the newest entry is
// found first. Copying a State is therefore free, and no State ever changes.
type scope struct {
	parent *scope
	kind   scopeKind
	name   string
	value  env.Value
	depth  int // the number of entries up to this one
	// index, where there is one, finds the newest of the latest entries by kind and name; below is the entry before
	// these. It covers the lowest set bit of depth, so that a search meets few of them however long the list is.
	index map[scopeKey]*scope
	below *scope
}

type scopeKey struct {
	kind scopeKind
	name string
}

type scopeKind uint8

const (
	envVar       scopeKind = iota // ENV, or a shell variable
	argVar                        // ARG
	homeOf                        // the home directory of the user called name
	venvAt                        // a virtual environment at the directory called name; value is the interpreter's minor version
	osPackage                     // an OS package has been installed
	poetryConfig                  // a setting made by `poetry config`
	distroPython                  // an OS package that brings the distribution's Python, whatever its name
	madeUsers                     // some user has been made
)

func (s *scope) find(kind scopeKind, name string) (env.Value, bool) {
	for s != nil {
		switch {
		case s.index != nil:
			if e := s.index[scopeKey{kind, name}]; e != nil {
				return e.value, true
			}
			s = s.below
		case s.kind == kind && s.name == name:
			return s.value, true
		default:
			s = s.parent
		}
	}
	return env.Value{}, false
}

// shortReach is the number of entries that are looked through one by one.
const shortReach = 16

func (s *scope) push(kind scopeKind, name string, value env.Value) *scope {
	e := &scope{parent: s, kind: kind, name: name, value: value, depth: 1}
	if s != nil {
		e.depth = s.depth + 1
	}
	reach := e.depth & -e.depth
	if reach < shortReach {
		return e
	}
	e.index = make(map[scopeKey]*scope, reach)
	at := e
	for range reach {
		key := scopeKey{at.kind, at.name}
		if e.index[key] == nil {
			e.index[key] = at
		}
		at = at.parent
	}
	e.below = at
	return e
}

func (s State) with(kind scopeKind, name string, value env.Value) State {
	switch {
	case kind == osPackage && bringsPython(name):
		s.vars = s.vars.push(distroPython, "", value)
	case kind == homeOf:
		s.vars = s.vars.push(madeUsers, "", value)
	}
	s.vars = s.vars.push(kind, name, value)
	return s
}

// Lookup gives a variable as RUN, and the expansion of instruction arguments, see it: ENV wins
// over ARG whatever their order, and both over what the base image sets.
// https://docs.docker.com/reference/dockerfile/#using-arg-variables
func (s State) Lookup(name string) env.Value {
	if v, ok := s.vars.find(envVar, name); ok {
		return whole(v)
	}
	if v, ok := s.vars.find(argVar, name); ok {
		return v
	}
	if name == "HOME" {
		return s.Home()
	}
	return s.image.EnvLookup(name)
}

// Sets tells whether the Dockerfile itself gives the variable a value, known or not.
func (s State) Sets(name string) bool {
	_, env := s.vars.find(envVar, name)
	_, arg := s.vars.find(argVar, name)
	return env || arg
}

// Declared are the names of the variables to which the Dockerfile itself gives a value, known or not.
func (s State) Declared() []string {
	var names []string
	for e := s.vars; e != nil; e = e.parent {
		if e.kind == envVar || e.kind == argVar {
			names = append(names, e.name)
		}
	}
	return names
}

// Image is what is known of the base image.
func (s State) Image() image.Facts { return *s.image }

// Env gives a variable as the running container sees it: like Lookup without ARGs.
func (s State) Env(name string) env.Value {
	if v, ok := s.vars.find(envVar, name); ok {
		return whole(v)
	}
	return s.image.EnvLookup(name)
}

// Home is the HOME of the active user: as ENV says, else from the user's passwd entry as far as
// the base image and the useradd and adduser calls tell. A numeric user without an entry gets "/" from
// BuildKit and from every runtime.
func (s State) Home() env.Value {
	if v, ok := s.vars.find(envVar, "HOME"); ok {
		return v
	}
	if v, ok := s.image.Env["HOME"]; ok {
		return env.Of(v)
	}
	return s.HomeOf(s.User)
}

// HomeOf is the home directory in the passwd entry of a user.
func (s State) HomeOf(user env.Value) env.Value {
	if !user.IsKnown() {
		return env.Doubtful()
	}
	name := user.Text
	if name == "0" || name == "" {
		name = "root"
	}
	if v, ok := s.vars.find(homeOf, name); ok {
		return v
	}
	if home, ok := s.image.Home[name]; ok {
		return env.Of(home)
	}
	if name == "root" {
		return env.Of("/root")
	}
	// The uid may belong to a user that the base image or a useradd -u has made.
	if _, err := strconv.Atoi(name); err == nil && !s.HasMadeUsers() {
		if u, has := s.image.UserNamed(name); has == image.No {
			return env.Of("/")
		} else if has == image.Yes && u.Home != "" {
			return env.Of(u.Home)
		}
	}
	return env.Doubtful()
}

// HasMadeUsers tells whether the Dockerfile has made users so far.
func (s State) HasMadeUsers() bool {
	_, made := s.vars.find(madeUsers, "")
	return made
}

// HasDistroPython tells whether a package of the distribution that brings its Python has been installed so far, whatever its name.
func (s State) HasDistroPython() bool {
	_, installed := s.vars.find(distroPython, "")
	return installed
}

// IsRoot tells whether the active user is certainly root; NonRoot whether it certainly isn't.
func (s State) IsRoot() bool { return s.User.Is("root") || s.User.Is("0") || s.User.Is("") }

// NonRoot tells whether the active user is certainly not root.
func (s State) NonRoot() bool { return s.User.IsKnown() && !s.IsRoot() }

// Abs makes a path absolute: relative ones start at the working directory. Unknown parts make the result unknown.
func (s State) Abs(p env.Value) env.Value {
	if !p.IsKnown() {
		return env.Doubtful()
	}
	if path.IsAbs(p.Text) {
		return env.Of(path.Clean(p.Text))
	}
	if p.Text == "~" || strings.HasPrefix(p.Text, "~/") {
		home := s.Home()
		if !home.IsKnown() {
			return env.Doubtful()
		}
		return env.Of(path.Join(home.Text, p.Text[1:]))
	}
	if !s.Workdir.IsKnown() {
		return env.Doubtful()
	}
	if len(s.Workdir.Text)+len(p.Text) > maxPath {
		return env.Doubtful()
	}
	return env.Of(path.Join(s.Workdir.Text, p.Text))
}

// maxPath is how long a path may be in bytes: Linux refuses longer ones (PATH_MAX).
const maxPath = 4096

// PathList is PATH split at colons; ok is false when PATH is not known whole. Where only its tail is
// the unknown PATH of the base image, as in /opt/venv/bin:$PATH, the known entries in front are
// given together with ok false.
func (s State) PathList() (dirs []string, ok bool) {
	v, found := s.vars.find(envVar, "PATH")
	if !found {
		v = s.Lookup("PATH")
	}
	if !v.IsKnown() {
		return nil, false
	}
	all := strings.Split(v.Text, ":")
	dirs = all[:0]
	for _, dir := range all {
		if dir != inheritedPath {
			dirs = append(dirs, strings.TrimSuffix(dir, "/"))
		}
	}
	return dirs, whole(v).IsKnown()
}

// inheritedPath stands for the unknown PATH of the base image inside a PATH that an ENV extends.
const inheritedPath = "\x00"

func whole(v env.Value) env.Value {
	if strings.Contains(v.Text, inheritedPath) {
		return env.Doubtful()
	}
	return v
}

// withEnv is the state after `ENV name=value`; raw is the value as written.
func (s State) withEnv(name, raw string, escape byte) State {
	value := env.Expand(raw, escape, s.Lookup)
	if name == "PATH" && !value.IsKnown() {
		value = env.Expand(raw, escape, s.lookupPath)
	}
	return s.with(envVar, name, value)
}

// lookupPath is Lookup with the unknown part of PATH kept as a mark.
func (s State) lookupPath(name string) env.Value {
	if name != "PATH" {
		return s.Lookup(name)
	}
	if v, ok := s.vars.find(envVar, name); ok && v.IsKnown() {
		return v
	}
	return env.Of(inheritedPath)
}

// HasOSPackage tells whether a package of that name was certainly installed so far.
func (s State) HasOSPackage(name string) bool {
	_, ok := s.vars.find(osPackage, name)
	return ok
}

// Venv tells whether dir is a virtual environment that this build has made, and for which minor
// version of Python ("" when unknown).
func (s State) Venv(dir string) (minor string, ok bool) {
	v, ok := s.vars.find(venvAt, dir)
	return v.Text, ok
}

// Python is the interpreter that plain `python3` runs outside virtual environments: the base image's, or the
// distribution's once a package that brings it is installed; nil when there is none or it is unknown.
func (s State) Python() *image.Interpreter {
	if s.image.Python != nil {
		return s.image.Python
	}
	if _, installed := s.vars.find(distroPython, ""); installed {
		return image.DistroPython(s.image.Distro, s.image.Release)
	}
	return nil
}

// bringsPython tells whether an OS package brings the distribution's default python3.
func bringsPython(name string) bool {
	if name == "py3-pip" {
		return true
	}
	rest, ok := strings.CutPrefix(name, "python3")
	return ok && (rest == "" || strings.HasPrefix(rest, "-"))
}

// Setting finds the ENV, or else the ARG, of the stage's chain that gives a variable its value when the step runs.
func (step *Step) Setting(name string) (pair dockerfile.Pair, ok bool) {
	if !step.Before.Sets(name) {
		return dockerfile.Pair{}, false
	}
	before := len(step.Earlier())
	for _, keyword := range []string{"ENV", "ARG"} {
		for _, s := range slices.Backward(step.Stage.settingsOf(keyword, name)) {
			if s.at < before {
				return s.pair, true
			}
		}
	}
	return dockerfile.Pair{}, false
}

// setting is a value that an ENV or ARG gives to a variable.
type setting struct {
	at   int // of the step in its chain
	pair dockerfile.Pair
}

type settingKey struct{ keyword, name string }

// settings are all of a chain.
type settings map[settingKey][]setting

// settingsOf are those of a variable in the chain of the stage, in order; of several in one instruction the first.
func (s *Stage) settingsOf(keyword, name string) []setting {
	all := s.findSettings
	if s.complete() {
		all = func() settings { return Remember(s.build, s, s.findSettings) }
	}
	return all()[settingKey{keyword, name}]
}

func (s *Stage) findSettings() settings {
	found := settings{}
	for at, step := range s.chain {
		for _, p := range step.Instruction.Pairs {
			key := settingKey{step.Instruction.Keyword, p.Key}
			list := found[key]
			if p.HasValue && (len(list) == 0 || list[len(list)-1].at != at) {
				found[key] = append(list, setting{at, p})
			}
		}
	}
	return found
}

// CodeText is the text at span with comment lines blanked.
func (step *Step) CodeText(span source.Span) string {
	file := step.Stage.build.File
	if written := file.Text(span); !strings.Contains(written, "#") {
		return written
	}
	text := []byte(file.Text(span))
	for line := file.LineOf(span.Start); line <= file.LineOf(span.End); line++ {
		at := file.Line(line)
		if !strings.HasPrefix(strings.TrimSpace(file.Text(at)), "#") {
			continue
		}
		for i := max(at.Start, span.Start); i < min(at.End, span.End); i++ {
			text[i-span.Start] = ' '
		}
	}
	return string(text)
}

// OnPath tells whether PATH of the running container has the directory.
func (s State) OnPath(dir string) Presence {
	dirs, whole := s.PathList()
	switch {
	case slices.Contains(dirs, path.Clean(dir)):
		return Yes
	case whole:
		return No
	}
	return Maybe
}
