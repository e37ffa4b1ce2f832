package lsp

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// inHeredoc tells whether an offset lies in the text of a heredoc.
func (v *view) inHeredoc(number, offset int) bool {
	doc := v.document(number)
	if doc == nil {
		return false
	}
	in := doc.InstructionAt(offset)
	if in == nil {
		return false
	}
	heredocs := in.Heredocs
	if in.Trigger != nil {
		heredocs = append(slices.Clone(heredocs), in.Trigger.Heredocs...)
	}
	for _, h := range heredocs {
		if h.Body.Start <= offset && offset <= h.Terminator.End {
			return true
		}
	}
	return false
}

// typed makes the next proposals replace what is typed.
func (p *proposals) typed(text string) { p.span.Start = p.span.End - len(text) }

func (p *proposals) all(kind int, labels ...string) {
	for _, label := range labels {
		p.add(label, kind, "")
	}
}

// syntax proposes what may follow in an instruction.
func (p *proposals) syntax(w written, number int) {
	p.typed(w.last)
	info := reference()[w.keyword]
	if w.body == "" && w.last == "" && info != nil && (w.keyword == "COPY" || w.keyword == "ADD" || w.keyword == "HEALTHCHECK") {
		defer p.flags(info, w, number) // behind what else may stand there
	}
	switch {
	case w.keyword == "":
		p.keywords(w, number)
	case strings.HasPrefix(w.last, "-") && w.body == "" && info != nil:
		p.flags(info, w, number)
	case w.keyword == "CMD" && len(w.args) == 0, w.keyword == "ENTRYPOINT" && len(w.args) == 0:
		p.programs(w)
	case w.json:
	case w.keyword == "FROM":
		if len(w.args) == 1 && w.last == "" || len(w.args) == 1 && strings.EqualFold(w.last, "a") {
			p.add("AS", completionKeyword, "names the stage")
		}
	case w.keyword == "COPY", w.keyword == "ADD":
		p.copied(w)
	case w.keyword == "RUN":
		p.command(w.body)
	case w.keyword == "HEALTHCHECK" && len(w.args) == 0:
		p.add("CMD", completionKeyword, "the command that asks")
		p.add("NONE", completionKeyword, "no check, not even that of the base image")
	case len(w.args) > 0 && w.keyword != "ENV" && w.keyword != "EXPOSE":
	default:
		p.argument(w)
	}
}

// keywords proposes instructions: those that may begin a file, or those of a stage.
func (p *proposals) keywords(w written, number int) {
	if strings.Trim(w.last, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return
	}
	inStage := false
	if doc := p.document(number); doc != nil {
		for _, in := range doc.Instructions {
			inStage = inStage || in.Keyword == "FROM" && in.Span.End < p.span.Start
		}
	}
	for _, keyword := range keywords {
		if !inStage && keyword != "FROM" && keyword != "ARG" || w.onbuild && (keyword == "FROM" || keyword == "ONBUILD" || keyword == "MAINTAINER") {
			continue
		}
		info := reference()[keyword]
		item := p.add(keyword, completionKeyword, info.forms[0])
		item.Documentation = &MarkupContent{"plaintext", info.what}
	}
}

// flags proposes flags of an instruction, and behind "=" their values.
func (p *proposals) flags(info *keywordInfo, w written, number int) {
	name, value, isValue := strings.Cut(w.last, "=")
	if !isValue {
		for _, f := range info.flags {
			repeats := f.name == "--mount" || f.name == "--exclude"
			if !repeats && slices.ContainsFunc(w.flags, func(given string) bool { return strings.HasPrefix(given, f.name) }) {
				continue
			}
			label := f.name
			if f.name != "--link" && f.name != "--parents" {
				label += "="
			}
			p.add(label, completionKeyword, f.what)
		}
		return
	}
	p.typed(value)
	switch name {
	case "--mount":
		p.mount(value)
	case "--from":
		p.stages(number)
	case "--chown":
		p.users(number)
	}
	for _, f := range info.flags {
		if f.name == name {
			p.all(completionConstant, f.values...)
		}
	}
}

// mount proposes an option of --mount, or a value of one.
func (p *proposals) mount(value string) {
	options := strings.Split(value, ",")
	last, kind, given := options[len(options)-1], "bind", map[string]bool{}
	for _, o := range options[:len(options)-1] {
		key, text, _ := strings.Cut(o, "=")
		if given[key] = true; key == "type" {
			kind = text
		}
	}
	if key, text, isValue := strings.Cut(last, "="); isValue {
		p.typed(text)
		p.all(completionConstant, mountValues[key]...)
		return
	}
	p.typed(last)
	if !given["type"] {
		for _, t := range mountValues["type"] {
			p.add("type="+t, completionKeyword, "")
		}
	}
	for _, o := range mountOptions[kind] {
		if !given[strings.TrimSuffix(o, "=")] {
			p.add(o, completionKeyword, "")
		}
	}
}

