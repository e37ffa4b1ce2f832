package imagefs

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/imagefs/imagetest"
)

// rpmdb is a database that rpm 4.18 wrote: 20 packages were installed, one of them with a header of many pages, and one was removed.
func rpmdb(t testing.TB) []byte {
	t.Helper()
	data, err := imagetest.Unpack("testdata/rpmdb.sqlite.zst")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What is read of rpm's database is what rpm -qa --qf '%{NAME} %{VERSION}-%{RELEASE} %{SIZE}\n' says.
func TestRPM(t *testing.T) {
	data := rpmdb(t)
	packages, names := rpmPackages(bytes.NewReader(data), int64(len(data)))
	var got []string
	for _, p := range packages {
		got = append(got, fmt.Sprintf("%s %s %d\n", p.Name, p.Version, p.Bytes))
		if want := "/usr/bin/" + p.Name; p.Files[0] != want || p.Files[1] != "/usr/lib/"+p.Name {
			t.Errorf("%s has %q", p.Name, p.Files)
		}
	}
	slices.Sort(got)
	want, err := os.ReadFile("testdata/rpmdb.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), strings.Join(got, "")); diff != "" || names == 0 {
		t.Error(diff)
	}
}

// A database of which a part is not there, or is another one, has no packages rather than some.
func TestDamagedRPM(t *testing.T) {
	data := rpmdb(t)
	whole, _ := rpmPackages(bytes.NewReader(data), int64(len(data)))
	for n := 0; n < len(data); n += 4096 {
		if packages, _ := rpmPackages(bytes.NewReader(data[:n]), int64(n)); packages != nil && len(packages) != len(whole) {
			t.Errorf("%d bytes have %d packages", n, len(packages))
		}
	}
	endless := slices.Clone(data)
	copy(endless[4096+8:], []byte{0, 0, 0, 2}) // the last child of the second page is the second page
	if packages, _ := rpmPackages(bytes.NewReader(endless), int64(len(endless))); packages != nil {
		t.Errorf("a page that is its own child has %d packages", len(packages))
	}
}

// FuzzRPM reads anything without a panic, and keeps little of it.
func FuzzRPM(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		packages, names := rpmPackages(bytes.NewReader(data), int64(len(data)))
		if names > keptBytes {
			t.Errorf("%d packages, %d bytes of names", len(packages), names)
		}
		for _, p := range packages {
			if p.Name == "" || p.Bytes < 0 || len(p.Files) > packageFiles {
				t.Errorf("%+v", p)
			}
		}
	})
}
