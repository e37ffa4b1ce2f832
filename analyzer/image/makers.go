package image

import (
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// condaFacts are the images with a Conda installation in /opt/conda; version is their Python, "" when it moves.
func condaFacts(version string) func(*Facts) {
	return func(f *Facts) { f.conda(version) }
}

// conda is not the closure itself, of which each use would be a copy.
func (f *Facts) conda(version string) {
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
	f.Env, f.EnvKnown = map[string]string{"PATH": "/opt/conda/bin:" + defaultPath}, true
	f.EnvDoubtful = doubtful("LANG LC_ALL TINI_VERSION CONDA_DIR")
	f.User, f.Workdir, f.Extended = "root", "/", true
	f.Beside = []string{"/opt/conda"}
	switch {
	case strings.Contains(f.Reference.Path, "forge"):
		f.is("miniforge")
		if f.Distro == "" {
			f.Distro = "ubuntu"
		}
	case rpmTags.MatchString(f.Reference.Tag):
		f.Home = map[string]string{"root": "/root"}
	default:
		kind := "conda"
		if strings.Contains(f.Reference.Path, "anaconda") {
			kind = "conda-full"
		}
		f.is(kind)
		if f.Distro == "" {
			f.Distro = "debian"
		}
	}
}

// rpmTags are those that say that the image is none of Debian.
var rpmTags = pattern.New(`centos|amazonlinux|ubi|rocky|fedora`)

// doubtful are the variables that an image sets to values that are not known.
func doubtful(names string) map[string]bool {
	set := map[string]bool{}
	for _, name := range strings.Fields(names) {
		set[name] = true
	}
	return set
}

// micromambaFacts: the base environment has no package until somebody installs one.
func micromambaFacts(f *Facts) {
	f.Libc, f.NoPython = "glibc", true
	if !f.setDistroOfTag() || f.Distro == "alpine" {
		f.Distro, f.Libc = "", ""
	}
	f.Env = map[string]string{"MAMBA_ROOT_PREFIX": "/opt/conda"}
	// The user was called micromamba before 1.0, the directory was another.
	if !strings.HasPrefix(f.Reference.Tag, "0.") && f.Distro != "alpine" && !rpmTags.MatchString(f.Reference.Tag) {
		f.is("micromamba")
		f.User, f.Workdir, f.Extended, f.EnvKnown = "mambauser", "/tmp", true, true
		f.Beside = []string{"/opt/conda/conda-meta", "/opt/conda/pkgs", "/home"}
		f.EnvDoubtful = doubtful("LANG LC_ALL ENV_NAME MAMBA_USER MAMBA_USER_ID MAMBA_USER_GID MAMBA_EXE CONDA_OVERRIDE_CUDA PATH")
	}
}

// jupyterFacts: jupyter-docker-stacks.readthedocs.io.
func jupyterFacts(f *Facts) {
	f.Libc = "glibc"
	f.Python = &Interpreter{Path: "/opt/conda/bin/python", Prefix: "/opt/conda", Conda: true}
	f.User = "jovyan"
	f.Env = map[string]string{
		"CONDA_DIR": "/opt/conda", "HOME": "/home/jovyan", "NB_USER": "jovyan", "PATH": "/opt/conda/bin:" + defaultPath,
	}
	f.EnvDoubtful = doubtful("DEBIAN_FRONTEND SHELL NB_UID NB_GID LANG LC_ALL LANGUAGE JUPYTER_PORT XDG_CACHE_HOME SPARK_HOME PATH")
	f.EnvKnown, f.Extended, f.Workdir = true, true, "/home/jovyan"
	f.Shell = []string{"/bin/bash", "-o", "pipefail", "-c"}
	switch name := f.Reference.Path[strings.LastIndexByte(f.Reference.Path, '/')+1:]; name {
	case "docker-stacks-foundation":
		f.is("jupyter-foundation")
	case "base-notebook":
		f.is("jupyter-base")
	case "minimal-notebook", "r-notebook", "julia-notebook":
		f.is("jupyter-minimal")
	default:
		f.is("jupyter-scipy")
	}
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
	f.is("tiangolo")
	f.User, f.Workdir, f.Extended = "root", "/app", true
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
		if m[2] == "12" && f.Reference.Digest == "" {
			f.is("distroless-python-12")
		}
		// https://github.com/GoogleContainerTools/distroless/blob/main/python3/BUILD (2026-11): LANG is all that it adds.
		f.Env["LANG"], f.EnvKnown = "C.UTF-8", m[2] != ""
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

var ubiPython = pattern.New(`/ubi(\d+)/python-(\d)(\d+)(?:-minimal)?$`)
var ubiMajor = pattern.New(`/ubi(\d+)`)

// ubiBeside are what the layers of ubi8 to ubi10 and of their Python images have. The latter keep nothing in the home directory but .pki.
var ubiBeside = strings.Fields("/opt/app-root/bin /opt/app-root/etc /opt/app-root/include /opt/app-root/lib /opt/app-root/lib64 /opt/app-root/share " +
	"/opt/app-root/pyvenv.cfg /opt/app-root/src/.pki /opt/rh /afs /boot /licenses /help.1 /lost+found")

func ubiFacts(f *Facts) {
	f.Distro, f.Libc = "rhel", "glibc"
	if m := ubiMajor.FindStringSubmatch(f.Reference.Name); m != nil {
		f.Release = m[1]
	}
	m := ubiPython.FindStringSubmatch(f.Reference.Name)
	if m == nil {
		f.User, f.Workdir, f.Home = "root", "/", map[string]string{"root": "/root"}
		f.Env, f.EnvKnown, f.Extended = map[string]string{"PATH": defaultPath}, true, true
		f.EnvDoubtful = doubtful("container PATH")
		f.Beside, f.Cmd, f.StartKnown = ubiBeside, []string{"/bin/bash"}, true
		switch name := f.Reference.Path[strings.LastIndexByte(f.Reference.Path, '/')+1:]; {
		case name == "ubi-minimal" || strings.HasSuffix(name, "-minimal") && strings.HasPrefix(name, "ubi"):
			f.is("ubi-minimal")
			f.NoPython = true
		case name == "ubi", name == "ubi7", name == "ubi8", name == "ubi9", name == "ubi10":
			f.is("ubi-full")
		default:
			f.EnvKnown = false
		}
		return
	}
	// The Software Collections layout: a virtual environment in /opt/app-root, the user by number.
	version := m[2] + "." + m[3]
	f.Python = &Interpreter{Version: version, Minor: version, Path: "/opt/app-root/bin/python3", Prefix: "/opt/app-root"}
	f.Python.Venv = true // in which pip refuses --user
	f.is("ubi-python")
	f.User, f.Workdir, f.Extended = "1001", "/opt/app-root/src", true
	f.Beside = ubiBeside
	f.Env = map[string]string{
		"HOME": "/opt/app-root/src", "APP_ROOT": "/opt/app-root", "PIP_NO_CACHE_DIR": "off", "PYTHONUNBUFFERED": "1", "PYTHON_VERSION": version,
		"PYTHONIOENCODING": "UTF-8",
	}
	f.EnvDoubtful = doubtful("PATH BASH_ENV ENV PROMPT_COMMAND LANG LC_ALL CNB_STACK_ID CNB_USER_ID CNB_GROUP_ID STI_SCRIPTS_PATH STI_SCRIPTS_URL " +
		"PLATFORM NAME NODEJS_VER SUMMARY DESCRIPTION VIRTUAL_ENV container")
	f.EnvKnown = true
	switch f.BuildTools = !strings.HasSuffix(f.Reference.Name, "-minimal"); {
	case m[1] == "7":
	case f.BuildTools:
		f.Env["PATH"] = "/opt/app-root/src/.local/bin/:/opt/app-root/src/bin:/opt/app-root/bin:" + defaultPath
	default:
		f.Env["PATH"] = "/opt/app-root/bin:/opt/app-root/src/bin:/opt/app-root/src/.local/bin:" + defaultPath
		// The entry point of the full images activates /opt/app-root, this one has none.
		f.Cmd, f.StartKnown = []string{"/bin/sh", "-c", "$STI_SCRIPTS_PATH/usage"}, true
	}
}

var (
	cudaRPM      = pattern.New(`-(?:centos|ubi|rockylinux|oraclelinux)(\d+)$`)
	torchVersion = pattern.New(`^v?(?:0|1|2\.[0-6])\.`)
)

func cudaFacts(f *Facts) {
	f.Libc, f.EntrypointExecs = "glibc", true // entrypoint.d/nvidia_entrypoint.sh ends with exec "$@"
	if m := cudaRPM.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Distro, f.Release = "rhel", m[1]
	} else {
		f.setDistroOfTag()
	}
	f.BuildTools = strings.Contains(f.Reference.Tag, "devel")
	f.User, f.Workdir, f.Home, f.Extended = "root", "/", map[string]string{"root": "/root"}, true
	f.Env = map[string]string{"PATH": "/usr/local/nvidia/bin:/usr/local/cuda/bin:" + defaultPath}
	f.EnvDoubtful, f.EnvKnown = doubtful(cudaVariables), true
	if f.Distro == "ubuntu" && f.Release >= "16.04" {
		if f.BuildTools {
			f.is("cuda-devel")
		} else {
			f.is("cuda")
		}
		f.NoPython = !f.BuildTools && cudaPlain.MatchString(f.Reference.Tag)
	}
}

// cudaVariables: what NVIDIA's images set beside PATH; gitlab.com/nvidia/container-images/cuda.
const cudaVariables = "NVARCH NVIDIA_REQUIRE_CUDA NVIDIA_VISIBLE_DEVICES NVIDIA_DRIVER_CAPABILITIES CUDA_VERSION CUDA_PKG_VERSION CUDNN_VERSION " +
	"LD_LIBRARY_PATH LIBRARY_PATH NCCL_VERSION NV_CUDA_LIB_VERSION NV_CUDA_CUDART_VERSION NV_LIBNCCL_PACKAGE NV_CUDNN_VERSION NVIDIA_PRODUCT_NAME"

var cudaPlain = pattern.New(`-(?:base|runtime)(?:-|$)`)

// pytorchFacts: up to 2.6 Python is Conda's; later images moved to another place.
func pytorchFacts(f *Facts) {
	f.Distro, f.Libc = "ubuntu", "glibc"
	f.BuildTools = strings.Contains(f.Reference.Tag, "devel")
	f.User, f.Workdir, f.Extended = "root", "/workspace", true
	f.Env, f.EnvKnown, f.Home = map[string]string{}, true, map[string]string{"root": "/root"}
	f.EnvDoubtful = doubtful(cudaVariables + " PATH PYTORCH_VERSION LANG LC_ALL CMAKE_CUDA_ARCHITECTURES TORCH_CUDA_ARCH_LIST TORCH_NVCC_FLAGS")
	if torchVersion.MatchString(f.Reference.Tag) {
		f.is("pytorch")
		f.Env["PATH"] = "/opt/conda/bin:/usr/local/nvidia/bin:/usr/local/cuda/bin:" + defaultPath
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
	f.is("airflow")
	f.Extended, f.Workdir = true, "/opt/airflow"
	f.Python = &Interpreter{Path: "/usr/local/bin/python3", Prefix: "/usr/local"}
	if m := pythonInTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python.Version, f.Python.Minor = m[1], minor(m[1])
	}
}

// chainguardFacts: edu.chainguard.dev/chainguard/containers/getting-started/python.
func chainguardFacts(f *Facts) {
	f.Distro, f.Libc, f.User = "wolfi", "glibc", "nonroot"
	f.Python = &Interpreter{Path: "/usr/bin/python", Prefix: "/usr"}
	if m := leadingVersion.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Python.Version, f.Python.Minor = m[1], minor(m[1])
	}
	if strings.HasSuffix(f.Reference.Tag, "-dev") {
		f.is("chainguard-dev")
	} else {
		f.is("chainguard")
	}
	f.Extended = true
}

