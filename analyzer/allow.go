package analyzer

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
)

// Words says what the words are that `allow` of the configuration may give to a rule.
type Words string

// The kinds of words. NoWords is that of a rule that accepts none.
const (
	NoWords      Words = ""
	PackageWords Words = "packages" // of PyPI or of the distribution, in any spelling that pip takes for the same
	HostWords    Words = "hosts"    // of a URL
	ImageWords   Words = "images"   // "python", "python:3", "ghcr.io/astral-sh/uv", "docker.io/library/python"
	ReleaseWords Words = "releases" // "python:3.9", "ubuntu:20.04"
	// RepositoryWords are "github.com/acme/app", without the scheme and ".git".
	RepositoryWords Words = "repositories"
)

// Allowed tells whether the user's words for this rule have one of these. A `*` in a word of the user's stands for any text; upper and
// lower case are the same.
func (p *Pass) Allowed(words ...string) bool {
	for _, pattern := range p.Settings.Allow[p.Rule.Code] {
		for _, word := range words {
			if p.Rule.Allows == PackageWords {
				pattern, word = installer.NormalizeName(pattern), installer.NormalizeName(word)
			}
			if matchesWord(pattern, word) {
				return true
			}
		}
	}
	return false
}

// AllowedImage is Allowed for all the names that an image has.
func (p *Pass) AllowedImage(ref image.Reference) bool {
	return p.Allowed(ref.Text, ref.Name, ref.Name+":"+ref.Tag, ref.Registry+"/"+ref.Path, ref.Registry+"/"+ref.Path+":"+ref.Tag)
}

// matchesWord compares with at most one * in the pattern.
func matchesWord(pattern, word string) bool {
	pattern, word = strings.ToLower(pattern), strings.ToLower(word)
	before, after, open := strings.Cut(pattern, "*")
	if !open {
		return pattern == word
	}
	return len(word) >= len(before)+len(after) && strings.HasPrefix(word, before) && strings.HasSuffix(word, after)
}

// Trusts tells whether the image comes from one of the registries that the user trusts: "ghcr.io", "ghcr.io/astral-sh" and what lies
// below, "*.example.com".
func (s Settings) Trusts(ref image.Reference) bool {
	return slices.ContainsFunc(s.TrustedRegistries, func(registry string) bool {
		registry = strings.TrimSuffix(registry, "/")
		host, below, _ := strings.Cut(registry, "/")
		return matchesWord(host, ref.Registry) && (below == "" || ref.Path == below || strings.HasPrefix(ref.Path, below+"/"))
	})
}
