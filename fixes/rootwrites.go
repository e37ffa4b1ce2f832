package fixes

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// rootWrites says in a clause what the application of the stage may write to that belongs to root; it is "" when nothing
// speaks for that. Another user than root then can't run it without changing owners.
func rootWrites(s *analyzer.Stage) string {
	for _, step := range s.ChainSteps() {
		if step.Instruction.Keyword == "VOLUME" {
			return "the VOLUME belongs to root, and the application will want to write to it"
		}
	}
	workdirs := workdirs(s)
	for _, c := range s.ChainCommands() {
		if len(c.Argv) == 0 {
			continue
		}
		if program := shell.Program(c.Argv[0]); program != "mkdir" && program != "touch" {
			continue
		}
		for _, f := range c.Argv[1:] {
			made := c.State.Abs(f.Value)
			if strings.HasPrefix(f.Text(), "-") || !made.IsKnown() || slices.Contains(workdirs, path.Clean(made.Text)) || ofTheSystem.MatchString(made.Text+"/") {
				continue
			}
			return "RUN makes " + f.Text() + " as root, and the application may write to it"
		}
	}
	if why := startWrites(s); why != "" {
		return why
	}
	if file := findSource(s, writingSource); file != "" {
		return file + " may write files, and the directories belong to root"
	}
	return ""
}

var (
	// startOption is an option with a value, in a text whose quotes and commas are blanks.
	startOption = pattern.New(`(?:^|\s)(--?[A-Za-z][\w-]*)(?:=|\s+)([^\s;&|<>]+)`)
	// writesTo are options that name a file or directory which the program writes.
	writesTo = pattern.New(`^--?(?:[\w-]*log-?(?:file|path|dir)|logto\d?|pid(?:-?file)?|out(?:put)?(?:-?(?:file|dir|path))?|[\w-]+-out(?:put)?|daemonize|schedule|statedb|save[\w-]*|O|o)$`)
	// startRedirect is an output of shell code that goes to a file.
	startRedirect = pattern.New(`(?:^|[^&>\d-]|\d)>>?\s*([\w./$~{][^\s;&|<>)]*)`)
	startMarks    = strings.NewReplacer(`"`, " ", "'", " ", ",", " ", "[", " ", "]", " ")
	celeryBeat    = pattern.New(`\bcelery\b[^\n;&|]*\s(?:beat\b|-B\b|--beat\b)`)
	beatElsewhere = pattern.New(`(?:\s-s\s*|\s--schedule[=\s])|--scheduler|\s-S\s`)
)

// startWrites says in a clause what the start command writes into a directory that belongs to root, "" for nothing that is seen.
func startWrites(s *analyzer.Stage) string {
	texts, _ := s.StartTexts()
	for _, text := range texts {
		text = startMarks.Replace(text)
		if m := celeryBeat.FindString(text); m != "" && !beatElsewhere.MatchString(text) {
			return "celery beat writes its schedule into the working directory, which belongs to root"
		}
		for _, m := range startOption.FindAllStringSubmatch(text, -1) {
			if writesTo.MatchString(m[1]) && strings.ContainsAny(m[2], "./$") && ownedByRoot(m[2]) {
				return "the start command writes " + m[2] + " by " + m[1] + ", and the directory belongs to root"
			}
		}
		for _, m := range startRedirect.FindAllStringSubmatch(text, -1) {
			if strings.ContainsAny(m[1], "./") && ownedByRoot(m[1]) {
				return "the start command writes " + m[1] + ", and the directory belongs to root"
			}
		}
	}
	return ""
}

// ownedByRoot tells whether a file lies in none of the directories that all users may write to.
func ownedByRoot(file string) bool {
	return file != "-" && !strings.HasPrefix(file, "/dev/") && !strings.HasPrefix(file, "/tmp/") && !strings.HasPrefix(file, "/var/tmp/") &&
		!strings.HasPrefix(file, "/proc/")
}

// findSource gives the first file that find names among the sources that the stage's chain copies from the build context.
func findSource(s *analyzer.Stage, find func(*analyzer.Build, analyzer.CopySource) string) string {
	for _, step := range s.ChainSteps() {
		if step.Copy == nil || !step.Copy.FromContext() {
			continue
		}
		for _, copied := range step.Copy.Sources {
			if !copied.Text.IsKnown() || copied.Heredoc || copied.Remote {
				continue
			}
			if file := find(s.Build(), copied); file != "" {
				return file
			}
		}
	}
	return ""
}