// dhiFacts are Docker's Hardened Images of Python: github.com/docker-hardened-images/catalog, image/python. The runtime variants have no shell and
// run as nonroot, those with -dev have a shell and root. Python was in /opt/python before 2026, and is in the images of Alpine 3.22.
func dhiFacts(f *Facts) {
	tag := f.Reference.Tag
	m := dhiTag.FindStringSubmatch(tag)
	if m == nil {
		return
	}
	f.Distro, f.Libc, f.Release, f.Codename = "debian", "glibc", "13", "trixie"
	switch {
	case strings.HasPrefix(m[2], "-alpine"):
		f.setAlpine(strings.TrimPrefix(m[2], "-alpine"))
		f.Codename = ""
	case m[2] == "-debian12":
		f.Release, f.Codename = "12", "bookworm"
	}
	f.Python = &Interpreter{Version: m[1], Minor: minor(m[1]), Path: "/usr/bin/python3", Prefix: "/usr"}
	f.Env, f.EnvKnown = map[string]string{"PATH": defaultPath, "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt"}, true
	f.EnvDoubtful = doubtful("PYTHON_VERSION DEBIAN_FRONTEND LD_LIBRARY_PATH OPENSSL_CONF")
	switch {
	case f.Reference.Digest != "":
		f.Python.Path, f.Python.Prefix, f.EnvDoubtful["PATH"] = "", "", true
		delete(f.Env, "PATH")
	case f.Distro == "alpine" && f.Release == "3.22":
		f.Python.Path, f.Python.Prefix = "/opt/python/bin/python3", "/opt/python"
		f.Env["PATH"], f.Env["LD_LIBRARY_PATH"] = "/opt/python/bin:"+defaultPath, "/opt/python/lib"
	}
	f.User, f.Workdir, f.Extended = "nonroot", "/", true
	f.Cmd, f.StartKnown = []string{"python3"}, true
	f.is("dhi-python")
	if strings.Contains(tag, "-dev") {
		f.User = "root"
		f.is("dhi-dev")
	}
}

