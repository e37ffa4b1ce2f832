package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
	"github.com/pylint-docker/pylint-docker/rules"
)

// checkFlags are the flags of check.
type checkFlags struct {
	fix, unsafe, diff           bool
	fixOnly                     bool
	fixable, unfixable          []string
	exclude, perFileIgnores     []string
	changedSince, image         string
	verify                      bool
	smoke                       string
	secrets                     []string
	selected, extended, ignored []string
	format, outputFile          string
	outputs                     []string
	config, context, target     string
	buildArgs                   []string
	isolated, forceExclude      bool
	failOn                      string
	exitZero, exitNonZeroOnFix  bool
	statistics                  bool
	showFiles, showFixes        bool
	baseline, writeBaseline     string
	addIgnores, watch           bool
	look                        *look // of --watch, else nil
	input, compat               string
	stdinFilename, today, color string
	jobs                        int
	quiet, verbose              bool
}

// ndjson is one JSON record a line, in and out.
const ndjson = "ndjson"

var inputs = []string{"files", ndjson}

var compats = []string{"hadolint", "none"}

var failLevels = []string{"error", "warning", "info", "never"}

func (p *program) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "Lint Dockerfiles",
		Long: `Lint Dockerfiles: files, and folders that are searched for Dockerfile, Dockerfile.*, *.Dockerfile,
*.dockerfile, dockerfile, Dockerfile-*, Dockerfile_* and Containerfile*, templates and notes aside. Without PATH this folder is searched; - is standard input. Compose and bake files
that are found or named say how Dockerfiles are built; those that they name or hold are linted, too.

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 an error.`,
		Example: `  pylint-docker check
  pylint-docker check --fix --unsafe-fixes docker/
  pylint-docker check --fix --unsafe-fixes --verify --smoke "python -c 'import app'"
  pylint-docker check --select PLD1,pip-cache-in-layer --output-format json
  pylint-docker check --stdin-filename app/Dockerfile - < app/Dockerfile
  pylint-docker check --input ndjson < dockerfiles.ndjson > findings.ndjson`,
		RunE: func(cmd *cobra.Command, args []string) error { return p.check(cmd, args, f) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.fix, "fix", false, "apply safe fixes")
	flags.BoolVar(&f.unsafe, "unsafe-fixes", false, "with --fix or --diff: apply unsafe fixes too")
	flags.BoolVar(&f.diff, "diff", false, "show what --fix would change and write nothing; exit 1 if anything would")
	flags.BoolVar(&f.fixOnly, "fix-only", false, "apply fixes as --fix does, and report nothing of what is left")
	flags.StringSliceVar(&f.fixable, "fixable", nil, "apply fixes of these `RULES` only")
	flags.StringSliceVar(&f.unfixable, "unfixable", nil, "apply no fixes of these `RULES`")
	flags.BoolVar(&f.verify, "verify", false, "with --fix: build the images before and after with Docker, Podman, Buildah or BuildKit, show their sizes, and put the old files back if the new ones do not build or can't start (see docs/verify.md)")
	flags.StringVar(&f.smoke, "smoke", "", "with --verify: run `CMD` with sh -c in both images instead of their start commands, and put the old files back if its exit code or its standard output differs")
	flags.StringArrayVar(&f.secrets, "secret", nil, "with --verify: a build `SECRET`, id=ID,src=PATH or id=ID,env=NAME")
	flags.StringSliceVar(&f.selected, "select", nil, "run only these `RULES`: codes, names or prefixes such as PLD1")
	flags.StringSliceVar(&f.extended, "extend-select", nil, "run these `RULES` too")
	flags.StringSliceVar(&f.ignored, "ignore", nil, "do not run these `RULES`")
	flags.StringArrayVar(&f.perFileIgnores, "per-file-ignores", nil, "do not run these rules in these files, `GLOB:RULES`; may be repeated")
	flags.StringVar(&f.format, "output-format", report.Formats[0], "`FORMAT` of the report: "+strings.Join(report.Formats, ", "))
	flags.StringVarP(&f.outputFile, "output-file", "o", "", "write the report to `FILE`")
	flags.StringArrayVar(&f.outputs, "output", nil, "write a report in this `FORMAT[=FILE]`, instead of --output-format and --output-file; may be repeated")
	flags.StringVar(&f.config, "config", "", "configuration `FILE`, instead of the nearest one")
	flags.BoolVar(&f.isolated, "isolated", false, "ignore configuration files")
	flags.StringSliceVar(&f.exclude, "exclude", nil, "leave these files and folders out of a search, besides those of the configuration: `GLOB`")
	flags.StringVar(&f.changedSince, "changed-since", "", "lint only Dockerfiles of which something has changed since the commit or branch `REF`: their text, what they copy, their settings, or the compose file that builds them")
	flags.BoolVar(&f.forceExclude, "force-exclude", false, "leave out what the configuration or --exclude excludes even when it is named on the command line")
	flags.StringVar(&f.compat, "compat", "", "what else counts: hadolint for its ignore comments and its .hadolint.yaml (see docs/hadolint.md), or none")
	flags.StringVar(&f.image, "image", "", "the image, a `FILE` or a name, that was built of the Dockerfile: findings say what they cost in it, what it refutes is left out (see docs/image.md)")
	flags.StringVar(&f.context, "context", "", "build context `DIR`")
	flags.StringVar(&f.target, "target", "", "the `STAGE` that is built")
	flags.StringArrayVar(&f.buildArgs, "build-arg", nil, "value of a build argument, `NAME=VALUE`")
	flags.StringVar(&f.failOn, "fail-on", "", "the least `SEVERITY` that makes the exit code 1: "+strings.Join(failLevels, ", ")+" (default warning)")
	flags.BoolVarP(&f.exitZero, "exit-zero", "e", false, "exit with 0 even when something is found")
	flags.BoolVar(&f.exitNonZeroOnFix, "exit-non-zero-on-fix", false, "exit with 1 when something was fixed")
	flags.BoolVar(&f.statistics, "statistics", false, "show counts by rule instead of findings")
	flags.BoolVar(&f.showFiles, "show-files", false, "show the files that would be linted")
	flags.BoolVar(&f.showFixes, "show-fixes", false, "list the fixes that were applied")
	flags.StringVar(&f.baseline, "baseline", "", "leave out the findings that are in `FILE`")
	flags.StringVar(&f.writeBaseline, "write-baseline", "", "write the findings to `FILE`, for --baseline, instead of reporting them")
	flags.BoolVar(&f.addIgnores, "add-ignores", false, "write ignore comments for all findings into the Dockerfiles")
	flags.BoolVarP(&f.watch, "watch", "w", false, "lint again whenever something changes that was read, until interrupted")
	flags.StringVar(&f.stdinFilename, "stdin-filename", "", "what standard input is called: `FILE`")
	flags.StringVar(&f.input, "input", inputs[0], "what is linted: files, or ndjson: a JSON record with filename, content and context in each line of standard input (see docs/scale.md)")
	flags.StringVar(&f.today, "today", "", "the day that end-of-life dates are compared with, `YYYY-MM-DD`")
	_ = flags.MarkHidden("today")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always, never")
	flags.IntVar(&f.jobs, "jobs", 0, "how many files are linted at once (default: one for each processor)")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show findings only, no summary")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "tell which configuration and build context each file has")
	oneOf(cmd, "output-format", report.Formats)
	oneOf(cmd, "output", report.Formats)
	oneOf(cmd, "fail-on", failLevels)
	oneOf(cmd, "input", inputs)
	oneOf(cmd, "color", colorModes)
	oneOf(cmd, "compat", compats)
	for _, flag := range []string{"select", "extend-select", "ignore", "fixable", "unfixable"} {
		_ = cmd.RegisterFlagCompletionFunc(flag, completeRules)
	}
	_ = cmd.MarkFlagDirname("context")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml", "toml")
	_ = cmd.MarkFlagFilename("baseline", "json")
	_ = cmd.MarkFlagFilename("write-baseline", "json")
	groupFlags(cmd)
	return cmd
}

