package image

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// maxPath is how long the path of a repository may be.
const maxPath = 255

// parseReference follows ParseNormalizedNamed of github.com/distribution/reference v0.6.0, which a test compares it with. That
// package compiles its regular expressions at the start of the program, which takes as long as to lint a file.
func parseReference(text string) (Reference, bool) {
	none := Reference{Text: text}
	if len(text) == 64 && all(text, isHex) {
		return none, false // taken for the identifier of an image
	}
	name, digest, digested := strings.Cut(text, "@")
	hex, sha := strings.CutPrefix(digest, "sha256:")
	if digested && (!sha || len(hex) != 64 || !all(hex, isHex)) {
		return none, false
	}
	ref := Reference{Text: text, Digest: digest}
	ref.Registry, name = splitRegistry(name)
	name, tag, tagged := strings.Cut(name, ":")
	if tagged && !isTag(tag) {
		return none, false
	}
	ref.Path, ref.Tag = name, tag
	if !isRegistry(ref.Registry) {
		ref.Path, ref.Registry = ref.Registry+"/"+ref.Path, "" // a_b.c/d
	}
	if len(ref.Path) > maxPath {
		return none, false
	}
	for _, part := range strings.Split(ref.Path, "/") {
		if !isPathPart(part) {
			return none, false
		}
	}
	ref.Name = ref.Path
	if official, ok := strings.CutPrefix(ref.Path, "library/"); ref.Registry == "docker.io" && ok && !strings.Contains(official, "/") {
		ref.Name = official
	}
	if ref.Registry != "docker.io" && ref.Registry != "" {
		ref.Name = ref.Registry + "/" + ref.Path
	}
	return ref, true
}

// splitRegistry cuts a name before its first slash when that looks like the name of a registry; others are Docker Hub's.
func splitRegistry(name string) (registry, path string) {
	first, rest, ok := strings.Cut(name, "/")
	if !ok {
		return "docker.io", "library/" + name
	}
	switch {
	case first == "index.docker.io", first == "docker.io":
		first = "docker.io"
	case first == "localhost", strings.ContainsAny(first, ".:"), strings.ToLower(first) != first:
		return first, rest
	default:
		first, rest = "docker.io", name
	}
	if !strings.Contains(rest, "/") {
		rest = "library/" + rest
	}
	return first, rest
}

