package analyzer

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/effect"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// says is what an event makes of p, which is its path, or lies above or below it; removed tells that p is gone then. Doubtful events say
// Maybe.
func (e *event) says(p string, ix *index, q *search) (a Answer, removed bool) {
	if e.copy != nil {
		return e.copy.has(p, q), false
	}
	a = Answer{Presence: No, Step: e.step, Command: e.command}
	at := e.effect.Path
	switch {
	case e.effect.Verb == effect.Removes:
		return a, e.removes(p)
	case at != p && Under(p, at):
		a.Presence, a.Shape = Yes, Directory
	case at == p:
		a.Presence = Yes
		switch e.effect.Verb {
		case effect.WritesFile:
			a.Shape = RegularFile
		case effect.MakesDir, effect.WritesTree:
			a.Shape = Directory
		}
	case e.effect.Verb == effect.WritesTree:
		a.Presence, a.Shape = e.treeHas(p)
	case e.effect.Verb == effect.Copies:
		a.Presence = e.copied(p, ix, q)
	case e.effect.Verb == effect.Links:
		linked := ix.find(moved(p, at, e.effect.From), e.when, q)
		a.Presence, a.Shape = linked.Presence, linked.Shape
	}
	if e.effect.Doubtful && a.Presence == Yes {
		a.Presence = Maybe
	}
	return a, false
}

// removes tells whether the removal takes p along.
func (e *event) removes(p string) bool {
	at := e.effect.Path
	if e.effect.Name == "" {
		return Under(at, p)
	}
	if at == p || !Under(at, p) {
		return false
	}
	for _, name := range strings.Split(strings.TrimPrefix(strings.TrimPrefix(p, at), "/"), "/") {
		if ok, err := path.Match(e.effect.Name, name); ok && err == nil {
			return true
		}
		if e.effect.Near {
			return false
		}
	}
	return false
}

// copied is what a cp or mv makes of a path below its destination: the destination may be a new name for the source, or a directory that
// the source is put into.
func (e *event) copied(p string, ix *index, q *search) Presence {
	at, from := e.effect.Path, e.effect.From
	into := path.Join(at, path.Base(from))
	there := ix.find(at, e.when, q)
	switch {
	case there.Presence == No:
		return ix.find(moved(p, at, from), e.when, q).Presence
	case there.Presence == Yes && there.Shape == Directory:
		if p == into {
			return Yes // or the build fails
		}
		if !Under(into, p) {
			return No
		}
		return ix.find(moved(p, into, from), e.when, q).Presence
	}
	result := ix.find(moved(p, at, from), e.when, q).Presence
	if result == No && Under(into, p) {
		result = ix.find(moved(p, into, from), e.when, q).Presence
	}
	if result == Yes {
		return Maybe
	}
	return result
}

// treeHas is what an installation makes of a path below its directory: of a virtual environment some files are certain, and in lib there is
// the library of one version of Python only.
func (e *event) treeHas(p string) (Presence, Shape) {
	c := e.command
	if c == nil {
		return Maybe, AnyShape
	}
	if c.Installer == nil {
		// A home directory gets the few files of /etc/skel, whose names begin with a dot.
		if user, ok := effect.NewUser(c.Argv); ok && user.Home.Is(e.effect.Path) && !mayBeSkeleton(strings.TrimPrefix(p, e.effect.Path+"/")) {
			return No, AnyShape
		}
		return Maybe, AnyShape
	}
	inside := strings.TrimPrefix(p, e.effect.Path+"/")
	if c.Install != nil && c.Install.Place == System && path.Base(e.effect.Path) == "bin" {
		return c.scriptIn("bin/"+inside, false), RegularFile
	}
	dir, minor, venv := MadeVenv(c)
	venv = venv && dir == e.effect.Path
	if venv {
		switch inside {
		case "bin", "lib":
			return Yes, Directory
		case "pyvenv.cfg", "bin/python", "bin/activate":
			return Yes, RegularFile
		}
	}
	if inside == "bin" || inside == "lib" {
		if in := c.Install; in != nil && in.Call.Tool == installer.Conda && in.Packages().Names["python"] {
			return Yes, Directory
		}
	}
	first, rest, _ := strings.Cut(inside, "/")
	if hasNoPackages(c, venv, inside) {
		return No, AnyShape
	}
	if (first == "bin" || first == "sbin" || strings.HasPrefix(inside, "local/bin/") || strings.HasPrefix(inside, "local/sbin/")) && rest != "" {
		return c.scriptIn(inside, venv), RegularFile
	}
	if dir, name := path.Split(path.Join(e.effect.Path, inside)); holdsModules(dir, c) && c.lacksModule(name) {
		return No, AnyShape
	}
	if first != "lib" || !strings.HasPrefix(rest, "python3.") || !venv && !(c.Install != nil && c.Install.Place == UserSite) {
		return Maybe, AnyShape
	}
	version, rest, _ := strings.Cut(strings.TrimPrefix(rest, "python"), "/")
	switch packages, _, _ := strings.Cut(rest, "/"); {
	case minor == "" && c.Install != nil && c.Install.Interpreter != nil:
		minor = c.Install.Interpreter.Minor
		fallthrough
	default:
		switch {
		case minor != "" && version != minor:
			return No, AnyShape
		case packages != "" && packages != "site-packages":
			return No, AnyShape
		case minor != "" && (rest == "" || rest == "site-packages") && venv:
			return Yes, Directory
		}
	}
	return Maybe, AnyShape
}

