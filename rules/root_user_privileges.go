package rules

import (
	"bytes"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// mayDropRoot tells whether the start command changes to another user by itself, or may do so: by gosu and its like, in a
// script, by a supervisor's configuration.
func mayDropRoot(s *analyzer.Stage) bool {
	start := s.Start()
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		if in == nil {
			continue
		}
		_, commands, problem := s.Build().Script(in, s.After)
		if problem != "" {
			return true
		}
		for _, c := range commands {
			if dropsRoot(s, c) {
				return true
			}
		}
	}
	return start.EntrypointUnknown && start.Entrypoint == nil && !s.Image.EnvKnown && s.Image.Distro == "" && s.Image.Libc == ""
}

func dropsRoot(s *analyzer.Stage, c *shell.Command) bool {
	argv := shell.Fields(c.Words, s.After.Env)
	if len(argv) == 0 {
		return false
	}
	names, _, rest, user := shell.Unwrap(argv)
	if user != "" && user != "root" || c.User != "" {
		return true
	}
	for _, name := range names {
		if usersChangers.MatchString(name) {
			return true
		}
	}
	program := shell.Program(rest[0])
	if program == "" || ownUser[program] || usersChangers.MatchString(program) {
		return true
	}
	for _, f := range rest[1:] {
		switch text, _, _ := strings.Cut(f.Text(), "="); text {
		case "--user", "--uid", "-u", "--ini", "--emperor", "--xml", "--yaml":
			// gunicorn --user, celery --uid, uwsgi's configuration; but python -u is no user.
			if !analyzer.IsInterpreterName(program) {
				return true
			}
		}
		if program == "uwsgi" && (strings.HasSuffix(f.Text(), ".ini") || f.Text() == "") {
			return true
		}
	}
	return scriptDropsRoot(s, program, rest)
}

// scriptDropsRoot reads the script that is started. One that can't be read may do it if the image has made a user or has a
// program for it.
func scriptDropsRoot(s *analyzer.Stage, name string, argv []shell.Field) bool {
	file, operand := argv[0], false
	switch {
	case program.Is(name, program.ShellProgram):
		if len(argv) < 2 || strings.HasPrefix(argv[1].Text(), "-") {
			return false // with -c its commands are read on their own
		}
		file, operand = argv[1], true
	case analyzer.IsPythonName(name), installer.IsInstaller(name):
		return false
	}
	if content, ok := s.ScriptAt(file.Value, !operand); ok {
		return usersChangers.Match(content)
	}
	if !strings.Contains(file.Text(), "/") && !strings.Contains(file.Text(), ".") {
		return false
	}
	return s.After.HasMadeUsers() || s.ChainMatches(usersChangers)
}

// usersChangers are programs that run another one as another user.
var usersChangers = pattern.New(`\b(?:gosu|su-exec|setpriv|setuidgid|s6-setuidgid|runuser|chpst|sudo|su|setuser|start-stop-daemon|useradd|adduser|usermod|capsh|switch_user|drop_privileges|setuid)\b`)

// ownUser are services that start as root and give their workers, or the programs of their configuration, other users.
var ownUser = map[string]bool{
	"supervisord": true, "nginx": true, "apache2": true, "apache2ctl": true, "apachectl": true, "httpd": true, "httpd-foreground": true,
	"init": true, "my_init": true, "s6-svscan": true, "runsvdir": true, "runit": true, "systemd": true, "service": true, "cron": true, "crond": true,
	"sshd": true, "dockerd": true, "circusd": true, "tail": true, "sleep": true, "slurmd": true,
}

// rootByPlatform tells that the image is for something that rules over the user: GitHub wants its actions to run as root, AWS
// Lambda has a user of its own, an SSH server changes to that of its client, Docker's socket belongs to root.
func rootByPlatform(b *analyzer.Build) bool {
	if b.Context.Exists("action.yml") || b.Context.Exists("action.yaml") {
		return true
	}
	text := bytes.ToLower(b.File.Bytes())
	for _, word := range platformWords {
		if bytes.Contains(text, word) {
			return true
		}
	}
	for _, in := range b.Doc.Instructions {
		if in.Keyword == "EXPOSE" && len(in.Args) > 0 && sshPort.MatchString(in.Args[0].Value) {
			return true
		}
	}
	return false
}

// platformWords are in lower case. One search for each is several times as fast as a regular expression of them all.
var platformWords = [][]byte{
	[]byte("github_workspace"), []byte("github_action"), []byte("com.github.actions"), []byte("awslambda"), []byte("aws-lambda"),
	[]byte("lambda_task_root"), []byte("docker.sock"), []byte("build_from"), []byte("io.hass."), []byte("sagemaker"),
}

var sshPort = pattern.New(`^22\b`)
