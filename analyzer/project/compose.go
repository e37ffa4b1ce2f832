package project

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

var (
	composeName = pattern.New(`^(docker-)?compose([.-][^/]*)?\.ya?ml$`)
	bakeName    = pattern.New(`^(docker-)?bake([.-][^/]*)?\.(hcl|json)$`)
	// remoteContext is what BuildKit fetches itself.
	remoteContext = pattern.New(`^([a-z][a-z0-9+.-]*://|git@|github\.com/)`)
)

// builds reads the files of one directory. The files that compose reads by default come first: they are the base of the
// others (https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/).
func builds(fsys fs.FS, dir string) []Build {
	dir, ok := cleanPath(dir)
	if fsys == nil || !ok {
		return nil
	}
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil
	}
	var compose, bake []string
	for _, e := range entries {
		switch {
		case e.IsDir():
		case composeName.MatchString(e.Name()):
			compose = append(compose, e.Name())
		case bakeName.MatchString(e.Name()):
			bake = append(bake, e.Name())
		}
	}
	rank := func(name string) int {
		return slices.Index([]string{"docker-compose.yaml", "docker-compose.yml", "compose.yml", "compose.yaml"}, name)
	}
	slices.SortStableFunc(compose, func(a, b string) int { return rank(b) - rank(a) })
	var all []Build
	reader := newComposeReader(fsys)
	for _, name := range compose {
		if f, ok := reader.open(path.Join(dir, name), dir, nil); ok {
			all = append(all, reader.builds(f, 0)...)
		}
	}
	for _, name := range bake {
		all = append(all, bakeBuilds(fsys, path.Join(dir, name))...)
	}
	return all
}

// place resolves the context and the Dockerfile that a file in dir names. ok is false when no Dockerfile of fsys is meant.
func place(dir, context, dockerfile, inline string) (b Build, ok bool) {
	b.Inline = inline
	if !remoteContext.MatchString(context) {
		b.Context, _ = joinPath(dir, context)
	}
	if inline != "" {
		return b, true
	}
	if path.IsAbs(dockerfile) || remoteContext.MatchString(context) || path.IsAbs(context) || strings.HasPrefix(context, "~") {
		return b, false
	}
	b.Dockerfile, ok = joinPath(path.Join(dir, context), dockerfile)
	return b, ok && b.Dockerfile != "."
}

// composeBuild is the build of a service, with variables expanded.
type composeBuild struct {
	dir                         string // what a relative context is relative to
	context, dockerfile, target string
	inline                      string
	inlineAt                    *InlinePlace
	args                        map[string]string
}

const (
	// maxInclude is how deep compose files may include and extend one another; those written by hand stay below 4.
	maxInclude = 8
	// maxIncluded is how many files one folder's compose files may bring in.
	maxIncluded = 200
)

// composeReader reads compose files that belong together.
type composeReader struct {
	fsys fs.FS
	// base holds the builds of the default files, which the others complete.
	base  map[string]composeBuild
	files map[string]*composeFile // by path
	left  int                     // of maxIncluded
}

// composeFile is one file, read once.
type composeFile struct {
	name    string
	dir     string // what paths in it are relative to
	content []byte
	root    *yamlValue
	env     variables
}

func newComposeReader(fsys fs.FS) *composeReader {
	return &composeReader{fsys, map[string]composeBuild{}, map[string]*composeFile{}, maxIncluded}
}

// open reads a file; dir is what its paths are relative to, outer what the file that includes it knows of variables.
func (r *composeReader) open(name, dir string, outer variables) (*composeFile, bool) {
	if f, known := r.files[name]; known {
		return f, f != nil
	}
	r.files[name] = nil
	if r.left--; r.left < 0 {
		return nil, false
	}
	content, ok := readFile(r.fsys, name)
	if !ok {
		return nil, false
	}
	f := &composeFile{name, dir, content, parseYaml(content), outer.under(readEnvFile(r.fsys, path.Join(dir, ".env")))}
	r.files[name] = f
	return f, true
}

// builds are those of a file and of the files that it includes.
func (r *composeReader) builds(f *composeFile, depth int) []Build {
	all := r.included(f, depth)
	services := f.root.get("services")
	for _, service := range services.table() {
		build, at, ok := r.service(f, service, 0)
		if !ok {
			continue
		}
		if _, known := r.base[service]; !known {
			r.base[service] = build
		}
		b, ok := place(build.dir, build.context, build.dockerfile, build.inline)
		if !ok {
			continue
		}
		b.File, b.Line, b.Column, b.Service = f.name, at.line, at.column, service
		b.Target, b.Args = build.target, build.args
		if b.Inline != "" {
			b.InlineAt = build.inlineAt
		}
		all = append(all, b)
	}
	return all
}

// included follows include, whose paths are relative to the file, while those in the included file are relative to its own folder or to
// project_directory (https://docs.docker.com/reference/compose-file/include/).
func (r *composeReader) included(f *composeFile, depth int) (all []Build) {
	include := f.root.get("include")
	if include == nil || depth == maxInclude {
		return nil
	}
	for _, item := range include.list {
		paths, project := []*yamlValue{item}, ""
		if item.kind == yamlMap {
			project, _ = item.get("project_directory").str()
			if paths = []*yamlValue{item.get("path")}; paths[0] != nil && paths[0].kind == yamlList {
				paths = paths[0].list
			}
		}
		for _, value := range paths {
			if inner, ok := r.include(f, value, project); ok {
				// Services of an included file are not completed by those of this one.
				base := r.base
				r.base = map[string]composeBuild{}
				all = append(all, r.builds(inner, depth+1)...)
				r.base = base
			}
		}
	}
	return all
}

