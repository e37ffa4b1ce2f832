package inspect

import (
	"encoding/binary"
	"maps"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// Waste is something that an image carries and does not need, from one layer.
type Waste struct {
	Kind  WasteKind
	Layer int
	Path  string // one place of it, or the directory of all
	Bytes int64
	Files int
	Names []string // packages, distributions or files, the largest first

	weights map[string]int64 // of Names
}

// WasteKind says what it is.
type WasteKind string

// The kinds of waste.
const (
	InstallerCache WasteKind = "caches of installers"  // of pip, uv, poetry, pipenv, pdm, npm
	CondaCache     WasteKind = "conda's caches"        // conda's packages and archives
	PackageLists   WasteKind = "package lists"         // of apt, apk, dnf and what they downloaded
	BuildTools     WasteKind = "build tools"           // packages of the system
	Rewritten      WasteKind = "files written again"   // same content in a later layer: chown -R, chmod -R
	Deleted        WasteKind = "files deleted later"   // in a layer, and not in the image
	Replaced       WasteKind = "files replaced later"  // other content in a later layer
	Repository     WasteKind = "repository"            // .git
	Secrets        WasteKind = "secrets"               // .env, keys
	Tests          WasteKind = "tests"                 // of the project
	ByteCode       WasteKind = "byte code"             // beside the project's sources
	StaleByteCode  WasteKind = "stale byte code"       // that Python does not use
	Installers     WasteKind = "installers"            // poetry, pipenv, uv, pdm, conda
	OwnInstallers  WasteKind = "pip in an environment" // pip, setuptools, wheel beside the application's packages
	Unstripped     WasteKind = "debug symbols"         // of extension modules and libraries
	Duplicated     WasteKind = "duplicated libraries"
)

// wasteKey gathers waste of one kind in one layer.
type wasteKey struct {
	kind  WasteKind
	layer int
	group string
}

type heap struct {
	order []wasteKey
	found map[wasteKey]*Waste
}

func (h *heap) add(kind WasteKind, layer int, group, at string, bytes int64, name string) {
	key := wasteKey{kind, layer, group}
	w := h.found[key]
	if w == nil {
		w = &Waste{Kind: kind, Layer: layer, Path: at, weights: map[string]int64{}}
		h.found[key] = w
		h.order = append(h.order, key)
	}
	w.Bytes += bytes
	w.Files++
	if name == "" {
		return
	}
	if w.weights[name] == 0 {
		w.Names = append(w.Names, name)
	}
	w.weights[name] += max(bytes, 1)
}

// Waste lists what could be left behind, in the order of the layers. Files are counted once: what is deleted later is not
// a cache besides.
func (s *System) Waste() []Waste {
	h := &heap{found: map[wasteKey]*Waste{}}
	s.lost(h)
	s.systemPackages(h)
	s.installers(h)
	s.duplicates(h)
	for file := range s.Image.Root().All() {
		if !file.Mode.IsRegular() {
			continue
		}
		if kind, dir := s.kindOf(file); kind != "" {
			h.add(kind, file.Layer, dir, dir, file.Size, "")
		}
		if file.ELF != nil && file.ELF.Debug > 0 && inSite(file) {
			h.add(Unstripped, file.Layer, "", file.Path(), file.ELF.Debug, file.Path())
		}
	}
	var list []Waste
	for _, key := range h.order {
		w := h.found[key]
		sort.SliceStable(w.Names, func(i, j int) bool { return w.weights[w.Names[i]] > w.weights[w.Names[j]] })
		list = append(list, *w)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Layer < list[j].Layer })
	return list
}

// lost are files that a later layer hides.
func (s *System) lost(h *heap) {
	for _, l := range s.Image.Lost {
		if bookkeeping(l.Path) {
			continue
		}
		kind := Replaced
		switch {
		case l.With == nil:
			kind = Deleted
		case l.Same:
			kind = Rewritten
		}
		h.add(kind, l.By, strconv.Itoa(l.Layer), l.Path, l.Size, l.Path)
	}
}

