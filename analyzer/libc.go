package analyzer

import "github.com/pylint-docker/pylint-docker/analyzer/installer"

// LibcGap is a COPY of packages between a system with glibc and one with musl.
type LibcGap struct {
	Content    Content
	Made, Runs string // "glibc" or "musl"
	// Compiled is a package among them that has compiled modules, "" when none is known to.
	Compiled string
}

// LibcGaps are the COPYs into the finished stage that bring packages installed under another libc, one for each COPY.
func (s *Stage) LibcGaps() []LibcGap {
	// Layers between the two exist; what they are good for depends on the modules.
	if s.HasLibcLayer() {
		return nil
	}
	var found []LibcGap
	at := map[*Copy]int{}
	for _, c := range s.Contents() {
		if c.Copy == nil || !c.Libs || c.Install.Call.Has("--platform") {
			continue
		}
		made, runs := c.Install.Command.Step.Stage.Image.Libc, s.Image.Libc
		if made == "" || runs == "" || made == runs {
			continue
		}
		gap := LibcGap{c, made, runs, c.Install.CompiledPackage()}
		if i, ok := at[c.Copy]; ok {
			if found[i].Compiled == "" {
				found[i] = gap
			}
			continue
		}
		at[c.Copy] = len(found)
		found = append(found, gap)
	}
	return found
}

// HasLibcLayer tells whether a package that imitates the other libc may be installed, or the other libc itself.
func (s *Stage) HasLibcLayer() bool {
	for _, name := range []string{"gcompat", "libc6-compat", "glibc", "musl"} {
		if s.After.HasOSPackage(name) {
			return true
		}
	}
	for _, step := range s.ChainSteps() {
		if step.Unreadable != "" {
			return true
		}
		for _, c := range step.Commands {
			if c.HasText("glibc") || c.HasText("gcompat") {
				return true
			}
		}
		if step.Copy == nil || step.Copy.FromContext() {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() || source.Text.Is("/") || source.Text.Is("/lib") || source.Text.Is("/usr") || source.Text.Is("/lib64") {
				return true // its own libc comes along
			}
		}
	}
	return false
}

// CompiledPackage is the first package of the installation that certainly has compiled modules.
func (in *Installation) CompiledPackage() string {
	all := append([]installer.Requirement(nil), in.Requirements...)
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			all = append(all, line.Requirement)
		}
	}
	for _, r := range all {
		if r.Marker == "" && CompiledPackages[r.Name] {
			return r.Name
		}
	}
	return ""
}

// CompiledPackages holds well-known packages that do not work without their compiled modules.
var CompiledPackages = map[string]bool{
	"argon2-cffi-bindings": true, "asyncpg": true, "bcrypt": true, "cffi": true, "confluent-kafka": true, "cryptography": true,
	"cx-oracle": true, "gevent": true, "greenlet": true, "grpcio": true, "h5py": true, "httptools": true, "lxml": true,
	"matplotlib": true, "mysqlclient": true, "numpy": true, "opencv-python": true, "opencv-python-headless": true,
	"orjson": true, "pandas": true, "pillow": true, "psutil": true, "psycopg2": true, "psycopg2-binary": true, "pyarrow": true,
	"pycryptodome": true, "pycurl": true, "pydantic-core": true, "pymssql": true, "pynacl": true, "pyodbc": true,
	"python-ldap": true, "pyzmq": true, "regex": true, "scikit-learn": true, "scipy": true, "shapely": true, "tensorflow": true,
	"tiktoken": true, "tokenizers": true, "torch": true, "ujson": true, "uvloop": true, "uwsgi": true, "xmlsec": true, "zstandard": true,
}
