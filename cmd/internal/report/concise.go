package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// header is "path:line:col: PLD205 [*] pip-cache-in-layer: message".
func header(t *Target, d analyzer.Diagnostic, colors palette) string {
	file := t.file(d.Path)
	at := file.Position(d.Span.Start)
	var b strings.Builder
	b.WriteString(colors.name(clean(file.Name())))
	colon := colors.place(":")
	fmt.Fprintf(&b, "%s%d%s%d%s ", colon, at.Line, colon, at.Column, colon)
	b.WriteString(colors.of(d.Severity)(d.Rule.Code) + " ")
	if d.Fix != nil && d.Fix.Safety == analyzer.Safe {
		b.WriteString("[" + colors.fixable("*") + "] ")
	}
	b.WriteString(colors.code(d.Rule.Name) + ": " + clean(d.Message))
	return b.String()
}

// summary counts the findings and tells what --fix could do.
func summary(out io.Writer, c counts, style Style, colors palette) {
	if style.Quiet {
		return
	}
	if style.Fixed > 0 {
		fmt.Fprintf(out, "%s %s fixed, %d remaining\n", colors.ok("Fixed:"), plural(style.Fixed, "problem"), c.total)
	}
	if c.total == 0 {
		switch {
		case style.Files == 0:
			fmt.Fprintln(out, "No Dockerfile was checked")
		case style.Fixed == 0:
			fmt.Fprintf(out, "%s %s checked\n", colors.ok("No problems:"), plural(style.Files, "file"))
		}
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
		text := plural(part.n, part.noun)
		if part.severity == analyzer.Info {
			text = fmt.Sprintf("%d info", part.n)
		}
		parts = append(parts, colors.of(part.severity)(text))
	}
	fmt.Fprintf(out, "Found %s in %s: %s\n", colors.name(plural(c.total, "problem")), plural(style.Files, "file"), strings.Join(parts, ", "))
	if hint := fixHint(c, style.Unsafe); hint != "" {
		fmt.Fprintln(out, "["+colors.fixable("*")+"] "+hint)
	}
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
