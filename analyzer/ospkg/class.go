package ospkg

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// Class is what a package is for.
type Class uint8

const (
	// Unknown is a package that nothing is known of: it may be needed at run time.
	Unknown Class = iota
	// BuildOnly is a compiler, a build tool, or headers: no use in an image that only runs programs.
	BuildOnly
	// PythonPackaging is pip, setuptools, venv and the like of the operating system.
	PythonPackaging
	// Ambiguous is a tool that most images use at build time only, but that programs, health checks and
	// entry points may call: git, curl, ca-certificates, nodejs.
	Ambiguous
	// RuntimeLibrary is a package that running programs load.
	RuntimeLibrary
)

var classes = func() map[string]Class {
	table := map[string]Class{}
	for class, names := range map[Class]string{
		BuildOnly: `build-essential build-base base-devel alpine-sdk devscripts gcc g++ gcc-c++ gcc-multilib g++-multilib
			gcc-gfortran gfortran gcc-fortran clang clang++ cpp make cmake cmake3 extra-cmake-modules gmake ninja ninja-build
			ninja-is-really-ninja samurai meson autoconf automake autotools-dev autoconf-archive libtool libtool-bin m4
			pkg-config pkgconf pkgconfig pkgconf-pkg-config swig cython cython3 py3-cython python3-cython cargo rust rustc rustup
			go golang golang-go golang-any flex bison byacc patchelf dpkg-dev debhelper dh-python fakeroot rpm-build rpmdevtools
			redhat-rpm-config ccache nasm yasm protobuf-compiler protoc linux-headers kernel-headers musl-dev libc-dev libc6-dev
			glibc-devel libffi-devel fortify-headers gperf scons bazel gettext-dev`,
		PythonPackaging: `pipenv py-pip py2-pip py3-pip py-setuptools py2-setuptools py3-setuptools py3-wheel py-virtualenv
			py2-virtualenv py3-virtualenv virtualenv pipx poetry uv twine pip`,
		Ambiguous: `git git-core git-lfs mercurial subversion bzr curl wget aria2 ca-certificates gnupg gnupg2 gnupg1 gpg
			gpg-agent dirmngr apt-transport-https apt-utils software-properties-common python-software-properties lsb-release
			debconf-utils unzip zip bzip2 xz-utils xz tar gzip p7zip p7zip-full nodejs npm yarn yarnpkg gettext patch
			binutils llvm openssh-client openssl rsync jq epel-release lsb-core`,
	} {
		for _, name := range strings.Fields(names) {
			table[name] = class
		}
	}
	return table
}()

var (
	// gcc-12, g++-4.8, gcc-12-aarch64-linux-gnu, clang-14, gcc-toolset-12, llvm-14-dev (by its ending); but
	// gcc-12-base belongs to libgcc's run-time part.
	compiler = pattern.New(`^(?:gcc|g\+\+|clang|gfortran|cpp|golang|rust|rustc|cargo|go)-?\d+(?:\.\d+)*(?:-[a-z0-9-]*linux-gnu[a-z0-9]*)?$|^(?:gcc-toolset|devtoolset|linux-headers|kernel-headers|kernel-devel)-.+|^golang-\d[\d.]*(?:-go)?$`)
	// python3-pip, python3.11-venv, python36-pip, python-setuptools, python3-virtualenv.
	packaging = pattern.New(`^(?:python|pypy)[\d.]*-(?:pip|pip-whl|setuptools|setuptools-whl|wheel|venv|full|virtualenv|distutils|ensurepip|poetry|pipenv|build|installer|hatchling|flit|virtualenvwrapper|pkg-resources)$`)
)

// rpmGroups are the groups of Red Hat's family that hold compilers.
var rpmGroups = map[string]bool{
	"development tools": true, "development": true, "development-tools": true, "c development tools and libraries": true,
	"c-development": true, "development libraries": true, "devel_basis": true, "rpm development tools": true,
}