// bookkeeping tells whether a file is one that every installation of a package writes anew.
func bookkeeping(name string) bool {
	for _, dir := range []string{"/var/lib/dpkg/", "/var/cache/debconf/", "/var/lib/apt/extended_states", "/lib/apk/db/", "/usr/lib/apk/db/", "/var/lib/rpm/", "/usr/lib/sysimage/rpm/", "/etc/", "/var/log/"} {
		if strings.HasPrefix(name, dir) {
			return true
		}
	}
	return false
}

// caches are directories that nobody needs at run time, by what their path ends with or contains.
var caches = []struct {
	part string // of the path, with slashes around it
	kind WasteKind
}{
	{"/.cache/pip/", InstallerCache}, {"/.cache/uv/", InstallerCache}, {"/.cache/pypoetry/", InstallerCache}, {"/.cache/pipenv/", InstallerCache},
	{"/.cache/pdm/", InstallerCache}, {"/.npm/_cacache/", InstallerCache}, {"/.cache/yarn/", InstallerCache}, {"/.cache/node-gyp/", InstallerCache},
	{"/conda/pkgs/", CondaCache}, {"/miniconda3/pkgs/", CondaCache}, {"/miniforge3/pkgs/", CondaCache}, {"/micromamba/pkgs/", CondaCache}, {"/.conda/pkgs/", CondaCache},
}

// listFolders hold what package managers downloaded.
var listFolders = []string{"/var/lib/apt/lists/", "/var/cache/apt/", "/var/cache/apk/", "/var/cache/dnf/", "/var/cache/yum/", "/var/cache/zypp/", "/var/cache/libdnf5/"}

// kindOf tells what kind of waste a file is by its place, and the directory that it is part of.
func (s *System) kindOf(file *imagefs.File) (WasteKind, string) {
	name := file.Path()
	for _, c := range caches {
		if i := strings.Index(name, c.part); i >= 0 {
			return c.kind, strings.TrimSuffix(name[:i+len(c.part)], "/")
		}
	}
	for _, folder := range listFolders {
		if strings.HasPrefix(name, folder) {
			return PackageLists, strings.TrimSuffix(folder, "/")
		}
	}
	if i := strings.Index(name, "/.git/"); i >= 0 && !inSite(file) {
		return Repository, name[:i+len("/.git")]
	}
	if secret(file) && !inSystem(name) && !inSite(file) {
		return Secrets, name
	}
	if !s.ofProject(file) {
		return "", ""
	}
	if path.Ext(name) == ".pyc" {
		if s.stale(file) {
			return StaleByteCode, s.projectDir()
		}
		return ByteCode, s.projectDir()
	}
	for dir := file.Parent(); dir != nil && s.ofProject(dir); dir = dir.Parent() {
		if n := dir.Name(); n == "tests" || n == "test" {
			return Tests, dir.Path()
		}
	}
	return "", ""
}

// inSystem tells whether a path belongs to the distribution.
func inSystem(name string) bool {
	for _, dir := range []string{"/usr/", "/etc/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/var/lib/dpkg/", "/opt/conda/"} {
		if strings.HasPrefix(name, dir) {
			return true
		}
	}
	return false
}

// inSite tells whether a file lies in a directory of installed packages or of the standard library.
func inSite(file *imagefs.File) bool {
	for dir := file.Parent(); dir != nil; dir = dir.Parent() {
		if isSite(dir.Path()) || versioned.MatchString(dir.Name()) || dir.Name() == "node_modules" {
			return true
		}
	}
	return false
}

// ofProject tells whether a file lies in the working directory, where it is one of the application, and is not a part of an
// environment there.
func (s *System) ofProject(file *imagefs.File) bool {
	dir := s.projectDir()
	return dir != "" && strings.HasPrefix(file.Path(), dir+"/") && !inSite(file)
}

