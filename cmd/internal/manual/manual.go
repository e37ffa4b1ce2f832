// Package manual writes the manual pages of the command line from its commands, so that a flag is described in one place. It is
// no part of the program: a release brings the pages along.
package manual

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Name is the file name of a command's page, such as pylint-docker-check.1.
func Name(cmd *cobra.Command) string {
	return strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1"
}

// Commands are root and those of its commands that have a page.
func Commands(root *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{root}
	for _, c := range root.Commands() {
		if !c.Hidden && c.Name() != "help" {
			list = append(list, c)
		}
	}
	return list
}

// Page writes the page of a command, in the macros of man(7). The day is that of the release: a page that bears the day on which
// it was made could not be made again.
func Page(w io.Writer, cmd *cobra.Command, version string, day time.Time) error {
	p := &page{}
	name := strings.TrimSuffix(Name(cmd), ".1")
	// The date stands as it is: an escaped "-" is none to mandoc.
	p.line(fmt.Sprintf(`.TH "%s" "1" "%s" "pylint\-docker %s" "User Commands"`, text(strings.ToUpper(name)), day.UTC().Format(time.DateOnly), text(version)))
	p.line(".ad l") // flags are not words to be spread over a line
	p.line(".nh")
	p.section("NAME")
	p.line(text(name) + ` \- ` + text(lower(cmd.Short)))
	p.section("SYNOPSIS")
	p.synopsis(cmd)
	p.section("DESCRIPTION")
	p.prose(cmp.Or(cmd.Long, cmd.Short+"."))
	if cmd.Example != "" {
		p.section("EXAMPLES")
		p.example(cmd.Example)
	}
	if cmd.HasAvailableSubCommands() {
		p.commands(cmd)
	}
	if cmd.LocalFlags().HasAvailableFlags() {
		p.section("OPTIONS")
		cmd.LocalFlags().VisitAll(p.flag)
	}
	if !cmd.HasParent() {
		p.surroundings()
	}
	p.seeAlso(cmd)
	_, err := io.WriteString(w, p.String())
	return err
}

// lower writes the first letter small, as the line NAME of a page has it, unless the word is an abbreviation.
func lower(text string) string {
	if len(text) > 1 && text[1] >= 'a' && text[1] <= 'z' {
		return strings.ToLower(text[:1]) + text[1:]
	}
	return text
}

type page struct{ strings.Builder }

func (p *page) line(text string) {
	p.WriteString(text)
	p.WriteByte('\n')
}

func (p *page) section(title string) { p.line(`.SH "` + title + `"`) }

// text keeps roff from reading anything into words. A plain "-" would be set as a hyphen, which nobody can copy into a shell.
func text(s string) string {
	return strings.NewReplacer(`\`, `\e`, "-", `\-`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "'", `\(aq`).Replace(s)
}

// paragraph writes text in lines of a width that other programs read, none of which begins with a request.
func (p *page) paragraph(s string) {
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && len(text(line))+len(text(word)) >= 78 {
			p.verbatim(line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	p.verbatim(line)
}

// verbatim writes a line as it is.
func (p *page) verbatim(s string) {
	s = text(s)
	if strings.HasPrefix(s, ".") {
		s = `\&` + s
	}
	p.line(s)
}

func (p *page) synopsis(cmd *cobra.Command) {
	use := strings.TrimPrefix(strings.TrimSuffix(cmd.UseLine(), " [flags]"), cmd.CommandPath())
	p.line(`.B ` + text(cmd.CommandPath()))
	line := `[\fIoptions\fR]`
	if use != "" {
		line += " " + text(strings.TrimSpace(use))
	}
	p.line(line)
	if cmd.HasAvailableSubCommands() {
		p.line(".br")
		p.line(`.B ` + text(cmd.CommandPath()))
		p.line(`\fIcommand\fR ...`)
	}
}

// prose writes text with empty lines between its paragraphs.
func (p *page) prose(s string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(s), "\n\n") {
		if i > 0 {
			p.line(".PP")
		}
		p.paragraph(paragraph)
	}
}

func (p *page) example(s string) {
	p.line(".nf")
	for line := range strings.SplitSeq(strings.Trim(s, "\n"), "\n") {
		p.verbatim(strings.TrimPrefix(line, "  "))
	}
	p.line(".fi")
}

func (p *page) commands(cmd *cobra.Command) {
	p.section("COMMANDS")
	for _, c := range cmd.Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		p.line(".TP")
		if slices.Contains(Commands(cmd.Root()), c) {
			p.line(`.BR ` + text(strings.TrimSuffix(Name(c), ".1")) + ` (1)`)
		} else {
			p.line(`.B ` + text(c.Name()))
		}
		p.paragraph(c.Short + ".")
	}
}

func (p *page) flag(f *pflag.Flag) {
	if f.Hidden {
		return
	}
	value, usage := pflag.UnquoteUsage(f)
	p.line(".TP")
	line := `\fB` + text("--"+f.Name) + `\fR`
	if f.Shorthand != "" {
		line = `\fB` + text("-"+f.Shorthand) + `\fR, ` + line
	}
	if value != "" {
		line += ` \fI` + text(value) + `\fR`
	}
	p.line(line)
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" && f.DefValue != "true" {
		usage += " (default " + f.DefValue + ")"
	}
	p.paragraph(strings.ToUpper(usage[:1]) + usage[1:] + ".")
}

// surroundings are what the program reads besides Dockerfiles; docs/configuration.md has the details.
func (p *page) surroundings() {
	p.section("FILES")
	for _, entry := range [][2]string{
		{".pylint-docker.yaml, .pylint-docker.yml, pyproject.toml", "Settings of a project: the nearest of these files, going up from a Dockerfile. In pyproject.toml they are the table [tool.pylint-docker]."},
	} {
		p.entry(entry)
	}
	p.section("ENVIRONMENT")
	for _, entry := range [][2]string{
		{"NO_COLOR", "If not empty, no output has colours unless --color asks for them."},
		{"FORCE_COLOR", "If neither empty nor 0 nor false, output has colours where nobody looks, too."},
		{"COLUMNS", "The width of the terminal."},
	} {
		p.entry(entry)
	}
}

func (p *page) entry(entry [2]string) {
	p.line(".TP")
	p.line(`.I ` + text(entry[0]))
	p.paragraph(entry[1])
}

func (p *page) seeAlso(cmd *cobra.Command) {
	p.section("SEE ALSO")
	var pages []string
	for _, c := range Commands(cmd.Root()) {
		if c != cmd {
			pages = append(pages, fmt.Sprintf(`.BR %s (1)`, text(strings.TrimSuffix(Name(c), ".1"))))
		}
	}
	p.line(strings.Join(pages, ",\n") + ",")
	p.line("https://github.com/pylint\\-docker/pylint\\-docker")
}
