package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pylint-docker": main})
}

// TestScripts runs the program as a user does: testdata/script/*.txtar at the root of the repository.
func TestScripts(t *testing.T) {
	images, err := filepath.Abs(filepath.Join("..", "..", "testdata", "images"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("..", "..", "testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "")
			env.Setenv("FORCE_COLOR", "")
			env.Setenv("COLUMNS", "")
			env.Setenv("IMAGES", images)
			// A repository bounds every search to the script's own folder.
			return os.MkdirAll(filepath.Join(env.WorkDir, ".git"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code":   code,
			"bytes":  writeBytes,
			"same":   sameBytes,
			"mode":   fileMode,
			"isLink": isLink,
			"cmpcut": cmpCut,
		},
	})
}

// code N ARGS... runs pylint-docker and asserts its exit code.
func code(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec("pylint-docker", args[1:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

var unescape = strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\t`, "\t", `\0`, "\x00", `\e`, "\x1b", `\bom`, "\xef\xbb\xbf", `\xff`, "\xff", `\xfe`, "\xfe")

// bytes FILE TEXT [COUNT] writes TEXT, COUNT times. Both FILE and TEXT may have escapes.
func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	text := unescape.Replace(args[1])
	if len(args) > 2 {
		n := 0
		for _, digit := range args[2] {
			n = n*10 + int(digit-'0')
		}
		text = strings.Repeat(text, n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(unescape.Replace(args[0])), []byte(text), 0o644))
}

// same FILE TEXT asserts that the file holds exactly TEXT with escapes.
func sameBytes(ts *testscript.TestScript, _ bool, args []string) {
	got := ts.ReadFile(args[0])
	if want := unescape.Replace(args[1]); got != want {
		ts.Fatalf("got  %q\nwant %q", got, want)
	}
}

// mode FILE MODE asserts the permissions, as ls shows them.
func fileMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := info.Mode().Perm().String(); got != args[1] {
		ts.Fatalf("got %s, want %s", got, args[1])
	}
}

// isLink FILE asserts that it is a symbolic link.
func isLink(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Lstat(ts.MkAbs(args[0]))
	ts.Check(err)
	if info.Mode()&os.ModeSymlink == 0 {
		ts.Fatalf("%s is no link", args[0])
	}
}

// cmpcut FILE WANT compares, but takes "..." at the end of a line of WANT for any text.
func cmpCut(ts *testscript.TestScript, _ bool, args []string) {
	got, want := strings.Split(ts.ReadFile(args[0]), "\n"), strings.Split(ts.ReadFile(args[1]), "\n")
	if len(got) != len(want) {
		ts.Fatalf("got %d lines, want %d:\n%s", len(got), len(want), strings.Join(got, "\n"))
	}
	for i := range got {
		prefix, open := strings.CutSuffix(want[i], "...")
		if got[i] != want[i] && !(open && strings.HasPrefix(got[i], prefix)) {
			ts.Fatalf("line %d\ngot  %s\nwant %s", i+1, got[i], want[i])
		}
	}
}
