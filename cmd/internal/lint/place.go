package lint

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/compose"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
)

// Place is how a Dockerfile is built.
type Place struct {
	// Context is the absolute folder of the build context, "" when there is none.
	Context string
	// Dockerfile is the slash path of the Dockerfile relative to Context; it may begin with "../".
	Dockerfile string
	Target     string
	// Targets are the stages that compose and bake files build, where they build several of the Dockerfile.
	Targets []string
	// Composed tells that Target is what a compose or bake file builds, and that the user named none.
	Composed bool
	Args     map[string]string
	// Starts is what compose files start containers with, see analyzer.Settings.
	Starts []string
	// Services are those of compose files that run the image, with what they mount.
	Services []compose.Volumes
	// Why tells who says what the context is.
	Why string
	// Described tells that a configuration, compose or bake file says what the context is.
	Described bool
	// Also are the contexts of other builds of the same Dockerfile that a compose or bake file describes, as absolute folders. Each is
	// there once.
	Also []string
}

// place decides where the Dockerfile at an absolute path is built, by the first that says so: flag,
// configuration, compose or bake file, and else by what it copies.
func (l *Linter) place(dockerfilePath string, copied []string, c *config.Config) Place {
	p := Place{Target: c.Target, Args: map[string]string{}}
	dir := filepath.Dir(dockerfilePath)
	top := l.top(dir)
	build, found := l.buildOf(top, dockerfilePath)
	l.arguments(&p, build.Build, c)
	switch origin, _ := c.Origin("context"); {
	case l.options.Context != "":
		p.Context, p.Why = l.absolute(l.options.Context), "--context"
	case c.Context != "":
		p.Context, p.Why, p.Described = c.Context, origin.String(), true
	case found && build.Context != "":
		p.Context, p.Why, p.Described = build.context(), l.why(build), true
		p.Also = build.also
	default:
		p.Context, p.Why = l.guess(top, dockerfilePath, copied)
	}
	if p.Context == "" {
		return p
	}
	if rel, err := filepath.Rel(p.Context, dockerfilePath); err == nil {
		p.Dockerfile = filepath.ToSlash(rel)
	} else {
		p.Dockerfile = path.Base(filepath.ToSlash(dockerfilePath))
	}
	return p
}

// arguments sets target and build arguments: those of flags win over the configuration, and these over a compose or bake file.
func (l *Linter) arguments(p *Place, build compose.Build, c *config.Config) {
	maps.Copy(p.Args, build.Args)
	p.Services = build.Services
	p.Starts, p.Targets = build.Starts, build.Targets
	if p.Target == "" {
		p.Target, p.Composed = build.Target, true
	}
	maps.Copy(p.Args, c.BuildArgs)
	maps.Copy(p.Args, l.options.BuildArgs)
	if l.options.Target != "" {
		p.Target, p.Composed = l.options.Target, false
	}
}

// why names the place in a compose or bake file that describes a build.
func (l *Linter) why(b described) string {
	return fmt.Sprintf("%s:%d:%d (%s)", l.Display(filepath.Join(b.top, filepath.FromSlash(b.File))), b.Line, b.Column, b.Service)
}

// guess takes the Dockerfile's folder, or the nearest folder above that holds what is copied. A folder that holds
// none of the files that the Dockerfile copies by name is not the context: then there is none.
func (l *Linter) guess(top, dockerfilePath string, copied []string) (dir, why string) {
	const own, none = "the Dockerfile's folder", "no folder holds the copied files"
	root, err := os.OpenRoot(top)
	rel, inside := below(top, dockerfilePath)
	if err != nil || !inside {
		return "", none
	}
	defer root.Close()
	fsys := l.watch(root.FS(), top)
	if l.shares() {
		fsys = l.folder(top)
	}
	guessed := compose.GuessRoot(unlisted{fsys}, rel, copied)
	if !compose.HoldsAny(fsys, guessed, copied) {
		return "", none
	}
	dir = filepath.Join(top, filepath.FromSlash(guessed))
	if dir == filepath.Dir(dockerfilePath) {
		return dir, own
	}
	return dir, "the nearest folder that holds the copied files"
}

// unlisted is a file system whose folders seem empty to those who list them. GuessRoot lists folders for compose
// files, which were asked already: with thousands of Dockerfiles in one folder that takes minutes.
type unlisted struct{ fs.FS }

func (u unlisted) ReadDir(string) ([]fs.DirEntry, error) { return nil, nil }

func (u unlisted) Stat(name string) (fs.FileInfo, error) { return fs.Stat(u.FS, name) }

