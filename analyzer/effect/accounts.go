package effect

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// accounts is useradd and its kin.
func (r *reading) accounts(name string, argv []shell.Field) {
	switch name {
	case "newusers":
		r.may(AnyUser, name)
	case "usermod":
		for _, f := range argv[1:] {
			if f.Text() == "-l" || f.Text() == "--login" {
				r.may(AnyUser, name)
			}
		}
	case "useradd", "adduser":
		user, ok := NewUser(argv)
		if !ok {
			// `adduser USER GROUP` puts one that is there into a group.
			r.may(AnyUser, name)
			return
		}
		made := Effect{Verb: MakesUser, Name: user.Name}
		if user.Home.IsKnown() {
			made.Path = user.Home.Text
		}
		r.List = append(r.List, made)
		if user.Home.IsKnown() && user.MakesHome {
			r.add(WritesTree, path.Clean(user.Home.Text), "", false) // with what /etc/skel holds
		}
	}
}

// User is an account that a command makes.
type User struct {
	Name string
	// Home is its home directory; Unknown where that depends on the release.
	Home env.Value
	// MakesHome tells that the command makes the home directory.
	MakesHome bool
	UID       string // "" when the system chooses
}

// NewUser reads useradd and adduser, without wrappers in front. Without a home option the home is /home/NAME: the default of Debian's and
// Red Hat's useradd and of both adduser programs; Debian's `adduser --system` gives /nonexistent from
// release 12 on and /home/NAME before, hence unknown. ok is false where the name is not known.
func NewUser(argv []shell.Field) (user User, ok bool) {
	if len(argv) < 2 {
		return User{}, false
	}
	program := shell.Program(argv[0])
	if program != "useradd" && program != "adduser" {
		return User{}, false
	}
	user.MakesHome = program == "adduser"
	system := false
	for i := 1; i < len(argv); i++ {
		text := argv[i].Text()
		flag, attached, has := strings.Cut(text, "=")
		next := func() env.Value {
			if has || i+1 >= len(argv) {
				return env.Of(attached)
			}
			i++
			return argv[i].Value
		}
		switch {
		case flag == "--home" || flag == "--home-dir" || flag == "-d" && program == "useradd" || flag == "-h" && program == "adduser":
			user.Home = next()
		case flag == "-u" || flag == "--uid":
			user.UID = next().Text
		case flag == "--system" || flag == "-S":
			system = program == "adduser"
		case flag == "-r" || flag == "-M" || flag == "-H" || flag == "--no-create-home":
			user.MakesHome = user.MakesHome && flag == "-r"
		case flag == "-m" || flag == "--create-home":
			user.MakesHome = true
		case userOptionTakesValue[flag] && !has:
			i++
		case strings.HasPrefix(text, "-"):
			if strings.HasPrefix(text, "--") || program != "useradd" {
				continue
			}
			// Several letters in one word, the last of which may take a value: -ms /bin/bash.
			user.MakesHome = user.MakesHome || strings.Contains(text, "m")
			if len(text) > 2 && strings.Contains("bcdefgGkKpsu", text[len(text)-1:]) {
				i++
			}
		case !argv[i].Value.IsKnown():
			return User{}, false
		case user.Name == "":
			user.Name = text
		}
	}
	switch {
	case user.Name == "":
		return User{}, false
	case user.Home.Kind == env.Known:
		user.Home.Text = path.Clean(user.Home.Text)
	case user.Home.Kind == env.Unknown:
	case system:
		user.Home = env.Doubtful()
	default:
		user.Home = env.Of("/home/" + user.Name)
	}
	return user, true
}

// userOptionTakesValue holds the options of useradd (shadow 4.13) and adduser (Debian 3.134, BusyBox 1.36) with a value.
var userOptionTakesValue = map[string]bool{
	"-g": true, "--gid": true, "-G": true, "--groups": true, "-s": true, "--shell": true,
	"-c": true, "--comment": true, "--gecos": true, "--ingroup": true, "-k": true, "--skel": true, "-p": true,
	"--password": true, "-K": true, "--key": true, "-b": true, "--base-dir": true, "-e": true, "-f": true,
	"--firstuid": true, "--lastuid": true, "--conf": true,
}