// bases proposes what may stand behind FROM: stages above, images, and behind a colon the tags that are known.
func (p *proposals) bases(number int) {
	typed := p.file.Text(p.span)
	if strings.Contains(typed, "@") {
		return
	}
	name, _, isTag := strings.Cut(typed, ":")
	if isTag {
		p.tags(strings.TrimPrefix(name, "docker.io/library/"), name)
		return
	}
	p.stages(number)
	for _, i := range images {
		p.add(i[0], completionModule, i[1])
	}
}

// tags proposes tags of an image under the name that is written.
func (p *proposals) tags(image, written string) {
	tags := otherTags[image]
	if image == "python" {
		for _, suffix := range pySuffixes {
			for _, version := range pyVersions {
				tags = append(tags, version+suffix)
			}
		}
	}
	for _, tag := range tags {
		p.add(written+":"+tag, completionModule, lifeOf(image+":"+tag))
	}
}

// lifeOf says what an image is and until when it is maintained.
func lifeOf(text string) string {
	facts := image.Lookup(text)
	var parts []string
	if facts.Distro != "" {
		parts = append(parts, strings.TrimSpace(facts.Distro+" "+facts.NewestRelease()))
	}
	if python := facts.Python; python != nil {
		if end, ok := image.End("python", python.Version); ok {
			parts = append(parts, "Python "+python.Version+" until "+end.Date.Format("2006-01"))
		}
	}
	return strings.Join(parts, ", ")
}

// argument proposes arguments that are usual.
func (p *proposals) argument(w written) {
	switch w.keyword {
	case "USER":
		p.users(p.file.LineOf(p.span.End))
	case "WORKDIR":
		p.all(completionFolder, "/app", "/src", "/usr/src/app", "/home/app")
	case "EXPOSE":
		for _, port := range [][2]string{
			{"8000", "gunicorn, uvicorn, Django"}, {"5000", "flask"}, {"8080", ""}, {"80", "http"}, {"443", "https"}, {"8501", "streamlit"}, {"7860", "gradio"}, {"8888", "jupyter"},
		} {
			p.add(port[0], completionConstant, port[1])
		}
		if port, _, ok := strings.Cut(w.last, "/"); ok {
			p.all(completionConstant, port+"/tcp", port+"/udp")
		}
	case "ENV":
		for _, e := range usualEnv {
			if strings.Contains(w.last, "=") && !strings.HasPrefix(e[0], w.last) {
				continue // a value of something else
			}
			p.add(e[0], completionVariable, e[1])
		}
	case "ARG":
		p.all(completionVariable, platformArgs...)
	case "LABEL":
		for _, key := range strings.Fields("source title description licenses version revision created authors url documentation vendor") {
			p.add("org.opencontainers.image."+key+"=", completionVariable, "")
		}
	case "STOPSIGNAL":
		p.all(completionConstant, "SIGTERM", "SIGINT", "SIGQUIT", "SIGKILL", "SIGHUP")
	case "SHELL":
		p.all(completionConstant, `["/bin/bash", "-o", "pipefail", "-c"]`, `["/bin/sh", "-c"]`)
	}
}

var makesUser = pattern.New(`\b(?:useradd|adduser)\b([^&|;\n]*)`)

// users proposes root, users that the file makes above, and those of base images that are known.
func (p *proposals) users(number int) {
	above := strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(p.file.Text(source.Span{End: p.span.Start}))
	for _, m := range makesUser.FindAllStringSubmatch(above, -1) {
		words := strings.Fields(m[1])
		if len(words) > 0 && !strings.HasPrefix(words[len(words)-1], "-") && !strings.HasPrefix(words[len(words)-1], "$") {
			p.add(words[len(words)-1], completionConstant, "made above")
		}
	}
	doc := p.document(number)
	if doc == nil {
		return
	}
	for _, in := range slices.Backward(doc.Instructions) {
		if in.Keyword == "FROM" && in.Span.Start < p.span.Start && len(in.Args) > 0 {
			home := image.Lookup(in.Args[0].Value).Home
			for _, user := range slices.Sorted(maps.Keys(home)) {
				if user == "root" || user == "nobody" || strings.HasPrefix(home[user], "/home/") {
					p.add(user, completionConstant, "of the base image")
				}
			}
			break
		}
	}
	p.add("1000", completionConstant, "a number needs no entry in /etc/passwd")
}

