package image

import (
	"slices"
	"strings"
)

// HasLocal tells whether the image has a directory or file below /usr/local. It is known of Docker's python images, where there is their
// Python and else the empty directories of the distribution. https://github.com/docker-library/python
func (f Facts) HasLocal(p string) Answer {
	inside, below := strings.CutPrefix(p, "/usr/local/")
	if !f.Official || f.Python == nil || f.Python.Prefix != "/usr/local" || f.Python.Minor == "" || !below {
		return Unknown
	}
	// The distribution's own Python, which full images have too, makes python3.x/dist-packages when it is installed, and leaves it empty.
	own := distroPython(f.Distro, f.Release)
	bare := f.Slim || f.Distro == "alpine"
	parts := strings.SplitN(inside, "/", 5)
	switch {
	case !slices.Contains(localDirs, parts[0]):
		return No
	case parts[0] != "lib" || len(parts) == 1 || parts[1] == "pkgconfig" || strings.HasPrefix(parts[1], "libpython"):
		return Unknown
	case parts[1] == "python"+f.Python.Minor && (len(parts) == 2 || len(parts) == 3 && parts[2] == "site-packages"):
		return Yes
	case !bare && own == nil && strings.HasPrefix(parts[1], "python") && (len(parts) == 2 || parts[2] == "dist-packages"):
		return Unknown
	case !bare && own != nil && parts[1] == "python"+own.Minor && (len(parts) == 2 || len(parts) == 3 && parts[2] == "dist-packages"):
		return Yes
	case parts[1] != "python"+f.Python.Minor, parts[2] == "dist-packages":
		return No
	case parts[2] != "site-packages":
		return Unknown
	}
	if slices.ContainsFunc(ownPackages, func(own string) bool { return strings.HasPrefix(parts[3], own) }) {
		return Unknown
	}
	return No
}

var (
	localDirs = []string{"bin", "etc", "games", "include", "lib", "libexec", "man", "sbin", "share", "src"}
	// ownPackages begin the names in site-packages that some of the images have.
	ownPackages = []string{
		"pip", "setuptools", "wheel", "pkg_resources", "_distutils_hack", "distutils-precedence.pth", "easy_install.py", "README", "__pycache__",
	}
)
