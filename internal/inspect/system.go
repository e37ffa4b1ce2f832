// Package inspect answers questions about a built image from its files alone: who its users are, which program a name means,
// which Python environments it has and which distributions each of them sees, which libraries are missing, what its start
// command comes to and what its megabytes are for. Nothing of the image is executed.
package inspect

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
)

// System is an image with what was found out about it.
type System struct {
	Image *imagefs.Image
	Env   map[string]string // of the configuration
	Users map[string]User   // /etc/passwd, by name

	groups       map[string]Group
	environments []*Environment // what Environments has found
}

// User is an entry of /etc/passwd.
type User struct {
	Name        string
	UID, GID    int
	Home, Shell string
}

// Group is an entry of /etc/group.
type Group struct {
	Name    string
	GID     int
	Members []string
}

// New reads who is who.
func New(image *imagefs.Image) *System {
	s := &System{Image: image, Env: map[string]string{}, Users: map[string]User{}, groups: map[string]Group{}}
	for _, variable := range image.Config.Env {
		name, value, _ := strings.Cut(variable, "=")
		s.Env[name] = value
	}
	for line := range strings.Lines(s.Content("/etc/passwd")) {
		if f := strings.Split(strings.TrimSpace(line), ":"); len(f) >= 7 {
			uid, err := strconv.Atoi(f[2])
			gid, err2 := strconv.Atoi(f[3])
			if _, twice := s.Users[f[0]]; err == nil && err2 == nil && !twice {
				s.Users[f[0]] = User{f[0], uid, gid, f[5], f[6]}
			}
		}
	}
	for line := range strings.Lines(s.Content("/etc/group")) {
		if f := strings.Split(strings.TrimSpace(line), ":"); len(f) >= 4 {
			if gid, err := strconv.Atoi(f[2]); err == nil {
				s.groups[f[0]] = Group{f[0], gid, strings.Split(f[3], ",")}
			}
		}
	}
	return s
}

// Content is what a kept file holds, "" where it is not there or was not kept.
func (s *System) Content(name string) string {
	file, err := s.Image.Stat(name)
	if err != nil {
		return ""
	}
	return file.Content
}

// Identity is who a process is.
type Identity struct {
	UID    int
	Groups map[int]bool
	Home   string
	Name   string // "" for a number without an entry
}

// Root tells whether the process may do anything.
func (id Identity) Root() bool { return id.UID == 0 }

// Identity reads a USER: NAME, UID, NAME:GROUP, UID:GID. It is false for a name that is not in /etc/passwd or /etc/group:
// then the container does not start.
// https://github.com/opencontainers/image-spec/blob/main/config.md#properties
func (s *System) Identity(user string) (Identity, bool) {
	name, group, hasGroup := strings.Cut(user, ":")
	id := Identity{Groups: map[int]bool{}, Home: "/"}
	if name == "" {
		name = "0"
	}
	entry, ok := s.Users[name]
	if number, err := strconv.Atoi(name); err == nil && !ok {
		id.UID = number
		for _, u := range s.Users {
			if u.UID == number {
				entry, ok = u, true
				break
			}
		}
	} else if !ok {
		return id, false
	}
	if ok {
		id.UID, id.Home, id.Name = entry.UID, entry.Home, entry.Name
		id.Groups[entry.GID] = true
		for _, g := range s.groups {
			for _, member := range g.Members {
				if member == entry.Name {
					id.Groups[g.GID] = true
				}
			}
		}
	} else {
		id.Groups[0] = true // "If group is not specified, the default group and supplementary groups of the user apply", root's without one
	}
	if hasGroup && group != "" {
		gid, err := strconv.Atoi(group)
		if err != nil {
			g, ok := s.groups[group]
			if !ok {
				return id, false
			}
			gid = g.GID
		}
		id.Groups = map[int]bool{gid: true}
	}
	return id, true
}

// The kinds of access, as the bits of a mode.
const (
	Execute = 1
	Write   = 2
	Read    = 4
)

// Can tells whether a process may access a file, without the directories above it. Access control lists and capabilities
// are not known.
func (id Identity) Can(file *imagefs.File, access fs.FileMode) bool {
	mode := file.Mode.Perm()
	switch {
	case id.Root():
		return access != Execute || file.IsDir() || mode&0o111 != 0
	case file.UID == id.UID:
		mode >>= 6
	case id.Groups[file.GID]:
		mode >>= 3
	}
	return mode&access == access
}

// Barred is the first directory on the way to the path that the process can't enter, nil if there is none. The path is
// one that Stat finds.
func (s *System) Barred(id Identity, name string) *imagefs.File {
	file, err := s.Image.Stat(name)
	if err != nil {
		return nil
	}
	var barred *imagefs.File
	for dir := file.Parent(); dir != nil; dir = dir.Parent() {
		if !id.Can(dir, Execute) {
			barred = dir
		}
	}
	return barred
}

// defaultPath is PATH where an image has none: that of Docker.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// SearchPath are the directories of PATH.
func (s *System) SearchPath() []string {
	list, ok := s.Env["PATH"]
	if !ok {
		list = defaultPath
	}
	return strings.Split(list, ":")
}

// LookPath finds a program on PATH, or by path below the working directory. Path is where it was found, links of the last
// part not followed; ok is false where there is none that the process may execute, and then path is one that is there all
// the same, or empty.
func (s *System) LookPath(id Identity, name, workdir string) (found string, ok bool) {
	for _, candidate := range s.candidates(name, workdir) {
		file, err := s.Image.Stat(candidate)
		if err != nil || file.IsDir() {
			continue
		}
		if file.Mode.IsRegular() && id.Can(file, Execute) && s.Barred(id, candidate) == nil {
			return candidate, true
		}
		if found == "" {
			found = candidate
		}
	}
	return found, false
}

// candidates are where LookPath looks.
func (s *System) candidates(name, workdir string) []string {
	if strings.Contains(name, "/") {
		return []string{absolute(workdir, name)}
	}
	var list []string
	for _, dir := range s.SearchPath() {
		list = append(list, absolute(workdir, path.Join(dir, name)))
	}
	return list
}

func absolute(workdir, name string) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join("/", workdir, name)
}

// Release is what /etc/os-release says: ID and VERSION_ID, such as debian and 12.
func (s *System) Release() (id, version string) {
	text := s.Content("/etc/os-release")
	if text == "" {
		text = s.Content("/usr/lib/os-release")
	}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch value = strings.Trim(value, `"'`); name {
		case "ID":
			id = value
		case "VERSION_ID":
			version = value
		}
	}
	return id, version
}
