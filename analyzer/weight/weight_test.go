//go:build !playground

package weight

import "testing"

func TestSystem(t *testing.T) {
	for _, test := range []struct {
		release    string
		full       bool
		names      []string
		recommends bool
		least      int64 // megabytes: what is there less a quarter
		most       int64 // and a quarter more
	}{
		{"bookworm", false, []string{"gcc"}, false, 135, 225},
		{"bookworm", false, []string{"gcc"}, true, 197, 327},
		{"bookworm", false, []string{"build-essential"}, false, 201, 335},
		{"bookworm", false, []string{"build-essential", "gcc", "make"}, false, 201, 335},
		{"bookworm", true, []string{"build-essential"}, true, 0, 0},
		{"bookworm", false, []string{"git"}, false, 62, 104},
		{"bookworm", false, []string{"ffmpeg"}, true, 470, 783},
		{"bookworm", true, []string{"ffmpeg"}, false, 271, 451},
		{"trixie", false, []string{Lists}, false, 16, 27},
		{"bookworm", true, []string{"gcc", "no-such-package"}, false, 0, 0},
		{"", false, []string{"gcc"}, false, 140, 250},
		{"buster", false, []string{"gcc"}, false, 0, 0},
	} {
		var packages []Package
		for _, name := range test.names {
			packages = append(packages, Package{name, test.recommends})
		}
		if got := System(test.release, test.full, packages) / 1e6; got < test.least || got > test.most {
			t.Errorf("%v: %d MB", test, got)
		}
	}
}

// What packages take that are installed in a Debian 12, with all that they need on top of the base image: megabytes of files, those with several names
// once, without documentation and translations (2026-11-30).
func TestReal(t *testing.T) {
	there := map[string]int64{
		"build-essential": 288, "cmake": 83, "dpkg-dev": 67, "g++": 239, "gcc": 163, "gettext": 41, "git": 83, "libbz2-dev": 21, "libjpeg-dev": 22, "libpq-dev": 15,
		"libpangocairo-1.0-0": 17, "libgl1-mesa-glx": 211, "libicu-dev": 107, "libreadline-dev": 24, "libsqlite3-dev": 24, "libssl-dev": 12, "libxml2-dev": 112,
		"libxslt1-dev": 113, "llvm": 239, "locales": 16, "perl": 47, "postgresql": 284, "python3-dev": 78, "python3-pip": 33, "vim": 40,
	}
	good := 0
	for name, want := range there {
		got := System("bookworm", false, []Package{{Name: name}}) / 1e6
		if 4*got >= 3*want && 4*got <= 5*want {
			good++
		}
		t.Logf("%-20s %4d MB said, %4d MB are there", name, got, want)
	}
	if 10*good < 9*len(there) {
		t.Errorf("%d of %d are right within 25 %%", good, len(there))
	}
}

func TestRecommended(t *testing.T) {
	if got := Recommended("bookworm", []Package{{"gcc", true}}) / 1e6; got < 61 || got > 103 {
		t.Errorf("%d MB come with gcc", got)
	}
	if got := Recommended("bookworm", []Package{{"gcc", false}}); got != 0 {
		t.Errorf("%d bytes come with --no-install-recommends", got)
	}
}

func TestDownloads(t *testing.T) {
	set := func(names ...string) map[string]bool {
		set := map[string]bool{}
		for _, name := range names {
			set[name] = true
		}
		return set
	}
	numpy, both := Downloads(set("numpy"), nil), Downloads(set("numpy", "pandas"), nil)
	if numpy < 12e6 || numpy > 21e6 || both < numpy+8e6 || both > numpy+20e6 {
		t.Errorf("numpy %d, with pandas %d bytes", numpy, both)
	}
	if got := Downloads(set("numpy", "a", "b", "c", "d", "e", "f", "g", "h", "i"), nil); got != 0 {
		t.Errorf("%d bytes of packages that are mostly unknown", got)
	}
}

func TestAbout(t *testing.T) {
	for bytes, want := range map[int64]string{9_999_999: "", 17_400_000: " (about 17 MB)", 268_000_000: " (about 270 MB)", 995_000_000: " (about 1.0 GB)", 2_340_000_000: " (about 2.3 GB)"} {
		if got := About(bytes); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
}

// Every word of the table is a group or a package of its column.
func TestTable(t *testing.T) {
	for name, c := range columns() {
		groups := map[int]bool{}
		for p := range c.rows {
			if !c.mark(groups, p, true) {
				t.Errorf("%s: %s names what is not there", name, p)
			}
		}
		for i := range groups {
			if i >= len(c.sizes) {
				t.Errorf("%s: there is no group %d", name, i)
			}
		}
		if len(groups) != len(c.sizes) {
			t.Errorf("%s: %d of %d groups are used", name, len(groups), len(c.sizes))
		}
	}
}
