package cli

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// What people type out of habit ends in a hint, and the hint works when it is followed.
func TestHintsWork(t *testing.T) {
	run := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := Main(args, Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		return code, errs.String()
	}
	hint := regexp.MustCompile("did you mean (?:`pylint-docker ([^`]+)`|\"([^\"]+)\"|(--[a-z-]+(?: (?:json|sarif|html|never|none|full|svg|dot|mermaid|pip|pipenv|poetry|uv|pdm|conda))?))")
	for command := range foreignCommands {
		code, said := run(command)
		m := hint.FindStringSubmatch(said)
		if code != exitError || m == nil {
			t.Errorf("%s: code %d, %s", command, code, said)
			continue
		}
		if code, said := run(append(strings.Fields(m[1]+m[2]), "--help")...); code != exitClean {
			t.Errorf("%s leads to %q, which ends with %d: %s", command, m[1]+m[2], code, said)
		}
	}
	for flag := range foreignFlags {
		written := "--" + flag
		if len(flag) == 1 {
			written = "-" + flag
		}
		command := "check"
		switch hint := foreignFlags[flag]; {
		case strings.HasPrefix(hint, "--tool"):
			command = "init"
		case strings.HasPrefix(hint, "--format") || flag == "o" || flag == "v":
			command = "graph"
		}
		code, said := run(command, written, "x")
		if code != exitError || !strings.Contains(said, "did you mean ") && !strings.Contains(said, nothingLike) {
			t.Errorf("%s: code %d, %s", written, code, said)
			continue
		}
		m := hint.FindStringSubmatch(said)
		if m == nil {
			continue // a key of the configuration, or a path
		}
		args := append([]string{command}, strings.Fields(m[3])...)
		if m[1] != "" {
			args = strings.Fields(m[1])
		}
		if len(args) == 2 && strings.HasPrefix(args[1], "-") && !takesNoValue(command, args[1]) {
			args = append(args, "1")
		}
		if code, said := run(append(args, "--help")...); code != exitClean {
			t.Errorf("%s leads to %q, which ends with %d: %s", written, args, code, said)
		}
	}
}

func takesNoValue(command, flag string) bool {
	for _, cmd := range Command().Commands() {
		if f := cmd.Flags().Lookup(strings.TrimPrefix(flag, "--")); f != nil && cmd.Name() == command {
			return f.NoOptDefVal != ""
		}
	}
	return false
}

func TestSpellingOfCommandsAndFlags(t *testing.T) {
	for args, want := range map[string]string{
		"chekc":             `did you mean "check"?`,
		"check --fail-onn":  "did you mean --fail-on?",
		"check --selct x":   "did you mean --select?",
		"check --usafe-fix": "did you mean --unsafe-fixes?",
		"--fix":             "did you mean `pylint-docker check`",
		"--format json":     "did you mean `pylint-docker check --output-format`",
		"--recursive .":     "did you mean `pylint-docker check`, and the path without a flag: folders are searched?",
		"-v":                "did you mean `pylint-docker version`, or `pylint-docker check -v`?",
		"-V":                "did you mean `pylint-docker version`?",
		"--strict-labels":   "there is nothing like it here: `pylint-docker check` does without",
		"check --preview":   "there is nothing like it here",
		"check --no-cache":  "there is nothing like it here",
		"init --poetry":     "did you mean --tool poetry?",
		"init --png":        "unknown flag: --png",
		"graph --png x":     "did you mean --format svg?",
		"graph --json x":    "did you mean --format json?",
		"graph -o x.svg x":  "did you mean --output-file?",
		"some/Dockerfile":   "pylint-docker check some/Dockerfile",
	} {
		var out, errs bytes.Buffer
		code := Main(strings.Fields(args), Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
		if code != exitError || !strings.Contains(errs.String(), want) {
			t.Errorf("%s: code %d, %s", args, code, errs.String())
		}
	}
}
