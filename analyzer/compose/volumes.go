//go:build !playground

package compose

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/yaml"
)

// volumes reads those of a service and adds them to the ones of base. https://docs.docker.com/reference/compose-file/services/#volumes
func (f *composeFile) volumes(service *yaml.Value, base Volumes) Volumes {
	v := base
	v.Kept = slices.Clone(base.Kept)
	for _, key := range []string{"command", "entrypoint", "environment", "env_file"} {
		v.Says += text(service.Get(key))
	}
	list := service.Get("volumes")
	if list == nil {
		return v
	}
	for _, item := range list.List {
		source, target, ok := f.volume(item)
		switch {
		case !ok:
			v.Unclear = true
		case source == "" || source[0] != '.' && source[0] != '/' && source[0] != '~':
			v.Kept = append(v.Kept, target)
		default:
			v.Hosts = append(slices.Clone(v.Hosts), HostMount{target, f.name, item.Line})
		}
	}
	return v
}

// volume reads one: HOST:CONTAINER[:MODE], NAME:CONTAINER, CONTAINER, or its long form. ok is false where a place is not known.
func (f *composeFile) volume(item *yaml.Value) (source, target string, ok bool) {
	written, short := item.Scalar()
	if !short {
		target, _ = item.Get("target").Scalar()
		if kind, _ := item.Get("type").Scalar(); kind == "bind" {
			source, _ = item.Get("source").Scalar()
			source = "./" + strings.TrimPrefix(source, "./")
		}
		target, ok = f.env.expand(target)
		return source, path.Clean(target), ok && path.IsAbs(target)
	}
	written = strings.NewReplacer("${PWD}", ".", "$PWD", ".", "${HOME}", "~", "$HOME", "~").Replace(written)
	if written, ok = f.env.expand(written); !ok {
		return "", "", false
	}
	parts := strings.Split(written, ":")
	switch len(parts) {
	case 1:
		return "", path.Clean(parts[0]), path.IsAbs(parts[0])
	case 2, 3:
		return parts[0], path.Clean(parts[1]), path.IsAbs(parts[1])
	}
	return "", "", false
}

// text are all words of a value.
func text(v *yaml.Value) string {
	if v == nil {
		return ""
	}
	words, _ := v.Scalar()
	words += "\n"
	for _, item := range v.List {
		words += text(item)
	}
	for _, key := range v.Keys() {
		words += key + "=" + text(v.Get(key))
	}
	return words
}
