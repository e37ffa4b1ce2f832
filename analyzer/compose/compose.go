//go:build !playground

package compose

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
	"github.com/pylint-docker/pylint-docker/analyzer/yaml"
)

// remoteContext is what BuildKit fetches itself.
var remoteContext = pattern.New(`^([a-z][a-z0-9+.-]*://|git@|github\.com/)`)

// Builds finds the image builds that compose files (compose.yaml, docker-compose*.yml, ...) and
// bake files (docker-bake.hcl, docker-bake.json, ...) in the directory dir of fsys describe. Files that can't be read are
// skipped; variables without a default make the value that needs them unknown, and the build is left out where that is
// its context or Dockerfile.
//
// The files that compose reads by default come first: they are the base of the
// others (https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/).
func Builds(fsys fs.FS, dir string) []Build {
	dir, ok := project.CleanPath(dir)
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
	stable.Sort(compose, func(a, b string) int { return rank(b) - rank(a) })
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
		b.Context, _ = project.JoinPath(dir, context)
	}
	if inline != "" {
		return b, true
	}
	if path.IsAbs(dockerfile) || remoteContext.MatchString(context) || path.IsAbs(context) || strings.HasPrefix(context, "~") {
		return b, false
	}
	b.Dockerfile, ok = project.JoinPath(path.Join(dir, context), dockerfile)
	return b, ok && b.Dockerfile != "."
}

// composeBuild is the build of a service, with variables expanded.
type composeBuild struct {
	dir                         string // what a relative context is relative to
	context, dockerfile, target string
	inline                      string
	inlineAt                    *InlinePlace
	args                        map[string]string
	starts                      []string
	volumes                     Volumes
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
	root    *yaml.Value
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
	content, ok := project.ReadFile(r.fsys, name)
	if !ok {
		return nil, false
	}
	f := &composeFile{name, dir, content, yaml.Parse(content), outer.under(readEnvFile(r.fsys, path.Join(dir, ".env")))}
	r.files[name] = f
	return f, true
}

// builds are those of a file and of the files that it includes.
func (r *composeReader) builds(f *composeFile, depth int) []Build {
	all := r.included(f, depth)
	services := f.root.Get("services")
	for _, service := range services.Keys() {
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
		b.File, b.Line, b.Column, b.Service = f.name, at.Line, at.Column, service
		b.Target, b.Args, b.Starts = build.target, build.args, build.starts
		if b.Inline != "" {
			b.InlineAt = build.inlineAt
		}
		if build.volumes.Service = service; len(build.volumes.Hosts) > 0 {
			b.Services = []Volumes{build.volumes}
		}
		all = append(all, b)
	}
	return all
}