// projectDir is the working directory, "" where it is the distribution's.
func (s *System) projectDir() string {
	dir := path.Clean("/" + s.Image.Config.WorkingDir)
	if dir == "/" || dir == "/root" || dir == "/home" || inSystem(dir+"/") && !strings.HasPrefix(dir, "/usr/src/") {
		return ""
	}
	return dir
}

// secret tells whether a file is one that holds keys or passwords, by its name, and for keys by their first line.
func secret(file *imagefs.File) bool {
	switch name := file.Name(); {
	case file.Size == 0:
		return false
	case name == ".env", name == ".netrc", name == ".pypirc", name == "id_rsa", name == "id_ed25519", name == "id_ecdsa":
		return true
	case strings.HasPrefix(name, ".env."):
		return !strings.Contains(name, "example") && !strings.Contains(name, "sample") && !strings.Contains(name, "template") && !strings.Contains(name, "dist")
	}
	return strings.Contains(file.Head, "PRIVATE KEY-----")
}

// stale tells whether byte code does not belong to the source beside it: then Python compiles anew at each start.
// https://peps.python.org/pep-0552/
func (s *System) stale(file *imagefs.File) bool {
	if file.Parent().Name() != "__pycache__" || len(file.Head) < 16 || binary.LittleEndian.Uint32([]byte(file.Head[4:])) != 0 {
		return false
	}
	module, _, _ := strings.Cut(file.Name(), ".")
	source := file.Parent().Parent().Child(module + ".py")
	if source == nil {
		return false
	}
	when, size := binary.LittleEndian.Uint32([]byte(file.Head[8:])), binary.LittleEndian.Uint32([]byte(file.Head[12:]))
	return when != uint32(source.ModTime.Unix()) || size != uint32(source.Size)
}

// systemPackages are compilers and headers that dpkg, apk or rpm has installed.
func (s *System) systemPackages(h *heap) {
	for _, p := range s.SystemPackages() {
		if isBuildTool(p.Name) {
			h.add(BuildTools, p.Layer, "", p.Database, p.Bytes, p.Name)
		}
	}
}

func isBuildTool(name string) bool {
	return ospkg.ClassOf("", name) == ospkg.BuildOnly || ospkg.IsHeaders(name)
}

// SystemPackage is a package of the distribution.
type SystemPackage struct {
	Name, Version string
	Bytes         int64 // as the package declares
	Layer         int   // that installed it, or upgraded it
	Database      string
}

// SystemPackages are those that dpkg's, apk's or rpm's own database says are installed.
func (s *System) SystemPackages() []SystemPackage {
	var list []SystemPackage
	texts := []string{s.Content("/var/lib/dpkg/status")}
	if dir, err := s.Image.Stat("/var/lib/dpkg/status.d"); err == nil {
		for _, child := range dir.Children() {
			texts = append(texts, child.Content)
		}
	}
	for _, text := range texts {
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			if p, ok := s.debianPackage(paragraph); ok {
				list = append(list, p)
			}
		}
	}
	return append(append(list, s.alpinePackages()...), s.rpmPackages()...)
}

func (s *System) debianPackage(paragraph string) (p SystemPackage, ok bool) {
	p.Database = "/var/lib/dpkg/status"
	architecture := ""
	installed := !strings.Contains(paragraph, "\nStatus:") // distroless has no such line
	for line := range strings.Lines(paragraph) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "Package":
			p.Name = value
		case "Version":
			p.Version = value
		case "Architecture":
			architecture = value
		case "Installed-Size":
			kilobytes, _ := strconv.ParseInt(value, 10, 64) // no size is no weight
			p.Bytes = kilobytes << 10
		case "Status":
			installed = strings.HasSuffix(value, " installed")
		}
	}
	for _, name := range []string{p.Name, p.Name + ":" + architecture} {
		if file, err := s.Image.Stat("/var/lib/dpkg/info/" + name + ".list"); err == nil {
			p.Layer = file.Layer
		}
	}
	return p, installed && p.Name != ""
}

