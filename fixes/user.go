package fixes

import (
	"strconv"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// AddUser gives the edit that makes a user and switches to it in front of the start command of the final image.
// refused says why there is none.
func AddUser(build *analyzer.Build) (fix *analyzer.Fix, refused string) {
	target := build.Target
	at := startTail(target)
	if at == nil {
		return nil, "the start command is not at the end of the final stage: put it there, and there is a fix"
	}
	command, user, title := UserCommand(target.Image.Distro), UserID, "Add a user and switch to it"
	switch {
	case strings.HasPrefix(target.Image.Reference.Name, "gcr.io/distroless/"):
		command, user, title = "", distrolessUser, "Switch to the image's own user nonroot"
	case command == "":
		return nil, "the distribution, and with it the way to add a user, is not known"
	}
	for _, step := range target.ChainSteps() {
		text := lastingText(step)
		switch {
		case step.Instruction.Keyword == "USER":
			return nil, "USER names root, and somebody has to know why: without that line there is a fix"
		case makesUser.MatchString(text):
			return nil, "the image makes a user already: name it in USER"
		case rootsHome.MatchString(text):
			return nil, "there are files in root's home directory, which another user can't read: move them, to /app for example"
		case step.Instruction.Keyword == "EXPOSE" && lowPort(step.Instruction.Args):
			return nil, "a port below 1024 may need root"
		}
	}
	for _, c := range target.Contents() {
		if strings.HasPrefix(c.Dir, "/root/") {
			return nil, "Python packages are in root's home directory, which another user can't read: install them without --user, or set PYTHONUSERBASE"
		}
	}
	if why := inRootsHome(target); why != "" {
		return nil, why
	}
	if why := rootWrites(target); why != "" {
		return nil, why
	}
	if file := lowPortSource(target); file != "" {
		return nil, file + " listens on a port below 1024, which may need root"
	}
	start := target.Start()
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		if in != nil && privilegedBind.MatchString(build.File.Text(in.Span)) {
			return nil, "a port below 1024 may need root"
		}
	}
	edits, refused := NoSync(build)
	if refused != "" {
		return nil, refused
	}
	lines := KeywordCase(build.Doc, "USER") + " " + user + ":" + user
	if command != "" {
		lines = KeywordCase(build.Doc, "RUN") + " " + command + "\n" + lines
	}
	return &analyzer.Fix{Title: title, Safety: analyzer.Unsafe, Edits: append(edits, InsertBefore(build.Doc, at, lines))}, ""
}

// distrolessUser is the user nonroot of all distroless images, which have no shell to make another with.
// https://github.com/GoogleContainerTools/distroless#what-images-are-available
const distrolessUser = "65532"

// User is the name of the user that UserCommand makes, and of its group.
const User = "app"

// UserID is the number of both, above those that distributions give away: Kubernetes can't tell of a name that it is not root (runAsNonRoot).
const UserID = "10001"

// UserCommand is the shell code that makes the user which the final image runs as, "" for a distribution where the way to do that is
// not known. Root had a home directory to write to, and programs count on one: gunicorn 27 makes its control socket in
// $HOME/.gunicorn and reports an error at each start where it can't.
func UserCommand(distro string) string {
	switch distro {
	case "debian", "ubuntu":
		return "groupadd --gid " + UserID + " " + User + " && useradd --create-home --uid " + UserID + " --gid " + UserID + " " + User
	case "alpine":
		return "addgroup -g " + UserID + " " + User + " && adduser -D -u " + UserID + " -G " + User + " " + User
	}
	return ""
}

// startTail is the first CMD or ENTRYPOINT among the last instructions of the stage, behind which nothing is built any more.
func startTail(s *analyzer.Stage) *dockerfile.Instruction {
	var first *dockerfile.Instruction
	for i := len(s.Steps) - 1; i >= 0; i-- {
		switch in := s.Steps[i].Instruction; in.Keyword {
		case "CMD", "ENTRYPOINT":
			first = in
		case "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL", "ENV", "ARG", "VOLUME":
		default:
			return first
		}
	}
	return first
}

var (
	makesUser      = pattern.New(`\b(?:useradd|adduser|groupadd|addgroup)\b`)
	rootsHome      = pattern.New(`/root\b|~/|\$HOME\b|\$\{HOME`)
	privilegedBind = pattern.New(`(?:[:=\s"])(?:[1-9]\d{0,2}|10[01]\d|102[0-3])(?:["\s]|$)`)
)

// lowPort tells whether EXPOSE names a port below 1024, or one that is not written out.
func lowPort(args []dockerfile.Arg) bool {
	for _, a := range args {
		number, _, _ := strings.Cut(a.Value, "/")
		number, _, _ = strings.Cut(number, "-")
		if n, err := strconv.Atoi(number); err != nil || n < 1024 {
			return true
		}
	}
	return false
}
