package lsp

import (
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// installerFlags are those of commands that Dockerfiles want; what they do is said where that is not in the name.
var installerFlags = []struct {
	command *pattern.Pattern
	flags   string
}{
	{pattern.New(`^(?:pip[\d.]*|python[\d.]*\s+-m\s+pip)\s+install$`), "--no-cache-dir:keep no cache in the layer --requirement:install from a requirements file --constraint " +
		"--user:install into the user base --prefix --target:install into a flat directory --no-deps --require-hashes:refuse what has no hash --only-binary:use no source distributions " +
		"--no-compile:write no byte code --no-index --find-links --index-url --extra-index-url --upgrade --editable --no-build-isolation --disable-pip-version-check --root-user-action"},
	{pattern.New(`^uv\s+pip\s+(?:install|sync)$`), "--system:install into the system's interpreter --no-cache --requirement --constraint --target --prefix --compile-bytecode --no-deps " +
		"--require-hashes --python --index-url --extra-index-url --break-system-packages"},
	{pattern.New(`^uv\s+sync$`), "--locked:fail when the lock file is stale --frozen:do not look whether it is --no-dev --no-install-project:dependencies only --no-install-workspace --no-editable " +
		"--group --only-group --no-group --extra --all-extras --compile-bytecode --python --no-cache --package --inexact"},
	{pattern.New(`^uv\s+run$`), "--no-sync --frozen --locked --no-dev --with --group --extra --python --module"},
	{pattern.New(`^poetry\s+install$`), "--no-root:dependencies only --only --without --with --extras --all-extras --sync --no-interaction --no-ansi --no-cache --compile"},
	{pattern.New(`^pdm\s+(?:install|sync)$`), "--prod:no development dependencies --no-lock --frozen-lockfile --check --no-self:dependencies only --no-editable --group --without --no-isolation --global"},
	{pattern.New(`^pipenv\s+(?:install|sync)$`), "--system:install into the system's interpreter --deploy:fail when the lock file is stale --ignore-pipfile --dev --categories --clear --site-packages"},
	{pattern.New(`^apt(?:-get)?\s+install$`), "--no-install-recommends:packages that are needed only --yes --fix-missing --allow-downgrades"},
	{pattern.New(`^apk\s+add$`), "--no-cache:keep no index --virtual:a name to remove them by --update --repository"},
}

// verbs are the commands that Dockerfiles want of a program, behind its name.
var verbs = []string{
	"pip install wheel check list uninstall", "uv sync pip venv run export tool python", "poetry install export config build run", "pdm install sync export build run",
	"pipenv install sync requirements run", "apt-get update install clean", "apt update install clean", "apk add del", "conda install create clean env",
}

// extrasOf are the extras of the project itself, behind what is installed.
var extrasOf = pattern.New(`\s["']?\.(?:/[^\s\[]*)?\[(?:[\w.-]+,)*([\w.-]*)$`)

// groupOptions are options whose values are groups or extras of the project.
var groupOptions = pattern.New(`\s(--(?:only-|no-)?group|--with|--without|--only|--extras?|--categories|-G|-E)(?:\s+|=)(?:[\w.-]+,)*([\w.-]*)$`)

// command proposes in the last of the shell's commands.
func (p *proposals) command(body string) {
	if i := strings.LastIndexAny(body, "&|;("); i >= 0 {
		body = body[i+1:]
	}
	body = strings.TrimLeft(body, " \t")
	words := strings.Fields(body)
	if m := extrasOf.FindStringSubmatch(body); m != nil {
		p.typed(m[1])
		p.groups(true)
		return
	}
	if len(words) == 0 || strings.Count(body, `"`)%2 == 1 || strings.Count(body, "'")%2 == 1 {
		return
	}
	last := ""
	if !strings.HasSuffix(body, " ") && !strings.HasSuffix(body, "\t") {
		last = words[len(words)-1]
		words = words[:len(words)-1]
	}
	if words = withoutOptions(words); len(words) == 0 {
		return
	}
	p.typed(last)
	if m := groupOptions.FindStringSubmatch(body); m != nil && words[0] != "pip" && words[0] != "apk" {
		p.typed(m[2])
		p.groups(strings.HasPrefix(m[1], "--extra") || m[1] == "-E")
		return
	}
	if len(words) == 1 && !strings.HasPrefix(last, "-") {
		for _, list := range verbs {
			if v := strings.Fields(list); v[0] == strings.TrimRight(path.Base(words[0]), "0123456789.") {
				p.all(completionKeyword, v[1:]...)
			}
		}
	}
	for _, i := range installerFlags {
		for n := len(words); n >= 2; n-- {
			if !i.command.MatchString(strings.Join(words[:n], " ")) {
				continue
			}
			if strings.HasPrefix(last, "-") {
				p.flagList(i.flags)
			} else if strings.Contains(strings.Join(words[:n], " "), "pip") && !strings.HasPrefix(words[0], "pipenv") {
				p.locked()
			}
			return
		}
	}
}

// withoutOptions leaves words out that are options, but for -m of Python, and those in front of the program.
func withoutOptions(words []string) (kept []string) {
	for i, w := range words {
		python := len(kept) == 1 && strings.HasPrefix(kept[0], "python") && w == "-m"
		switch {
		case strings.HasPrefix(w, "-") && !python:
		case len(kept) == 0 && (w == "sudo" || w == "exec" || strings.Contains(w, "=")):
		default:
			kept = append(kept, words[i])
		}
	}
	return kept
}

var flagOf = pattern.New(`(--[\w-]+)(?::((?:[^-]|-[^-])*))?`)

func (p *proposals) flagList(list string) {
	for _, m := range flagOf.FindAllStringSubmatch(list, -1) {
		p.add(m[1], completionKeyword, strings.TrimSpace(m[2]))
	}
}

// groups proposes the dependency groups, or the extras, of the project.
func (p *proposals) groups(extras bool) {
	p.inContext(func(_ *os.Root, c *project.Context) {
		meta, ok := c.Project(".")
		if !ok {
			return
		}
		list := meta.Groups
		if extras {
			list = meta.Extras
		}
		for _, name := range slices.Sorted(maps.Keys(list)) {
			p.add(name, completionModule, "of "+strings.Join(meta.Files, ", "))
		}
	})
}

// locked proposes packages of the project's lock files, with their versions.
func (p *proposals) locked() {
	p.inContext(func(_ *os.Root, c *project.Context) {
		for _, file := range []string{"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"} {
			lock, ok := c.Lock(file)
			if !ok {
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(lock.Packages)) {
				if version := lock.Packages[name]; version != "" {
					p.add(name+"=="+version, completionModule, "of "+file)
				}
			}
		}
	})
}
