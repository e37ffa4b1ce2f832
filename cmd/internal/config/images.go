package config

import (
	"maps"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// Images is what the configuration says of images.
func (c *Config) Images() image.Catalog {
	return image.Catalog{Mirrors: c.RegistryMirrors, Images: c.BaseImages}
}

// record is a table with certain keys.
type record []member

type member struct {
	name  string
	shape shape
	doc   string
}

func (m record) check(r *reader, n *node) {
	if n.kind != isTable {
		r.problem(n.line, n.col, "this must be a table of keys and values, not "+n.kind.String())
		return
	}
	for _, f := range n.fields {
		found := false
		names := make([]string, 0, len(m))
		for _, k := range m {
			names = append(names, k.name)
			if k.name == f.key {
				found = true
				k.shape.check(r, f.value)
			}
		}
		if !found {
			r.problem(f.line, f.col, "unknown key "+strconv.Quote(f.key)+words.DidYouMean(f.key, names))
		}
	}
}

func (m record) schema() object {
	properties := object{}
	for _, k := range m {
		description := k.shape.schema()
		description["description"] = k.doc
		properties[k.name] = description
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// mirror is a registry, with or without a path.
type mirror struct{}

func (mirror) check(r *reader, n *node) {
	if !isText(r, n) {
		return
	}
	if strings.Contains(n.text, "://") {
		r.problem(n.line, n.col, "a registry has no scheme: write "+strconv.Quote(n.text[strings.Index(n.text, "://")+3:]))
		return
	}
	if _, ok := image.Parse(strings.TrimSuffix(n.text, "/") + "/python"); !ok {
		r.problem(n.line, n.col, strconv.Quote(n.text)+" is no registry: write it as in FROM, without the image")
	}
}

func (mirror) schema() object {
	return object{"type": "string", "pattern": "^[^\\s:/]+(:[0-9]+)?(/[^\\s:]*)?$"}
}

// reference is the name of an image. familiar tells that it must be one that is known.
type reference struct{ familiar bool }

func (s reference) check(r *reader, n *node) {
	if !isText(r, n) {
		return
	}
	if _, ok := image.Parse(n.text); !ok && n.text != "scratch" {
		r.problem(n.line, n.col, strconv.Quote(n.text)+" is no name of an image")
		return
	}
	if s.familiar && !image.Lookup(n.text).Known() {
		r.problem(n.line, n.col, strconv.Quote(n.text)+" is no image that is known: name one such as python:3.12-slim or debian:13")
	}
}

func (reference) schema() object { return object{"type": "string", "minLength": 1} }

var imageKeys = []key{
	{
		name:  "registry-mirrors",
		doc:   "Registries, with or without a path, that have Docker Hub's images, such as artifactory.example.com/docker-remote: an image below one is judged as Docker Hub's.",
		shape: list{mirror{}},
		set:   func(c *Config, v value) { c.RegistryMirrors = v.strings() },
		get:   func(c *Config) any { return c.RegistryMirrors },
	},
	{
		name: "images",
		doc:  "What images of your own are: like which known image, which environment variables they set beside, which user they run as. Named without a tag it holds for all tags.",
		shape: table{keys: reference{}, values: record{
			{"like", reference{familiar: true}, "The image that it is built on, or is like: python:3.12-slim."},
			{"env", table{keys: word{}, values: scalar{}}, "Environment variables that it sets."},
			{"user", text{}, "The user that it runs as."},
		}},
		set: setImages,
		get: func(c *Config) any {
			shown := map[string]map[string]any{}
			for name, d := range c.BaseImages {
				shown[name] = map[string]any{}
				for key, v := range map[string]string{"like": d.Like, "user": d.User} {
					if v != "" {
						shown[name][key] = v
					}
				}
				if len(d.Env) > 0 {
					shown[name]["env"] = d.Env
				}
			}
			return shown
		},
	},
}

func setImages(c *Config, v value) {
	c.BaseImages = maps.Clone(c.BaseImages) // that of an extended file stays as it is
	if c.BaseImages == nil {
		c.BaseImages = map[string]image.Description{}
	}
	for _, f := range v.fields {
		var d image.Description
		for _, part := range f.value.fields {
			switch part.key {
			case "like":
				d.Like = part.value.text
			case "user":
				d.User = part.value.text
			case "env":
				d.Env = value{node: part.value}.over(nil)
			}
		}
		c.BaseImages[f.key] = d
	}
}
