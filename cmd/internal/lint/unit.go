package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// Input is a Dockerfile to lint.
type Input struct {
	Path    string // as the user wrote it
	Content []byte
	Err     error // why there is no content: an *Unreadable
	// Nameless tells that Path is not the name of a file: standard input without a name. Such a file has no
	// context unless --context or configuration gives one.
	Nameless bool
	// Detached tells that Content is not what is on disk, so that only the Dockerfile itself may be changed.
	Detached bool
	// Recorded tells that the Dockerfile came with its build context and that nothing of it is on disk: no folder of its own is
	// looked into, and the configuration is that of where the user stands.
	Recorded bool
	// Embedded is where the Dockerfile stands when it is written into a compose or bake file, whose name then is Path. Findings are about
	// that file, and have no fixes.
	Embedded *Embedded
	// Files are the build context of a recorded Dockerfile, by slash path relative to it (see ContextPath); empty means none.
	Files map[string][]byte
	// Unsaved are files as an editor shows them, by absolute path; they are seen in place of what is on disk.
	Unsaved map[string][]byte
	// Stopped tells that nobody wants the result any more, which then is good for nothing; nil means never.
	Stopped func() bool
}

// Unit is a Dockerfile with all that decides how it is judged. Close it after use.
type Unit struct {
	Input     Input
	Config    *config.Config
	Selection rules.Selection
	Place     Place

	linter *Linter
	path   string // absolute
	name   string // below the root of the repository or of the context, see analyzer.Settings
	root   *os.Root
	fsys   fs.FS        // the build context; nil when there is none
	others []*elsewhere // where it is built besides
	parsed parsed       // Input.Content
	mu     sync.Mutex
	files  map[string]*source.File // by path in the context
}

// parsed is a text and what dockerfile.Parse says of it. Documents don't change, so that all who ask share it.
type parsed struct {
	file *source.File
	doc  *dockerfile.Document
	err  error
}

func parse(name string, content []byte) (p parsed) {
	p.file = source.New(name, content)
	p.doc, p.err = dockerfile.Parse(p.file)
	return p
}

// Result is what is known of a Dockerfile.
type Result struct {
	File        *source.File
	Build       *analyzer.Build // nil when it can't be parsed
	Diagnostics []analyzer.Diagnostic
	Errors      []error // mistakes of ours
	// Hadolint tells who asks that hadolint's comments count: a place in a configuration, or "--compat"; "" when they don't.
	Hadolint string
}

// Open prepares a Dockerfile. The error is a config.Problems.
func (l *Linter) Open(in Input) (*Unit, error) {
	if in.Recorded {
		return l.openRecorded(in)
	}
	u := &Unit{Input: in, linter: l, path: l.absolute(in.Path), files: map[string]*source.File{}}
	c, err := l.ConfigFor(u.path)
	if err != nil {
		return nil, err
	}
	u.Config, u.Selection = c, l.Selection(c, u.path)
	if in.Embedded != nil {
		u.Place = l.placeOf(in.Embedded, c)
	} else {
		u.Place = l.place(u.path, u.copied(), c)
	}
	if in.Nameless && l.options.Context == "" && c.Context == "" {
		u.Place.Context, u.Place.Why = "", "standard input has none"
	}
	u.name = nameBelow(u.path, u.Place.Context)
	if u.Place.Context == "" {
		return u, nil
	}
	// A context that can't be opened is no context: what would be said about files in it is left unsaid.
	if root, err := os.OpenRoot(u.Place.Context); err == nil {
		u.root, u.fsys = root, l.watch(root.FS(), u.Place.Context)
		switch {
		case l.shares():
			u.fsys = l.folder(u.Place.Context)
		case in.Stopped != nil:
			u.fsys = stoppable{u.fsys, in.Stopped}
		}
	}
	u.openOthers()
	return u, nil
}

// Close gives back what the Unit holds.
func (u *Unit) Close() {
	if u.root != nil {
		_ = u.root.Close()
	}
	for _, e := range u.others {
		_ = e.root.Close()
	}
}

// Files is the Dockerfile with what has been changed in its context so far.
func (u *Unit) Files() fixes.Files {
	u.linter.mu.Lock()
	defer u.linter.mu.Unlock()
	others := maps.Clone(u.linter.pending[u.Place.Context])
	for path, content := range u.Input.Unsaved {
		rel, inside := below(u.Place.Context, path)
		if u.Place.Context == "" || !inside || path == u.path {
			continue
		}
		if others == nil {
			others = map[string][]byte{}
		}
		others[rel] = content
	}
	return fixes.Files{Dockerfile: u.Input.Content, Others: others}
}

// internal is a mistake of ours.
type internal struct {
	name  string
	cause any
}

func (e *internal) Error() string { return fmt.Sprintf("internal error: %s: %v", e.name, e.cause) }

// Judge finds what is wrong with the Dockerfile when it and its context look as files say.
func (u *Unit) Judge(files fixes.Files) (result *Result) {
	file := source.New(u.Input.Path, files.Dockerfile)
	result = &Result{File: file}
	defer func() {
		if p := recover(); p != nil {
			result = &Result{File: file, Errors: []error{&internal{file.Name(), p}}}
		}
	}()
	if e := u.Input.Embedded; e != nil && !e.inside {
		defer func() { e.place(result) }()
	}
	if err := u.Input.Err; err != nil {
		var unreadable *Unreadable
		if errors.As(err, &unreadable) {
			err = &dockerfile.SyntaxError{Message: unreadable.Reason}
		}
		result.Diagnostics = rules.Refused(file, err, u.Selection)
		return result
	}
	p := u.parsed
	if p.file == nil || !bytes.Equal(files.Dockerfile, p.file.Bytes()) {
		p = parse(u.Input.Path, files.Dockerfile)
	}
	result.File = p.file
	result.Hadolint = u.linter.asksForComments(u.Config)
	result.Build, result.Diagnostics, result.Errors = rules.LintParsed(p.file, p.doc, p.err, u.settings(files), u.Selection)
	if len(u.others) > 0 && result.Build != nil {
		u.judgeElsewhere(p, result)
	}
	if u.linter.options.Fixable != nil || u.linter.options.Unfixable != nil {
		u.withoutFixes(result.Diagnostics)
	}
	switch {
	case u.Input.Detached:
		onlyDockerfile(result.Diagnostics, "")
	case u.outside():
		onlyDockerfile(result.Diagnostics, "the build context "+u.nameOf(".")+" lies outside of what was named: with --context, it is named")
	}
	return result
}

