package scaffold

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// ignore is the .dockerignore: what is never for an image, and with `COPY . .` what is not for this one.
func (p *plan) ignore(dockerfile string) string {
	var b strings.Builder
	copied := copiedByName(dockerfile)
	section := func(comment string, lines []string) {
		lines = slices.DeleteFunc(compact(lines), func(line string) bool { return slices.Contains(copied, line) || p.needs(line) })
		if len(lines) > 0 {
			b.WriteString("# " + comment + "\n" + strings.Join(lines, "\n") + "\n")
		}
	}
	section("Byte code and caches of the machine that builds", slices.Concat(project.ClutterLines(project.ByteCode),
		[]string{"**/.pytest_cache", "**/.mypy_cache", "**/.ruff_cache", "**/.tox", "**/.nox", "**/.coverage*", "**/htmlcov"}))
	section("Environments", slices.Concat(project.ClutterLines(project.Environments), p.environments(), []string{"**/node_modules"}))
	section("What an earlier build has left, which would be packed again", project.ClutterLines(project.BuildOutput))
	section("Secrets", slices.Concat(project.ClutterLines(project.Secrets), []string{"**/*.pem", "**/*.key", "**/.netrc", "**/.pypirc"}, p.private()))
	section("History, editors, and what describes the build itself", slices.Concat(project.ClutterLines(project.Repository),
		[]string{".github", ".gitlab-ci.yml", ".idea", ".vscode", ".dockerignore", "Dockerfile*", "compose*.y*ml", "docker-compose*.y*ml"}))
	var tests []string
	for _, name := range []string{"tests", "test"} {
		if p.c.IsDir(name) {
			tests = append(tests, name)
		}
	}
	section("Tests", tests)
	if p.wholeDir {
		section("Nothing of these seems to be read when the application runs", slices.DeleteFunc(slices.Clone(p.leftOut), func(name string) bool { return !isPath(name) }))
	}
	return b.String()
}

// copiedByName are the files and folders of the build context that the rendered Dockerfile copies by name.
func copiedByName(dockerfile string) (names []string) {
	for line := range strings.Lines(dockerfile) {
		words := strings.Fields(line)
		if len(words) > 2 && words[0] == "COPY" && !strings.HasPrefix(words[1], "--from=") {
			names = append(names, slices.DeleteFunc(words[1:len(words)-1], func(word string) bool { return strings.HasPrefix(word, "--") })...)
		}
	}
	return names
}

// needs tells whether a line would hide what a build of the project reads.
func (p *plan) needs(line string) bool {
	if line == "build" || line == "dist" || line == "test" || line == "tests" {
		return slices.Contains(p.sources, line) || slices.Contains(p.roots, line) && p.install
	}
	return slices.ContainsFunc(slices.Concat(p.inputs, p.requirements), func(file string) bool { return file == line })
}

// environments are the virtual environments that lie at the top under another name.
func (p *plan) environments() []string {
	var found []string
	for _, config := range p.c.Glob("*/pyvenv.cfg") {
		if dir := path.Dir(config); isPath(dir) {
			found = append(found, dir)
		}
	}
	return found
}

// private are files at the top whose names speak of secrets.
func (p *plan) private() []string {
	var found []string
	for _, name := range p.c.Glob("*") {
		if isPath(name) && !strings.HasPrefix(name, ".") && privateFiles.MatchString(name) && !p.c.IsDir(name) && path.Ext(name) != ".py" && !slices.Contains(p.sources, name) {
			found = append(found, name)
		}
	}
	return found
}

// checkIgnored says what a .dockerignore that is there already hides from the new Dockerfile.
func (p *plan) checkIgnored(context *project.Context) {
	name, _, exists := context.IgnoreFile()
	if !exists {
		return
	}
	for _, file := range compact(slices.Concat(p.requirements, p.inputs, p.sources, p.roots)) {
		if context.Ignored(file) {
			p.note("%s hides %s, which the Dockerfile copies", name, file)
		}
	}
}
