package image

import (
	_ "crypto/sha256" // without it distribution/reference refuses every digest
	"strings"
	"testing"

	"github.com/distribution/reference"
	"pgregory.net/rapid"
)

// judged is what github.com/distribution/reference says of a text.
func judged(text string) (Reference, bool) {
	ref := Reference{Text: text}
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return ref, false
	}
	ref.Registry = reference.Domain(named)
	ref.Path = reference.Path(named)
	ref.Name = reference.FamiliarName(named)
	if tagged, ok := named.(reference.Tagged); ok {
		ref.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		ref.Digest = digested.Digest().String()
	}
	return ref, true
}

func compare(t interface{ Errorf(string, ...any) }, text string) {
	want, valid := judged(text)
	if got, ok := Parse(text); got != want || ok != valid {
		t.Errorf("%q: %+v, %v; distribution/reference says %+v, %v", text, got, ok, want, valid)
	}
}

var referenceParts = []string{
	"python", "library/", "docker.io", "index.docker.io", "localhost", "/", "/", ":", ":", "5000", "@", ".", "-", "_", "__", "a", "B", "ghcr.io",
	"[::1]", "[", "]", "x_y.z", "3.12-slim", digest, "sha256:", "é", " ", "\n", strings.Repeat("a", 64), strings.Repeat("b", 128), "0",
}

func TestParseAsDistributionDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		compare(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(referenceParts), 0, 9).Draw(t, "parts"), ""))
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range append(referenceParts, "a_b.c/d", "python:3.12@"+digest, "a.b:80/c/d:e", "A/b", "[fe80::1]:5000/a:b") {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { compare(t, text) })
}

// FuzzCatalog proves that no reference and no configuration breaks a look-up, and that what is answered holds together.
func FuzzCatalog(f *testing.F) {
	f.Add("artifactory.example.com/docker-remote/python:3.12", "artifactory.example.com/docker-remote", "acme/base", "python:3.12-slim", "app")
	f.Add("acme/base:1", "a.example", "acme/base:1", "acme/base", "")
	f.Add("g.example/a/dependency_proxy/containers/python:3.9-slim@"+digest, "", "", "", "0")
	f.Add("dhi.io/python:3.13-dev", "dhi.io", "python", "", "nonroot")
	f.Fuzz(func(t *testing.T, text, mirror, name, like, user string) {
		c := Catalog{Mirrors: []string{mirror}, Images: map[string]Description{name: {Like: like, User: user, Env: map[string]string{"A": like}}}}
		for _, facts := range []Facts{c.Lookup(text), Lookup(text), Mirrored(text, name)} {
			if facts.described && (facts.Has("no-such-program") == No || facts.HasPackage("no-such-package") == No) {
				t.Errorf("%q: an image that holds more is said to lack a program", text)
			}
			if _, there := facts.UserNamed("root"); there == No {
				t.Errorf("%q has no root", text)
			}
			facts.Floating()
			facts.NewestRelease()
			facts.SlimVariant(text)
			facts.Interpreters()
			facts.SearchDirs(facts.Python)
			facts.Pip()
			facts.Has("python" + like)
			facts.OtherPurpose()
		}
		if _, ok := Parse(text); ok && user != "" {
			if facts := (Catalog{Images: map[string]Description{text: {User: user}}}).Lookup(text); facts.User != user {
				t.Errorf("%q: user %q, not %q", text, facts.User, user)
			}
		}
	})
}
