package inspect

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// MissingLibrary is a shared library that a file needs and that nothing in the image is called. What a program loads by
// itself (dlopen, ctypes) is not seen, so that nobody can promise the opposite.
type MissingLibrary struct {
	File    *imagefs.File
	Library string // libpq.so.5
	// Version is set where the library is there and too old: GLIBC_2.38, and Has is the newest that it has.
	Version, Has string
	// Foreign says that the file was built for another C library: glibc or musl; "" when it was not.
	Foreign string
	// Distribution is what the file belongs to, nil when nothing says.
	Distribution *Distribution
}

// fromRuntime are libraries that the container's runtime brings with the driver of a graphics card.
var fromRuntime = regexp.MustCompile(`^lib(?:cuda|nvidia-.*|nvcuvid|nvoptix|cudadebugger)\.so`)

// extensionModule is the name of a file that Python imports.
var extensionModule = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*\.(?:(cpython-(\d)(\d+)t?)(?:-[a-z0-9_]+)?(?:-[a-z-]+)?\.|abi3\.)?so$`)

// provided are the names under which the image has libraries, and the versions of symbols that they define.
type provided map[string][]string

func (s *System) provided() provided {
	names := provided{}
	for file := range s.Image.Root().All() {
		if file.IsDir() || !strings.Contains(file.Name(), ".so") && file.ELF == nil {
			continue
		}
		target, err := s.Image.Stat(file.Path())
		if err != nil || target.ELF == nil {
			continue
		}
		names[file.Name()] = append(names[file.Name()], target.ELF.Defines...)
		if so := target.ELF.SoName; so != "" && so != file.Name() {
			names[so] = append(names[so], target.ELF.Defines...)
		}
	}
	return names
}

// MissingLibraries looks at the extension modules and the libraries of installed distributions in the directories.
func (s *System) MissingLibraries(dirs []string) []MissingLibrary {
	have := s.provided()
	var missing []MissingLibrary
	for _, dir := range dirs {
		folder, err := s.Image.Stat(dir)
		if err != nil || !isSite(dir) {
			continue
		}
		owners := s.owners(dir)
		for file := range folder.All() {
			if file.ELF == nil || !extensionModule.MatchString(file.Name()) || optional(file) {
				continue
			}
			missing = append(missing, s.lacks(file, have, owners[file.Path()])...)
		}
	}
	return missing
}

// isSite tells whether a directory is one of installed packages, and not the standard library: python:slim's own _tkinter
// lacks libtk for everybody.
func isSite(dir string) bool {
	base := path.Base(dir)
	return base == "site-packages" || base == "dist-packages"
}

// optional tells whether a module is one that is loaded only where what it needs is there: plugins and tests.
func optional(file *imagefs.File) bool {
	for dir := file.Parent(); dir != nil && !isSite(dir.Path()); dir = dir.Parent() {
		switch name := strings.ToLower(dir.Name()); {
		case strings.Contains(name, "plugin"), name == "tests", name == "test", name == "backends", name == "drivers":
			return true
		}
	}
	return false
}

// owners maps the files of distributions in a directory to them.
func (s *System) owners(dir string) map[string]*Distribution {
	owners := map[string]*Distribution{}
	for _, d := range s.DistributionsIn(dir) {
		for _, name := range d.Files {
			owners[path.Join(dir, name)] = d
		}
	}
	return owners
}

func (s *System) lacks(file *imagefs.File, have provided, owner *Distribution) []MissingLibrary {
	var missing []MissingLibrary
	for _, library := range file.ELF.Needed {
		if _, ok := have[library]; ok || fromRuntime.MatchString(library) {
			continue
		}
		m := MissingLibrary{File: file, Library: library, Distribution: owner}
		switch {
		case library == "libc.so.6" || strings.HasPrefix(library, "ld-linux"):
			m.Foreign = "glibc"
		case strings.HasPrefix(library, "libc.musl-"):
			m.Foreign = "musl"
		}
		if m.Foreign != "" {
			return []MissingLibrary{m}
		}
		missing = append(missing, m)
	}
	for _, need := range file.ELF.Versions {
		library, version, _ := strings.Cut(need, ":")
		defined, ok := have[library]
		if !ok || len(defined) == 0 || slices.Contains(defined, version) || !strings.HasPrefix(version, "GLIBC_2.") {
			continue
		}
		newest := newestOf(defined)
		if newest == "" || olderOrSame(version, newest) {
			continue
		}
		return append(missing, MissingLibrary{File: file, Library: library, Version: version, Has: newest, Distribution: owner})
	}
	return missing
}

// newestOf is the newest of glibc's versions.
func newestOf(versions []string) string {
	newest := ""
	for _, v := range versions {
		if strings.HasPrefix(v, "GLIBC_2.") && (newest == "" || olderOrSame(newest, v)) {
			newest = v
		}
	}
	return newest
}

// olderOrSame compares GLIBC_2.4 and GLIBC_2.38 by their numbers.
func olderOrSame(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := 1; i < min(len(x), len(y)); i++ {
		m, err := strconv.Atoi(x[i])
		n, err2 := strconv.Atoi(y[i])
		if err != nil || err2 != nil {
			return true // GLIBC_PRIVATE and the like say nothing
		}
		if m != n {
			return m < n
		}
	}
	return len(x) <= len(y)
}

// ForeignModule is an extension module that no interpreter which finds it can import: it was built for another Python.
type ForeignModule struct {
	File         *imagefs.File
	Version      string // that it was built for: 3.11
	Distribution *Distribution
}

// ForeignModules looks for extension modules of another version of Python where there is none of this one.
// https://peps.python.org/pep-3149/
func (s *System) ForeignModules(dirs []string, version string) []ForeignModule {
	var found []ForeignModule
	for _, dir := range dirs {
		folder, err := s.Image.Stat(dir)
		if err != nil || !isSite(dir) || version == "" {
			continue
		}
		owners := s.owners(dir)
		for file := range folder.All() {
			m := extensionModule.FindStringSubmatch(file.Name())
			if file.IsDir() || m == nil || m[1] == "" || m[2]+"."+m[3] == version || optional(file) {
				continue
			}
			module, _ := moduleOf(file.Name())
			if s.Imports([]string{file.Parent().Path()}, module) && s.fits(file.Parent(), module, version) {
				continue
			}
			found = append(found, ForeignModule{file, m[2] + "." + m[3], owners[file.Path()]})
		}
	}
	return found
}

// fits tells whether a directory has the module in a form that the version imports.
func (s *System) fits(dir *imagefs.File, module, version string) bool {
	tag := "cpython-" + strings.ReplaceAll(version, ".", "")
	for _, child := range dir.Children() {
		name, ending, _ := strings.Cut(child.Name(), ".")
		if name != module {
			continue
		}
		if child.IsDir() || ending == "py" || ending == "so" || ending == "abi3.so" || strings.HasPrefix(ending, tag+"-") || strings.HasPrefix(ending, tag+".") {
			return true
		}
	}
	return false
}
