package dockerfile

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Validate lists what makes BuildKit refuse the build after its parser has taken the file and that
// needs only the file itself to know: unknown instructions, a missing FROM, a wrong number of
// arguments. It is in file order. Flags and values are not looked at: later versions of Docker's
// frontend take more of them.
func Validate(d *Document) []*SyntaxError {
	var list []*SyntaxError
	stages, outside, unknown := 0, false, false
	for _, in := range d.Instructions {
		if in.Keyword == "FROM" {
			stages++
		}
		message := complaint(in)
		if !known(in.Keyword) {
			unknown = true
			if d.foreign() {
				continue
			}
			message = "unknown instruction " + quote(in.Keyword)
		} else if stages == 0 && in.Keyword != "ARG" && !outside {
			outside = true // once: what follows has the same cause
			message = in.Keyword + " stands before the first FROM, where only ARG may"
		}
		if message != "" {
			list = append(list, &SyntaxError{Span: headSpan(d.File, in), Message: message})
		}
	}
	if stages == 0 && !outside && !unknown && len(d.Instructions) > 0 {
		last := d.Instructions[len(d.Instructions)-1]
		list = append(list, &SyntaxError{Span: headSpan(d.File, last), Message: "file has no FROM"})
	}
	return list
}

// foreign tells whether another frontend than Docker's reads the file, which may know more
// instructions.
func (d *Document) foreign() bool {
	for _, directive := range d.Directives {
		if directive.Name != "syntax" {
			continue
		}
		image := strings.TrimPrefix(directive.Value, "docker.io/")
		return !strings.HasPrefix(image, "docker/dockerfile")
	}
	return false
}

// headSpan is the instruction's own line without heredoc bodies.
func headSpan(f *source.File, in *Instruction) source.Span {
	span := in.KeywordSpan.Join(in.Body)
	if span.Empty() {
		span = f.Line(f.LineOf(in.Span.Start))
	}
	return span
}

// quote shows a keyword, cut short because a binary file is one long keyword.
func quote(keyword string) string {
	const most = 40
	if len(keyword) > most {
		keyword = keyword[:most] + "..."
	}
	return fmt.Sprintf("%q", keyword)
}

func known(keyword string) bool {
	switch keyword {
	case "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
		"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR":
		return true
	}
	return false
}

// stageName is BuildKit's rule for the name after AS, which it reads in lower case.
var stageName = regexp.MustCompile(`^[a-z][a-z0-9-_.]*$`)

// complaint is what BuildKit's instructions.Parse says of the arguments, or "".
func complaint(in *Instruction) string {
	switch in.Keyword {
	case "FROM":
		return fromComplaint(in)
	case "ADD", "COPY":
		if len(in.Args) < 2 {
			return in.Keyword + " needs at least two arguments, a source and a destination"
		}
	case "ENV", "LABEL", "ARG":
		if len(in.Pairs) == 0 {
			return in.Keyword + " needs at least one argument"
		}
		for _, pair := range in.Pairs {
			if pair.Key == "" {
				return in.Keyword + " has a value without a name"
			}
		}
	case "EXPOSE", "VOLUME":
		if len(in.Args) == 0 {
			return in.Keyword + " needs at least one argument"
		}
	case "MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR":
		if len(in.Args) == 0 {
			return in.Keyword + " needs an argument"
		}
	case "SHELL":
		if !in.JSON || len(in.Args) == 0 {
			return `SHELL needs a JSON array, such as ["/bin/bash", "-c"]`
		}
	case "HEALTHCHECK":
		return healthComplaint(in)
	case "ONBUILD":
		return onbuildComplaint(in)
	}
	return ""
}

func fromComplaint(in *Instruction) string {
	switch {
	case len(in.Args) == 1:
		return ""
	case len(in.Args) != 3, !strings.EqualFold(in.Args[1].Text, "as"):
		return "FROM needs an image, or an image, AS and a name"
	case !stageName.MatchString(strings.ToLower(in.Args[2].Text)):
		return fmt.Sprintf("%q is no name for a build stage: it starts with a letter and has letters, digits, '-', '_' and '.' only", in.Args[2].Text)
	}
	return ""
}

func healthComplaint(in *Instruction) string {
	if len(in.Args) == 0 {
		return "HEALTHCHECK needs CMD or NONE"
	}
	switch kind := strings.ToUpper(in.Args[0].Text); {
	case kind == "NONE" && len(in.Args) > 1:
		return "HEALTHCHECK NONE takes no arguments"
	case kind == "NONE":
		return ""
	case kind != "CMD":
		return fmt.Sprintf("HEALTHCHECK has the unknown type %q, not CMD or NONE", in.Args[0].Text)
	case len(in.Args) == 1:
		return "HEALTHCHECK CMD needs a command"
	}
	return ""
}

func onbuildComplaint(in *Instruction) string {
	switch {
	case in.Trigger == nil:
		return "ONBUILD needs an instruction"
	case in.Trigger.Keyword == "ONBUILD", in.Trigger.Keyword == "FROM", in.Trigger.Keyword == "MAINTAINER":
		return in.Trigger.Keyword + " is not allowed in ONBUILD"
	case known(in.Trigger.Keyword):
		return complaint(in.Trigger)
	}
	return ""
}
