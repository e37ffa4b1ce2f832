package image

import (
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// condaFacts are the images with a Conda installation in /opt/conda; version is their Python, "" when it moves.
func condaFacts(version string) func(*Facts) {
	return func(f *Facts) {
		if strings.Contains(f.Reference.Tag, "alpine") {
			return // Alpine with a glibc beside musl
		}
		f.Libc = "glibc"
		f.setDistroOfTag()
		f.Python = &Interpreter{Version: version, Minor: version, Path: "/opt/conda/bin/python", Prefix: "/opt/conda", Conda: true}
		if strings.HasPrefix(f.Reference.Name, "conda/") {
			f.Python.Path, f.Python.Prefix = "/usr/local/bin/python", "/usr/local"
			return
		}
		f.Env = map[string]string{"PATH": "/opt/conda/bin:" + defaultPath}
		f.User, f.Workdir = "root", "/"
		f.Home = map[string]string{"root": "/root"}
	}
}

// micromambaFacts: the base environment has no package until somebody installs one.
func micromambaFacts(f *Facts) {
	f.Libc, f.NoPython = "glibc", true
	if !f.setDistroOfTag() || f.Distro == "alpine" {
		f.Distro, f.Libc = "", ""
	}
	f.Env = map[string]string{"MAMBA_ROOT_PREFIX": "/opt/conda"}
}

// jupyterFacts: jupyter-docker-stacks.readthedocs.io.
func jupyterFacts(f *Facts) {
	f.Libc = "glibc"
	f.Python = &Interpreter{Path: "/opt/conda/bin/python", Prefix: "/opt/conda", Conda: true}
	f.User = "jovyan"
	f.Home = map[string]string{"root": "/root", "jovyan": "/home/jovyan"}
	f.Env = map[string]string{"CONDA_DIR": "/opt/conda", "HOME": "/home/jovyan", "NB_USER": "jovyan"}
	if m := pythonInTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python.Version, f.Python.Minor = m[1], minor(m[1])
	}
	if f.Reference.Registry == "docker.io" {
		f.Deprecated = "quay.io/" + f.Reference.Name + " has the images since October 2023"
		return
	}
	f.Distro = "ubuntu"
}

// pythonInTag is the "python3.11" of many makers' tags.
var pythonInTag = pattern.New(`(?:^|-)python-?(\d\.\d+(?:\.\d+)?)(?:-|$)`)

// tiangoloFacts are images on the official python image; their maker's README advises against them by now.
func tiangoloFacts(f *Facts) {
	f.Deprecated = "build on the official python image, as the maker advises"
	m := pythonInTag.FindStringSubmatch(f.Reference.Tag)
	if m == nil {
		return
	}
	f.Official = true
	f.Python = &Interpreter{Version: m[1], Minor: minor(m[1]), Path: "/usr/local/bin/python3", Prefix: "/usr/local"}
	if strings.HasPrefix(m[1], "2") {
		f.Python.Path = "/usr/local/bin/python"
	}
	f.setDebian("")
	if strings.Contains(f.Reference.Tag, "alpine") {
		f.setDistroOfTag()
	}
	f.Slim = strings.Contains(f.Reference.Tag, "slim")
	f.User, f.Workdir = "root", "/app"
	f.Home = map[string]string{"root": "/root"}
	f.Env = map[string]string{"PATH": "/usr/local/bin:" + defaultPath}
	if f.Reference.Name != "tiangolo/uwsgi-nginx" {
		f.Env["PYTHONPATH"] = "/app"
	}
}

var distrolessName = pattern.New(`^gcr\.io/distroless/([a-z0-9-]+?)(?:-debian(\d+))?$`)

func distrolessFacts(f *Facts) {
	m := distrolessName.FindStringSubmatch(f.Reference.Name)
	if m == nil {
		return
	}
	f.Distro, f.Libc, f.Release = "debian", "glibc", m[2]
	f.Codename = dates().releases[release{"debian", m[2]}]
	f.User, f.Workdir, f.StartKnown = "root", "/", true
	if strings.Contains(f.Reference.Tag, "nonroot") {
		f.User, f.Workdir = "nonroot", "/home/nonroot"
	}
	f.Env = map[string]string{"PATH": defaultPath, "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}
	debug := strings.HasPrefix(f.Reference.Tag, "debug")
	switch {
	case debug:
		f.is("distroless-debug")
		f.Env["PATH"] += ":/busybox"
		f.Entrypoint = []string{"/busybox/sh"}
	case m[1] == "static", m[1] == "base", m[1] == "base-nossl", m[1] == "cc":
		f.is("distroless")
		f.EnvKnown = true
	case m[1] == "python3" && m[2] == "13":
		f.is("distroless-python-13")
		f.Env["LANG"], f.EnvKnown = "C.UTF-8", true
	case m[1] == "python3":
		f.is("distroless-python")
		f.Env["LANG"] = "C.UTF-8"
	default:
		f.StartKnown = false
		f.Home = map[string]string{"root": "/root", "nobody": "/nonexistent", "nonroot": "/home/nonroot"}
	}
	if m[1] == "python3" {
		f.Python = distroPython("debian", m[2])
		if f.Python == nil {
			f.Python = &Interpreter{Path: "/usr/bin/python3", Prefix: "/usr"}
		} else if !debug {
			f.Entrypoint = []string{"/usr/bin/python" + f.Python.Minor}
		}
	} else {
		f.NoPython = noPythonName.MatchString(m[1])
	}
}

// noPythonName are the distroless images without any Python.
var noPythonName = pattern.New(`^(?:static|base|base-nossl|cc|java[a-z0-9-]*|nodejs\d*)$`)

var ubiPython = pattern.New(`/ubi(\d+)/python-(\d)(\d+)$`)
var ubiMajor = pattern.New(`/ubi(\d+)`)

func ubiFacts(f *Facts) {
	f.Distro, f.Libc = "rhel", "glibc"
	if m := ubiMajor.FindStringSubmatch(f.Reference.Name); m != nil {
		f.Release = m[1]
	}
	m := ubiPython.FindStringSubmatch(f.Reference.Name)
	if m == nil {
		return
	}
	// The Software Collections layout: a virtual environment in /opt/app-root, the user by number.
	version := m[2] + "." + m[3]
	f.Python = &Interpreter{Version: version, Minor: version, Path: "/opt/app-root/bin/python3", Prefix: "/opt/app-root"}
	f.User, f.Workdir = "1001", "/opt/app-root/src"
	f.Home = map[string]string{"root": "/root", "default": "/opt/app-root/src"}
	f.Env = map[string]string{"HOME": "/opt/app-root/src"}
	f.BuildTools = !strings.HasSuffix(f.Reference.Name, "-minimal")
}

var (
	cudaRPM      = pattern.New(`-(?:centos|ubi|rockylinux|oraclelinux)(\d+)$`)
	torchVersion = pattern.New(`^v?(?:0|1|2\.[0-6])\.`)
)

func cudaFacts(f *Facts) {
	f.Libc = "glibc"
	if m := cudaRPM.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Distro, f.Release = "rhel", m[1]
	} else {
		f.setDistroOfTag()
	}
	f.BuildTools = strings.Contains(f.Reference.Tag, "devel")
}

