package remote

import (
	"net/netip"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Index is a package index, or a page of links, that an installation asks, or a host that it trusts without a certificate.
type Index struct {
	// Role is the option that names it: "--index-url", "--extra-index-url", "--find-links", "--trusted-host". uv's names for
	// the same are given as these.
	Role string
	// Host is lower-case, without a user and a port; "" when it is not known. Plain tells that it is asked over http.
	Host  string
	Plain bool
	Span  source.Span // in the Dockerfile: the option's value, the ENV or ARG, or the -r option
	// Variable is the ENV or ARG that holds it, "" for an option.
	Variable string
	// Path and Line are the place in a requirements file that names it.
	Path string
	Line source.Span
}

// indexRoles maps options of the installers to those of pip.
var indexRoles = map[string]string{
	"--index-url": "--index-url", "--default-index": "--index-url", "--pypi-mirror": "--index-url",
	"--extra-index-url": "--extra-index-url", "--index": "--extra-index-url", "--find-links": "--find-links",
	"--trusted-host": "--trusted-host", "--allow-insecure-host": "--trusted-host",
}

var urlHost = pattern.New(`(?i)^(https?)://(?:[^/@\s]*@)?([^/:\s]+)`)

func newIndex(role, text string) Index {
	i := Index{Role: role}
	if role == "--trusted-host" {
		i.Host = strings.ToLower(strings.Split(text, ":")[0])
		return i
	}
	if m := urlHost.FindStringSubmatch(text); m != nil && !strings.Contains(m[2], "$") {
		i.Host, i.Plain = strings.ToLower(m[2]), strings.EqualFold(m[1], "http")
	}
	return i
}

// Indexes are what an installation asks, as options, variables and requirements files say, options first. An index whose URL is
// not known has no Host.
func Indexes(in *analyzer.Installation) []Index {
	var found []Index
	c := in.Command
	text := func(v env.Value, span source.Span) string {
		if v.IsKnown() {
			return v.Text
		}
		// The host stands there even where a part of the URL, such as a token, is not known.
		return strings.Trim(c.Step.Stage.Build().File.Text(span), `"'`)
	}
	seen := map[string]bool{}
	for _, o := range in.Call.Options {
		role := indexRoles[o.Name]
		if role == "" || o.Value.Kind == env.Unset {
			continue
		}
		seen[o.Name] = true
		span := o.ValueSpan
		if span.Empty() {
			span = o.Span
		}
		i := newIndex(role, text(o.Value, span))
		i.Span = span
		found = append(found, i)
	}
	for _, name := range []string{"--index-url", "--default-index", "--extra-index-url", "--index", "--find-links", "--trusted-host", "--allow-insecure-host"} {
		if seen[name] {
			continue // an option replaces the variable
		}
		for _, variable := range installer.Variables(in.Call.Tool, name) {
			pair, ok := c.Step.Setting(variable)
			if !ok {
				continue
			}
			raw := text(c.State.Lookup(variable), pair.ValueSpan)
			for _, one := range strings.Fields(raw) {
				i := newIndex(indexRoles[name], one)
				i.Span, i.Variable = pair.Span, variable
				found = append(found, i)
			}
		}
	}
	for _, use := range in.Files {
		if use.File == nil || use.Span.Empty() {
			continue
		}
		for _, o := range use.File.Options {
			if role := indexRoles[o.Name]; role != "" {
				i := newIndex(role, o.Value)
				i.Span, i.Path, i.Line = use.Span, use.File.Path, o.Span
				found = append(found, i)
			}
		}
	}
	return found
}

// Local tells whether the index is on the machine itself, where no certificate is needed.
func (i Index) Local() bool {
	if i.Host == "localhost" || i.Host == "host.docker.internal" || i.Host == "host.containers.internal" {
		return true
	}
	addr, err := netip.ParseAddr(i.Host)
	return err == nil && addr.IsLoopback()
}
