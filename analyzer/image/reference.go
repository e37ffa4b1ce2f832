package image

import (
	_ "crypto/sha256" // without it distribution/reference refuses every digest
	"regexp"
	"strings"

	"github.com/distribution/reference"
)

func parseReference(text string) (Reference, bool) {
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

// architectures are the Docker Hub organisations that hold the official images of one architecture.
var architectures = regexp.MustCompile(`^(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|s390x|riscv64|mips64le)/([^/]+)$`)

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
	// "public.ecr.aws/docker/library/python", "mirror.gcr.io/library/python", "proxy.example/hub/library/python":
	// a mirror keeps the path that Docker Hub has, and nobody else names a repository "library".
	if i := strings.LastIndex("/"+r.Path, "/library/"); i >= 0 {
		name = r.Path[i+len("library/"):]
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
	majorOnly = regexp.MustCompile(`^\d+(?:-(?:slim|alpine))?$`)
	// movingTags are tags without a version by the makers' own documentation.
	movingTags = map[string]map[string]bool{
		"python": {"slim": true, "alpine": true, "bookworm": true, "trixie": true,
			"slim-bookworm": true, "slim-trixie": true, "windowsservercore": true},
		"debian": {"stable": true, "stable-slim": true, "testing": true, "testing-slim": true, "unstable": true,
			"unstable-slim": true, "sid": true, "sid-slim": true, "oldstable": true, "oldstable-slim": true,
			"oldoldstable": true, "experimental": true, "rc-buggy": true},
		"ubuntu": {"rolling": true, "devel": true},
		"alpine": {"edge": true},
	}
	majorFloats = map[string]bool{"python": true, "alpine": true, "pypy": true}
)

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
var namesRelease = regexp.MustCompile(`^gcr\.io/distroless/[a-z0-9]+-debian\d+$`)

// majorWithDistro are "3-bookworm", "3-slim-bookworm", "3-alpine3.24", "alpine3.24", for the distributions that
// Docker still builds (August 2026); older ones have stopped moving.
var majorWithDistro = regexp.MustCompile(`^\d+-(?:slim-)?(?:bookworm|trixie|forky)$|^(?:\d+-)?alpine3\.(?:2[3-9]|[3-9]\d)$`)
