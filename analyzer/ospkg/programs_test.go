package ospkg

import (
	"slices"
	"strings"
	"testing"
)

func TestBrings(t *testing.T) {
	tests := []struct {
		distro, name, has, lacks string
		known                    bool
	}{
		{"debian", "curl", "curl", "wget", true},
		{"ubuntu", "build-essential", "gcc g++ make", "git", true},
		{"debian", "python-is-python3", "python python3", "pip", true},
		{"debian", "postgresql-client-15", "psql pg_dump", "pg_config", true},
		{"debian", "libpq-dev", "pg_config", "psql", true},
		{"debian", "openjdk-17-jre-headless", "java", "javac", true},
		{"alpine", "postgresql16-client", "psql", "pg_config", true},
		{"alpine", "build-base", "gcc make", "git", true},
		{"alpine", "shadow", "useradd groupadd", "adduser", true},
		{"rhel", "shadow-utils", "useradd", "sudo", true},
		{"fedora", "procps-ng", "ps", "", true},
		{"debian", "no-such-package", "", "curl", false},
		{"arch", "curl", "", "curl", false},
		{"", "curl", "", "curl", false},
		{"debian", "", "", "", false},
	}
	for _, test := range tests {
		b, ok := Brings(test.distro, test.name)
		if ok != test.known {
			t.Errorf("%s %s: known is %v", test.distro, test.name, ok)
		}
		for _, program := range strings.Fields(test.has) {
			if !slices.Contains(b.Programs, program) {
				t.Errorf("%s %s brings no %s", test.distro, test.name, program)
			}
		}
		for _, program := range strings.Fields(test.lacks) {
			if slices.Contains(b.Programs, program) {
				t.Errorf("%s %s brings %s", test.distro, test.name, program)
			}
		}
	}
	if b, _ := Brings("debian", "python3-pip"); !slices.Contains(b.Recommended, "gcc") || slices.Contains(b.Programs, "gcc") {
		t.Errorf("python3-pip: %+v", b)
	}
	if b, _ := Brings("debian", "redis-server"); len(b.Users) != 1 || b.Users[0] != (User{"redis", "/var/lib/redis"}) {
		t.Errorf("redis-server makes %v", b.Users)
	}
	if b, _ := Brings("debian", "nginx"); b.Users != nil {
		t.Errorf("Debian's nginx runs as www-data, which is there: %v", b.Users)
	}
}

func TestProgramPackages(t *testing.T) {
	for _, test := range []struct{ distro, program, first string }{
		{"debian", "curl", "curl"}, {"debian", "ps", "procps"}, {"debian", "psql", "postgresql"}, {"debian", "python", "python"},
		{"alpine", "useradd", "shadow"}, {"rhel", "ps", "procps-ng"}, {"debian", "no-such-program", ""}, {"arch", "curl", ""},
	} {
		got := ""
		if names := ProgramPackages(test.distro, test.program); len(names) > 0 {
			got = names[0]
		}
		if got != test.first {
			t.Errorf("%s: %s comes with %q first, want %q", test.distro, test.program, got, test.first)
		}
	}
}

// TestProgramTable proves that the table is well-formed and says everything once.
func TestProgramTable(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(programData()) {
		line = strings.TrimSuffix(line, "\n")
		if line[0] == '#' {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 4 || !slices.Contains([]string{"deb", "apk", "rpm"}, cells[0]) {
			t.Errorf("malformed: %q", line)
			continue
		}
		if key := cells[0] + " " + cells[1]; seen[key] {
			t.Errorf("%s is there twice", key)
		} else {
			seen[key] = true
		}
		words := strings.Fields(cells[2])
		slices.Sort(words)
		if len(slices.Compact(slices.Clone(words))) != len(words) {
			t.Errorf("%s names a program twice", cells[1])
		}
		for _, word := range strings.Fields(cells[3]) {
			if word != "-" && strings.Count(word, ":/") != 1 {
				t.Errorf("%s: user %s", cells[1], word)
			}
		}
	}
}

func FuzzBrings(f *testing.F) {
	f.Add("debian", "postgresql-client-15")
	f.Add("alpine", "0")
	f.Fuzz(func(t *testing.T, distro, name string) {
		if b, ok := Brings(distro, name); !ok && (b.Programs != nil || b.Users != nil) {
			t.Errorf("%s %s is not known, but brings %v", distro, name, b)
		}
		ProgramPackages(distro, name)
	})
}
