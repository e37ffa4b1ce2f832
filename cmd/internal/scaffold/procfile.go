package scaffold

import (
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
)

// procfile gives the words of the process of a Procfile that serves the web, or else works, or is the only one, and those of what runs before
// a release is started.
func (p *plan) procfile() (words, release []string) {
	content, ok := p.c.Read("Procfile")
	if !ok {
		return nil, nil
	}
	processes := map[string][]string{}
	for line := range strings.Lines(string(content)) {
		name, command, _ := strings.Cut(line, ":")
		if words := strings.Fields(command); len(words) > 0 {
			processes[strings.TrimSpace(name)] = words
		}
	}
	release = processes["release"]
	delete(processes, "release")
	for _, name := range []string{"web", "worker"} {
		if words := processes[name]; words != nil {
			return words, release
		}
	}
	for _, words := range processes {
		if len(processes) == 1 {
			return words, release
		}
	}
	return nil, release
}

// noteRelease tells what the image does not do by itself.
func (p *plan) noteRelease() {
	if _, release := p.procfile(); release != nil {
		p.note("Procfile runs `%s` before each release: an image does nothing before its start, so run that in a container of its own first", shown(strings.Join(release, " ")))
	}
}

// procfileTarget is the "module:name" that the Procfile gives to a server.
func (p *plan) procfileTarget() string {
	words, _ := p.procfile()
	for _, word := range words {
		module, name, ok := strings.Cut(strings.Trim(word, `"'`), ":")
		if ok && isModule(module) && isModule(strings.TrimSuffix(name, "()")) {
			return module + ":" + name
		}
	}
	return ""
}

// platformPort matches how a Procfile names the port that the platform chooses, with a default or without.
var platformPort = pattern.New(`\$PORT\b|\$\{PORT(?::?[-=][0-9]+)?\}`)

// procfileServer is the command of the Procfile's process where that is one of the servers among the requirements, listens to all addresses and
// needs no shell; nil else. The port that the platform would choose is ours.
func (p *plan) procfileServer() []string {
	words, _ := p.procfile()
	if len(words) < 2 || !slices.Contains([]string{"gunicorn", "uvicorn", "hypercorn"}, words[0]) || !p.has(words[0]) {
		return nil
	}
	var out []string
	bound := false
	for _, word := range words {
		word = strings.Trim(word, `"'`)
		if at := platformPort.FindStringIndex(word); at != nil {
			word = word[:at[0]] + portText + word[at[1]:]
		}
		bound = bound || strings.Contains(word, "0.0.0.0")
		if !isPlain(word) && !isModule(strings.TrimSuffix(strings.Replace(word, ":", ".", 1), "()")) {
			return nil
		}
		out = append(out, word)
	}
	if port := strings.Join(out, " "); bound && !strings.Contains(port, portText) {
		return nil // another port, which EXPOSE would have to know
	}
	switch {
	case bound:
	case words[0] == "uvicorn" && !slices.Contains(out, "--host"):
		out = append(out, "--host", "0.0.0.0")
		if !slices.Contains(out, "--port") {
			out = append(out, "--port", portText)
		}
	case words[0] == "gunicorn" && !slices.ContainsFunc(out, func(w string) bool {
		return w == "-c" || strings.HasPrefix(w, "-b") || strings.HasPrefix(w, "--bind") || strings.HasPrefix(w, "--config")
	}):
		out = slices.Insert(out, 1, "--bind", "0.0.0.0:"+portText) // its default is what $PORT says
	default:
		return nil
	}
	return out
}

// serves tells whether the command gives that application to its server. gunicorn takes "application" where only the module is named.
func serves(command []string, target string) bool {
	target = strings.TrimSuffix(target, "()")
	return slices.ContainsFunc(command, func(word string) bool {
		word = strings.TrimSuffix(word, "()")
		return word == target || word+":application" == target
	})
}

// startProcfile takes over `python main.py`, and a server of what was not found.
func (p *plan) startProcfile() bool {
	if words, target := p.procfileServer(), p.procfileTarget(); words != nil && target != "" {
		dotted, _, _ := strings.Cut(target, ":")
		if m := p.moduleOf(dotted); m != nil {
			p.start = start{words: words, port: port, module: m, server: true}
			p.decide("CMD is %s with %s, as Procfile says", words[0], target)
			return true
		}
	}
	words, _ := p.procfile()
	if len(words) < 2 || words[0] != "python" && words[0] != "python3" || slices.ContainsFunc(words, func(w string) bool { return !isPlain(w) }) {
		return false
	}
	m, ok := p.c.Module(words[1])
	if !ok || !isPath(words[1]) {
		return false
	}
	words[0] = "python"
	p.start = start{words: words, module: m}
	p.decide("CMD is %s, as Procfile says", strings.Join(words, " "))
	return true
}
