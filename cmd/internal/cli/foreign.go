package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// foreignCommands are what other programs call our commands: ruff, flake8, pylint, hadolint, eslint and their kin.
var foreignCommands = map[string]string{
	"lint": "check", "analyze": "check", "analyse": "check", "scan": "check", "run": "check", "test": "check", "validate": "check",
	"fix": "check --fix", "format": "check --fix", "diff": "check --diff", "watch": "check --watch", "clean": "check --isolated",
	"explain": "rule", "rules": "rule --all", "list": "rule --all", "linter": "rule --all", "docs": "rule",
	"server": "lsp", "language-server": "lsp", "langserver": "lsp",
	"tree": "graph", "visualize": "graph", "stages": "graph", "new": "init", "create": "init", "generate": "init", "settings": "config",
	"show-settings": "config", "completions": "completion", "build": "check", "fs": "check", "inspect": "image",
	"show": "rule", "doc": "rule", "list-rules": "rule --all",
}

// nothingLike is the hint for a flag of which we have no counterpart.
const nothingLike = "there is nothing like it here: `pylint-docker check` does without"

// theArgument is what a flag for the Dockerfile becomes.
const theArgument = "the path without a flag"

// foreignFlags are what other programs call our flags, without dashes; one letter stands for a short flag. Bars part what different commands
// call it.
var foreignFlags = map[string]string{
	// ruff and flake8
	"format": "--output-format", "fix-unsafe": "--unsafe-fixes", "unsafe": "--unsafe-fixes", "add-noqa": "--add-ignores",
	"show-settings": "`pylint-docker config`", "extend-ignore": "--ignore", "extend-exclude": "--exclude", "extend-fixable": "--fixable",
	"extend-per-file-ignores": "--per-file-ignores", "show-source": "--output-format full",
	"exit-non-zero-on-format": "--exit-non-zero-on-fix", "explain": "`pylint-docker rule CODE`",
	"line-length": nothingLike, "cache": nothingLike, "preview": nothingLike, "no-preview": nothingLike, "no-cache": nothingLike, "cache-dir": nothingLike, "target-version": nothingLike,
	"statistic": "--statistics", "count": "--statistics", "silent": "--quiet", "s": "--quiet",
	"rcfile": "--config", "no-config": "--isolated", "print-config": "`pylint-docker config`", "filename": "--stdin-filename", "stdin-display-name": "--stdin-filename", "show-fix": "--show-fixes",
	// hadolint
	"failure-threshold": "--fail-on", "fail-level": "--fail-on", "no-fail": "--exit-zero", "f": "--output-format (a Dockerfile: the path without a flag)|--format", "t": "--fail-on (a stage: --target)|--target",
	"c": "--config", "no-color": "--color never", "no-colour": "--color never", "file-path-in-report": "--stdin-filename", "trusted-registry": "the key trusted-registries of the configuration",
	"error": "the key severity of the configuration", "warning": "the key severity of the configuration", "info": "the key severity of the configuration",
	"style": "the key severity of the configuration", "disable-ignore-pragma": "--compat none", "strict-labels": nothingLike, "require-label": nothingLike,
	// other linters and tools
	"disable": "--ignore", "enable": "--extend-select", "skip": "--ignore", "rules": "--select", "only": "--select", "rule": "--select",
	"fail-under": "--fail-on", "severity": "--fail-on", "min-severity": "--fail-on", "max-warnings": "--fail-on", "dry-run": "--diff",
	"fix-dry-run": "--diff", "in-place": "--fix", "i": "--fix", "write": "--fix", "autofix": "--fix", "json": "--output-format json|--format json",
	"sarif": "--output-format sarif", "html": "--output-format html", "output-dir": "--output-file", "report": "--output-file", "file": theArgument,
	"dockerfile": theArgument, "stdin": "the path -", "since": "--changed-since", "diff-base": "--changed-since",
	"changed": "--changed-since", "debug": "--verbose", "list-rules": "`pylint-docker rule --all`", "list-files": "--show-files",
	"init": "`pylint-docker init`", "generate-baseline": "--write-baseline", "update-baseline": "--write-baseline", "arg": "--build-arg",
	"reporter": "--output-format", "formatter": "--output-format", "S": "--fail-on", "strict": "--fail-on info", "error-on-warning": "--fail-on warning",
	"include": theArgument, "stats": "--statistics", "summary": "--statistics", "ignore-rule": "--ignore", "exclude-rules": "--ignore", "enable-all": "--select ALL",
	"new-from-rev": "--changed-since", "issues-exit-code": "--fail-on", "timeout": nothingLike, "no-progress": nothingLike,
	"skip-dirs": "--exclude", "ignorefile": "--exclude", "skip-files": "--exclude", "exclude-dir": "--exclude", "ignore-path": "--exclude", "ignore-pattern": "--exclude",
	"apply": "--fix", "autocorrect": "--fix", "check": "`pylint-docker check`, which writes nothing", "d": "--diff (pylint's -d: --ignore)",
	"parallel": "--jobs", "platform": nothingLike, "ignore-unfixed": nothingLike, "generate-config": "`pylint-docker config`, and write into .pylint-docker.yaml what shall differ",
	"threads": "--jobs", "j": "--jobs", "exit-code": "--fail-on", "recursive": "the path without a flag: folders are searched",
	"r": "the path without a flag: folders are searched", "V": "`pylint-docker version`",
	"v": "`pylint-docker version`, or `pylint-docker check -v`",
	// graph and init
	"png": "--format svg", "svg": "--format svg", "dot": "--format dot", "mermaid": "--format mermaid", "o": "--output-file",
	"pip": "--tool pip", "pipenv": "--tool pipenv", "poetry": "--tool poetry", "uv": "--tool uv", "pdm": "--tool pdm", "conda": "--tool conda",
}

