package multistage

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/fixes"
)

var (
	// namesSitePackages matches a path into the interpreter's own packages, which a user base and a virtual environment have in another place.
	namesSitePackages = pattern.New(`site-packages|dist-packages`)
	// namesSystemPython matches the system's interpreter by path.
	namesSystemPython = pattern.New(`/usr/(?:local/)?bin/(?:python|pip)`)
	// namesProgram matches a program of the directories that pip installs scripts to.
	namesProgram = pattern.New(`/usr/(?:local/)?bin/([A-Za-z0-9_.-]+)`)
	// forgetsEnvironment matches what starts a program without the container's environment, where PYTHONUSERBASE and PATH are. It reads texts
	// whose quotes, brackets and commas are blanks.
	forgetsEnvironment = pattern.New(`\bsu\s+(?:-|\S+\s+-)|\bsudo\b|\bcrond?\b|\bcrontab\b|\bapache2?ctl\b|\bapache2-foreground\b|\bsystemctl\b|/sbin/init\b|` +
		`\bservice\s+cron\b|\bsupercronic\b|\benv\s+(?:-\S+\s+)*(?:-i|-|--ignore-environment)\s|\brunuser\s+(?:\S+\s+)*(?:-l|-|--login)\s|` +
		`(?:^|[\s/!])(?:ba|z|k|da|a)?sh\s+(?:-\w+\s+)*(?:-[a-zA-Z]*l[a-zA-Z]*|--login)(?:\s|$)|(?:^|\s)(?:source|\.)\s+(?:/etc/profile\b|~/\.\w*profile\b)`)
	editsCrontab = pattern.New(`\bcrontab\b|/etc/cron|/var/spool/cron`)
	// setsPath matches an assignment of PATH in shell code.
	setsPath = pattern.New(`(?:^|[\s;&])PATH=([^\s;&]*)`)
	// marks are what the exec form and shell quotes put around words.
	marks = strings.NewReplacer(`"`, " ", "'", " ", ",", " ", "[", " ", "]", " ")
)

// chooseLayout takes the virtual environment that is there, else a user base, else a virtual environment where a user base can't do. Where
// something starts without the container's environment variables, or names packages or scripts by their place, it is a prefix.
func (c *conversion) chooseLayout() string {
	venv := ""
	for i, in := range c.apps {
		switch {
		case ownVenv(in) && venv == "":
		case in.Place == analyzer.VirtualEnv && (venv == in.Dir.Text || i == 0):
			venv = in.Dir.Text
		case in.Place == analyzer.VirtualEnv || venv != "":
			return "the packages go to several environments"
		}
	}
	if venv != "" {
		c.layout, c.dir = oldVenv, venv
		return ""
	}
	wanted := c.build.Settings.Layout
	newOne := wanted == "venv" || c.needsVenv()
	if facts := c.stage.Image; newOne && facts.Extended && facts.Python != nil {
		return "a virtual environment would hide the packages that " + facts.Reference.Text + " brings"
	}
	if newOne && c.ended() {
		return "the packages need a virtual environment, which Python 2 does not make"
	}
	need := c.needsPrefix(newOne)
	if need == "" && wanted == "prefix" {
		need = "`layout: prefix` asks for it"
	}
	switch {
	case need != "":
		if wanted == "venv" || wanted == "user-base" {
			return need + ", and `layout` is " + wanted
		}
		if reason := c.refusesPrefix(); reason != "" {
			return need + ", and " + reason
		}
		c.layout, c.dir, c.why = prefix, c.prefixDir(), need
	case newOne:
		c.layout, c.dir = newVenv, fixes.DefaultVenv
	default:
		c.layout, c.dir = userBase, userBaseOf(c.build)
	}
	return ""
}

// needsVenv tells whether a user base can't hold the packages: a tool other than pip, an interpreter that the distribution
// manages, a second install that may take the builder's own packages for its own, or a Python that ignores user bases.
func (c *conversion) needsVenv() bool {
	switch {
	case c.python.ExternallyManaged, c.python3 != "":
		return true
	}
	for _, in := range c.apps {
		if in.Call.Tool != installer.Pip && !(in.Call.Tool == installer.SetupPy && c.ended()) {
			return true
		}
	}
	if _, ignored := c.stage.IgnoredUserSite(); ignored || c.stage.After.Env("PYTHONNOUSERSITE").Text != "" {
		return true
	}
	if len(c.apps) == 1 || c.python2 {
		return false
	}
	return c.python.Prefix == "/usr" || c.bringsTools()
}