// mayBeSkeleton tells whether a file of a home directory may come from /etc/skel.
func mayBeSkeleton(inside string) bool {
	return strings.HasPrefix(inside, ".") && !Under(".local", inside)
}

// holdsModules tells whether packages that the command installs lie in the directory.
func holdsModules(dir string, c *Command) bool {
	dir = path.Clean(dir)
	name := path.Base(dir)
	return name == "site-packages" || name == "dist-packages" || c.Install != nil && c.Install.Place == TargetDir && c.Install.Dir.Is(dir)
}

// hasNoPackages tells of a path inside what a command installs to that it is no directory for packages: in an environment they lie below
// lib/python3.x, and programs are files in bin; a --target has the packages themselves.
func hasNoPackages(c *Command, venv bool, inside string) bool {
	switch {
	case venv, c.Install != nil && (c.Install.Place == UserSite || c.Install.Place == CondaEnv):
	case c.Install != nil && c.Install.Place == PrefixDir:
		inside = strings.TrimPrefix(inside, "local/") // of Debian's Python
	case c.Install != nil && c.Install.Place == TargetDir:
		return inside == "site-packages" || inside == "dist-packages"
	default:
		return false
	}
	switch first, rest, _ := strings.Cut(inside, "/"); first {
	case "site-packages", "dist-packages":
		return true
	case "lib":
		return Under("site-packages", rest) || Under("dist-packages", rest)
	case "bin":
		return strings.Contains(rest, "/") && !strings.HasPrefix(rest, "__pycache__")
	}
	return false
}

// has is what the COPY or ADD makes of p, which is its destination, or lies above or below it.
func (c *Copy) has(p string, q *search) Answer {
	dest := c.Dest.Text
	if !Under(dest, p) {
		return Answer{Presence: Yes, Step: c.Step, Shape: Directory} // a directory around the destination
	}
	result := Answer{Presence: No, Step: c.Step}
	for _, s := range c.Sources {
		switch a := c.sourceHas(s, p, q); a.Presence {
		case Yes:
			a.Step = c.Step
			return a
		case Maybe:
			result = Answer{Step: c.Step}
		}
	}
	if p == dest && result.Presence == No && c.DestIsDir {
		return Answer{Presence: Yes, Step: c.Step, Shape: Directory}
	}
	return result
}

// Puts tells whether the COPY puts the file p there.
func (c *Copy) Puts(p string) Presence {
	switch {
	case !c.Dest.IsKnown():
		return Maybe
	case !Under(c.Dest.Text, p):
		return No
	}
	a := c.has(p, &search{})
	if a.Shape == Directory {
		return No
	}
	return a.Presence
}

// SourceHas is what one source of the COPY makes of p, which is its destination or below it.
func (c *Copy) SourceHas(s CopySource, p string) Answer { return c.sourceHas(s, p, &search{}) }

// sourceHas is what one source of the COPY makes of p, which is its destination or below it.
func (c *Copy) sourceHas(s CopySource, p string, q *search) Answer {
	dest := c.Dest.Text
	yes, no := Answer{Presence: Yes, Shape: RegularFile}, Answer{Presence: No}
	switch {
	case s.Heredoc:
		if p == dest || p == path.Join(dest, s.Text.Text) {
			return yes
		}
		return no
	case !s.Text.IsKnown():
		return Answer{}
	case s.Remote:
		if name := path.Base(s.Text.Text); p == dest && !c.DestIsDir || p == path.Join(dest, name) {
			return Answer{Presence: Yes}
		}
		return Answer{} // a repository
	}
	// --parents keeps the directories of the source below dest; a /./ in it says from where.
	if _, ok := c.Step.Instruction.Flag("parents"); ok {
		return Answer{}
	}
	if _, ok := c.Step.Instruction.Flag("exclude"); ok && p != dest {
		return Answer{}
	}
	switch {
	case c.From != nil:
		return c.stageHas(s.Text.Text, p, q)
	case !c.FromContext():
		return c.foreignHas(s.Text.Text, p)
	}
	return c.contextHas(s.Text.Text, p)
}