// included follows include, whose paths are relative to the file, while those in the included file are relative to its own folder or to
// project_directory (https://docs.docker.com/reference/compose-file/include/).
func (r *composeReader) included(f *composeFile, depth int) (all []Build) {
	include := f.root.Get("include")
	if include == nil || depth == maxInclude {
		return nil
	}
	for _, item := range include.List {
		paths, directory := []*yaml.Value{item}, ""
		if item.Kind == yaml.Map {
			directory, _ = item.Get("project_directory").Scalar()
			if paths = []*yaml.Value{item.Get("path")}; paths[0] != nil && paths[0].Kind == yaml.List {
				paths = paths[0].List
			}
		}
		for _, value := range paths {
			if inner, ok := r.include(f, value, directory); ok {
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

func (r *composeReader) include(f *composeFile, value *yaml.Value, directory string) (*composeFile, bool) {
	name, ok := r.path(f, value)
	if !ok {
		return nil, false
	}
	dir := path.Dir(name)
	if directory != "" {
		if dir, ok = project.JoinPath(f.dir, directory); !ok {
			return nil, false
		}
	}
	if _, again := r.files[name]; again {
		return nil, false // read already, or it includes itself
	}
	return r.open(name, dir, f.env)
}

// path is the file that a value in f names.
func (r *composeReader) path(f *composeFile, v *yaml.Value) (string, bool) {
	text, ok := v.Scalar()
	if !ok {
		return "", false
	}
	if text, ok = f.env.expand(text); !ok || text == "" || path.IsAbs(text) || remoteContext.MatchString(text) {
		return "", false
	}
	return project.JoinPath(f.dir, text)
}

// service reads the build of a service, with what it takes from the service that it extends. at is where it is said.
func (r *composeReader) service(f *composeFile, name string, depth int) (b composeBuild, at *yaml.Value, ok bool) {
	service := f.root.Get("services").Get(name)
	value, extends := service.Get("build"), service.Get("extends")
	base, known := r.base[name]
	defer func() {
		for _, key := range []string{"entrypoint", "command"} {
			if text := startText(service.Get(key)); text != "" {
				b.starts = append(slices.Clip(b.starts), text)
			}
		}
	}()
	if extends != nil && depth < maxInclude {
		if extended, ok := r.extended(f, name, extends, depth); ok {
			base, known = extended, true
		}
	}
	base.volumes = f.volumes(service, base.volumes)
	if value == nil || value.Kind == yaml.Null || value.Kind == yaml.List {
		// A file that completes another one may have nothing to say but what is mounted.
		if volumes := service.Get("volumes"); extends == nil && known && volumes != nil && value == nil {
			return base, volumes, true
		}
		return base, extends, known && extends != nil && value == nil
	}
	if !known {
		base = composeBuild{dir: f.dir, volumes: base.volumes}
	}
	b, ok = f.readBuild(value, base)
	return b, value, ok
}

// startText is what an entrypoint or a command says, without the doubling of dollars.
func startText(v *yaml.Value) string {
	if v == nil {
		return ""
	}
	text, ok := v.Scalar()
	if !ok {
		var words []string
		for _, item := range v.List {
			word, _ := item.Scalar()
			words = append(words, word)
		}
		text = strings.Join(words, " ")
	}
	return strings.TrimSpace(strings.ReplaceAll(text, "$$", "$"))
}

// extended is the build of the service that another extends, from the same file or another
// (https://docs.docker.com/reference/compose-file/services/#extends).
func (r *composeReader) extended(f *composeFile, name string, extends *yaml.Value, depth int) (composeBuild, bool) {
	other, short := extends.Scalar()
	if !short {
		other, _ = extends.Get("service").Scalar()
	}
	if file := extends.Get("file"); file != nil {
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
func (f *composeFile) readBuild(v *yaml.Value, base composeBuild) (composeBuild, bool) {
	b := base
	b.context, b.dockerfile = cmp.Or(base.context, "."), cmp.Or(base.dockerfile, "Dockerfile")
	if text, short := v.Scalar(); short {
		context, ok := f.env.expand(text)
		b.dir, b.context = f.dir, cmp.Or(context, ".")
		return b, ok
	}
	for key, field := range map[string]*string{"context": &b.context, "dockerfile": &b.dockerfile} {
		if text, written := v.Get(key).Scalar(); written && text != "" {
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
	if inline := v.Get("dockerfile_inline"); inline != nil && inline.Kind == yaml.Scalar {
		// $$ is a dollar here too; other variables are left as they are, since the text is read as a Dockerfile.
		b.inline = strings.ReplaceAll(inline.Text, "$$", "$")
		b.inlineAt = yamlInline(f.name, f.content, inline)
	}
	if text, written := v.Get("target").Scalar(); written {
		b.target, _ = f.env.expand(text)
	}
	b.args = f.readArgs(v.Get("args"), base.args)
	return b, true
}

func (f *composeFile) readArgs(v *yaml.Value, base map[string]string) map[string]string {
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
	for _, name := range v.Keys() {
		text, written := v.Get(name).Scalar()
		set(name, text, written)
	}
	if v != nil {
		for _, item := range v.List {
			text, _ := item.Scalar()
			name, value, written := strings.Cut(text, "=")
			set(name, value, written)
		}
	}
	if len(args) == 0 {
		return nil
	}
	return args
}