func isLower(c byte) bool  { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }
func isLetter(c byte) bool { return isLower(c) || 'A' <= c && c <= 'Z' }
func isHex(c byte) bool    { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

func all(text string, is func(byte) bool) bool {
	for i := range len(text) {
		if !is(text[i]) {
			return false
		}
	}
	return true
}

func isTag(text string) bool {
	return text != "" && len(text) <= 128 && text[0] != '.' && text[0] != '-' &&
		all(text, func(c byte) bool { return isLetter(c) || c == '_' || c == '.' || c == '-' })
}

// isRegistry tells a host with or without a port.
func isRegistry(text string) bool {
	host, port, ported := text, "", false
	if at := strings.LastIndexByte(text, ':'); at >= 0 && !strings.HasSuffix(text, "]") {
		host, port, ported = text[:at], text[at+1:], true
	}
	if ported && (port == "" || strings.Trim(port, "0123456789") != "") {
		return false
	}
	if inner, ok := strings.CutPrefix(host, "["); ok { // IPv6
		inner, closed := strings.CutSuffix(inner, "]")
		return closed && inner != "" && strings.Trim(inner, "0123456789abcdefABCDEF:") == ""
	}
	for _, part := range strings.Split(host, ".") {
		if part == "" || strings.HasPrefix(part, "-") || strings.HasSuffix(part, "-") ||
			!all(part, func(c byte) bool { return isLetter(c) || c == '-' }) {
			return false
		}
	}
	return true
}

// isPathPart tells lower-case words with a dot, one or two underscores or some hyphens between.
func isPathPart(text string) bool {
	for text != "" {
		n := 0
		for n < len(text) && isLower(text[n]) {
			n++
		}
		if n == 0 {
			return false
		}
		if text = text[n:]; text == "" {
			return true
		}
		switch {
		case strings.HasPrefix(text, "__"):
			text = text[2:]
		case text[0] == '.', text[0] == '_':
			text = text[1:]
		default:
			rest := strings.TrimLeft(text, "-")
			if rest == text {
				return false
			}
			text = rest
		}
	}
	return false
}

// architectures are the Docker Hub organisations that hold the official images of one architecture.
var architectures = pattern.New(`^(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|s390x|riscv64|mips64le)/([^/]+)$`)

// aliases are names that a maker has moved away from, or gives twice.
var aliases = map[string]string{
	"gliderlabs/alpine":                             "alpine",
	"amazon/aws-lambda-python":                      "public.ecr.aws/lambda/python",
	"nvcr.io/nvidia/cuda":                           "nvidia/cuda",
	"rockylinux/rockylinux":                         "rockylinux",
	"quay.io/centos/centos":                         "centos",
	"quay.io/fedora/fedora":                         "fedora",
	"registry.fedoraproject.org/fedora":             "fedora",
	"public.ecr.aws/ubuntu/ubuntu":                  "ubuntu",
	"public.ecr.aws/debian/debian":                  "debian",
	"public.ecr.aws/amazonlinux/amazonlinux":        "amazonlinux",
	"archlinux/archlinux":                           "archlinux",
	"archlinux/base":                                "archlinux",
	"base/archlinux":                                "archlinux",
	"ghcr.io/mamba-org/micromamba":                  "mambaorg/micromamba",
	"quay.io/condaforge/miniforge3":                 "condaforge/miniforge3",
	"quay.io/condaforge/mambaforge":                 "condaforge/mambaforge",
	"mcr.microsoft.com/vscode/devcontainers/python": "mcr.microsoft.com/devcontainers/python",
	"astral/uv":                                     "ghcr.io/astral-sh/uv",
}

// product is the name that the tables know an image by: official images under "python", "debian",
// wherever they were mirrored to.
func (r Reference) product() string {
	name := r.Name
	if hub, ok := r.mirrored(); ok {
		name = hub
	}
	if m := architectures.FindStringSubmatch(name); m != nil {
		name = m[1]
	}
	if alias, ok := aliases[name]; ok {
		return alias
	}
	return name
}

var (
	majorOnly = pattern.New(`^\d+(?:-(?:slim|alpine))?$`)
	// movingTags are tags without a version by the makers' own documentation.
	movingTags = map[string]map[string]bool{
		"python": {"slim": true, "alpine": true, "bookworm": true, "trixie": true,
			"slim-bookworm": true, "slim-trixie": true, "windowsservercore": true},
		"debian": {"stable": true, "stable-slim": true, "testing": true, "testing-slim": true, "unstable": true,
			"unstable-slim": true, "sid": true, "sid-slim": true, "oldstable": true, "oldstable-slim": true,
			"oldoldstable": true, "experimental": true, "rc-buggy": true},
		"ubuntu":               {"rolling": true, "devel": true},
		"ghcr.io/astral-sh/uv": {"alpine": true, "debian": true, "debian-slim": true},
		"alpine":               {"edge": true},
	}
	majorFloats = map[string]bool{"python": true, "alpine": true, "pypy": true}
)

// Floating is the function Floating for the name that the image has on Docker Hub.
func (f Facts) Floating() (reason string, floating bool) {
	if f.Extended {
		return Floating(f.Reference) // what it is like says nothing of how its maker tags it
	}
	return Floating(f.onHub())
}

// Floating tells that the reference names another image, with another Python or distribution release,
// as time goes by; reason says why in words that continue a sentence ("the tag is latest"). A tag that
// moves within a minor version only ("python:3.12-slim", "debian:12") does not float in this sense, and
// neither does a digest, nor the images of uv by distribution ("python3.12-bookworm-slim"), which its makers recommend.
func Floating(ref Reference) (reason string, floating bool) {
	product := ref.product()
	switch tag := ref.Tag; {
	case ref.Digest != "", ref.Name == "", ref.Text == "scratch":
		return "", false
	case namesRelease.MatchString(ref.Name):
		return "", false
	case tag == "":
		return "no tag is given, which means latest", true
	case tag == "latest", strings.HasPrefix(tag, "latest-"):
		return "the tag is " + tag, true
	case movingTags[product][tag]:
		return "the tag " + tag + " names no version", true
	case majorFloats[product] && majorOnly.MatchString(tag):
		return "the tag " + tag + " names a major version only", true
	case product == "python" && majorWithDistro.MatchString(tag):
		return "the tag " + tag + " names a major version of Python only", true
	}
	return "", false
}

// namesRelease are the distroless images, whose tags (latest, nonroot, debug) name no version ever: the name says which
// release of Debian they are made of, and with it which minor version of Python.
// https://github.com/GoogleContainerTools/distroless#what-images-are-available
var namesRelease = pattern.New(`^gcr\.io/distroless/[a-z0-9]+-debian\d+$`)

// majorWithDistro are "3-bookworm", "3-slim-bookworm", "3-alpine3.24", "alpine3.24", for the distributions that
// Docker still builds (August 2026); older ones have stopped moving.
var majorWithDistro = pattern.New(`^\d+-(?:slim-)?(?:bookworm|trixie|forky)$|^(?:\d+-)?alpine3\.(?:2[3-9]|[3-9]\d)$`)