func (r *composeReader) include(f *composeFile, value *yamlValue, project string) (*composeFile, bool) {
	name, ok := r.path(f, value)
	if !ok {
		return nil, false
	}
	dir := path.Dir(name)
	if project != "" {
		if dir, ok = joinPath(f.dir, project); !ok {
			return nil, false
		}
	}
	if _, again := r.files[name]; again {
		return nil, false // read already, or it includes itself
	}
	return r.open(name, dir, f.env)
}

// path is the file that a value in f names.
func (r *composeReader) path(f *composeFile, v *yamlValue) (string, bool) {
	text, ok := v.str()
	if !ok {
		return "", false
	}
	if text, ok = f.env.expand(text); !ok || text == "" || path.IsAbs(text) || remoteContext.MatchString(text) {
		return "", false
	}
	return joinPath(f.dir, text)
}

// service reads the build of a service, with what it takes from the service that it extends. at is where it is said.
func (r *composeReader) service(f *composeFile, name string, depth int) (b composeBuild, at *yamlValue, ok bool) {
	service := f.root.get("services").get(name)
	value, extends := service.get("build"), service.get("extends")
	base, known := r.base[name]
	if extends != nil && depth < maxInclude {
		if extended, ok := r.extended(f, name, extends, depth); ok {
			base, known = extended, true
		}
	}
	if value == nil || value.kind == yamlNull || value.kind == yamlList {
		return base, extends, known && extends != nil && value == nil
	}
	if !known {
		base = composeBuild{dir: f.dir}
	}
	b, ok = f.readBuild(value, base)
	return b, value, ok
}

// extended is the build of the service that another extends, from the same file or another
// (https://docs.docker.com/reference/compose-file/services/#extends).
func (r *composeReader) extended(f *composeFile, name string, extends *yamlValue, depth int) (composeBuild, bool) {
	other, short := extends.str()
	if !short {
		other, _ = extends.get("service").str()
	}
	if file := extends.get("file"); file != nil {
		path, ok := r.path(f, file)
		if !ok {
			return composeBuild{}, false
		}
		if f, ok = r.extending(path, f); !ok {
			return composeBuild{}, false
		}
	} else if other == name {
		return composeBuild{}, false
	}
	base := r.base
	r.base = nil // the file as it is, whatever others make of it
	defer func() { r.base = base }()
	b, _, ok := r.service(f, other, depth+1)
	return b, ok
}

// extending opens a file for extends. That doesn't keep it from being included, too.
func (r *composeReader) extending(name string, from *composeFile) (*composeFile, bool) {
	if f := r.files[name]; f != nil {
		return f, true
	}
	before, known := r.files[name]
	delete(r.files, name)
	f, ok := r.open(name, path.Dir(name), from.env)
	if delete(r.files, name); known {
		r.files[name] = before
	}
	return f, ok
}

// readBuild reads the short and the long form. ok is false when the place of the Dockerfile is not known.
func (f *composeFile) readBuild(v *yamlValue, base composeBuild) (composeBuild, bool) {
	b := base
	b.context, b.dockerfile = orDefault(base.context, "."), orDefault(base.dockerfile, "Dockerfile")
	if text, short := v.str(); short {
		context, ok := f.env.expand(text)
		b.dir, b.context = f.dir, orDefault(context, ".")
		return b, ok
	}
	for key, field := range map[string]*string{"context": &b.context, "dockerfile": &b.dockerfile} {
		if text, written := v.get(key).str(); written && text != "" {
			value, ok := f.env.expand(text)
			if !ok || value == "" {
				return b, false
			}
			*field = value
			if key == "context" {
				b.dir = f.dir
			}
		}
	}
	if inline := v.get("dockerfile_inline"); inline != nil && inline.kind == yamlScalar {
		// $$ is a dollar here too; other variables are left as they are, since the text is read as a Dockerfile.
		b.inline = strings.ReplaceAll(inline.text, "$$", "$")
		b.inlineAt = yamlInline(f.name, f.content, inline)
	}
	if text, written := v.get("target").str(); written {
		b.target, _ = f.env.expand(text)
	}
	b.args = f.readArgs(v.get("args"), base.args)
	return b, true
}

func (f *composeFile) readArgs(v *yamlValue, base map[string]string) map[string]string {
	args := map[string]string{}
	for name, value := range base {
		args[name] = value
	}
	set := func(name, text string, written bool) {
		value, ok := f.env.expand(text)
		if !ok || !written {
			delete(args, name)
			return
		}
		args[name] = value
	}
	for _, name := range v.table() {
		text, written := v.get(name).str()
		set(name, text, written)
	}
	if v != nil {
		for _, item := range v.list {
			text, _ := item.str()
			name, value, written := strings.Cut(text, "=")
			set(name, value, written)
		}
	}
	if len(args) == 0 {
		return nil
	}
	return args
}
