package image

import (
	"maps"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Catalog is what a user's configuration says of images. The zero value says nothing.
type Catalog struct {
	// Mirrors are the places below which Docker Hub's images are, as host[/path]: "artifactory.example.com/docker-remote".
	Mirrors []string
	// Images describes images by their names, "acme/base" for every tag or "acme/base:3" for one.
	Images map[string]Description
}

// Description is what a user says of an image.
type Description struct {
	Like string            // the reference of an image that it is like
	Env  map[string]string // what it sets beside
	User string            // its USER where that is another
}

// Lookup is the function Lookup with what the catalog says besides.
func (c Catalog) Lookup(text string) Facts {
	if len(c.Images) > 0 {
		if d, ok := c.described(text); ok {
			return c.describe(text, d)
		}
	}
	for _, mirror := range c.Mirrors {
		mirror = strings.TrimSuffix(mirror, "/") + "/"
		if rest, ok := strings.CutPrefix(text, mirror); ok && rest != "" {
			if f := Mirrored(text, rest); f.Known() {
				return f
			}
		}
	}
	return lookup(text)
}

func (c Catalog) described(text string) (Description, bool) {
	ref, ok := parseReference(text)
	if !ok {
		return Description{}, false
	}
	for _, name := range []string{text, ref.Name + ":" + ref.Tag, ref.Registry + "/" + ref.Path + ":" + ref.Tag, ref.Name, ref.Registry + "/" + ref.Path} {
		if d, ok := c.Images[name]; ok {
			return d, true
		}
	}
	return Description{}, false
}

// describe gives the facts of an image that a user describes: those of the image that it is like, as far as an image that is built on
// that one must have them. What else it has is not known.
func (c Catalog) describe(text string, d Description) Facts {
	var f Facts
	if d.Like != "" {
		plain := c
		plain.Images = nil // a description of a description would have no end
		f = plain.Lookup(d.Like)
	}
	f.hub, _ = parseReference(d.Like)
	f.Reference, _ = parseReference(text)
	f.described = true
	f.Extended, f.UsersKnown, f.NoPython, f.StartKnown, f.EntrypointExecs, f.Entrypoint, f.Cmd = true, false, false, false, false, nil, nil
	if len(d.Env) > 0 {
		f.Env, f.EnvDoubtful = maps.Clone(f.Env), maps.Clone(f.EnvDoubtful)
		if f.Env == nil {
			f.Env = map[string]string{}
		}
		for name, value := range d.Env {
			f.Env[name] = value
			delete(f.EnvDoubtful, name)
		}
	}
	if d.User != "" {
		f.User = d.User
		if _, there := f.UserNamed(d.User); there != Yes {
			f.users = append(f.users[:len(f.users):len(f.users)], user{User{Name: d.User}, Yes})
		}
	}
	return f
}

// Mirrored gives the facts of text, or of a reference that can't be parsed, as those of the image hub of Docker Hub.
func Mirrored(text, hub string) Facts {
	f := lookup(hub)
	f.hub = f.Reference
	if ref, ok := parseReference(text); ok {
		f.Reference = ref
	}
	return f
}

// Known tells whether the tables, or the configuration, know the image at all.
func (f Facts) Known() bool {
	return f.Scratch || f.Distro != "" || f.Libc != "" || f.NoPython || f.Python != nil || f.inventory != nil || f.Files != nil || f.Extended
}

// Plain tells that the image is known whole: it holds no files and packages but those that the tables tell of its family.
func (f Facts) Plain() bool { return f.EnvKnown && !f.Extended && f.Deprecated == "" }

// onHub is the reference as Docker Hub has it, for a mirror of Docker Hub and for an image that is like another.
func (f Facts) onHub() Reference {
	if f.hub.Path != "" {
		return f.hub
	}
	if name, ok := f.Reference.mirrored(); ok {
		if ref, ok := parseReference(name); ok {
			ref.Tag, ref.Digest = f.Reference.Tag, f.Reference.Digest
			return ref
		}
	}
	return f.Reference
}

// proxies are the elements of a path below which registries keep what they have from Docker Hub: GitLab's dependency proxy, Harbor's and
// Artifactory's by the names that their guides use.
var proxies = pattern.New(`(?:^|/)(?:dependency_proxy/containers|docker\.io|(?:docker-?hub|hub|docker)[-_.]?(?:proxy|remote|cache|mirror)|docker-?hub)/`)

// mirrorHosts are registries that hold nothing but Docker Hub's images.
var mirrorHosts = map[string]bool{
	"mirror.gcr.io": true, "registry.hub.docker.com": true, "registry-1.docker.io": true, "hub-mirror.c.163.com": true,
	"docker.mirrors.ustc.edu.cn": true, "docker.m.daocloud.io": true, "dockerproxy.com": true, "dockerproxy.net": true, "dockerhub.azk8s.cn": true,
}

// mirrored is the name that an image has on Docker Hub, where the reference names a mirror of it: "python" for
// "public.ecr.aws/docker/library/python" and "gitlab.example.com/group/dependency_proxy/containers/python". A mirror keeps the path that Docker
// Hub has, and nobody else names a repository "library".
func (r Reference) mirrored() (name string, ok bool) {
	if i := strings.LastIndex("/"+r.Path, "/library/"); i >= 0 {
		return r.Path[i+len("library/"):], true
	}
	if r.Registry == "" || r.Registry == "docker.io" {
		return "", false
	}
	if at := proxies.FindStringIndex(r.Path); at != nil && at[1] < len(r.Path) {
		return r.Path[at[1]:], true
	}
	return r.Path, mirrorHosts[r.Registry]
}

// OtherPurpose tells an image of another language or of a service, by its name: an official one, or one of which no more is known than a name
// that says so. A few Python packages make no Python image of it.
func (f Facts) OtherPurpose() bool {
	return otherPurpose[f.onHub().Name] || !f.Known() && otherName.MatchString(f.Reference.Name)
}

var otherName = pattern.New(`(?:^|[/_.-])(?:node(?:js)?|npm|php|ruby|rails|golang|go|java|j[dr]k\d*|openjdk|maven|gradle|android|jenkins|jnlp|nginx|apache2?|httpd|tomcat|` +
	`postgres\w*|mysql|mariadb|mongo(?:db)?|redis|rabbitmq|elastic\w*|kibana|logstash|grafana|prometheus|vault|consul|dotnet|aspnet|rust|swift|` +
	`haskell|erlang|elixir|rstudio|shiny|tidyverse|verse|r-base|r-ver|rocker|geospatial|julia|radarr|sonarr|lidarr|plex|wordpress|drupal|nextcloud|` +
	`terraform|kubectl|docker|dind|teamcity|circleci|gitlab-runner|sonarqube|selenium|chrome|firefox|kali\w*)(?:[/_.:-]|\d|$)`)

var otherPurpose = map[string]bool{
	"node": true, "golang": true, "ruby": true, "rust": true, "openjdk": true, "java": true, "eclipse-temurin": true, "maven": true,
	"gradle": true, "php": true, "perl": true, "erlang": true, "elixir": true, "gcc": true, "swift": true, "r-base": true, "julia": true,
	"nginx": true, "httpd": true, "postgres": true, "mysql": true, "mariadb": true, "mongo": true, "redis": true, "memcached": true,
	"rabbitmq": true, "elasticsearch": true, "logstash": true, "kibana": true, "neo4j": true, "cassandra": true, "docker": true,
	"jenkins": true, "tomcat": true, "wordpress": true, "ghost": true, "haproxy": true, "traefik": true, "registry": true, "vault": true,
}
