package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/internal/engine"
)

// File is what is compared of a file. Times are not: no two builds have the same.
type File struct {
	Meta    string // type, mode, owner and group as numbers
	Content string // sha256 of a regular file, target of a link
}

// listing prints the files of an image, a line each, and then the sums of the regular ones. Size is not
// printed: it is part of the sum, and that of a folder is the file system's business.
const listing = `set -e
find / -xdev -exec stat -c '%F	%a	%u:%g	%n	%N' {} +
echo --
find / -xdev -type f -exec sha256sum {} +`

// madeByEngine are files that engines put into every container.
var madeByEngine = map[string]bool{
	"/etc/hosts": true, "/etc/hostname": true, "/etc/resolv.conf": true, "/etc/mtab": true, "/.dockerenv": true, "/run/.containerenv": true,
	"/dev": true, "/proc": true, "/sys": true,
}

// ParseListing reads what listing has printed.
func ParseListing(text string) (map[string]File, error) {
	stats, sums, ok := strings.Cut(text, "\n--\n")
	if !ok {
		return nil, errors.New("the list of files has no sums")
	}
	files := map[string]File{}
	for line := range strings.Lines(stats) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 5 {
			return nil, fmt.Errorf("unreadable line in the list of files: %q", line)
		}
		kind, name := fields[0], fields[3]
		if madeByEngine[name] {
			continue
		}
		if kind == "regular empty file" {
			kind = "regular file"
		}
		file := File{Meta: kind + " " + fields[1] + " " + fields[2]}
		if kind == "symbolic link" {
			file.Content = fields[4] // 'name' -> 'target'
		}
		files[name] = file
	}
	for line := range strings.Lines(sums) {
		sum, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			return nil, fmt.Errorf("unreadable line in the sums of files: %q", line)
		}
		if file, ok := files[name]; ok {
			file.Content = sum
			files[name] = file
		}
	}
	return files, nil
}

// Contents is an image that was built.
type Contents struct {
	Config engine.Config
	Files  map[string]File
}

// Differences says line by line how two images differ: -user, +user, -env, +env and so on with the value;
// -file and +file with a path that only one has; ~file with a path and what of it changed.
func (c *Contents) Differences(after *Contents) []string {
	old, now := settings(c.Config), settings(after.Config)
	var lines []string
	for _, s := range old {
		if !slices.Contains(now, s) {
			lines = append(lines, "-"+s)
		}
	}
	for _, s := range now {
		if !slices.Contains(old, s) {
			lines = append(lines, "+"+s)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Files)) {
		before := c.Files[name]
		switch file, ok := after.Files[name]; {
		case !ok:
			lines = append(lines, "-file "+name)
		case file.Meta != before.Meta:
			lines = append(lines, "~file "+name+" "+before.Meta+" -> "+file.Meta)
		// Byte code holds the time of its source.
		case file.Content != before.Content && path.Ext(name) != ".pyc":
			lines = append(lines, "~file "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after.Files)) {
		if _, ok := c.Files[name]; !ok {
			lines = append(lines, "+file "+name)
		}
	}
	return lines
}

// Incidental tells whether a line of Differences is only about byte code of a module that the image has: Python writes it
// for whatever a build imports, and pip imports less when a package comes from its cache.
func (c *Contents) Incidental(line string) bool {
	sign, name, _ := strings.Cut(line, " ")
	if sign != "-file" && sign != "+file" {
		return false
	}
	dir, base := path.Split(name)
	if base == "__pycache__" {
		_, ok := c.Files[path.Clean(dir)]
		return ok
	}
	module, _, _ := strings.Cut(base, ".") // module.cpython-311.pyc
	_, ok := c.Files[path.Join(path.Dir(path.Clean(dir)), module+".py")]
	return ok && path.Base(dir) == "__pycache__" && path.Ext(base) == ".pyc"
}

// settings are the parts of a configuration, one a line. The order of variables means nothing.
func settings(c engine.Config) []string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, name+" "+value)
		}
	}
	list := func(name string, words []string) {
		if words != nil {
			text, _ := json.Marshal(words) // strings always can be encoded
			add(name, string(text))
		}
	}
	add("user", c.User)
	add("workdir", c.WorkingDir)
	add("stopsignal", c.StopSignal)
	list("entrypoint", c.Entrypoint)
	list("cmd", c.Cmd)
	list("shell", c.Shell)
	for _, variable := range slices.Sorted(slices.Values(c.Env)) {
		add("env", variable)
	}
	for _, port := range slices.Sorted(maps.Keys(c.ExposedPorts)) {
		add("port", port)
	}
	for _, volume := range slices.Sorted(maps.Keys(c.Volumes)) {
		add("volume", volume)
	}
	for _, label := range slices.Sorted(maps.Keys(c.Labels)) {
		add("label", label+"="+c.Labels[label])
	}
	if c.Healthcheck != nil {
		text, _ := json.Marshal(c.Healthcheck) // strings and numbers always can be encoded
		add("healthcheck", string(text))
	}
	return lines
}