func didYouMeanCommand(root *cobra.Command, word string) string {
	if ours, known := foreignCommands[strings.ToLower(word)]; known {
		return fmt.Sprintf("; did you mean `pylint-docker %s`?", ours)
	}
	if lint.CheckSelector(word) == nil {
		return fmt.Sprintf("; did you mean `pylint-docker rule %s`?", word)
	}
	// A path wins over a name that is spelt alike.
	info, err := os.Stat(word)
	if err == nil && (!info.IsDir() || strings.ContainsAny(word, "./\\")) {
		return "; to lint it: pylint-docker check " + word
	}
	var names []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	if best := words.Closest(word, names); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	if err != nil && !strings.ContainsAny(word, "./\\") {
		return "; all commands: pylint-docker help"
	}
	return "; to lint a file: pylint-docker check " + word
}

// flagError adds what was probably meant to the error about an unknown flag.
func flagError(cmd *cobra.Command, err error) error {
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		wanted := "a number"
		switch invalid.GetFlag().Value.Type() {
		case "bool":
			wanted = "without a value"
		case "int":
		default:
			return err
		}
		return fmt.Errorf("--%s must be %s, not %q", invalid.GetFlag().Name, wanted, invalid.GetValue())
	}
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return err
	}
	if args := cmd.Flags().Args(); len(args) > 0 && !cmd.HasParent() {
		return fmt.Errorf("unknown command %q%s", args[0], didYouMeanCommand(cmd, args[0]))
	}
	return fmt.Errorf("%w; %s", err, flagHint(cmd, unknown.GetSpecifiedName()))
}

func flagHint(cmd *cobra.Command, name string) string {
	if !cmd.HasParent() {
		check, _, _ := cmd.Find([]string{"check"})
		flag := check.Flags().Lookup(name)
		if len(name) == 1 {
			flag = check.Flags().ShorthandLookup(name)
		}
		hint := foreignFlag(check, name)
		switch {
		case hint == nothingLike || strings.HasPrefix(hint, "`"):
		case flag != nil:
			return "did you mean `pylint-docker check`, which has it?"
		case strings.HasPrefix(hint, "--"):
			return "did you mean `pylint-docker check " + hint + "`?"
		case hint != "":
			return "did you mean `pylint-docker check`, and " + hint + "?"
		}
	}
	hint := foreignFlag(cmd, name)
	if hint == nothingLike {
		return hint
	}
	if hint == "" {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !f.Hidden {
				names = append(names, f.Name)
			}
		})
		best := words.Closest(name, names)
		if best == "" {
			return "all flags: " + cmd.CommandPath() + " --help"
		}
		hint = "--" + best
	}
	return "did you mean " + hint + "?"
}

// foreignFlag is what the command calls the flag of another program, "" for nothing.
func foreignFlag(cmd *cobra.Command, name string) string {
	for hint := range strings.SplitSeq(foreignFlags[name], "|") {
		flag, ours := strings.CutPrefix(hint, "--")
		flag, _, _ = strings.Cut(flag, " ")
		if !ours || cmd.Flags().Lookup(flag) != nil {
			return hint
		}
	}
	return ""
}
