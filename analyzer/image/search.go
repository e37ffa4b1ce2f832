package image

import "path"

// Interpreters are the interpreters of which the tables know that the image has them: Python first, then that of the distribution
// where packages of the image need it, as Mercurial's do in the full images.
func (f Facts) Interpreters() []*Interpreter {
	var found []*Interpreter
	if f.Python != nil {
		found = append(found, f.Python)
	}
	if f.Python == nil || f.Python.Prefix != "/usr" {
		if own := DistroPython(f.Distro, f.Release); own != nil && f.HasPackage("python3") == Yes {
			found = append(found, own)
		}
	}
	return found
}

// SearchDirs are the directories in which an interpreter of this image or of its distribution looks for installed packages, without the
// user's own, in the order of sys.path. ok is false when they are not known. Those of python.org search site-packages of their prefix
// alone; Debian's and Ubuntu's search dist-packages and no site-packages (site.getsitepackages of Debian 12 and 13), Red Hat's
// lib64 and lib, of /usr/local before /usr (https://fedoraproject.org/wiki/Changes/Making_sudo_pip_safe).
func (f Facts) SearchDirs(p *Interpreter) (dirs []string, ok bool) {
	if p == nil || p.Minor == "" || p.Prefix == "" {
		return nil, false
	}
	lib := "lib/python" + p.Minor
	if p.Prefix != "/usr" || f.hardened() {
		dirs = []string{path.Join(p.Prefix, lib, "site-packages")}
		if f.Distro == "rhel" && p.Prefix == "/opt/app-root" {
			dirs = append([]string{path.Join(p.Prefix, "lib64/python"+p.Minor, "site-packages")}, dirs...)
		}
		return dirs, true
	}
	switch f.Distro {
	case "debian", "ubuntu":
		if p.Minor[0] != '3' {
			return []string{"/usr/local/lib/python2.7/dist-packages", "/usr/lib/python2.7/dist-packages"}, p.Minor == "2.7"
		}
		return []string{"/usr/local/" + lib + "/dist-packages", "/usr/lib/python3/dist-packages", "/usr/" + lib + "/dist-packages"}, true
	case "alpine", "wolfi", "arch":
		return []string{"/usr/" + lib + "/site-packages"}, true
	case "rhel", "fedora", "amazonlinux":
		lib64 := "lib64/python" + p.Minor
		return []string{
			"/usr/local/" + lib64 + "/site-packages", "/usr/local/" + lib + "/site-packages",
			"/usr/" + lib64 + "/site-packages", "/usr/" + lib + "/site-packages",
		}, true
	}
	return nil, false
}

// InstallDir is where pip puts packages for an interpreter of this image or of its distribution when it is root and no option says
// otherwise; "" when that is not known.
func (f Facts) InstallDir(p *Interpreter) string {
	dirs, ok := f.SearchDirs(p)
	if !ok {
		return ""
	}
	if p.Prefix == "/usr" && (f.Distro == "rhel" || f.Distro == "fedora" || f.Distro == "amazonlinux") {
		return dirs[1] // packages of Python code alone; compiled ones go to lib64
	}
	if f.Distro == "rhel" {
		return dirs[len(dirs)-1]
	}
	return dirs[0]
}

// hardened tells one of Docker's Hardened Images, whose Python is no part of the distribution.
func (f Facts) hardened() bool { return f.Reference.Registry == "dhi.io" }
