package imagefs

import (
	"io/fs"
	"path"
	"strings"
)

// keptFiles are kept by their whole path.
var keptFiles = map[string]bool{
	"/etc/passwd": true, "/etc/group": true, "/etc/os-release": true, "/usr/lib/os-release": true, "/etc/ld.so.conf": true,
	"/var/lib/dpkg/status": true, "/lib/apk/db/installed": true, "/usr/lib/apk/db/installed": true,
}

// keptFolders are those of which every file is kept.
var keptFolders = map[string]bool{"/etc/ld.so.conf.d": true, "/var/lib/dpkg/status.d": true}

// keptNames are files of a Python distribution, by folder's extension and name.
var keptNames = map[string]map[string]bool{
	".dist-info": {"METADATA": true, "RECORD": true, "entry_points.txt": true, "direct_url.json": true, "top_level.txt": true, "INSTALLER": true, "WHEEL": true},
	".egg-info":  {"PKG-INFO": true, "installed-files.txt": true, "requires.txt": true, "entry_points.txt": true, "top_level.txt": true},
}

// Keeps tells whether the content of a file is kept: who the users are, what is installed by dpkg, apk and Python's
// installers, where the dynamic linker looks, and what a virtual environment says of itself. Path is absolute.
func Keeps(name string) bool {
	dir, last := path.Split(name)
	dir = path.Clean(dir)
	switch {
	case keptFiles[name] || keptFolders[dir] || last == "pyvenv.cfg":
		return true
	case keptNames[path.Ext(dir)][last]:
		return true
	case dir == "/etc" && strings.HasPrefix(last, "ld-musl-") && strings.HasSuffix(last, ".path"):
		return true
	}
	switch path.Ext(last) {
	case ".pth", ".egg-link", ".egg-info":
		return true
	case ".json":
		return path.Base(dir) == "conda-meta"
	}
	return false
}

// headBytes is how much is kept of a program that is not kept whole: the first line, and the imports of a console script.
const headBytes = 512

// scriptBytes is the longest start script that is kept.
const scriptBytes = 64 << 10

// plan says what to keep of a regular file.
func (r *layerReader) plan(name string, mode fs.FileMode) (content, head int) {
	if Keeps(name) || r.options.Keep != nil && r.options.Keep(name) {
		return keptBytes, 0
	}
	last := path.Base(name)
	if r.wanted[last] || strings.HasSuffix(last, ".sh") || strings.Contains(last, "entrypoint") {
		return scriptBytes, headBytes
	}
	switch {
	case path.Ext(last) == ".pyc":
		return 0, 16 // magic number, flags, time and size of the source: PEP 552
	case path.Ext(last) == ".pem", path.Ext(last) == ".key":
		return 0, 64 // whether it is a private key
	case mode&0o111 != 0, path.Base(path.Dir(name)) == "bin":
		return 0, headBytes
	}
	return 0, 0
}

// metadataHead is the part of a METADATA file that has the fields: what follows the empty line is a description.
func metadataHead(name, content string) string {
	if base := path.Base(name); base != "METADATA" && base != "PKG-INFO" {
		return content
	}
	if head, _, ok := strings.Cut(content, "\n\n"); ok {
		return strings.Clone(head)
	}
	if head, _, ok := strings.Cut(content, "\n\r\n"); ok {
		return strings.Clone(head)
	}
	return content
}

// words are the parts of a start command that may name a file.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n\"';&|()", r) })
}
