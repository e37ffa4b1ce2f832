package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/cmd/internal/diff"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/scaffold"
	"github.com/pylint-docker/pylint-docker/fixes"
)

const (
	dockerfileName = "Dockerfile"
	ignoreName     = ".dockerignore"
)

// initFlags are the flags of init.
type initFlags struct {
	layout, python, tool string
	stdout, diff, quiet  bool
	config, color        string
	isolated             bool
}

func (p *program) initCommand() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init [PATH]",
		Short: "Write a Dockerfile and a .dockerignore for the Python project in a folder",
		Long: `Write a multi-stage Dockerfile and a .dockerignore for the Python project in PATH, by default this folder. Told
from its files are the tool that installs it (pip, pipenv, poetry, uv, pdm, conda), the version of Python, what starts it and
what it needs of the operating system. Nothing of the project is run, and no file that exists is changed: with a Dockerfile there it
is an error, and a .dockerignore that is there stays.

Standard error tells what was decided, and what could not be found out.`,
		Example: `  pylint-docker init
  pylint-docker init --diff                 show the files and write nothing
  pylint-docker init --layout venv --python 3.12 services/api
  pylint-docker init --stdout | diff Dockerfile -`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("layout") {
				if err := checkWord("layout", f.layout, scaffold.Layouts); err != nil {
					return err
				}
			}
			if cmd.Flags().Changed("tool") {
				if err := checkWord("tool", f.tool, scaffold.Tools); err != nil {
					return err
				}
			}
			if f.stdout && f.diff {
				return errors.New("--stdout and --diff are two ways to show the files: give one")
			}
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			return p.initialize(dir, f)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.layout, "layout", "", "`LAYOUT` of the packages: user-base or venv; default: the configuration's, else user-base")
	flags.StringVar(&f.python, "python", "", "`VERSION` of Python, such as 3.13; default: what the project says")
	flags.StringVar(&f.tool, "tool", "", "`TOOL` that installs: "+strings.Join(scaffold.Tools, ", ")+"; default: told from the project's files")
	flags.BoolVar(&f.stdout, "stdout", false, "print the Dockerfile and write nothing")
	flags.BoolVar(&f.diff, "diff", false, "print both files as a unified diff and write nothing")
	flags.StringVar(&f.config, "config", "", "configuration `FILE`, instead of the nearest one")
	flags.BoolVar(&f.isolated, "isolated", false, "ignore configuration files")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always, never")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "tell errors only")
	oneOf(cmd, "layout", scaffold.Layouts)
	oneOf(cmd, "tool", scaffold.Tools)
	oneOf(cmd, "color", colorModes)
	_ = cmd.MarkFlagFilename("config", "yaml", "yml", "toml")
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	}
	return cmd
}

func (p *program) initialize(dir string, f initFlags) error {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return fmt.Errorf("%s: there is no such folder", dir)
	case !info.IsDir():
		return fmt.Errorf("%s is no folder: init takes the folder of a project", dir)
	}
	dockerfile, ignore := filepath.Join(dir, dockerfileName), filepath.Join(dir, ignoreName)
	if !f.stdout && !f.diff && there(dockerfile) {
		return fmt.Errorf("%s exists already, and init changes no file: `pylint-docker check --fix` improves it, --diff shows what init would write", dockerfile)
	}
	files, err := p.scaffold(dir, f)
	if err != nil {
		return err
	}
	kept := there(ignore)
	if own := dockerfile + ignoreName; there(own) { // it is in force instead
		ignore, kept = own, true
	}
	switch {
	case f.stdout:
		_, err = io.WriteString(p.Out, files.Dockerfile)
		err = outputError(err)
	case f.diff:
		err = p.showNew(f, dockerfile, files.Dockerfile, ignore, files.Ignore)
	default:
		err = p.create(dir, dockerfile, ignore, files, kept)
	}
	if err != nil {
		return err
	}
	if f.quiet {
		return nil
	}
	for _, text := range files.Decisions {
		fmt.Fprintln(p.Err, printable(text))
	}
	if kept && !f.stdout {
		fmt.Fprintf(p.Err, "note: %s exists already and stays as it is\n", printable(ignore))
	}
	for _, text := range files.Notes {
		fmt.Fprintln(p.Err, "note: "+printable(text))
	}
	return nil
}

// there tells whether something has that name, be it a link that leads nowhere.
func there(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// scaffold makes the files, with the configuration that would hold for the Dockerfile.
func (p *program) scaffold(dir string, f initFlags) (*scaffold.Files, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	today := time.Now().UTC()
	linter, err := lint.New(lint.Options{Dir: here, Config: f.config, Isolated: f.isolated, Today: today})
	if err != nil {
		return nil, err
	}
	absolute, err := filepath.Abs(filepath.Join(dir, dockerfileName))
	if err != nil {
		return nil, err
	}
	c, err := linter.ConfigFor(absolute)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	o := scaffold.Options{Layout: f.layout, UserBase: c.UserBase, Pins: c.Pins, Python: f.python, Tool: scaffold.Tool(f.tool), Today: today}
	if o.Layout == "" {
		o.Layout = c.Layout
	}
	return scaffold.Make(root.FS(), o)
}

// create writes the files, both or none. Neither replaces what is there, even if it appeared a moment ago.
func (p *program) create(dir, dockerfile, ignore string, files *scaffold.Files, kept bool) error {
	if !kept {
		if err := fixes.Create(dir, ignore, []byte(files.Ignore)); err != nil {
			return err
		}
	}
	if err := fixes.Create(dir, dockerfile, []byte(files.Dockerfile)); err != nil {
		if !kept {
			err = errors.Join(err, fixes.Remove(dir, ignore))
		}
		return err
	}
	return nil
}

// showNew prints files as a diff that makes them, given as path, content, path, content.
func (p *program) showNew(f initFlags, pathsAndContents ...string) error {
	var out strings.Builder
	for i := 0; i+1 < len(pathsAndContents); i += 2 {
		name := pathsAndContents[i]
		if there(name) && strings.HasSuffix(name, ignoreName) {
			continue // it stays
		}
		out.WriteString(diff.Unified(os.DevNull, printable(filepath.ToSlash(name)), "", pathsAndContents[i+1]))
	}
	_, err := io.WriteString(p.Out, colorDiff(out.String(), colorFor(f.color, p.Out)))
	return outputError(err)
}