// stageHas is sourceHas for a source of another stage: the question goes on there.
func (c *Copy) stageHas(source, p string, q *search) Answer {
	dest := c.Dest.Text
	if HasPattern(source) {
		if p == dest && c.DestIsDir {
			return Answer{Presence: Yes, Shape: Directory}
		}
		return Answer{}
	}
	from := c.From.index()
	find := func(p string) Answer {
		a := from.find(p, c.From.end(), q.outside())
		if a.Context != "" && c.From.rewritten(p) {
			a.Context = ""
		}
		return a
	}
	whole := find(source)
	if p == dest || whole.Shape != Directory && p == path.Join(dest, path.Base(source)) {
		// If it is not there the build fails: what runs has it.
		switch {
		case p == dest:
		case whole.Shape == RegularFile || LooksLikeFile(path.Base(source)):
			whole.Shape = RegularFile
		default:
			if inside := find(moved(p, dest, source)); inside.Presence != No {
				return inside
			}
			return Answer{}
		}
		whole.Presence = Yes
		return whole
	}
	if whole.Shape == RegularFile {
		return Answer{Presence: No}
	}
	return find(moved(p, dest, source))
}

// foreignHas is sourceHas for a source of an image that is no stage.
func (c *Copy) foreignHas(source, p string) Answer {
	dest := c.Dest.Text
	isFile := p == dest && !c.DestIsDir || p == path.Join(dest, path.Base(source))
	if isFile && path.Base(p) == path.Base(source) && !HasPattern(source) {
		return Answer{Presence: Yes}
	}
	if p == dest {
		return Answer{Presence: Yes}
	}
	if c.OnlyUv() && !HasPattern(source) {
		return Answer{Presence: No}
	}
	return Answer{}
}

// contextHas is sourceHas for a source of the build context.
func (c *Copy) contextHas(source, p string) Answer {
	dest, name := c.Dest.Text, path.Base(source)
	yes := func(from string) Answer { return Answer{Presence: Yes, Context: from, Shape: RegularFile} }
	context := c.Step.Stage.build.Context
	if HasPattern(source) {
		return c.patternHas(source, p)
	}
	if source == "." || context.IsDir(source) {
		if p == dest {
			return Answer{Presence: Yes, Context: source, Shape: Directory}
		}
		inside := path.Join(source, strings.TrimPrefix(p, dest))
		switch {
		case context.Ignored(inside):
			return Answer{Presence: No} // not even a file that is made later gets to the builder
		case context.IsDir(inside):
			return Answer{Presence: Yes, Context: inside, Shape: Directory}
		case context.Exists(inside):
			return yes(inside)
		}
		return Answer{}
	}
	isFile := p == dest && !c.DestIsDir || p == path.Join(dest, name)
	switch {
	case isFile && (p == dest || path.Base(p) == name) && (context == nil || context.Exists(source)):
		// Without a context `COPY app /app` may copy a file or a directory; as long as only
		// the file reading explains p, it is the file.
		if context == nil && path.Ext(name) == "" && p == dest {
			return Answer{Presence: Yes}
		}
		return yes(source)
	case context.Exists(source):
		return Answer{Presence: No} // a file of another name
	case LooksLikeFile(name) && !isFile:
		return Answer{Presence: No}
	case p == dest:
		return Answer{Presence: Yes}
	}
	return Answer{}
}

// patternHas is sourceHas for a pattern. It may match nothing, but then the COPY fails, unless other sources match.
func (c *Copy) patternHas(pattern, p string) Answer {
	dest := c.Dest.Text
	if p == dest && c.DestIsDir {
		return Answer{Presence: Yes, Shape: Directory}
	}
	dir, name := path.Split(pattern)
	if ok, err := path.Match(name, path.Base(p)); err == nil && ok && path.Dir(p) == dest && !HasPattern(dir) {
		return Answer{Presence: Yes, Context: path.Join(dir, path.Base(p)), Shape: RegularFile}
	}
	// "*.py" and "requirements*.txt" match files, and those have other names than p here.
	if LooksLikeFile(name) && !HasPattern(path.Ext(name)) && (p != dest || c.DestIsDir) {
		if ok, err := path.Match(name, path.Base(p)); err == nil && !ok {
			return Answer{Presence: No}
		}
	}
	return Answer{}
}
