package rules

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// LoopbackBind finds a server that listens on 127.0.0.1 only, by option or by default.
//
// The loopback device of a container is its own: neither the host, whatever ports are published, nor another container reaches
// it. uvicorn, hypercorn, daphne, `flask run` and `manage.py runserver` listen there unless they are told otherwise. gunicorn does so,
// too, but takes 0.0.0.0 where the variable PORT is set, so without any address it gets advice only. A configuration file,
// GUNICORN_CMD_ARGS, UVICORN_HOST and FLASK_RUN_HOST may say it, and another server in the image may be the one that is to be reached: then nothing is reported.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir uvicorn==0.38.0
//	COPY app.py /
//	EXPOSE 8000
//	CMD ["uvicorn", "app:app", "--port", "8000"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir uvicorn==0.38.0
//	COPY app.py /
//	EXPOSE 8000
//	CMD ["uvicorn", "app:app", "--port", "8000", "--host", "0.0.0.0"]
//
// # Fix
//
// Writes 0.0.0.0 for an address that is written out, or adds it. Unsafe: the server can be reached from outside then.
//
// # References
//
//   - https://docs.docker.com/engine/network/#published-ports
//   - https://uvicorn.dev/settings/#socket-binding
//   - https://docs.gunicorn.org/en/stable/settings.html#bind
var LoopbackBind = register(&analyzer.Rule{
	Code: "PLD516", Name: "loopback-bind",
	Summary:  "the server listens on the container's own loopback device, where nobody reaches it",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkLoopbackBind,
})

// binder is how a server is told where to listen. Read in the servers' documentation in November 2026: defaults of uvicorn 0.38,
// hypercorn 0.18, daphne 4.2, flask 3.1, gunicorn 23, litestar 2.18 and streamlit 1.51.
type binder struct {
	verb      string   // only with this word among its arguments
	options   []string // whose value is or begins with the address
	add       []string // what sets it, "" for none to be added by rote
	variable  string   // ENV that says it
	elsewhere []string // options by which it listens on something else, or reads a configuration
	byPort    bool     // listens on 0.0.0.0 where PORT is set
	open      bool     // listens on every device unless it is told otherwise
}

var binders = map[string]binder{
	"uvicorn": {options: []string{"--host"}, add: []string{"--host", "0.0.0.0"}, variable: "UVICORN_HOST",
		elsewhere: []string{"--uds", "--fd", "--env-file"}},
	"hypercorn": {options: []string{"-b", "--bind"}, add: []string{"--bind", "0.0.0.0:8000"},
		elsewhere: []string{"-c", "--config", "--insecure-bind", "--quic-bind"}},
	"daphne":   {options: []string{"-b", "--bind"}, add: []string{"-b", "0.0.0.0"}, elsewhere: []string{"-u", "--unix-socket", "--fd", "-e", "--endpoint"}},
	"flask":    {verb: "run", options: []string{"-h", "--host"}, add: []string{"--host", "0.0.0.0"}, variable: "FLASK_RUN_HOST"},
	"gunicorn": {options: []string{"-b", "--bind"}, variable: "GUNICORN_CMD_ARGS", elsewhere: []string{"-c", "--config"}, byPort: true},
	"sanic": {options: []string{"-H", "--host"}, add: []string{"--host", "0.0.0.0"}, variable: "SANIC_HOST",
		elsewhere: []string{"-u", "--unix", "--fd"}, open: true},
	"litestar": {verb: "run", options: []string{"-H", "--host"}, add: []string{"--host", "0.0.0.0"}, variable: "LITESTAR_HOST",
		elsewhere: []string{"-F", "--fd", "--file-descriptor", "-U", "--uds", "--unix-domain-socket"}},
	"streamlit": {verb: "run", options: []string{"--server.address"}, open: true},
}

// otherServers are packages and images of servers.
var otherServers = pattern.New(`nginx|apache2|httpd|haproxy|caddy|envoy|traefik|lighttpd|supervisor|s6-overlay|stunnel|cloudflared|socat|ngrok`)

func checkLoopbackBind(p *analyzer.Pass) {
	start := p.Target.Start()
	if len(start.Commands) == 0 {
		return
	}
	c := start.Commands[len(start.Commands)-1]
	args := c.Argv
	if c.IsInterpreter() {
		switch {
		case len(args) > 2 && args[1].Text() == "-m":
			args = args[2:]
		case len(args) > 2 && path.Base(args[1].Text()) == "manage.py" && args[2].Text() == "runserver":
			if !besideServer(p) {
				checkRunserver(p, args[2:], start)
			}
			return
		default:
			return
		}
	}
	name := shell.Program(args[0])
	if b, known := binders[name]; known && !besideServer(p) {
		checkBinder(p, name, b, args, start)
	}
}

// besideServer tells whether another server in the image may be the one that is to be reached.
func besideServer(p *analyzer.Pass) bool {
	return otherServers.MatchString(strings.ToLower(string(p.File.Bytes())))
}

// loopback is an address that only the container itself reaches, with or without a port.
var loopback = pattern.New(`^(?:127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)(?::\S*)?$`)

