package image

import "strings"

// Upstream tells that the interpreter is a release of python.org that the image's maker chose by its number. A
// distribution's own interpreter is none: Debian, Ubuntu and Red Hat mend theirs for as long as the release lives.
func (i *Interpreter) Upstream() bool {
	return i.Minor != "" && i.Prefix != "/usr" && i.Prefix != "/opt/app-root"
}

// Product is the name that End knows the image's distribution by: CentOS has dates of its own among the relatives of RHEL.
func (f Facts) Product() string {
	if f.Distro == "rhel" && strings.Contains(f.Reference.Path+":"+f.Reference.Tag, "centos") {
		return "centos"
	}
	return f.Distro
}

// NamesRelease tells whether the reference itself names the distribution's release: the image is that of the
// distribution, or the tag says "-buster", "-alpine3.12", "-ubuntu20.04".
func (f Facts) NamesRelease() bool {
	if f.Release == "" {
		return false
	}
	text := f.Reference.Path + ":" + f.Reference.Tag
	return !f.Official || f.Codename != "" && strings.Contains(text, f.Codename) || strings.Contains(text, f.Distro+f.Release)
}

// End is the end of life of the image's distribution release; ok is false when either is not known.
func (f Facts) End() (EndOfLife, bool) { return End(f.Product(), f.Release) }
