package lsp

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
)

// shellsOwn are variables that shells set by themselves.
// https://www.gnu.org/software/bash/manual/html_node/Bash-Variables.html
var shellsOwn = pattern.New(`^(PWD|OLDPWD|IFS|PPID|UID|EUID|SHLVL|LINENO|RANDOM|SRANDOM|SECONDS|EPOCHSECONDS|OPTARG|OPTIND|REPLY|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|FUNCNAME|PIPESTATUS|BASH\w*)$`)

// setByShell says in a clause how the code around a name sets a variable of its shell; "" where it does not, or where the value
// that the model knows is the one that counts.
func (a *analysis) setByShell(n name) string {
	if n.step == nil || n.def || !a.inCode(n) {
		return ""
	}
	script := n.step.Script
	if script != nil {
		for _, l := range script.Loops {
			if l.Variable == n.text && l.Body.Contains(n.span) {
				return a.describeLoop(l)
			}
		}
		if how := a.assignment(script, n); how != "" {
			return how
		}
	}
	v := a.valueAt(n)
	if v.Kind == env.Known || v.Kind == env.Unknown && !strings.Contains(a.result.File.Text(n.step.Instruction.Span), n.text+"=") {
		return ""
	}
	if v.Kind == env.Unset && shellsOwn.MatchString(n.text) {
		return "set by the shell itself"
	}
	// What is not understood well enough to say how: read x, printf -v x, ((x = 1)), export x, ${x:=1}.
	if script != nil && script.Binds(n.text) || a.mentioned(n) {
		return "a variable of the shell, set here"
	}
	return ""
}

// inCode tells whether a shell expands the name, and not Docker.
func (a *analysis) inCode(n name) bool {
	in := n.step.Instruction
	if in.Keyword == "ONBUILD" && in.Trigger != nil {
		in = in.Trigger
	}
	switch in.Keyword {
	case "RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK":
	default:
		return false
	}
	for _, f := range in.Flags {
		if f.Span.Contains(n.span) {
			return false
		}
	}
	return true
}

func (a *analysis) describeLoop(l shell.Loop) string {
	var items []string
	for i, w := range l.Items {
		if i == maxListed {
			items = append(items, fmt.Sprintf("and %d more", len(l.Items)-i))
			break
		}
		items = append(items, code(a.result.File.Text(w.Span)))
	}
	if len(items) == 0 {
		return "set by the loop around it"
	}
	return "set by the loop around it: each of " + strings.Join(items, ", ")
}

// assignment finds the last assignment before the name whose value is not known without running the code.
func (a *analysis) assignment(script *shell.Script, n name) (how string) {
	for _, c := range script.Commands {
		if c.Span.Start >= n.span.Start {
			break
		}
		for _, s := range c.Assigns {
			lasts := len(c.Words) == 0 || c.Span.Contains(n.span)
			if s.Name == n.text && lasts && s.Span.End <= n.span.Start {
				how = "set by the shell: " + code(a.result.File.Text(s.Span))
			}
		}
	}
	if how != "" && a.valueAt(n).Kind == env.Known {
		return ""
	}
	return how
}

// mentioned tells whether the instruction has the name in a place where it is not read with a dollar sign: something may set it there.
func (a *analysis) mentioned(n name) bool {
	text := a.result.File.Text(n.step.Instruction.Span)
	for _, at := range regexp.MustCompile(`\b`+regexp.QuoteMeta(n.text)+`\b`).FindAllStringIndex(text, -1) {
		before, after := text[:at[0]], text[at[1]:]
		read := strings.HasSuffix(before, "$") || strings.HasSuffix(before, "${")
		if !read || strings.HasPrefix(after, ":=") || strings.HasPrefix(after, "=") {
			return true
		}
	}
	return false
}