// workdirs are the working directories of the chain: those that mkdir makes and WORKDIR enters hold the sources.
func workdirs(s *analyzer.Stage) []string {
	var dirs []string
	for _, step := range s.ChainSteps() {
		if dir := step.Before.Workdir; dir.IsKnown() {
			dirs = append(dirs, path.Clean(dir.Text))
		}
	}
	return append(dirs, path.Clean(s.After.Workdir.Text))
}

var (
	// ofTheSystem are directories that builds write to and applications don't.
	ofTheSystem = pattern.New(`^/(?:tmp|root|etc|usr|opt/venv|venv|bin|sbin|lib|build|src)/`)
	// writesFiles are the ways of Python code to make or remove a file, and the one database that is a file.
	writesFiles = pattern.New(`sqlite|\.write_(?:text|bytes)\(|\bopen\([^)\n]*,\s*(?:mode=)?["'][rb]?[wax+]|\bmakedirs\(|\.mkdir\(|FileHandler\(|\bshelve\.|` +
		`\bto_(?:csv|excel|parquet|pickle)\(\s*[^)\s]|\.savefig\(|\.save\(\s*(?:os\.path|f?["'])|\bos\.(?:remove|unlink|rename|replace)\(|\bshutil\.(?:copy|move|rmtree)|` +
		`\burlretrieve\(|\.extractall\(|\byt[-_]dlp\b|\.download_to_drive\(`)
)

// WritesFiles tells whether a Python module seems to make or change files while it runs. It is generous: what is read too often costs less here
// than what is missed, an application that can't start as another user than root.
func WritesFiles(module []byte) bool { return writesFiles.Match(module) }

// writingSource finds a module of what a COPY brings that writes files; "" if there is none.
func writingSource(b *analyzer.Build, s analyzer.CopySource) string {
	return sourceThat(b, "write files", s, func(name string) bool {
		if path.Ext(name) != ".py" {
			return false
		}
		content, readable := b.Context.Read(name)
		return readable && WritesFiles(content)
	})
}

// lowPortSource finds a module or script that the image has from the context and that listens on a well-known port below 1024; "" if there is
// none. Docker opens these ports to all users, Podman and Kubernetes don't.
func lowPortSource(s *analyzer.Stage) string { return findSource(s, listeningSource) }

// listensLow are a name and a default such as `port = os.getenv("PORT", "80")`, and servers that are given an address. Ports at which Python programs
// are clients, such as those of mail servers, are left out.
var listensLow = pattern.New(`(?im)(?:\b|_)(?:port|bind|listen)\b["')\]]{0,2}(?:\s*(?:,|=|:-|:|\bor\b)\s*|\s+)(?:(?:int|str)\s*=\s*|int\(\s*)?["']?(?:[\d.]*:|\[::\]:)?(?:80|443|53|514)(?:["'\s),;}]|$)|` +
	`(?:\.run|Server|\.bind)\(\(?[^)\n]*,\s*(?:80|443|53|514)\s*[),]`)

func listeningSource(b *analyzer.Build, s analyzer.CopySource) string {
	return sourceThat(b, "listen on low ports", s, func(name string) bool {
		if ext := path.Ext(name); ext != ".py" && ext != ".sh" {
			return false
		}
		content, readable := b.Context.Read(name)
		return readable && listensLow.Match(content)
	})
}

// sourceThat finds a file of the application in what a COPY brings; "" if there is none.
func sourceThat(b *analyzer.Build, what string, s analyzer.CopySource, matches func(name string) bool) string {
	found := func(name string) bool {
		return !project.OutsideApp(name) && !b.Context.Ignored(name) && matches(name)
	}
	from := strings.TrimPrefix(s.Text.Text, "./")
	if !b.Context.IsDir(s.Text.Text) {
		if found(from) {
			return from
		}
		return ""
	}
	// The same directory is copied by many Dockerfiles of a repository.
	return b.Context.Remember("files that "+what+" in "+s.Text.Text, func() any {
		first := ""
		b.Context.Walk(s.Text.Text, func(name string, isDir bool) bool {
			if first == "" && !isDir && found(name) {
				first = name
			}
			return first == ""
		})
		return first
	}).(string)
}
