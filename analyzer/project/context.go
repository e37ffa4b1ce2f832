// Package project reads the build context of a Dockerfile: dependency files, project metadata,
// .dockerignore, and the compose and bake files that name the Dockerfile. It reads through an
// fs.FS (os.Root.FS in practice), so that nothing outside the context root is ever opened, and
// it reads lazily: a file is opened when a rule first asks for it.
package project

import (
	"io/fs"

	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Context is a build context. All its paths are slash paths relative to the context root, cleaned.
// Its methods are safe for use by several goroutines. A nil *Context is valid and knows nothing.
type Context struct {
	fsys           fs.FS
	dockerfilePath string // slash path of the Dockerfile relative to the root; may begin with "../" when outside
	contextState
}

// Open makes a Context over fsys. dockerfilePath decides which .dockerignore is in force:
// "<dockerfilePath>.dockerignore" replaces ".dockerignore" where it exists.
func Open(fsys fs.FS, dockerfilePath string) *Context {
	return &Context{fsys: fsys, dockerfilePath: dockerfilePath}
}

// RequirementsFile is a parsed requirements or constraints file (pip's format).
type RequirementsFile struct {
	Path  string
	File  *source.File
	Lines []RequirementLine
	// Includes are the -r and -c lines; their paths are relative to the context root.
	Includes []Include
	// Options are --index-url, --extra-index-url, --find-links, --trusted-host... lines.
	Options []RequirementOption
	// Hashed tells that at least one line has a --hash, which turns on hash checking for all.
	Hashed bool
	// Problems are lines that pip would refuse, with spans; the other lines are still there.
	Problems []Problem
	// Encoding is "" for UTF-8. For another one ("utf-16-le", "latin-1") File holds the decoded text: spans are places
	// in that text and not in the file on disk, which must then not be edited.
	Encoding string
}

// RequirementLine is one requirement with its per-line options.
type RequirementLine struct {
	Requirement installer.Requirement // its spans are spans of the requirements file
	Hashes      []string
	Span        source.Span         // the whole line with its continuation lines, without a comment
	Path        string              // the requirements file that it stands in
	Options     []RequirementOption // --config-settings and --global-option of this line
}

// Include is a nested file.
type Include struct {
	Path       string // relative to the context root; "" when it is outside or a URL
	Written    string
	Constraint bool
	Span       source.Span
}

// RequirementOption is an option: of the whole file, or of one requirement. Its name is the long one, its value
// as written, with ${VARIABLES} in it.
type RequirementOption struct {
	Name, Value string
	Span        source.Span // the option with its value
	ValueSpan   source.Span // empty when there is none
}

// Problem is a place in a file that its reader refuses.
type Problem struct {
	Span    source.Span
	Message string
	File    string // base name of the file, where there may be several
}

// Metadata is what pyproject.toml, setup.cfg and setup.py say of the project in one directory,
// statically; values that are computed are reported in Dynamic and left empty. All files in it are paths relative to the context root.
type Metadata struct {
	Dir     string   // slash path of the project's directory, "." for the root
	Files   []string // the metadata files found, by base name: "pyproject.toml", "setup.cfg", "setup.py"
	Name    string   // as written; "" when unknown
	Version string
	// Installable tells that `pip install DIR` has metadata to work with: [project], [tool.poetry], [build-system] or setup.py.
	// It is false for a project that says that it is no package: see NonPackage.
	Installable bool
	// NonPackage tells that the project says that it is not to be installed itself: poetry's package-mode = false,
	// uv's package = false, pdm's distribution = false.
	NonPackage       bool
	BuildSystem      bool                               // [build-system] present; without it uv does not install the project itself
	Backend          string                             // "setuptools", "hatchling", "flit_core", "poetry.core", "pdm.backend", "uv_build", "maturin", ... ; "setuptools" by default
	Requires         []installer.Requirement            // build-system.requires, and setup_requires after them
	RequiresPython   string                             // as written; poetry's own constraints are translated
	Dependencies     []installer.Requirement            // run-time dependencies; their spans are in DependenciesFile
	DependenciesFile string                             // base name of the file that declares Dependencies; "" when none does
	Extras           map[string][]installer.Requirement // optional dependencies; spans as in Dependencies
	// DynamicFiles are files that metadata is read from: requirements.txt of [tool.setuptools.dynamic], version files, readme, licences.
	// Files that only exist as a guess (a string that setup.py opens) are listed when they exist. Sorted.
	DynamicFiles []string
	Readme       string
	LicenseFiles []string
	Scripts      map[string]string                  // console and gui scripts: name -> "pkg.mod:func"
	Groups       map[string][]installer.Requirement // dependency-groups, poetry groups, pdm and uv dev-dependencies; names normalized; spans in pyproject.toml
	// DefaultGroups are those that [tool.uv] default-groups has `uv sync` install, "all" for every one; nil where it does not say.
	DefaultGroups []string
	// OptionalGroups are poetry's groups that are not installed unless they are asked for.
	OptionalGroups []string
	Packages       []string // import names of packages or py-modules declared explicitly; empty means automatic discovery
	SourceDir      string   // "src" when packages are looked for there (relative to Dir), else ""
	DataDirs       []string // first parts of the directories below the prefix that data files are declared for: "share", "etc"; may repeat
	Dynamic        []string // names of fields that are computed, sorted; names of setup() arguments keep their spelling
	UsesSCM        bool     // the version comes from version control (setuptools-scm, hatch-vcs, pbr, versioneer, dunamai)
	Poetry         bool     // [tool.poetry] present
	Pdm            bool     // [tool.pdm] present
	UvProject      bool     // [tool.uv] present
	// Workspace holds the patterns of [tool.uv.workspace] members, relative to the context root.
	Workspace []string
	Problems  []Problem
}

// Lock is a lock file: its packages with exact versions.
type Lock struct {
	Path     string
	Format   string            // "poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"
	Packages map[string]string // normalized name -> version; "" when several versions or a source without one are locked
	// Wheels are the file names of the wheels that are locked, by normalized name, where the format lists them.
	Wheels map[string][]string
	Dev    map[string]bool // names that are locked for development only, where the format says so
}

// Pipfile is a Pipfile.
type Pipfile struct {
	Packages, DevPackages []installer.Requirement
	PythonVersion         string
	Scripts               map[string]string // name -> command line
	Sources               []string          // URLs of the package indexes, in order
	Problems              []Problem
}

// Requirements reads a requirements file; ok is false when it is not in the context or not readable.
func (c *Context) Requirements(path string) (file *RequirementsFile, ok bool) {
	return c.requirements(path)
}

// Project reads the metadata of the project in dir ("." for the root).
func (c *Context) Project(dir string) (*Metadata, bool) { return c.project(dir) }

// Lock reads a lock file by path, whose base name decides the format.
func (c *Context) Lock(path string) (*Lock, bool) { return c.lock(path) }

// Pipfile reads a Pipfile by path.
func (c *Context) Pipfile(path string) (*Pipfile, bool) { return c.pipfile(path) }

// Exists tells whether the path is in the context root, ignored or not.
func (c *Context) Exists(path string) bool { return c.exists(path) }

// IsDir tells whether the path is a directory.
func (c *Context) IsDir(path string) bool { return c.isDir(path) }

// Read gives a file's bytes, at most 4 MiB of them; ok is false beyond that.
func (c *Context) Read(path string) (content []byte, ok bool) { return c.read(path) }

// Glob matches a COPY source pattern (Go's filepath.Match per element, as BuildKit does) against
// the context, without what .dockerignore hides.
func (c *Context) Glob(pattern string) []string { return c.glob(pattern) }

// Remember computes what is expensive to find out about the context once for all that ask with this key. It
// must depend on the context alone. A nil Context remembers nothing.
func (c *Context) Remember(key string, compute func() any) any {
	if c == nil {
		return compute()
	}
	return c.answers.get(key, compute)
}

// Walk calls visit for every file and directory below dir that .dockerignore lets through, in
// lexical order, until visit returns false. It stops silently after 100,000 entries; complete tells whether it saw all.
func (c *Context) Walk(dir string, visit func(path string, isDir bool) bool) (complete bool) {
	return c.walk(dir, visit)
}

// Ignored tells whether the .dockerignore in force hides the path (Docker's own semantics).
func (c *Context) Ignored(path string) bool { return c.ignored(path) }

// IgnoreFile is the path of the .dockerignore in force, and its content; exists is false when there is none
// (path is then where one would be created).
func (c *Context) IgnoreFile() (path string, file *source.File, exists bool) { return c.ignoreFile() }

// WouldIgnore tells whether the path would be hidden if the .dockerignore held the given lines.
func WouldIgnore(lines []string, path string) bool { return wouldIgnore(lines, path) }