// maxEntries bounds how many files of a folder are proposed.
const maxEntries = 500

// copied proposes files of the build context that the ignore file lets through; from a stage, the directories that packages are in.
func (p *proposals) copied(w written) {
	if len(w.args) > 0 {
		p.destinations()
	}
	for _, f := range w.flags {
		if name, isFrom := strings.CutPrefix(f, "--from="); isFrom {
			p.stageDirs(name)
			return
		}
	}
	p.entries(w.last)
}

var workingDir = pattern.New(`(?im)^\s*WORKDIR\s+([^\s$]+)`)

// destinations proposes where files may go: the working directory, and those that are named above.
func (p *proposals) destinations() {
	p.add("./", completionFolder, "the working directory")
	for _, m := range slices.Backward(workingDir.FindAllStringSubmatch(p.file.Text(source.Span{End: p.span.Start}), -1)) {
		p.add(strings.TrimSuffix(m[1], "/")+"/", completionFolder, "a working directory above")
	}
	p.all(completionFolder, "/app/")
}

// entries proposes what a folder of the build context holds.
func (p *proposals) entries(typed string) {
	if strings.HasPrefix(typed, "/") {
		return
	}
	p.inContext(func(root *os.Root, context *project.Context) { p.entriesOf(root, context, typed) })
}

func (p *proposals) entriesOf(root *os.Root, context *project.Context, typed string) {
	dir, _ := path.Split(typed)
	opened, err := root.Open(filepath.FromSlash(path.Join(".", dir)))
	if err != nil {
		return
	}
	defer opened.Close()
	entries, _ := opened.ReadDir(maxEntries)
	stable.Sort(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.Name() == ".dockerignore" || context.Ignored(name) && !e.IsDir() || e.IsDir() && (context.Ignored(name) || e.Name() == ".git") {
			continue
		}
		if strings.HasPrefix(dir, "./") {
			name = "./" + name
		}
		if e.IsDir() {
			p.add(name+"/", completionFolder, "")
		} else {
			p.add(name, completionFile, "")
		}
	}
}

// stageDirs proposes the directories of a stage that installations went to.
func (p *proposals) stageDirs(name string) {
	doc, err := p.analyse(p.ctx)
	if err != nil || doc.result.Build == nil {
		return
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	stage := doc.result.Build.StageFrom(name, len(doc.result.Build.Stages))
	if stage == nil {
		return
	}
	for _, c := range stage.Contents() {
		if c.Dir != "" {
			p.add(c.Dir, completionFolder, "Python packages")
		}
	}
	if dir := stage.After.Workdir; dir.IsKnown() && dir.Text != "/" {
		p.add(dir.Text, completionFolder, "the working directory of "+stage.Label())
	}
}

// programs proposes what a container may start: Python, the scripts of the project, and what its packages are known to bring.
func (p *proposals) programs(w written) {
	a, err := p.analyse(p.ctx)
	if err != nil || a.result.Build == nil {
		return
	}
	p.asking.Lock()
	defer p.asking.Unlock()
	quote, typed := "", w.last
	if w.json {
		typed = strings.TrimLeft(w.body[1:], " \t")
		if strings.Contains(typed, ",") {
			return
		}
		if typed == "" {
			quote = `"`
		}
		typed = strings.TrimPrefix(typed, `"`)
	}
	p.typed(typed)
	for _, s := range slices.Backward(a.result.Build.Stages) {
		if s.From.Span.Start > p.span.Start {
			continue
		}
		for _, in := range s.Installs() {
			for _, name := range slices.Sorted(maps.Keys(in.EntryPoints())) {
				p.add(quote+name+quote, completionModule, "a script of the project")
			}
		}
		for _, name := range strings.Fields("gunicorn uvicorn hypercorn daphne granian flask fastapi celery streamlit jupyter python python3") {
			if s.FindProgram(name, s.After).Is(analyzer.Yes) {
				p.add(quote+name+quote, completionModule, "")
			}
		}
		return
	}
}

// inContext calls with the build context, if there is one.
func (p *proposals) inContext(visit func(*os.Root, *project.Context)) {
	unit, err := p.open()
	if err != nil {
		return
	}
	defer unit.Close()
	root, err := os.OpenRoot(unit.Place.Context)
	if unit.Place.Context == "" || err != nil {
		return
	}
	defer root.Close()
	visit(root, project.Open(root.FS(), unit.Place.Dockerfile))
}
