package sources

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// Idle tells whether a container of the finished stage runs a project of the build context as pip has installed it, and needs nothing
// of the source tree that was copied to dir: it starts a console script of the project, or a module of it that is not imported from dir;
// the tree holds no data, settings or code besides the project's packages; no code of these and no instruction of the stage reads from dir.
// leave are the COPYs of the tree, which do not count as such. False where any of it is not certain.
func Idle(s *analyzer.Stage, meta *project.Metadata, dir string, leave []*analyzer.Step) bool {
	packages := packageDirs(s.Build(), meta)
	if s.Build().Context == nil || len(packages) == 0 || !path.IsAbs(dir) || dir == "/" || !s.After.Workdir.IsKnown() {
		return false
	}
	shadowed, ok := startsInstalled(s, meta, dir, packages)
	if !ok || shadowed && !carriesData[meta.Backend] {
		return false
	}
	code, ok := codeOf(s.Build(), packages)
	if !ok || readsNearby.Match(code) || shadowed && readsBeside.Match(code) || bytes.Contains(code, []byte(dir)) {
		return false
	}
	return onlyPackages(s.Build(), meta, packages, code, leave) && !looksInto(s, meta, dir, code, leave, shadowed)
}

// carriesData are the backends that put every file of a package into the wheel; setuptools takes what is declared.
var carriesData = map[string]bool{"hatchling": true, "flit_core": true, "poetry.core": true}

// readsNearby matches Python code that may look around in the working directory.
var readsNearby = pattern.New(`getcwd|\bcwd\(|curdir|dotenv|env_file|sqlite:///|listdir|scandir|os\.walk|\br?glob\b|chdir|fileConfig|alembic|Path\(\s*\)|(?:open|Path|join|abspath)\(\s*["']\.|["']\.\.?/|sys\.path|reload=True`)

// readsBeside matches Python code that may look for files beside its package, as seen from its own file.
var readsBeside = pattern.New(`parents\[|\.parent\.parent|dirname\(.*dirname|pardir|["']\.\.["']|instance_path|instance_relative|root_path`)

// packageDirs are the directories of the build context that hold the packages of the project's wheel, nil where that is not certain.
func packageDirs(b *analyzer.Build, meta *project.Metadata) []string {
	if meta.NonPackage || len(meta.Problems) > 0 {
		return nil
	}
	var dirs []string
	for _, p := range meta.Packages {
		top := strings.Split(p, ".")[0]
		if !b.Context.Exists(path.Join(meta.Dir, meta.SourceDir, top, "__init__.py")) {
			return nil
		}
		dirs = append(dirs, path.Join(meta.Dir, meta.SourceDir, top))
	}
	if len(dirs) > 0 {
		slices.Sort(dirs)
		return slices.Compact(dirs)
	}
	for _, match := range b.Context.Glob(path.Join(meta.Dir, meta.SourceDir, "*/__init__.py")) {
		if dir := path.Dir(match); !notPackage[path.Base(dir)] {
			dirs = append(dirs, dir)
		}
	}
	if len(dirs) != 1 {
		return nil // which of them the backend takes depends on its own rules
	}
	return dirs
}

// startsInstalled tells whether the stage starts nothing but the project: its console scripts, or modules of it. shadowed tells that a module
// is found in the source tree first, since `python -m` and servers look in the working directory before they look among what is installed.
func startsInstalled(s *analyzer.Stage, meta *project.Metadata, dir string, packages []string) (shadowed, ok bool) {
	start := s.Start()
	if len(start.Commands) == 0 || start.EntrypointUnknown || start.CmdUnknown || s.After.Lookup("PYTHONPATH").Kind != env.Unset {
		return false, false
	}
	for _, c := range start.Commands {
		program := c.Program()
		_, script := meta.Scripts[program]
		switch {
		case script && program == c.Argv[0].Text():
		case namesModule(c, packages):
			shadowed = shadowed || s.After.Workdir.Text == path.Join(dir, meta.SourceDir)
		default:
			return false, false
		}
	}
	for _, c := range append(start.Commands, s.Healthchecks()...) {
		for _, f := range c.Argv {
			if !f.Value.IsKnown() || mayName(s, meta, dir, f.Text()) {
				return false, false
			}
		}
	}
	return shadowed, true
}

// namesModule tells whether a start command is `python -m` of a module of the packages, or a server that is given one of them.
func namesModule(c analyzer.StartCommand, packages []string) bool {
	if len(c.Argv) < 2 || strings.Contains(c.Argv[0].Text(), "/") {
		return false
	}
	in := func(module string) bool {
		top := strings.Split(module, ".")[0]
		return slices.ContainsFunc(packages, func(p string) bool { return path.Base(p) == top })
	}
	if strings.HasPrefix(c.Program(), "python") {
		return len(c.Argv) > 2 && c.Argv[1].Text() == "-m" && in(c.Argv[2].Text())
	}
	if !program.Is(c.Program(), program.Loads) {
		return false
	}
	for _, f := range c.Argv[1:] {
		if module, _, object := strings.Cut(f.Text(), ":"); object && in(module) {
			return true
		}
	}
	return false
}