func completeRules(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	var words []string
	// A list of rules is completed at its last one.
	done := toComplete[:strings.LastIndexByte(toComplete, ',')+1]
	for _, r := range rules.All() {
		words = append(words, done+r.Code+"\t"+r.Name, done+r.Name+"\t"+r.Code)
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// options checks the flags and turns them into what the linter wants.
func (f *checkFlags) options(cmd *cobra.Command, args []string) (lint.Options, error) {
	var o lint.Options
	f.settle(cmd)
	if err := f.validate(cmd, args); err != nil {
		return o, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return o, fmt.Errorf("the working directory is unknown: %w", err)
	}
	today := time.Now().UTC()
	if f.today != "" {
		if today, err = time.Parse(time.DateOnly, f.today); err != nil {
			return o, fmt.Errorf("--today must be a day such as 2026-01-31, not %q", f.today)
		}
	}
	buildArgs := map[string]string{}
	for _, arg := range f.buildArgs {
		name, value, ok := strings.Cut(arg, "=")
		if name == "" {
			return o, fmt.Errorf("--build-arg must be NAME=VALUE, not %q", arg)
		}
		if !ok {
			// Docker takes the value of a bare name from the environment, if it is there.
			if value, ok = os.LookupEnv(name); !ok {
				continue
			}
		}
		buildArgs[name] = value
	}
	perFile, err := f.perFile(dir)
	if err != nil {
		return o, err
	}
	o = lint.Options{
		PerFileIgnores: perFile, Exclude: f.excluded(dir), Fixable: f.fixable, Unfixable: f.unfixable,
		Dir: dir, Config: f.config, Isolated: f.isolated, Select: f.selected, ExtendSelect: f.extended, Ignore: f.ignored,
		Context: f.context, Target: f.target, BuildArgs: buildArgs, Today: today, Compat: f.compat,
		Share: !f.watch, Within: named(dir, args),
	}
	if cmd.Flags().Changed("select") && o.Select == nil {
		o.Select = []string{}
	}
	return o, nil
}

// named are the folders that args name, and where the user stands if they name none or files.
func named(dir string, args []string) (folders []string) {
	for _, arg := range args {
		path := arg
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		if info, err := os.Stat(path); err != nil || !info.IsDir() {
			folders = append(folders, filepath.Dir(path), dir)
		} else {
			folders = append(folders, path)
		}
	}
	if len(folders) == 0 {
		folders = []string{dir}
	}
	return folders
}

func (f *checkFlags) validate(cmd *cobra.Command, args []string) error {
	if err := checkWord("output-format", f.format, report.Formats); err != nil {
		return err
	}
	if err := checkWord("color", f.color, colorModes); err != nil {
		return err
	}
	if err := f.validateOutputs(cmd); err != nil {
		return err
	}
	if cmd.Flags().Changed("compat") {
		if err := checkWord("compat", f.compat, compats); err != nil {
			return err
		}
	}
	if cmd.Flags().Changed("input") {
		if err := checkWord("input", f.input, inputs); err != nil {
			return err
		}
	}
	if f.input == ndjson {
		if err := f.validateRecords(cmd, args); err != nil {
			return err
		}
	}
	if cmd.Flags().Changed("fail-on") {
		if err := checkWord("fail-on", f.failOn, failLevels); err != nil {
			return err
		}
	}
	if err := f.validateVerify(args); err != nil {
		return err
	}
	if err := f.validateImage(args); err != nil {
		return err
	}
	switch {
	case f.changedSince != "" && (slices.Contains(args, stdinArg) || f.input == ndjson):
		return errors.New("--changed-since is about files in a repository, so it can't be used with standard input")
	case f.config != "" && f.isolated:
		return errors.New("--config and --isolated exclude each other")
	case f.baseline != "" && f.writeBaseline != "":
		return errors.New("--baseline and --write-baseline exclude each other: --write-baseline writes all findings anew")
	case f.writeBaseline != "" && f.diff:
		return errors.New("--write-baseline and --diff exclude each other: --diff writes nothing")
	case f.addIgnores && (f.fix || f.diff || f.baseline != "" || f.writeBaseline != ""):
		return errors.New("--add-ignores excludes --fix, --diff, --baseline and --write-baseline: use them one after the other")
	case f.addIgnores && slices.Contains(args, stdinArg):
		return errors.New("--add-ignores writes files, so it can't be used with standard input")
	case f.watch && (f.fix || f.addIgnores || f.writeBaseline != ""):
		return errors.New("--watch excludes --fix, --add-ignores and --write-baseline: an editor may hold the files that they change")
	case f.watch && slices.Contains(args, stdinArg):
		return errors.New("--watch and - (standard input) exclude each other")
	case f.jobs < 0:
		return fmt.Errorf("--jobs must be a positive number, not %d", f.jobs)
	case slices.Contains(args, stdinArg) && len(args) > 1:
		return errors.New("- (standard input) and other paths exclude each other")
	}
	if f.jobs == 0 {
		f.jobs = runtime.GOMAXPROCS(0)
	}
	return nil
}

// output is a report: its format, and the file that it goes to, "" for standard output.
type output struct{ format, file string }

// reports are all that a run writes.
func (f *checkFlags) reports() []output {
	if len(f.outputs) == 0 {
		return []output{{f.format, f.outputFile}}
	}
	var all []output
	for _, text := range f.outputs {
		format, file, _ := strings.Cut(text, "=")
		all = append(all, output{format, file})
	}
	return all
}

// toFiles tells whether nothing is reported on standard output.
func (f *checkFlags) toFiles() bool {
	return !slices.ContainsFunc(f.reports(), func(o output) bool { return o.file == "" })
}

func (f *checkFlags) validateOutputs(cmd *cobra.Command) error {
	seen := map[string]bool{}
	for _, text := range f.outputs {
		format, file, named := strings.Cut(text, "=")
		if err := checkWord("output", format, report.Formats); err != nil {
			if strings.Contains(format, ".") && !named {
				return errors.New("--output takes FORMAT[=FILE], as in --output html=report.html")
			}
			return err
		}
		switch {
		case named && file == "":
			return fmt.Errorf("--output %s names no file", text)
		case seen[file] && file == "":
			return errors.New("two reports can't go to standard output: give one --output a file, as in sarif=a.sarif")
		case seen[file]:
			return fmt.Errorf("two reports can't go to one file, %s", file)
		}
		seen[file] = true
	}
	if len(f.outputs) > 0 && (cmd.Flags().Changed("output-format") || cmd.Flags().Changed("output-file")) {
		return errors.New("--output excludes --output-format and --output-file, which are for a single report")
	}
	return nil
}

func (f *checkFlags) level() analyzer.Safety {
	if f.unsafe {
		return analyzer.Unsafe
	}
	return analyzer.Safe
}