func (s *System) alpinePackages() []SystemPackage {
	var list []SystemPackage
	for _, name := range []string{"/lib/apk/db/installed", "/usr/lib/apk/db/installed"} {
		file, err := s.Image.Stat(name)
		if err != nil {
			continue
		}
		for paragraph := range strings.SplitSeq(file.Content, "\n\n") {
			p := SystemPackage{Layer: file.Layer, Database: name}
			for line := range strings.Lines(paragraph) {
				switch key, value, _ := strings.Cut(strings.TrimSpace(line), ":"); key {
				case "P":
					p.Name = value
				case "V":
					p.Version = value
				case "I":
					p.Bytes, _ = strconv.ParseInt(value, 10, 64) // no size is no weight
				}
			}
			if p.Name != "" {
				list = append(list, p)
			}
		}
		break
	}
	return list
}

func (s *System) rpmPackages() []SystemPackage {
	const name = "/var/lib/rpm/rpmdb.sqlite" // where it is elsewhere, that is a link
	file, err := s.Image.Stat(name)
	if err != nil {
		return nil
	}
	if log, err := s.Image.Stat(name + "-wal"); err == nil && log.Size > 0 {
		return nil // what it has is newer
	}
	var list []SystemPackage
	for _, p := range file.Packages {
		layer := file.Layer
		for _, name := range p.Files {
			if own, err := s.Image.Lstat(name); err == nil && !own.IsDir() {
				layer = own.Layer
				break
			}
		}
		list = append(list, SystemPackage{Name: p.Name, Version: p.Version, Bytes: p.Bytes, Layer: layer, Database: name})
	}
	return list
}

// tools are installers that a running application does not need.
var tools = map[string]bool{"poetry": true, "pipenv": true, "uv": true, "pdm": true, "hatch": true, "pip-tools": true, "virtualenv": true, "pipx": true, "rye": true}

// packaging are the installers that come with an environment.
var packaging = map[string]bool{"pip": true, "setuptools": true, "wheel": true}

func (s *System) installers(h *heap) {
	for _, e := range s.Environments() {
		for _, dir := range e.Site {
			for _, d := range s.DistributionsIn(dir) {
				switch {
				case tools[d.Name]:
					h.add(Installers, d.Info.Layer, "", d.Dir, s.sizeOf(d), d.Name)
				case packaging[d.Name] && e.Venv:
					h.add(OwnInstallers, d.Info.Layer, d.Dir, d.Dir, s.sizeOf(d), d.Name)
				}
			}
		}
	}
	for _, name := range []string{"/bin/uv", "/usr/bin/uv", "/usr/local/bin/uv", "/root/.local/bin/uv", "/uv"} {
		if file, err := s.Image.Lstat(name); err == nil && file.ELF != nil && file.Size > 1<<20 {
			h.add(Installers, file.Layer, "", name, file.Size, "uv")
		}
	}
}

// sizeOf is what a distribution's files take, as far as its RECORD names them.
func (s *System) sizeOf(d *Distribution) int64 {
	var sum int64
	for _, name := range d.Files {
		if file, err := s.Image.Lstat(path.Join(d.Dir, name)); err == nil {
			sum += file.Size
		}
	}
	return sum
}

// duplicates are libraries that the image has more than once under different names.
func (s *System) duplicates(h *heap) {
	bySize := map[int64][]*imagefs.File{}
	for file := range s.Image.Root().All() {
		if file.ELF != nil && file.Size >= 100<<10 && file.Links == 1 && inSite(file) {
			bySize[file.Size] = append(bySize[file.Size], file)
		}
	}
	sizes := slices.Collect(maps.Keys(bySize))
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
	for _, size := range sizes {
		files := bySize[size]
		for i, file := range files {
			for _, earlier := range files[:i] {
				if file.SameContent(earlier.Inode) {
					h.add(Duplicated, max(file.Layer, earlier.Layer), earlier.Path(), file.Path(), size, file.Path()+" = "+earlier.Path())
					break
				}
			}
		}
	}
}
