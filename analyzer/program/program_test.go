package program

import (
	"slices"
	"strings"
	"testing"
)

func TestTableIsWellFormed(t *testing.T) {
	kinds := []Kind{Shell, Quiet, Accounts, Files, Fetch, Compile, Run, Serve, ShellCode, Unclear}
	touches := []Touch{Nothing, ShellOnly, Attributes, Removes, Names, System, OfAccounts, AnyFile, Anything}
	roles := []Role{Interpreter, Server, Test, Work, Tasks, ShellProgram, Reads, OtherRuntime, Idle, CallsApt, Places, Runs, Builtin, Settings, Loads, "shell-file"}
	last := ""
	for line := range strings.Lines(tsv()) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(cells) != 5 {
			t.Fatalf("%q has %d cells, want 5", line, len(cells))
		}
		if cells[0] <= last {
			t.Errorf("%s stands behind %s", cells[0], last)
		}
		last = cells[0]
		if !slices.Contains(kinds, Kind(cells[1])) || !slices.Contains(touches, Touch(cells[2])) {
			t.Errorf("%s: unknown kind or reach in %q", cells[0], line)
		}
		for _, role := range strings.Split(cells[4], ",") {
			if role != "-" && !slices.Contains(roles, Role(role)) {
				t.Errorf("%s: unknown role %q", cells[0], role)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for _, test := range []struct {
		name    string
		ok      bool
		touches Touch
		role    Role
	}{
		{"python3.12", true, Anything, Interpreter},
		{"python3.13t", true, Anything, Interpreter},
		{"gcc-12", true, Names, ""},
		{"useradd", true, OfAccounts, ""},
		{"gunicorn", true, AnyFile, Server},
		{"make", true, Anything, Tasks},
		{"setup", false, "", ""},
		{"test1", false, "", ""},
	} {
		f, ok := Lookup(test.name)
		if ok != test.ok || f.Touches != test.touches || test.role != "" && !f.Is(test.role) {
			t.Errorf("%s: %+v, %v", test.name, f, ok)
		}
	}
}