// copied lists what the Dockerfile takes from its context, as written. What depends on variables says nothing, and
// neither does a file that can't be parsed.
func (u *Unit) copied() (list []string) {
	defer func() { _ = recover() }() // Judge meets the same failure and reports it
	u.parsed = parse(u.Input.Path, u.Input.Content)
	if u.parsed.err != nil {
		return nil
	}
	for _, in := range u.parsed.doc.Instructions {
		if in.Keyword != "COPY" && in.Keyword != "ADD" || len(in.Args) < 2 {
			continue
		}
		if _, from := in.Flag("from"); from {
			continue
		}
		for _, arg := range in.Args[:len(in.Args)-1] {
			source := strings.Trim(arg.Value, `"'`)
			if source == "" || strings.Contains(source, "$") || strings.HasPrefix(source, "<<") || strings.Contains(source, "://") || strings.HasPrefix(source, "git@") {
				continue
			}
			list = append(list, source)
		}
	}
	return list
}

// maxUp bounds the search above a Dockerfile outside of any repository.
const maxUp = 3

// top is the highest folder that can have to do with files in dir: the root of the repository, else where the user
// stands or a few folders up. Folders that everything lies in are never taken.
func (l *Linter) top(dir string) string {
	if root := repository(dir); root != "" {
		return root
	}
	home, _ := os.UserHomeDir()
	top := dir
	_, inside := below(l.options.Dir, dir)
	for up := 0; up < maxUp || inside && top != l.options.Dir; up++ {
		parent := filepath.Dir(top)
		if parent == home || parent == filepath.Clean(os.TempDir()) || filepath.Dir(parent) == parent {
			break
		}
		top = parent
	}
	return top
}

// repository is the root of the repository that an absolute folder is in, "" when it is in none.
func repository(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
		if filepath.Dir(at) == at {
			return ""
		}
	}
}

// nameBelow is the slash path of a Dockerfile below the root of its repository, else below its build context. The folders above are not
// the project's: who works in ~/dev does not make every image there one to work in. Only .devcontainer always says something.
func nameBelow(absolute, context string) string {
	dir, name := filepath.Split(absolute)
	for _, root := range []string{repository(filepath.Clean(dir)), context} {
		if rel, inside := below(root, absolute); root != "" && inside {
			name = rel
			break
		}
	}
	if parent := filepath.Base(dir); parent == ".devcontainer" && !strings.Contains(name, "/") {
		return parent + "/" + name
	}
	return name
}

// besides are folders that are likely to hold the compose or bake file of what lies beside them.
var besides = []string{"docker", "deploy", "compose", "infra", ".devcontainer"}

// buildOf finds the build that a compose or bake file describes for a Dockerfile: the nearest folder above first, then one of
// those beside, and at last whatever file Describe was told of. Where several builds of one folder disagree on target or
// arguments, these are left out.
func (l *Linter) buildOf(top, dockerfilePath string) (described, bool) {
	rel, inside := below(top, dockerfilePath)
	if inside {
		var dirs, further []string
		own := path.Dir(rel)
		for dir := own; ; dir = path.Dir(dir) {
			dirs = append(dirs, dir)
			// Folders above are looked into once for all that lies below; thousands of folders with one Dockerfile each are not.
			if dir != own || dir == "." {
				for _, name := range besides {
					further = append(further, path.Join(dir, name))
				}
			}
			if dir == "." {
				break
			}
		}
		for _, dir := range append(dirs, further...) {
			var same []compose.Build
			for _, b := range l.buildsIn(top, dir) {
				if b.Dockerfile == rel && b.Context != "" {
					same = append(same, b)
				}
			}
			if len(same) > 0 {
				return joined(top, same), true
			}
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if told := l.described[dockerfilePath]; len(told) > 0 {
		return joined(told[0].top, buildsOf(told)), true
	}
	return described{}, false
}

// maxContexts is how many contexts a Dockerfile is judged in.
const maxContexts = 32

// joined is the build that stands for several of one Dockerfile.
func joined(top string, builds []compose.Build) described {
	d := described{top: top, Build: common(builds)}
	d.Starts = nil
	for _, b := range builds {
		d.Starts = append(d.Starts, b.Starts...)
		dir := described{top: top, Build: b}.context()
		if dir != "" && dir != d.context() && !slices.Contains(d.also, dir) && len(d.also) < maxContexts-1 {
			d.also = append(d.also, dir)
		}
	}
	return d
}

func common(builds []compose.Build) compose.Build {
	first := builds[0]
	first.Args, first.Services = maps.Clone(first.Args), slices.Clone(first.Services)
	for _, b := range builds[1:] {
		first.Services = append(first.Services, b.Services...)
		if b.Target != builds[0].Target {
			first.Target, first.Targets = "", append(first.Targets, builds[0].Target, b.Target)
		}
		maps.DeleteFunc(first.Args, func(name, value string) bool {
			other, ok := b.Args[name]
			return !ok || other != value
		})
	}
	return first
}

func (l *Linter) buildsIn(top, dir string) []compose.Build {
	key := filepath.Join(top, dir) + "\x00" + top
	l.mu.Lock()
	builds, known := l.builds[key]
	l.mu.Unlock()
	if known {
		return builds
	}
	// Others need not wait for the disk: at worst two look into the same folder.
	if root, err := os.OpenRoot(top); err == nil {
		builds = compose.Builds(l.watch(root.FS(), top), dir)
		_ = root.Close()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.builds[key] = builds
	return builds
}