// ended tells whether the packages are those of Python 2, which has pip and user bases, but no venv.
func (c *conversion) ended() bool { return c.python2 || isPython2(c.python) }

// bringsTools tells whether an installer is installed whose own dependencies would count as installed for later installations.
func (c *conversion) bringsTools() bool {
	return slices.ContainsFunc(c.tools, func(in *analyzer.Installation) bool { return !basicTools(in) })
}

// refusesPrefix says why the packages can't be installed to a prefix of their own and copied over the interpreter's.
func (c *conversion) refusesPrefix() string {
	switch {
	case c.python2 || c.python.Minor == "" && len(c.apps) > 1:
		return "the version of Python is not known"
	case c.python.Venv || c.python.Prefix != "/usr/local":
		return "the interpreter's packages are not below /usr/local"
	case len(c.trees) > 0:
		return "an editable project would not be found"
	case len(c.apps) > 1 && c.bringsTools():
		return "several installations beside other tools would take those for their own"
	}
	for _, in := range c.apps {
		switch {
		case in.Call.Tool != installer.Pip:
			return string(in.Call.Tool) + " installs to no other place"
		case in.Place != analyzer.System || in.Call.UserInstall():
			return "pip installs to a user base"
		case slices.ContainsFunc(in.Requirements, func(r installer.Requirement) bool { return installer.IsInstaller(r.Name) && r.Name != "cython" }):
			return "a copy of pip or setuptools over another would be two versions in one"
		}
	}
	return ""
}

// prefixDir is a directory that the file does not speak of.
func (c *conversion) prefixDir() string {
	for _, dir := range []string{"/install", "/python-packages"} {
		if !strings.Contains(string(c.doc.File.Bytes()), dir) {
			return dir
		}
	}
	return "/python-prefix"
}

// searched is the directory of the prefix that has the packages.
func (c *conversion) searched() string {
	return path.Join(c.dir, "lib", "python"+c.python.Minor, "site-packages")
}

// needsPrefix says in a clause why the packages must stay where the interpreter finds them without any environment variable, and where their
// scripts were; "" where nothing speaks for that. venv tells that they would go to a virtual environment else, which the system's own
// interpreter does not see.
func (c *conversion) needsPrefix(venv bool) string {
	for _, step := range c.stage.Steps {
		text := c.doc.File.Text(step.Instruction.Span)
		line := c.lineOf(step.Instruction)
		for _, command := range step.Commands {
			if name := environmentLess(command); name != "" {
				return fmt.Sprintf("%s installs %s, which runs programs without the environment that tells where the packages are", line, name)
			}
		}
		switch in := step.Instruction; {
		case in.Keyword == "RUN" && editsCrontab.MatchString(text):
			return line + " writes a crontab: cron runs programs without the environment that tells where the packages are"
		case namesSitePackages.MatchString(text):
			return line + " names the interpreter's packages by path, which would be in another place"
		case in.Keyword == "SHELL" && forgetsEnvironment.MatchString(marks.Replace(text)+" "):
			return line + " makes all commands those of a login shell, which forgets the environment"
		case in.Keyword == "ENV" && c.behind(in.Span) && setsPathAnew(in.Pairs):
			return line + " sets PATH anew, without the directory that the packages would be in"
		case c.behind(in.Span) && slices.ContainsFunc(step.Commands, c.forgets):
			return line + " runs a program without the environment that tells where the packages are"
		}
	}
	texts, complete := c.stage.StartTexts()
	if !complete && c.build.Context != nil {
		return "the start script can't be read"
	}
	for _, text := range texts {
		if reason := c.startNeeds(text, venv); reason != "" {
			return reason
		}
	}
	return c.scriptNamed()
}