func checkBinder(p *analyzer.Pass, name string, b binder, args []shell.Field, start analyzer.Start) {
	verb := b.verb == ""
	for i, f := range args[1:] {
		text := f.Text()
		if !f.Value.IsKnown() && f.Prefix == "" {
			return // it may be anything
		}
		verb = verb || text == b.verb
		word, value, attached := strings.Cut(text, "=")
		if slices.Contains(b.elsewhere, word) || strings.HasPrefix(word, "-") && strings.Contains(word, " ") {
			return
		}
		if !slices.Contains(b.options, word) && !(len(word) > 2 && slices.Contains(b.options, word[:2]) && word[1] != '-') {
			continue
		}
		at := f
		switch {
		case len(word) > 2 && word[1] != '-':
			value = strings.TrimSpace(text[2:])
		case !attached && i+2 < len(args):
			at, value = args[i+2], args[i+2].Text()
		}
		if verb && loopback.MatchString(value) {
			reportLoopback(p, name, at, value)
		}
		return
	}
	if !verb || b.open || b.variable != "" && p.Target.After.Env(b.variable).Kind != env.Unset {
		return
	}
	d := analyzer.Diagnostic{
		Span:    args[0].Span.Join(args[len(args)-1].Span),
		Message: fmt.Sprintf("%s is not told where to listen, and listens on 127.0.0.1, which nobody outside the container reaches", name),
	}
	if name == "gunicorn" {
		if !p.Target.After.Env("PORT").Is("") && p.Target.After.Env("PORT").Kind != env.Unset || mayHaveFile(p, "gunicorn.conf.py") {
			return
		}
		d.Severity = analyzer.Info
		d.Message = "gunicorn is not told where to listen: without the variable PORT it is 127.0.0.1:8000, which nobody outside the container reaches"
	}
	if name == "hypercorn" && mayHaveFile(p, "hypercorn.toml") {
		return
	}
	d.Fix, d.NoFixReason = addAddress(b, args, start)
	p.Report(d)
}

// mayHaveFile tells whether the working directory may hold the file.
func mayHaveFile(p *analyzer.Pass, name string) bool {
	at := p.Target.After.Abs(env.Of(name))
	return !at.IsKnown() || !p.Target.HasPath(at.Text).Is(analyzer.No)
}

func reportLoopback(p *analyzer.Pass, name string, at shell.Field, value string) {
	d := analyzer.Diagnostic{
		Span:    at.Span,
		Message: fmt.Sprintf("%s listens on %s, which nobody outside the container reaches", name, value),
	}
	written := p.File.Text(at.Span)
	for _, host := range []string{"127.0.0.1", "localhost"} {
		if strings.Count(written, host) == 1 {
			d.Fix = &analyzer.Fix{Title: "Listen on 0.0.0.0", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
				fixes.ReplaceSpan(at.Span, strings.Replace(written, host, "0.0.0.0", 1)),
			}}
			break
		}
	}
	p.Report(d)
}

// checkRunserver judges Django's development server: its address is an operand, ADDRESS:PORT or PORT.
func checkRunserver(p *analyzer.Pass, args []shell.Field, start analyzer.Start) {
	operand := ""
	for _, f := range args[1:] {
		if !f.Value.IsKnown() {
			return
		}
		if strings.HasPrefix(f.Text(), "-h") || strings.HasPrefix(f.Text(), "--host") || strings.HasPrefix(f.Text(), "-p") {
			return // not Django's: Flask-Script has a runserver, too
		}
		if !strings.HasPrefix(f.Text(), "-") && operand == "" {
			if operand = f.Text(); loopback.MatchString(operand) {
				reportLoopback(p, "runserver", f, operand)
			}
			if strings.Trim(operand, "0123456789") != "" {
				return
			}
		}
	}
	d := analyzer.Diagnostic{
		Span:    args[0].Span.Join(args[len(args)-1].Span),
		Message: "runserver is not told where to listen, and listens on 127.0.0.1, which nobody outside the container reaches",
	}
	if operand == "" && len(args) == 1 {
		d.Fix, d.NoFixReason = addAddress(binder{add: []string{"0.0.0.0:8000"}}, args, start)
	}
	p.Report(d)
}

// addAddress appends the words that set the address to the start command.
func addAddress(b binder, args []shell.Field, start analyzer.Start) (fix *analyzer.Fix, refused string) {
	in := start.Cmd
	last := args[len(args)-1].Span
	if in == nil || !in.Span.Contains(last) {
		in = start.Entrypoint
	}
	if len(b.add) == 0 || in == nil || !in.Span.Contains(last) {
		return nil, "where the address belongs can't be told"
	}
	text, at := " "+strings.Join(b.add, " "), last.End
	if in.JSON {
		if at, text = elementEnd(in, last), ""; at == 0 {
			return nil, "the command stands inside another one"
		}
		for _, word := range b.add {
			text += `, "` + word + `"`
		}
	}
	return &analyzer.Fix{Title: "Listen on 0.0.0.0", Safety: analyzer.Unsafe, Edits: []analyzer.Edit{{Span: source.Span{Start: at, End: at}, Text: text}}}, ""
}

// elementEnd is where the element of an exec form ends that holds the word, 0 where it holds more than that.
func elementEnd(in *dockerfile.Instruction, word source.Span) int {
	for _, a := range in.Args {
		if a.Span.Contains(word) && a.Span.Len() == word.Len()+2 {
			return a.Span.End
		}
	}
	return 0
}
