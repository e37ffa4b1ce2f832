package ospkg

import (
	"slices"
	"strings"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// Brought is what a package is known to bring.
type Brought struct {
	Programs    []string // on PATH, of the package and of those that it depends on
	Recommended []string // of the packages that it recommends, which apt installs too unless it is told not to
	Users       []User
	own         int // so many of Programs are what the package is installed for
}

// User is a user that the scripts of a package make.
type User struct{ Name, Home string }

// family is the first column of programs.tsv for a distribution, "" for an unfamiliar one.
func family(distro string) string {
	switch distro {
	case "debian", "ubuntu":
		return "deb"
	case "alpine", "wolfi":
		return "apk"
	}
	if rpmFamily[distro] && distro != "opensuse" {
		return "rpm"
	}
	return ""
}

type packageKey struct{ family, name string }

var brought = sync.OnceValue(func() map[packageKey]Brought {
	table := map[packageKey]Brought{}
	for line := range strings.Lines(programData()) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		var b Brought
		certain, recommended, _ := strings.Cut(cells[2], " + ")
		own, along, _ := strings.Cut(certain, " & ")
		if own != "-" {
			b.Programs = strings.Fields(own)
		}
		b.own = len(b.Programs)
		b.Programs = append(b.Programs, strings.Fields(along)...)
		b.Recommended = strings.Fields(recommended)
		if cells[3] != "-" {
			for _, word := range strings.Fields(cells[3]) {
				name, home, _ := strings.Cut(word, ":")
				b.Users = append(b.Users, User{name, home})
			}
		}
		table[packageKey{cells[0], cells[1]}] = b
	}
	return table
})

// Brings tells what a package of a distribution brings; ok is false where nothing is known of it. Of a package that is known no other
// program is brought that anybody asks for, but for those that are as old as the distribution.
func Brings(distro, name string) (b Brought, ok bool) {
	f := family(distro)
	if b, ok = brought()[packageKey{f, name}]; ok {
		return b, true
	}
	// postgresql-client-15, postgresql16-client, openjdk-17-jre-headless
	for _, pattern := range []string{versionless(name, '-'), versionless(name, 0)} {
		if b, ok = brought()[packageKey{f, pattern}]; ok {
			return b, true
		}
	}
	if strings.HasPrefix(name, "openjdk-") {
		b, ok = brought()[packageKey{f, "openjdk-*"}]
	}
	return b, ok
}

// versionless puts a "*" in the place of the first digits of a name, which must follow a byte if that is not 0.
func versionless(name string, after byte) string {
	start := strings.IndexAny(name, "0123456789")
	if start <= 0 || after != 0 && name[start-1] != after {
		return ""
	}
	end := start
	for end < len(name) && (name[end] >= '0' && name[end] <= '9' || name[end] == '.') {
		end++
	}
	return name[:start] + "*" + name[end:]
}

// ProgramPackages are the packages of a distribution that are known to bring a program, the one of its own name first, else sorted. A package
// that brings it only by what it depends on or recommends is none.
func ProgramPackages(distro, program string) []string {
	var names []string
	for key, b := range brought() {
		if key.family == family(distro) && slices.Contains(b.Programs[:b.own], program) && !strings.Contains(key.name, "*") {
			names = append(names, key.name)
		}
	}
	stable.Sort(names, func(a, b string) int {
		if (a == program) != (b == program) {
			if a == program {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}
