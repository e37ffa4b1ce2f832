package image

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
)

// brief is what a table line says of an image: distro release codename libc | python path prefix | flags.
func brief(f Facts) string {
	words := []string{f.Distro, f.Release, f.Codename, f.Libc}
	for i, w := range words {
		if w == "" {
			words[i] = "-"
		}
	}
	line := strings.Join(words, " ") + " |"
	if p := f.Python; p != nil {
		line += fmt.Sprintf(" %s %s", or(p.Version), or(p.Path))
		if p.Minor != "" && !strings.HasPrefix(p.Version, p.Minor) {
			line += " minor?!"
		}
		if p.ExternallyManaged {
			line += " managed"
		}
		if p.Conda {
			line += " conda"
		}
	}
	line += " |"
	for _, flag := range []struct {
		on   bool
		name string
	}{{f.Scratch, "scratch"}, {f.NoPython, "nopython"}, {f.Official, "official"}, {f.Slim, "slim"},
		{f.BuildTools, "tools"}, {f.EnvKnown, "env"}, {f.Deprecated != "", "deprecated"}} {
		if flag.on {
			line += " " + flag.name
		}
	}
	return line
}

func or(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func TestLookup(t *testing.T) {
	tests := []struct{ text, want string }{
		{"scratch", "- - - - | | scratch nopython env"},
		// the official image
		{"python:3.12.4-slim-bookworm", "debian 12 bookworm glibc | 3.12.4 /usr/local/bin/python3 | official slim env"},
		{"python:3.12-slim", "debian - - glibc | 3.12 /usr/local/bin/python3 | official slim env"},
		{"python:3.12.4-slim", "debian 12 bookworm glibc | 3.12.4 /usr/local/bin/python3 | official slim env"},
		{"python:3.12-bookworm", "debian 12 bookworm glibc | 3.12 /usr/local/bin/python3 | official tools env"},
		{"python:3.11-buster", "debian 10 buster glibc | 3.11 /usr/local/bin/python3 | official tools env"},
		{"python:3.11-slim-buster@" + digest, "debian 10 buster glibc | 3.11 /usr/local/bin/python3 | official slim env"},
		{"python:3.12-alpine3.19", "alpine 3.19 - musl | 3.12 /usr/local/bin/python3 | official env"},
		{"python:3.12-alpine", "alpine - - musl | 3.12 /usr/local/bin/python3 | official env"},
		{"python:3.6-alpine", "alpine 3.15 - musl | 3.6 /usr/local/bin/python3 | official env"},
		{"python:3.6-slim", "debian 11 bullseye glibc | 3.6 /usr/local/bin/python3 | official slim env"},
		{"python:3.7", "debian 12 bookworm glibc | 3.7 /usr/local/bin/python3 | official tools env"},
		{"python:3.7-rc", "debian - - glibc | 3.7 /usr/local/bin/python3 | official tools env"},
		{"python:3.7.0b1-stretch", "debian 9 stretch glibc | 3.7.0 /usr/local/bin/python3 | official tools env"},
		{"python:3.14-rc-slim-bookworm", "debian 12 bookworm glibc | 3.14 /usr/local/bin/python3 | official slim env"},
		{"python:2.7", "debian 10 buster glibc | 2.7 /usr/local/bin/python | official tools env"},
		{"python:2", "debian 10 buster glibc | 2.7 /usr/local/bin/python | official tools env"},
		{"python:3", "debian - - glibc | - /usr/local/bin/python3 | official tools env"},
		{"python:3-slim", "debian - - glibc | - /usr/local/bin/python3 | official slim env"},
		{"python", "debian - - glibc | - /usr/local/bin/python3 | official tools env"},
		{"python:slim", "debian - - glibc | - /usr/local/bin/python3 | official slim env"},
		{"python:slim-trixie", "debian 13 trixie glibc | - /usr/local/bin/python3 | official slim env"},
		{"python:3-onbuild", "debian - - glibc | - /usr/local/bin/python3 | official tools env deprecated"},
		{"python:3.9-windowsservercore-1809", "windows - - - | 3.9 - | official"},
		{"python:3.12-custom", "- - - - | |"},
		{"python:jammy", "- - - - | |"},
		{"python@" + digest, "- - - - | |"},
		{"example.com/python:3.12", "- - - - | |"},
		{"someone/python:3.12", "- - - - | |"},
		{"mirror.gcr.io/library/python:3.12-slim", "debian - - glibc | 3.12 /usr/local/bin/python3 | official slim env"},
		{"public.ecr.aws/docker/library/python:3.12-alpine3.20", "alpine 3.20 - musl | 3.12 /usr/local/bin/python3 | official env"},
		{"proxy.example/hub/library/python:3.8", "debian 12 bookworm glibc | 3.8 /usr/local/bin/python3 | official tools env"},
		{"arm32v7/python:3.8-slim-buster", "debian 10 buster glibc | 3.8 /usr/local/bin/python3 | official slim env"},
		{"proxy.example/mylibrary/python:3.8", "- - - - | |"},
		// distributions
		{"debian:12", "debian 12 bookworm glibc | | nopython env"},
		{"debian:bookworm-slim", "debian 12 bookworm glibc | | nopython slim env"},
		{"debian:12.5-slim", "debian 12 bookworm glibc | | nopython slim env"},
		{"debian:bullseye-20240101-slim", "debian 11 bullseye glibc | | nopython slim env"},
		{"debian:stable", "debian - - glibc | | nopython env"},
		{"debian", "debian - - glibc | | nopython env"},
		{"ubuntu:22.04", "ubuntu 22.04 jammy glibc | | nopython env"},
		{"ubuntu:jammy-20230101", "ubuntu 22.04 jammy glibc | | nopython env"},
		{"ubuntu:14.04.5", "ubuntu 14.04 trusty glibc | | env"},
		{"ubuntu:latest", "ubuntu - - glibc | | nopython env"},
		{"alpine:3.19.1", "alpine 3.19 - musl | | nopython env"},
		{"alpine", "alpine - - musl | | nopython env"},
		{"alpine:edge", "alpine - - musl | | nopython env"},
		{"centos:7.6.1810", "rhel 7 - glibc | |"},
		{"centos:centos6", "rhel 6 - glibc | |"},
		{"fedora:39", "fedora 39 - glibc | |"},
		{"amazonlinux:2", "amazonlinux 2 - glibc | |"},
		{"amazonlinux:2.0.20230101", "amazonlinux 2 - glibc | |"},
		{"amazonlinux:2018.03", "amazonlinux 2018.03 - glibc | |"},
		{"opensuse/leap:15.5", "opensuse 15.5 - glibc | |"},
		{"registry.access.redhat.com/ubi9/python-311", "rhel 9 - glibc | 3.11 /opt/app-root/bin/python3 | tools env"},
		{"registry.access.redhat.com/ubi8/ubi-minimal:8.9", "rhel 8 - glibc | | nopython env"},
		// other makers
		{"ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "debian 12 bookworm glibc | 3.12 /usr/local/bin/python3 | official slim env"},
		{"ghcr.io/astral-sh/uv:0.5.1-python3.12-bookworm", "debian 12 bookworm glibc | 3.12 /usr/local/bin/python3 | official tools env"},
		{"ghcr.io/astral-sh/uv:python3.8-alpine", "alpine - - musl | 3.8 /usr/local/bin/python3 | official env"},
		{"ghcr.io/astral-sh/uv:debian-slim", "debian - - glibc | | nopython slim env"},
		{"ghcr.io/astral-sh/uv:bookworm", "debian 12 bookworm glibc | | tools env"},
		{"ghcr.io/astral-sh/uv:0.5", "- - - - | | nopython env"},
		{"ghcr.io/astral-sh/uv:latest", "- - - - | | nopython env"},
		{"ghcr.io/someone/uv:latest", "- - - - | |"},
		{"pypy:3.10-slim", "debian - - glibc | | slim"},
		{"continuumio/miniconda3", "debian - - glibc | - /opt/conda/bin/python conda | env"},
		{"continuumio/miniconda3:4.10.3-alpine", "- - - - | |"},
		{"condaforge/miniforge3:24.3.0-0", "ubuntu - - glibc | - /opt/conda/bin/python conda | env"},
		{"mambaorg/micromamba:1.5-jammy", "ubuntu 22.04 jammy glibc | | nopython env"},
		{"jupyter/base-notebook", "- - - glibc | - /opt/conda/bin/python conda | env deprecated"},
		{"quay.io/jupyter/base-notebook:python-3.11", "ubuntu - - glibc | 3.11 /opt/conda/bin/python conda | env"},
		{"jupyter/something", "- - - - | |"},
		{"tiangolo/uvicorn-gunicorn-fastapi:python3.8-slim", "debian - - glibc | 3.8 /usr/local/bin/python3 | official slim deprecated"},
		{"gcr.io/distroless/python3-debian12", "debian 12 bookworm glibc | 3.11 /usr/bin/python3 managed | env"},
		{"gcr.io/distroless/python3", "debian - - glibc | - /usr/bin/python3 |"},
		{"gcr.io/distroless/base-debian12:nonroot", "debian 12 bookworm glibc | | nopython env"},
		{"cgr.dev/chainguard/python:latest-dev", "wolfi - - glibc | - /usr/bin/python |"},
		{"public.ecr.aws/lambda/python:3.12", "amazonlinux 2023 - glibc | 3.12 /var/lang/bin/python3 | env"},
		{"amazon/aws-lambda-python:3.9.2023.04.20.19", "amazonlinux 2 - glibc | 3.9 /var/lang/bin/python3 | env"},
		{"public.ecr.aws/lambda/nodejs:20", "- - - - | |"},
		{"mcr.microsoft.com/devcontainers/python:1-3.12-bullseye", "debian 11 bullseye glibc | 3.12 /usr/local/bin/python3 | official tools"},
		{"mcr.microsoft.com/azure-functions/python:4-python3.11", "debian - - glibc | 3.11 - |"},
		{"nvidia/cuda:12.2.0-devel-ubuntu22.04", "ubuntu 22.04 jammy glibc | | tools env"},
		{"nvidia/cuda:11.8.0-runtime-rockylinux8", "rhel 8 - glibc | | env"},
		{"nvidia/cuda:9.0-cudnn7-devel", "- - - glibc | | tools env"},
		{"pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime", "ubuntu - - glibc | - /opt/conda/bin/python conda | env"},
		{"pytorch/pytorch:2.9.0-cuda12.8-cudnn9-runtime", "ubuntu - - glibc | | env"},
		{"bitnami/python:3.11.4-debian-11-r0", "debian - - glibc | 3.11.4 /opt/bitnami/python/bin/python3 | deprecated"},
		{"apache/airflow:2.8.1-python3.11", "debian - - glibc | 3.11 /usr/local/bin/python3 |"},
		{"node:20-bookworm", "debian 12 bookworm glibc | 3.11 /usr/bin/python3 managed | tools env"},
		{"node:20-bookworm-slim", "debian 12 bookworm glibc | | nopython slim env"},
		{"node:10-stretch", "debian 9 stretch glibc | | tools env"},
		{"node:20", "debian - - glibc | | tools env"},
		{"node:20-alpine", "alpine - - musl | | nopython env"},
		{"golang:1.22-alpine3.19", "alpine 3.19 - musl | | nopython"},
		{"golang:1.22-bookworm", "debian 12 bookworm glibc | | env"},
		{"nginx", "- - - - | | nopython"},
		{"busybox", "- - - - | | nopython"},
		{"", "- - - - | |"},
		{"::::", "- - - - | |"},
	}
	for _, test := range tests {
		if got := brief(Lookup(test.text)); got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestEnvLookup(t *testing.T) {
	tests := []struct {
		image, name string
		want        env.Value
	}{
		{"python:3.12.4-slim", "PATH", env.Of("/usr/local/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")},
		{"python:3.12.4-slim", "PYTHON_VERSION", env.Of("3.12.4")},
		{"python:3.12-slim", "PYTHON_VERSION", env.Doubtful()},
		{"python:3.12-slim", "GPG_KEY", env.Doubtful()},
		{"python:3.12-slim", "LANG", env.Of("C.UTF-8")},
		{"python:3.14-slim", "LANG", env.Value{}},
		{"python:3", "LANG", env.Doubtful()},
		{"python:3.12-slim", "PYTHONUSERBASE", env.Value{}},
		{"python:2.7", "PYTHONIOENCODING", env.Of("UTF-8")},
		{"debian:12", "PYTHONUSERBASE", env.Value{}},
		{"example.com/x:1", "PYTHONUSERBASE", env.Doubtful()},
		{"tiangolo/uwsgi-nginx-flask:python3.8", "PYTHONPATH", env.Of("/app")},
		{"tiangolo/uwsgi-nginx-flask:python3.8", "PYTHONUSERBASE", env.Doubtful()},
		{"scratch", "PATH", env.Of("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")}, // BuildKit gives it one
	}
	for _, test := range tests {
		if got := Lookup(test.image).EnvLookup(test.name); got != test.want {
			t.Errorf("%s %s: %v, want %v", test.image, test.name, got, test.want)
		}
	}
}

func TestUsers(t *testing.T) {
	f := Lookup("python:3.12-slim")
	if f.User != "root" || f.Home["root"] != "/root" || f.Home["www-data"] != "/var/www" || !f.UsersKnown || f.Workdir != "/" {
		t.Errorf("python:3.12-slim: %+v", f)
	}
	f.Home["app"] = "/changed" // Facts belong to the caller
	if _, ok := Lookup("debian:12").Home["app"]; ok {
		t.Error("two look-ups share their maps")
	}
	if _, ok := Lookup("ubuntu:24.04").Home["ubuntu"]; !ok {
		t.Error("ubuntu:24.04 has a user ubuntu")
	}
	if _, ok := Lookup("ubuntu:22.04").Home["ubuntu"]; ok {
		t.Error("ubuntu:22.04 has no user ubuntu")
	}
}

func TestDistroPython(t *testing.T) {
	tests := []struct {
		distro, release, minor string
		managed                bool
	}{
		{"debian", "11", "3.9", false}, {"debian", "12", "3.11", true}, {"debian", "12.5", "3.11", true},
		{"ubuntu", "22.04", "3.10", false}, {"ubuntu", "23.04", "3.11", true}, {"ubuntu", "26.04", "3.14", true},
		{"alpine", "3.18", "3.11", false}, {"alpine", "3.19", "3.11", true}, {"alpine", "3.1", "3.4", false},
		{"alpine", "3.10", "3.7", false}, {"debian", "", "", false}, {"debian", "99", "", false}, {"alpine", "3", "", false},
	}
	for _, test := range tests {
		p := DistroPython(test.distro, test.release)
		if p == nil {
			p = &Interpreter{}
		}
		if p.Minor != test.minor || p.ExternallyManaged != test.managed {
			t.Errorf("%s %s: %+v", test.distro, test.release, p)
		}
	}
}

func TestEnd(t *testing.T) {
	tests := []struct{ product, release, name, date, extended string }{
		{"python", "3.8", "Python 3.8", "2024-10-07", ""},
		{"python", "3.8.20", "Python 3.8", "2024-10-07", ""},
		{"python", "2.7.18", "Python 2.7", "2020-01-01", ""},
		{"python", "3.10", "Python 3.10", "2026-10-31", ""},
		{"debian", "11", "Debian 11 (bullseye)", "2024-08-14", "2026-08-31"},
		{"debian", "10.3", "Debian 10 (buster)", "2022-09-10", "2024-06-30"},
		{"ubuntu", "20.04", "Ubuntu 20.04 (focal)", "2025-05-31", ""},
		{"ubuntu", "25.10", "Ubuntu 25.10 (questing)", "2026-07-01", ""},
		{"alpine", "3.1", "Alpine 3.1", "2016-11-01", ""},
		{"alpine", "3.19.4", "Alpine 3.19", "2025-11-01", ""},
		{"python", "3", "", "", ""}, {"python", "3.99", "", "", ""}, {"debian", "", "", "", ""}, {"nothing", "1", "", "", ""},
		{"debian", "99", "", "", ""}, {"python", "3.1.", "Python 3.1", "2012-04-09", ""},
	}
	for _, test := range tests {
		e, ok := End(test.product, test.release)
		if ok != (test.name != "") {
			t.Errorf("%s %s: ok %v", test.product, test.release, ok)
			continue
		}
		if !ok {
			continue
		}
		if e.Name != test.name || e.Date.Format(time.DateOnly) != test.date {
			t.Errorf("%s %s: %+v", test.product, test.release, e)
		}
		if e.Extended.IsZero() != (test.extended == "") || test.extended != "" && e.Extended.Format(time.DateOnly) != test.extended {
			t.Errorf("%s %s: extended %v", test.product, test.release, e.Extended)
		}
	}
}

// TestData reads every line of the data files: a date or a number that does not parse is a mistake.
func TestData(t *testing.T) {
	for _, row := range rows(eolData) {
		if len(row) != 5 {
			t.Fatalf("eol.tsv: %q", row)
		}
		for _, cell := range row[3:] {
			if _, err := time.Parse(time.DateOnly, cell); err != nil && cell != "-" {
				t.Errorf("eol.tsv: %q: %v", row, err)
			}
		}
	}
	for _, row := range rows(frozenData) {
		if len(row) != 4 || !pythonVersion.MatchString(row[0]) {
			t.Errorf("frozen.tsv: %q", row)
			continue
		}
		for _, cell := range row[1:3] {
			if _, ok := dates().codenames[release{"debian", cell}]; !ok && cell != "?" && cell != "-" {
				t.Errorf("frozen.tsv: codename %q", cell)
			}
		}
		if _, ok := End("alpine", row[3]); !ok && row[3] != "?" && row[3] != "-" {
			t.Errorf("frozen.tsv: Alpine %q", row[3])
		}
	}
	for _, row := range rows(pythonData) {
		if len(row) != 3 || minor(row[1]) != row[1] {
			t.Errorf("python.tsv: %q", row)
		}
	}
}

func FuzzLookup(f *testing.F) {
	for _, seed := range []string{"python:3.12-slim", "ghcr.io/astral-sh/uv:0.5-python3.12-alpine", "a@" + digest, "debian:12-", "ubuntu:-", "python:-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		facts := Lookup(text)
		if facts.Python != nil && facts.NoPython {
			t.Errorf("%q both has a Python and has none", text)
		}
		if facts.Codename != "" && facts.Release == "" {
			t.Errorf("%q: codename %q without a release", text, facts.Codename)
		}
		Floating(facts.Reference)
		if facts.Python != nil {
			End("python", facts.Python.Version)
		}
		End(facts.Distro, facts.Release)
	})
}
