package project

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	composeName = regexp.MustCompile(`^(docker-)?compose([.-][^/]*)?\.ya?ml$`)
	bakeName    = regexp.MustCompile(`^(docker-)?bake([.-][^/]*)?\.(hcl|json)$`)
	// remoteContext is what BuildKit fetches itself.
	remoteContext = regexp.MustCompile(`^([a-z][a-z0-9+.-]*://|git@|github\.com/)`)
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
	base := map[string]composeBuild{}
	for _, name := range compose {
		all = append(all, composeBuilds(fsys, path.Join(dir, name), base)...)
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
	context, dockerfile, inline, target string
	args                                map[string]string
}

// composeBuilds reads one compose file. base holds the builds of the default files, which the others complete.
func composeBuilds(fsys fs.FS, name string, base map[string]composeBuild) []Build {
	content, ok := readFile(fsys, name)
	if !ok {
		return nil
	}
	services := parseYaml(content).get("services")
	var all []Build
	for _, service := range services.table() {
		value := services.get(service).get("build")
		if value == nil || value.kind == yamlNull || value.kind == yamlList {
			continue
		}
		build, ok := readComposeBuild(value, base[service])
		if !ok {
			continue
		}
		if _, known := base[service]; !known {
			base[service] = build
		}
		b, ok := place(path.Dir(name), build.context, build.dockerfile, build.inline)
		if !ok {
			continue
		}
		b.File, b.Line, b.Column, b.Service = name, value.line, value.column, service
		b.Target, b.Args = build.target, build.args
		all = append(all, b)
	}
	return all
}

// readComposeBuild reads the short and the long form. ok is false when the place of the Dockerfile is not known.
func readComposeBuild(v *yamlValue, base composeBuild) (composeBuild, bool) {
	b := composeBuild{context: orDefault(base.context, "."), dockerfile: orDefault(base.dockerfile, "Dockerfile"), inline: base.inline, target: base.target}
	if text, short := v.str(); short {
		context, ok := expandVariables(text)
		b.context = orDefault(context, ".")
		return b, ok
	}
	for key, field := range map[string]*string{"context": &b.context, "dockerfile": &b.dockerfile} {
		if text, written := v.get(key).str(); written && text != "" {
			value, ok := expandVariables(text)
			if !ok || value == "" {
				return b, false
			}
			*field = value
		}
	}
	if inline, ok := v.get("dockerfile_inline").str(); ok {
		// $$ is a dollar here too; other variables are left as they are, since the text is read as a Dockerfile.
		b.inline = strings.ReplaceAll(inline, "$$", "$")
	}
	if text, written := v.get("target").str(); written {
		b.target, _ = expandVariables(text)
	}
	b.args = composeArgs(v.get("args"), base.args)
	return b, true
}

func composeArgs(v *yamlValue, base map[string]string) map[string]string {
	args := map[string]string{}
	for name, value := range base {
		args[name] = value
	}
	set := func(name, text string, written bool) {
		value, ok := expandVariables(text)
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

// expandVariables replaces $X and ${X...} as compose does when nothing is set in its environment. ok is false when a
// variable has no default (https://docs.docker.com/reference/compose-file/interpolation/).
func expandVariables(text string) (value string, ok bool) { return expandDepth(text, 0) }

func expandDepth(text string, depth int) (string, bool) {
	if depth > 10 {
		return "", false
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 == len(text) {
			out.WriteByte(text[i])
			continue
		}
		i++
		switch {
		case text[i] == '$':
			out.WriteByte('$')
		case text[i] == '{':
			end := closingBrace(text, i)
			if end < 0 {
				return "", false
			}
			value, ok := expandBraced(text[i+1:end], depth)
			if !ok {
				return "", false
			}
			out.WriteString(value)
			i = end
		case isPythonNameByte(text[i]):
			return "", false
		default:
			out.WriteByte('$')
			out.WriteByte(text[i])
		}
	}
	return out.String(), true
}

func closingBrace(text string, open int) int {
	level := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '{':
			level++
		case '}':
			if level--; level == 0 {
				return i
			}
		}
	}
	return -1
}

func expandBraced(inside string, depth int) (string, bool) {
	at := strings.IndexAny(inside, ":-?+")
	if at < 0 {
		return "", false
	}
	operator := strings.TrimPrefix(inside[at:], ":")
	if operator == "" {
		return "", false
	}
	switch operator[0] {
	case '-':
		return expandDepth(operator[1:], depth+1)
	case '+': // only for a variable that is set
		return "", true
	}
	return "", false
}