// pytorchFacts: up to 2.6 Python is Conda's; later images moved to another place.
func pytorchFacts(f *Facts) {
	f.Distro, f.Libc = "ubuntu", "glibc"
	f.BuildTools = strings.Contains(f.Reference.Tag, "devel")
	if torchVersion.MatchString(f.Reference.Tag) {
		f.Python = &Interpreter{Path: "/opt/conda/bin/python", Prefix: "/opt/conda", Conda: true}
	}
}

var leadingVersion = pattern.New(`^(\d\.\d+(?:\.\d+)?)(?:[.-]|$)`)

func bitnamiFacts(f *Facts) {
	f.Distro, f.Libc = "debian", "glibc"
	f.Python = &Interpreter{Path: "/opt/bitnami/python/bin/python3", Prefix: "/opt/bitnami/python"}
	if m := leadingVersion.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python.Version, f.Python.Minor = m[1], minor(m[1])
	}
	if f.Reference.Name == "bitnami/python" {
		f.Deprecated = "Bitnami's free images were moved to bitnamilegacy in 2025 and get no fixes: use the official python image"
	}
}

func airflowFacts(f *Facts) {
	f.Distro, f.Libc, f.User = "debian", "glibc", "airflow"
	f.Home = map[string]string{"root": "/root", "airflow": "/home/airflow"}
	if m := pythonInTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python = &Interpreter{Version: m[1], Minor: minor(m[1])}
	}
}

func chainguardFacts(f *Facts) {
	f.Distro, f.Libc, f.User = "wolfi", "glibc", "nonroot"
	f.Python = &Interpreter{Path: "/usr/bin/python", Prefix: "/usr"}
	if m := leadingVersion.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python.Version, f.Python.Minor = m[1], minor(m[1])
	}
	f.Home = map[string]string{"root": "/root", "nonroot": "/home/nonroot"}
}

// lambdaFacts: docs.aws.amazon.com/lambda/latest/dg/python-image.html.
func lambdaFacts(f *Facts) {
	f.Distro, f.Libc = "amazonlinux", "glibc"
	f.Python = &Interpreter{Path: "/var/lang/bin/python3", Prefix: "/var/lang"}
	f.User, f.Workdir = "root", "/var/task"
	f.Env = map[string]string{"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime"}
	m := leadingVersion.FindStringSubmatch(f.Reference.Tag)
	if m == nil {
		return
	}
	version := minor(m[1]) // what may follow the minor version is a date
	f.Python.Version, f.Python.Minor = version, version
	switch number := minorNumber(version); {
	case number >= 12:
		f.Release = "2023"
	case number >= 8:
		f.Release = "2"
	case number >= 6:
		f.Release = "2018.03"
	}
}

var devcontainerTag = pattern.New(`^(?:dev-)?(?:\d+(?:\.\d+){0,2}-)?(\d\.\d+)(-[a-z]+)?$`)

// devcontainerFacts: github.com/devcontainers/images, src/python: FROM python:VARIANT.
func devcontainerFacts(f *Facts) {
	m := devcontainerTag.FindStringSubmatch(f.Reference.Tag)
	if m == nil {
		f.Distro, f.Libc = "debian", "glibc"
		return
	}
	t, ok := parsePythonTag(m[1] + m[2])
	if !ok {
		return
	}
	f.setPython(t)
	if t.codename == "" {
		f.setDebian("")
	}
	f.EnvKnown = false
	f.is("devcontainer")
	f.Env = map[string]string{}
}

func azureFacts(f *Facts) {
	f.Distro, f.Libc = "debian", "glibc"
	if m := pythonInTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python = &Interpreter{Version: m[1], Minor: minor(m[1])}
	}
}

// phusionFacts: releases of the maker's own number before they took Ubuntu's; CHANGELOG of github.com/phusion/baseimage-docker.
func phusionFacts(f *Facts) {
	only("ubuntu", "glibc")(f)
	f.Extended = true
	if m := phusionTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		switch n, _ := strconv.Atoi(m[1]); {
		case n >= 11 && n <= 18:
			f.Release, f.Codename = "14.04", "trusty"
		case n >= 19 && n <= 22:
			f.Release, f.Codename = "16.04", "xenial"
		}
	}
}

var phusionTag = pattern.New(`^0\.9\.(\d+)$`)