// forgets tells whether a command of a RUN runs something without the environment.
func (c *conversion) forgets(command *analyzer.Command) bool {
	return command.OS == nil && forgetsEnvironment.MatchString(marks.Replace(c.doc.File.Text(command.Shell.Span))+" ")
}

// environmentLess is an OS package that the command installs and that starts programs with an environment of its own.
func environmentLess(command *analyzer.Command) string {
	if command.OS == nil || command.OS.Verb != ospkg.Install {
		return ""
	}
	for _, p := range command.OS.Packages {
		if p.Name == "cron" || p.Name == "cronie" || p.Name == "dcron" || strings.HasPrefix(p.Name, "libapache2-mod-wsgi") || p.Name == "apache2" {
			return p.Name
		}
	}
	return ""
}

// startNeeds is needsPrefix for a text that decides about the start.
func (c *conversion) startNeeds(text string, venv bool) string {
	words := marks.Replace(text) + " "
	if found := forgetsEnvironment.FindString(words); found != "" {
		return "the start command runs a program without the environment that tells where the packages are: " + strings.Join(strings.Fields(found), " ")
	}
	for _, m := range setsPath.FindAllStringSubmatch(words, -1) {
		if !strings.Contains(m[1], "$PATH") && !strings.Contains(m[1], "${PATH") {
			return "the start command sets PATH anew"
		}
	}
	if namesSitePackages.MatchString(text) {
		return "the start script names the interpreter's packages by path"
	}
	if venv && namesSystemPython.MatchString(text) {
		return "the start command names the system's interpreter by path, which does not see a virtual environment"
	}
	for _, m := range namesProgram.FindAllStringSubmatch(text, -1) {
		if c.scriptsDir(path.Dir(m[0])) && c.comesWithPackages(m[0], m[1]) {
			if c.python.Prefix != "/usr/local" && c.bringsScript(m[1]) && c.startsDirectly(m[0]) {
				c.moves = append(c.moves, m[0])
				continue
			}
			return "the start command names " + m[0] + ", which would be in another place"
		}
	}
	return ""
}

// scriptsDir tells whether pip installs scripts to a directory of the system: on Debian that is /usr/local/bin, and what is in
// /usr/bin came with OS packages.
func (c *conversion) scriptsDir(dir string) bool {
	if distro := c.stage.Image.Distro; dir == "/usr/bin" && (c.python.Prefix == "/usr/local" || distro == "debian" || distro == "ubuntu") {
		return false
	}
	return true
}

// bringsScript tells whether an installation certainly brings a console script.
func (c *conversion) bringsScript(name string) bool {
	return slices.ContainsFunc(c.apps, func(in *analyzer.Installation) bool { return in.Script(name) == analyzer.Yes })
}

// startsDirectly tells whether a path is the first word of ENTRYPOINT or CMD in exec form, and named nowhere else.
func (c *conversion) startsDirectly(at string) bool {
	start := c.stage.Start()
	for _, in := range []*dockerfile.Instruction{start.Entrypoint, start.Cmd} {
		if in != nil && in.JSON && len(in.Args) > 0 && in.Args[0].Value == at {
			texts, _ := c.stage.StartTexts()
			return strings.Count(strings.Join(texts, "\n"), at) == 1
		}
	}
	return false
}

// comesWithPackages tells whether a program may be a console script of what is installed.
func (c *conversion) comesWithPackages(at, name string) bool {
	if strings.HasPrefix(name, "python") || slices.Contains([]string{"env", "tini", "dumb-init", "gosu", "su-exec", "bash", "sh"}, name) {
		return false
	}
	for _, command := range c.stage.ChainCommands() {
		if command.OS != nil && slices.ContainsFunc(command.OS.Packages, func(p ospkg.Package) bool { return p.Name != "" && strings.HasPrefix(name, p.Name) }) {
			return false // supervisord of the package supervisor
		}
	}
	for _, step := range c.stage.Steps {
		if step.Copy != nil && step.Copy.Dest.IsKnown() && (step.Copy.Dest.Is(at) || step.Copy.Dest.Is(path.Dir(at))) {
			return false
		}
		if step.Instruction.Keyword == "RUN" && strings.Contains(c.doc.File.Text(step.Instruction.Span), at) {
			return false
		}
	}
	return true
}
