package image

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// oldName matches references that name a release of before 2015, when pip 6.0 came.
var oldName = pattern.New(`(?i)\b(?:lucid|precise|quantal|raring|saucy|trusty|utopic|vivid|wily|squeeze|wheezy|jessie)\b|(?:^|[^\d.])1[0-5]\.(?:04|10)(?:[^\d]|$)`)

// MayBeOld tells whether the image may have the tools of before 2015: a release of a distribution of that time, or an unfamiliar image whose name
// speaks of one. Docker's Python images are none, whatever they stand on: pip is their own.
func (f Facts) MayBeOld() bool {
	switch {
	case f.Official, f.Python != nil && f.Python.Prefix != "/usr":
		return f.Official && (f.Python.Version == "2.7.7" || f.Python.Version == "2.7.8" || f.Python.Version == "3.3.5" || f.Python.Version == "3.4.1")
	case f.Release != "":
		pip := DistroPip(f.Distro, f.Release)
		return strings.HasPrefix(pip, "0.") || strings.HasPrefix(pip, "1.")
	}
	return oldName.MatchString(f.Reference.Path + ":" + f.Reference.Tag)
}

var (
	condaTag       = pattern.New(`^(?:py\d+_)?(\d+\.\d+\.\d+)`)
	anacondaTag    = pattern.New(`^(\d+\.\d+)`)
	condaInstaller = pattern.New(`(Miniconda|Anaconda)[23]?-(?:py\d+_)?(latest|[\d.]*\d)(?:-[\d.]+)?-Linux`)
)

// CondaRelease is the release of conda in the image; "" where it is not known, "newest" for the maker's newest image.
func (f Facts) CondaRelease() string {
	tag := f.Reference.Tag
	switch name := f.Reference.Name; {
	case f.Reference.Digest != "" && tag == "":
		return ""
	case strings.HasPrefix(name, "condaforge/"):
		return "newest" // since 2020, with conda 4.8
	case !strings.HasPrefix(name, "continuumio/"):
		return ""
	case strings.HasSuffix(name, "3") && (tag == "" || tag == "latest"):
		return "newest"
	case strings.Contains(name, "miniconda"):
		if m := condaTag.FindStringSubmatch(tag); m != nil {
			return m[1]
		}
	case strings.Contains(name, "anaconda"):
		if m := anacondaTag.FindStringSubmatch(tag); m != nil {
			return condaOfAnaconda(m[1])
		}
	}
	return ""
}

// CondaOfInstaller is the release of conda that an installer brings, going by its file's name ("Miniconda3-4.5.11-Linux-x86_64.sh") somewhere
// in text: as CondaRelease.
func CondaOfInstaller(text string) string {
	m := condaInstaller.FindStringSubmatch(text)
	switch {
	case m == nil:
		return ""
	case m[2] == "latest":
		return "newest"
	case m[1] == "Anaconda":
		return condaOfAnaconda(m[2])
	}
	return m[2]
}

// condaOfAnaconda: Anaconda is numbered by year and month since 2018.12, which brought conda 4.5.12; 2019.03 brought 4.6.11.
// https://docs.anaconda.com/anaconda/release-notes/
func condaOfAnaconda(version string) string {
	switch {
	case version >= "2019" && strings.HasPrefix(version, "20"):
		return "4.6.11"
	case strings.HasPrefix(version, "2018"):
		return "4.5.12"
	}
	return "4.5.11" // 5.3 and older
}

// ApkRefreshes tells whether apk certainly fetches its index by itself where there is none, and has --no-cache: since Alpine 3.3, of December
// 2015. An image whose release is not known counts where its maker has none that is older.
func (f Facts) ApkRefreshes() bool {
	switch {
	case f.Distro != "alpine":
		return f.Distro == "wolfi"
	case f.Release != "":
		return !olderRelease(f.Release, 3, 3)
	case f.Reference.Name == "alpine":
		return f.Reference.Digest == "" && (f.Reference.Tag == "" || f.Reference.Tag == "latest" || f.Reference.Tag == "edge" || f.Reference.Tag == "3")
	}
	// Docker's official images have -alpine variants since January 2016; that of Docker itself is older.
	return !strings.Contains(f.Reference.Name, "/") && f.Reference.Name != "docker" || strings.HasPrefix(f.Reference.Name, "ghcr.io/astral-sh/")
}

func olderRelease(text string, major, minor int) bool {
	a, b, _ := strings.Cut(text, ".")
	b, _, _ = strings.Cut(b, ".")
	x, y := number(a), number(b)
	return x < major || x == major && y < minor
}

func number(text string) int {
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' {
			return n
		}
		n = n*10 + int(r-'0')
	}
	return n
}