var dhiTag = pattern.New(`^(\d+(?:\.\d+){0,2})(-debian(?:1[23])?|-alpine\d+\.\d+)?(?:-fips)?(?:-sfw(?:-ent)?)?(?:-dev)?$`)

// lambdaFacts: docs.aws.amazon.com/lambda/latest/dg/python-image.html.
func lambdaFacts(f *Facts) {
	f.Distro, f.Libc = "amazonlinux", "glibc"
	f.Python = &Interpreter{Path: "/var/lang/bin/python3", Prefix: "/var/lang"}
	f.User, f.Workdir = "root", "/var/task"
	f.Env = map[string]string{"LAMBDA_TASK_ROOT": "/var/task", "LAMBDA_RUNTIME_DIR": "/var/runtime"}
	f.EnvKnown, f.EnvDoubtful = true, doubtful("PATH LANG TZ LD_LIBRARY_PATH")
	f.is("lambda")
	f.Extended = true
	f.Entrypoint, f.StartKnown = []string{"/lambda-entrypoint.sh"}, true
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

// tensorflowFacts: tensorflow/tools/dockerfiles of github.com/tensorflow/tensorflow; the Python is Ubuntu's.
func tensorflowFacts(f *Facts) {
	only("ubuntu", "glibc")(f)
	f.Extended, f.User, f.Workdir, f.Home = true, "root", "/", map[string]string{"root": "/root"}
	if strings.Contains(f.Reference.Tag, "jupyter") {
		f.Workdir = "/tf"
	}
	if strings.HasPrefix(f.Reference.Tag, "2.") || strings.HasPrefix(f.Reference.Tag, "latest") {
		f.is("tensorflow")
		f.Python = &Interpreter{Path: "/usr/bin/python3", Prefix: "/usr"}
		f.Env, f.EnvKnown = map[string]string{"PATH": defaultPath}, true
		f.EnvDoubtful = doubtful(cudaVariables + " PATH LANG DEBIAN_FRONTEND")
	}
}
