package image

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		want Reference
		ok   bool
	}{
		{"python", Reference{"python", "docker.io", "library/python", "python", "", ""}, true},
		{"python:3.12-slim@" + digest, Reference{"python:3.12-slim@" + digest, "docker.io", "library/python", "python", "3.12-slim", digest}, true},
		{"docker.io/library/python:3", Reference{"docker.io/library/python:3", "docker.io", "library/python", "python", "3", ""}, true},
		{"index.docker.io/python:3", Reference{"index.docker.io/python:3", "docker.io", "library/python", "python", "3", ""}, true},
		{"localhost:5000/a/b:c", Reference{"localhost:5000/a/b:c", "localhost:5000", "a/b", "localhost:5000/a/b", "c", ""}, true},
		{"ghcr.io/astral-sh/uv:0.5", Reference{"ghcr.io/astral-sh/uv:0.5", "ghcr.io", "astral-sh/uv", "ghcr.io/astral-sh/uv", "0.5", ""}, true},
		{"Python", Reference{Text: "Python"}, false},
		{"python:", Reference{Text: "python:"}, false},
		{"", Reference{}, false},
		{"python@sha256:12", Reference{Text: "python@sha256:12"}, false},
		{"$BASE", Reference{Text: "$BASE"}, false},
	}
	for _, test := range tests {
		got, ok := Parse(test.text)
		if ok != test.ok {
			t.Errorf("%q: ok %v", test.text, ok)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}

func TestFloating(t *testing.T) {
	tests := map[string]bool{
		"python": true, "python:latest": true, "python:3": true, "python:2": true, "python:slim": true,
		"python:3-slim": true, "python:alpine": true, "python:3-alpine": true, "python:3-bookworm": true,
		"python:bookworm": true, "mirror.gcr.io/library/python:3": true, "public.ecr.aws/docker/library/python:slim": true,
		"python:3.12": false, "python:3.12-slim": false, "python:3.12.4": false, "python:3.12-alpine": false,
		"python:3@" + digest: false, "python@" + digest: false, "python:3-stretch": false, "python:3-alpine3.7": false,
		"alpine": true, "alpine:3": true, "alpine:latest": true, "alpine:edge": true, "alpine:3.19": false, "alpine:3.19.1": false,
		"ubuntu": true, "ubuntu:latest": true, "ubuntu:rolling": true, "ubuntu:22.04": false, "ubuntu:jammy": false,
		"debian:stable": true, "debian:stable-slim": true, "debian:sid": true, "debian:12": false, "debian:bookworm-slim": false,
		"node:20": false, "node:lts": false, "node": true, "node:latest": true,
		"ghcr.io/astral-sh/uv": true, "ghcr.io/astral-sh/uv:latest": true, "ghcr.io/astral-sh/uv:0.5.1": false,
		"ghcr.io/astral-sh/uv:python3.12-bookworm-slim": false, "ghcr.io/astral-sh/uv:bookworm-slim": false, "ghcr.io/astral-sh/uv:0.5.1-python3.12-bookworm": false,
		"registry.example.com/team/base": true, "registry.example.com/team/base:7": false,
		"tensorflow/tensorflow:latest-gpu": true, "tensorflow/tensorflow:2.15.0": false, "notpython:3": false,
		"example/python:3": false, "scratch": false,
		"gcr.io/distroless/python3": true, "gcr.io/distroless/python3-debian12": false, "gcr.io/distroless/python3-debian12:nonroot": false,
	}
	for text, want := range tests {
		ref, _ := Parse(text)
		reason, got := Floating(ref)
		if got != want {
			t.Errorf("%s: %v (%s), want %v", text, got, reason, want)
		}
		if got != (reason != "") {
			t.Errorf("%s: reason %q", text, reason)
		}
	}
}

func TestOnlyBuilt(t *testing.T) {
	for name, want := range map[string]bool{
		"svc-base": true, "svc-base:latest": true, "svc_base": true,
		"adminer": false, "service": false, "mongo-express:1": false, "zend-php": false, "api-firewall": false, "sentry": false, "azul-zulu": false, "scratch": false,
		"acme/svc-base": false, "docker.io/library/svc-base": false, "localhost:5000/svc-base": false, "${BASE}": false,
	} {
		if got := Lookup(name).Reference.OnlyBuilt(); got != want {
			t.Errorf("OnlyBuilt of %s is %v", name, got)
		}
	}
}
