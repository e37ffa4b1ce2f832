package image

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

//go:embed python.tsv
var pythonData string

// defaultPath is what Debian's, Ubuntu's and Alpine's images set, and what Docker assumes otherwise.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

var distroPythons = sync.OnceValue(func() map[release]Interpreter {
	table := map[release]Interpreter{}
	for _, row := range rows(pythonData) {
		for _, number := range strings.Fields(row[2]) {
			number, managed := strings.CutSuffix(number, "!")
			table[release{row[0], number}] = Interpreter{
				Version: row[1], Minor: row[1], Path: "/usr/bin/python3", Prefix: "/usr", ExternallyManaged: managed,
			}
		}
	}
	return table
})

func distroPython(distro, number string) *Interpreter {
	for number != "" {
		if p, ok := distroPythons()[release{distro, number}]; ok {
			return &p
		}
		i := strings.LastIndexByte(number, '.')
		if i < 0 {
			break
		}
		number = number[:i]
	}
	return nil
}

// setDebian fills in a release of Debian by its codename.
func (f *Facts) setDebian(codename string) {
	f.Distro, f.Libc, f.Codename = "debian", "glibc", codename
	f.Release = dates().codenames[release{"debian", codename}]
}

func (f *Facts) setAlpine(number string) {
	f.Distro, f.Libc, f.Release = "alpine", "musl", number
}

// setPlain says that the image sets no variable but PATH, no user and no directory.
func (f *Facts) setPlain() {
	f.Env, f.EnvKnown = map[string]string{"PATH": defaultPath}, true
	f.User, f.Workdir = "root", "/"
	f.Home = map[string]string{"root": "/root"}
	f.StartKnown = true
}

// bare says what the images of the distributions hold that have nothing but the distribution.
func (f *Facts) bare() {
	switch f.Distro {
	case "debian":
		f.is(ofRelease("debian", f.Release))
	case "ubuntu":
		switch {
		case f.Release == "":
			f.is("ubuntu", "ubuntu-new")
		case f.Release >= "23.04": // since then the image has a user with id 1000
			f.is("ubuntu-new")
		case f.Release >= "16.04":
			f.is("ubuntu")
		default:
			f.is("ubuntu-old")
		}
	case "alpine":
		f.is("alpine", "alpine-old")
	}
}

// ofRelease is the kind of image for a release of Debian: kind-12 and kind-13, kind-old or what stands for all before. Without a
// release it is the kind of any.
func ofRelease(kind, number string) string {
	switch number {
	case "12", "13":
		return kind + "-" + number
	case "9", "10":
		if kind == "debian" {
			return "debian-9"
		}
	case "11":
		if kind == "debian" {
			return "debian-11"
		}
	case "7", "8":
		return kind + "-8"
	case "":
		if kind == "debian" {
			return "debian"
		}
	}
	return kind + "-old"
}

var (
	debianTag = pattern.New(`^(\d+|[a-z]+)(\.\d+)*(-\d{8}(\.\d+)?)?(-backports)?(-slim)?$`)
	ubuntuTag = pattern.New(`^(\d+\.\d+|[a-z]+)(\.\d+)?(-\d{8}(\.\d+)?)?$`)
	alpineTag = pattern.New(`^(\d+\.\d+)(\.\d+)?$`)
)

func debianFacts(f *Facts) {
	tag := f.Reference.Tag
	f.setDebian("")
	f.Slim = strings.HasSuffix(tag, "-slim")
	if m := debianTag.FindStringSubmatch(tag); m != nil {
		if number, ok := dates().codenames[release{"debian", m[1]}]; ok {
			f.Codename, f.Release = m[1], number
		}
		if codename, ok := dates().releases[release{"debian", m[1]}]; ok {
			f.Codename, f.Release = codename, m[1]
		}
	}
	f.setPlain()
	f.bare()
	f.NoPython = true
}

func ubuntuFacts(f *Facts) {
	f.Distro, f.Libc = "ubuntu", "glibc"
	if m := ubuntuTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		if number, ok := dates().codenames[release{"ubuntu", m[1]}]; ok {
			f.Codename, f.Release = m[1], number
		}
		if codename, ok := dates().releases[release{"ubuntu", m[1]}]; ok {
			f.Codename, f.Release = codename, m[1]
		}
	}
	f.setPlain()
	f.bare()
	// The images of 14.04 and before had Python as a part of the minimal system.
	f.NoPython = f.Release >= "16.04" || f.Release == "" && f.Codename == "" && f.Reference.Digest == ""
}

func alpineFacts(f *Facts) {
	f.setAlpine("")
	if m := alpineTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Release = m[1]
	}
	f.setPlain()
	f.bare()
	f.NoPython = true
}

// rpmFacts are the images of Red Hat's and SUSE's families. Some hold a Python for their package
// manager, others do not: nothing is said of it.
func rpmFacts(distro string) func(*Facts) {
	return func(f *Facts) { f.rpm(distro) }
}

// rpm is not the closure itself, of which each use would be a copy.
func (f *Facts) rpm(distro string) {
	f.Distro, f.Libc = distro, "glibc"
	if m := rpmTag.FindStringSubmatch(f.Reference.Tag); m != nil {
		f.Release = m[1]
		if distro == "opensuse" || strings.HasPrefix(m[1], "201") { // Leap 15.5, Amazon Linux 2018.03
			f.Release += m[2]
		}
	}
	f.User, f.Workdir, f.Home = "root", "/", map[string]string{"root": "/root"}
	f.Env = map[string]string{}
}

var rpmTag = pattern.New(`^(?:centos|stream|leap-?)?(\d+)(\.\d+)?(?:[.-][\w.-]*)?$`)

var (
	codenameInTag = pattern.New(`(?:^|-)(wheezy|jessie|stretch|buster|bullseye|bookworm|trixie)(?:-|$)`)
	ubuntuInTag   = pattern.New(`(?:^|-)ubuntu-?(\d\d\.\d\d)(?:-|$)`)
	ubuntuName    = pattern.New(`(?:^|-)(trusty|xenial|bionic|focal|jammy|noble|resolute)(?:-|$)`)
	alpineInTag   = pattern.New(`(?:^|-)alpine-?(\d+\.\d+)?(?:-|$)`)
)

// setDistroOfTag reads the distribution that a tag names, as most makers write it; it tells whether one was named.
func (f *Facts) setDistroOfTag() bool {
	tag := f.Reference.Tag
	if m := alpineInTag.FindStringSubmatch(tag); m != nil {
		f.setAlpine(m[1])
		return true
	}
	if m := codenameInTag.FindStringSubmatch(tag); m != nil {
		f.setDebian(m[1])
		return true
	}
	if m := ubuntuInTag.FindStringSubmatch(tag); m != nil {
		f.Distro, f.Libc, f.Release = "ubuntu", "glibc", m[1]
		f.Codename = dates().releases[release{"ubuntu", m[1]}]
		return true
	}
	if m := ubuntuName.FindStringSubmatch(tag); m != nil {
		f.Distro, f.Libc, f.Codename = "ubuntu", "glibc", m[1]
		f.Release = dates().codenames[release{"ubuntu", m[1]}]
		return true
	}
	return false
}