func (u *Unit) settings(files fixes.Files) analyzer.Settings {
	s := analyzer.Settings{
		Name: u.name, Target: u.Place.Target, Targets: u.Place.Targets, Composed: u.Place.Composed, BuildArgs: u.Place.Args, Starts: u.Place.Starts, Services: u.Place.Services, Today: u.linter.options.Today,
		Pins: u.Config.Pins, UserBase: u.Config.UserBase, Layout: u.Config.Layout, RuntimeImage: u.Config.RuntimeImage,
		TrustedRegistries: u.Config.TrustedRegistries, Images: u.Config.Images(), Allow: allowed(u.Config.Allow),
	}
	switch {
	case u.fsys == nil:
	case u.linter.shares() && !u.Input.Recorded:
		s.Context = u.linter.context(u.fsys, u.Place, files.Others)
	case len(files.Others) > 0:
		s.Context = project.Open(project.Overlay(u.fsys, files.Others), u.Place.Dockerfile)
	default:
		s.Context = project.Open(u.fsys, u.Place.Dockerfile)
	}
	return s
}

// withoutFixes takes away the fixes of rules that the flags call unfixable.
func (u *Unit) withoutFixes(found []analyzer.Diagnostic) {
	for i := range found {
		if found[i].Fix != nil && u.linter.unfixable(found[i].Rule) {
			found[i].Fix, found[i].NoFixReason = nil, "--fixable or --unfixable leaves it out"
		}
	}
}

// onlyDockerfile takes away fixes of other files.
func onlyDockerfile(found []analyzer.Diagnostic, why string) {
	for i := range found {
		d := &found[i]
		if d.Fix != nil && slices.ContainsFunc(d.Fix.Edits, func(e analyzer.Edit) bool { return e.Path != "" }) {
			d.Fix, d.NoFixReason = nil, why
		}
	}
}

// outside tells whether the build context lies, links followed, outside of all folders that the user named, though it was not the user who
// said what the context is.
func (u *Unit) outside() bool {
	within := u.linter.options.Within
	if within == nil || !u.Place.Described || u.Place.Context == "" {
		return false
	}
	context := followed(u.Place.Context)
	return !slices.ContainsFunc(within, func(dir string) bool {
		_, inside := below(followed(dir), context)
		return inside
	})
}

func followed(dir string) string {
	if target, err := filepath.EvalSymlinks(dir); err == nil {
		return target
	}
	return dir
}

// Run judges the Dockerfile as it is.
func (u *Unit) Run() *Result { return u.Judge(u.Files()) }

// Fixed is what Loop did.
type Fixed struct {
	fixes.Outcome
	Result *Result // of the files after the fixes
}

// Loop applies all fixes of at least the level. It writes nothing.
func (u *Unit) Loop(level analyzer.Safety) (*Fixed, error) {
	start := u.Files()
	var last *Result
	judge := func(files fixes.Files) ([]analyzer.Diagnostic, error) {
		if u.Input.Stopped != nil && u.Input.Stopped() {
			return nil, errStopped
		}
		last = u.Judge(files)
		return last.Diagnostics, nil
	}
	outcome, err := fixes.Loop(start, u.read, judge, level)
	if err != nil {
		return &Fixed{Outcome: fixes.Outcome{Files: start}, Result: u.Judge(start)}, fmt.Errorf("%s: %w", u.Input.Path, err)
	}
	return &Fixed{outcome, last}, nil
}

// read gives a file of the context as it is on disk.
func (u *Unit) read(path string) ([]byte, bool) {
	if u.fsys == nil {
		return nil, false
	}
	return project.Open(u.fsys, u.Place.Dockerfile).Read(path)
}

// Keep makes later Units of the same context see what Loop changed in it.
func (u *Unit) Keep(files fixes.Files) {
	if u.Place.Context == "" || len(files.Others) == 0 {
		return
	}
	u.linter.mu.Lock()
	defer u.linter.mu.Unlock()
	u.linter.pending[u.Place.Context] = files.Others
}

// nameOf is what to call a file of the context.
func (u *Unit) nameOf(path string) string {
	if u.Place.Context == "" {
		return path
	}
	return u.linter.Display(filepath.Join(u.Place.Context, filepath.FromSlash(path)))
}

// NameOf is what to call the file at a path of a diagnostic.
func (u *Unit) NameOf(path string) string {
	if path == "" {
		return u.Input.Path
	}
	return u.nameOf(path)
}

// Source gives the file at a path of a diagnostic as it is in files, under the name that the user knows; nil when
// it can't be read.
func (u *Unit) Source(path string, files fixes.Files) *source.File {
	if content, changed := files.Others[path]; changed {
		return source.New(u.nameOf(path), content)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if f, known := u.files[path]; known {
		return f
	}
	var f *source.File
	if content, ok := u.read(path); ok {
		f = source.New(u.nameOf(path), content)
	} else if content, ok := u.readElsewhere(path); ok {
		f = source.New(u.nameOf(path), content)
	}
	u.files[path] = f
	return f
}
