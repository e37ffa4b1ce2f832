package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
)

// header is "path:line:col: PLD205 warning [*] pip-cache-in-layer:", as plain text and as it is shown.
func header(file *source.File, d analyzer.Diagnostic, colors palette) (plain, colored string) {
	at := file.Position(d.Span.Start)
	name := clean(file.Name())
	star, shownStar := "", ""
	if d.Fix != nil && d.Fix.Safety == analyzer.Safe {
		star, shownStar = "[*] ", "["+colors.fixable("*")+"] "
	}
	plain = fmt.Sprintf("%s:%d:%d: %s %s %s%s:", name, at.Line, at.Column, d.Rule.Code, d.Severity, star, d.Rule.Name)
	colon, severity := colors.place(":"), colors.of(d.Severity)
	colored = fmt.Sprintf("%s%s%d%s%d%s %s %s %s%s", colors.name(name), colon, at.Line, colon, at.Column, colon,
		colors.link(d.Rule.URL(), severity(d.Rule.Code)), severity(d.Severity.String()), shownStar, colors.code(d.Rule.Name+":"))
	return plain, colored
}

// summary counts the findings and tells what --fix could do.
func summary(out io.Writer, c counts, style Style, colors palette) {
	if style.Quiet {
		return
	}
	if style.FixOnly {
		fmt.Fprintf(out, "%s %s fixed in %s\n", colors.ok("Fixed:"), words.Count(style.Fixed, "problem"), words.Count(style.Files, "file"))
		return
	}
	if style.Fixed > 0 {
		fmt.Fprintf(out, "%s %s fixed, %d remaining\n", colors.ok("Fixed:"), words.Count(style.Fixed, "problem"), c.total)
	}
	if c.total == 0 {
		switch {
		case style.Files == 0:
			fmt.Fprintln(out, "No Dockerfile was checked")
		case style.Fixed == 0:
			fmt.Fprintf(out, "%s %s checked\n", colors.ok("No problems:"), words.Count(style.Files, "file"))
		}
		sayBases(out, c)
		return
	}
	var parts []string
	for _, part := range []struct {
		n        int
		noun     string
		severity analyzer.Severity
	}{{c.errors, "error", analyzer.Error}, {c.warnings, "warning", analyzer.Warning}, {c.info, "info", analyzer.Info}} {
		if part.n == 0 {
			continue
		}
		text := words.Count(part.n, part.noun)
		if part.severity == analyzer.Info {
			text = fmt.Sprintf("%d info", part.n)
		}
		parts = append(parts, colors.of(part.severity)(text))
	}
	fmt.Fprintf(out, "Found %s in %s: %s\n", colors.name(words.Count(c.total, "problem")), words.Count(style.Files, "file"), strings.Join(parts, ", "))
	if hint := fixHint(c, style.Unsafe); hint != "" {
		fmt.Fprintln(out, "["+colors.fixable("*")+"] "+hint)
	}
	sayBases(out, c)
}

// maxBases is how many images of which nothing is known the summary names.
const maxBases = 3

// sayBases tells of the base images that are not known: what depends on them was not judged.
func sayBases(out io.Writer, c counts) {
	var named, parameters []string
	for _, base := range c.bases {
		if strings.HasPrefix(base, "$") {
			parameters = append(parameters, clean(base))
		} else {
			named = append(named, clean(base))
		}
	}
	for _, say := range []struct {
		files     int
		bases     []string
		one, many string
	}{
		{c.unknown, named, "the base image %s is not known: name it under `images:`", "the base images %s are not known: name them under `images:`"},
		{c.parameters, parameters, "the base image %s is not known: --build-arg gives it a value", "the base images %s are not known: --build-arg gives them values"},
	} {
		switch n := len(say.bases); {
		case n == 0:
			continue
		case n == 1:
			fmt.Fprintf(out, "%s: "+say.one+"\n", words.Count(say.files, "file"), say.bases[0])
		case n <= maxBases:
			fmt.Fprintf(out, "%s: "+say.many+"\n", words.Count(say.files, "file"), strings.Join(say.bases[:n-1], ", ")+" and "+say.bases[n-1])
		default:
			text := fmt.Sprintf("%s and %d more", strings.Join(say.bases[:maxBases], ", "), n-maxBases)
			fmt.Fprintf(out, "%s: "+say.many+"\n", words.Count(say.files, "file"), text)
		}
	}
}

// sayNext tells what to do after reading the report.
func sayNext(out io.Writer, c counts, style Style) {
	if style.Quiet || c.total == 0 {
		return
	}
	for i, line := range wrapFrom(next(c, style), 0, max(minWidth, cmp.Or(style.Width, defaultWidth)), len("Next: ")) {
		if i > 0 {
			line = strings.Repeat(" ", len("Next: ")) + line
		}
		fmt.Fprintln(out, line)
	}
}

func next(c counts, style Style) string {
	explain := fmt.Sprintf("pylint-docker rule %s explains a finding", c.worst.Code)
	switch {
	case c.safe > 0 || style.Unsafe && c.unsafe > 0:
		return "Next: --diff shows what --fix would change; " + explain
	case c.unsafe > 0:
		return "Next: --diff --unsafe-fixes shows what would change; " + explain
	}
	return "Next: " + explain
}

func fixHint(c counts, unsafe bool) string {
	switch {
	case unsafe && c.safe+c.unsafe > 0:
		return fmt.Sprintf("%d fixable with --fix --unsafe-fixes", c.safe+c.unsafe)
	case c.safe > 0 && c.unsafe > 0:
		return fmt.Sprintf("%d fixable with --fix, %d more with --unsafe-fixes", c.safe, c.unsafe)
	case c.safe > 0:
		return fmt.Sprintf("%d fixable with --fix", c.safe)
	case c.unsafe > 0:
		return fmt.Sprintf("0 fixable with --fix, %d more with --unsafe-fixes", c.unsafe)
	}
	return ""
}