// ClassOf tells what a package of a distribution is for. distro may be "": the names of all
// distributions are alike enough.
func ClassOf(distro, name string) Class {
	if name == "musl-dev" && (distro == "debian" || distro == "ubuntu") {
		return Unknown // it has musl's own shared library too, which wheels and programs from Alpine are run with
	}
	if class, ok := classes[name]; ok {
		return class
	}
	switch {
	case rpmGroups[strings.ToLower(name)]:
		return BuildOnly
	case packaging.MatchString(name):
		return PythonPackaging
	case compiler.MatchString(name):
		return BuildOnly
	// Debian, Ubuntu and Alpine end headers in -dev, the RPM family in -devel; without a known
	// distribution both endings tell the same.
	case strings.HasSuffix(name, "-dev") && !rpmFamily[distro], strings.HasSuffix(name, "-devel") && !debFamily[distro],
		strings.HasSuffix(name, "-static") && rpmFamily[distro]:
		return BuildOnly
	case runtimeNames()[name], library.MatchString(name):
		return RuntimeLibrary
	}
	return Unknown
}

// RunsTasks tells whether a BuildOnly package is a program that people also run tasks with which compile nothing.
func RunsTasks(name string) bool { return name == "make" || name == "gmake" }

// needing are packages that need one of Debian 12's and go when it is removed, by its name (apt-cache depends, November 2026).
var needing = map[string]string{
	"gcc": "build-essential g++ gfortran libtool cargo rustc", "cpp": "build-essential g++ gfortran libtool gcc cargo rustc",
	"g++": "build-essential", "make": "build-essential", "dpkg-dev": "build-essential", "autoconf": "automake",
	"libssl-dev":  "libpq-dev libmariadb-dev default-libmysqlclient-dev libmysqlclient-dev libxmlsec1-dev libcurl4-openssl-dev",
	"zlib1g-dev":  "libpng-dev libmariadb-dev default-libmysqlclient-dev libfreetype-dev libfreetype6-dev libtiff-dev libtiff5-dev libxml2-dev",
	"libxml2-dev": "libxslt1-dev libxslt-dev libxmlsec1-dev libgdal-dev", "libxslt1-dev": "libxmlsec1-dev", "libpq-dev": "libgdal-dev",
	"libffi-dev": "libglib2.0-dev", "libglib2.0-dev": "libcairo2-dev libpango1.0-dev libgirepository1.0-dev libgdk-pixbuf-2.0-dev",
}

// Needs tells whether a package may need another one, so that it goes with that. Nearly all headers need the C library's.
func Needs(name, other string) bool {
	if other == "libc6-dev" || other == "libc-dev" {
		return IsHeaders(name) || name == "g++" || name == "build-essential" || name == "libtool"
	}
	return slices.Contains(strings.Fields(needing[other]), name)
}

// IsHeaders tells whether the package holds what programs are compiled against.
func IsHeaders(name string) bool {
	return !IsJDK(name) && (strings.HasSuffix(name, "-dev") || strings.HasSuffix(name, "-devel") || strings.HasSuffix(name, "-headers"))
}

// IsJDK tells whether the package holds a Java compiler: openjdk-17-jdk-headless, default-jdk, openjdk17, java-17-openjdk-devel.
func IsJDK(name string) bool { return jdk.MatchString(name) }

var jdk = pattern.New(`^(?:openjdk-\d+|default)-jdk(?:-headless)?$|^openjdk\d+(?:-jdk)?$|^java-[\d.]+-openjdk-devel$`)

// library is the shape of Debian's shared library packages: lib, a name, a number at the end.
var library = pattern.New(`^lib[a-z0-9+.-]*\d(?:t64|v5|c2)?$`)

var (
	rpmFamily = map[string]bool{"fedora": true, "rhel": true, "amazonlinux": true, "opensuse": true}
	debFamily = map[string]bool{"debian": true, "ubuntu": true, "alpine": true, "wolfi": true}
)