// mayName tells whether a word of a command may name a file of the source tree, relative or below dir.
func mayName(s *analyzer.Stage, meta *project.Metadata, dir, word string) bool {
	for _, part := range strings.FieldsFunc(word, func(r rune) bool { return r == '=' || r == ',' || r == ':' }) {
		switch {
		case part == "." || strings.HasPrefix(part, "./") || strings.HasPrefix(part, "..") || analyzer.HasPattern(part) || strings.Contains(part, dir+"/"):
			return true
		case path.IsAbs(part):
		case s.Build().Context.Exists(path.Join(meta.Dir, part)) || s.Build().Context.IsDir(path.Join(meta.Dir, part)):
			return true
		}
	}
	return false
}

// codeOf is all Python code of the packages; false where there is more than is worth reading.
func codeOf(b *analyzer.Build, packages []string) (code []byte, ok bool) {
	const most = 8 << 20
	ok = true
	for _, dir := range packages {
		complete := b.Context.Walk(dir, func(p string, isDir bool) bool {
			if isDir || path.Ext(p) != ".py" {
				return true
			}
			content, readable := b.Context.Read(p)
			code = append(append(code, content...), '\n')
			ok = readable && len(code) < most
			return ok
		})
		ok = ok && complete
	}
	return code, ok
}

// onlyPackages tells whether what the COPYs bring of the project, as far as the ignore file lets it through, holds nothing that the application may read or import
// besides its packages: metadata, documentation and tests, and these only where the code does not speak of them.
func onlyPackages(b *analyzer.Build, meta *project.Metadata, packages []string, code []byte, copies []*analyzer.Step) bool {
	brought := func(p string) bool {
		return slices.ContainsFunc(copies, func(step *analyzer.Step) bool {
			return slices.ContainsFunc(step.Copy.Sources, func(source analyzer.CopySource) bool {
				return source.Text.Text == "." || analyzer.Under(source.Text.Text, p)
			})
		})
	}
	only := true
	complete := b.Context.Walk(meta.Dir, func(p string, isDir bool) bool {
		inside := strings.TrimPrefix(p, strings.TrimSuffix(meta.Dir, ".")+"/")
		if meta.Dir == "." {
			inside = p
		}
		top, _, nested := strings.Cut(inside, "/")
		switch base := path.Base(p); {
		case isDir || !brought(p) || b.Context.Ignored(p) || slices.ContainsFunc(packages, func(dir string) bool { return analyzer.Under(dir, p) }):
		case base == "py.typed" || base == "__pycache__" || path.Ext(base) == ".pyc" || inside == ".dockerignore":
		case strings.HasPrefix(base, ".env"), nested && strings.HasPrefix(base, ".") && !strings.HasPrefix(top, "."):
			only = false // settings, and what keeps a directory in git that is empty otherwise
		case project.OutsideApp(inside), !nested && path.Ext(base) != ".py" && project.AboutProject.MatchString(base), strings.Contains(top, ".egg-info"):
			only = !mentions(code, top)
		default:
			only = false
		}
		return only
	})
	return only && complete
}

// mentions tells whether a text of the code begins with the name of a file or directory.
func mentions(code []byte, name string) bool {
	for _, quote := range []string{`"`, `'`} {
		if bytes.Contains(code, []byte(quote+name+quote)) || bytes.Contains(code, []byte(quote+name+"/")) {
			return true
		}
	}
	return false
}

// looksInto tells whether an instruction of the stage, the COPYs of the tree and installations apart, may read from dir or rely on it.
func looksInto(s *analyzer.Stage, meta *project.Metadata, dir string, code []byte, leave []*analyzer.Step, shadowed bool) bool {
	for _, step := range s.ChainSteps() {
		in := step.Instruction
		text := s.Build().File.Text(in.Span)
		switch in.Keyword {
		case "ENV":
			for _, p := range in.Pairs {
				if strings.Contains(p.Value, dir) && (strings.HasSuffix(p.Key, "PATH") || p.Value != dir || mentions(code, p.Key)) {
					return true
				}
			}
		case "VOLUME":
			if strings.Contains(text, dir) {
				return true
			}
		case "COPY", "ADD":
			if slices.Contains(leave, step) || step.Copy == nil {
				continue
			}
			if dest := step.Copy.Dest; !dest.IsKnown() || shadowed && analyzer.Under(dir, dest.Text) {
				return true
			}
		case "RUN":
			if step.Unreadable != "" || len(in.Heredocs) > 0 {
				return true
			}
			for _, command := range step.Commands {
				if command.Install == nil && commandLooksInto(s, command, meta, dir) {
					return true
				}
			}
		}
	}
	return false
}

func commandLooksInto(s *analyzer.Stage, command *analyzer.Command, meta *project.Metadata, dir string) bool {
	workdir := command.State.Workdir
	inside := !workdir.IsKnown() || analyzer.Under(dir, workdir.Text)
	if command.MayDoAnything() && inside {
		return true
	}
	for _, f := range command.Argv {
		switch {
		case !f.Value.IsKnown():
			return true
		case f.Text() == dir && s.After.Workdir.Text == dir && ownsOnly[command.Argv[0].Text()]:
		case inside && mayName(s, meta, dir, f.Text()), strings.Contains(f.Text(), dir+"/"), f.Text() == dir && command.Argv[0].Text() != "cd":
			return true
		}
	}
	return false
}

// ownsOnly are programs that need a directory to be there, not what is in it. WORKDIR makes it.
var ownsOnly = map[string]bool{"chown": true, "mkdir": true, "chmod": true}
