package dockerfile

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Shell gives the shell code of a RUN, CMD or ENTRYPOINT in shell form, as long as its Body byte
// by byte, so that an offset in masked plus span.Start is an offset in the file. ok is false for
// other instructions (of ONBUILD and HEALTHCHECK ask the Trigger), for the JSON form, for an empty
// Body and for a heredoc that is the whole command (see Script).
//
// Docker joins lines before a shell sees them. Where it drops an escape, the newline and comment
// or blank lines behind it, masked has sequences of backslash and line ending, which a shell drops
// in its turn even in the middle of a word. Only between single quotes does a shell keep them;
// there, as the joined text has no newline, each `\` + LF and `\` + CR LF is to be removed from the
// value. Inside a shell comment the dropped bytes are spaces, for Docker's join makes the comment
// reach to the end of the Body. Markers of heredocs (in.Heredocs tells whether there are any) are spaces.
func (d *Document) Shell(in *Instruction) (masked []byte, span source.Span, ok bool) {
	switch in.Keyword {
	case "RUN", "CMD", "ENTRYPOINT":
	default:
		return nil, source.Span{}, false
	}
	if _, script := in.Script(); script || in.JSON || in.Body.Empty() {
		return nil, source.Span{}, false
	}
	span = in.Body
	masked = slices.Clone(d.File.Bytes()[span.Start:span.End])
	gaps := d.gaps(span)
	comment := shellComment(masked, gaps)
	for _, gap := range gaps {
		fill := masked[gap.Start:gap.End]
		// With the backtick as escape a backslash may stand before it, which must not escape ours.
		if gap.Start >= comment || gap.Start > 0 && masked[gap.Start-1] == '\\' {
			blank(fill)
			continue
		}
		joinLines(fill)
	}
	for _, h := range in.Heredocs {
		if marker := h.Marker; span.Contains(marker) {
			blank(masked[marker.Start-span.Start : marker.End-span.Start])
		}
	}
	return masked, span, true
}

// HeredocShell gives a heredoc's body as shell code, of the same length; the leading tabs that
// "<<-" removes are spaces. ok is false when a shebang names something other than a POSIX-like
// shell.
func (d *Document) HeredocShell(h Heredoc) (masked []byte, span source.Span, ok bool) {
	if shebang := d.Shebang(h); shebang != "" && !isShell(shebang) {
		return nil, source.Span{}, false
	}
	masked = slices.Clone(d.File.Bytes()[h.Body.Start:h.Body.End])
	if !h.StripTabs {
		return masked, h.Body, true
	}
	start := true
	for i, c := range masked {
		if start = start && c == '\t'; start {
			masked[i] = ' '
		}
		if c == '\n' {
			start = true
		}
	}
	return masked, h.Body, true
}

// isShell tells whether a shebang's program, perhaps behind env and its options, is a shell.
func isShell(shebang string) bool {
	words := strings.Fields(shebang)
	if path.Base(words[0]) == "env" {
		words = words[1:]
		for len(words) > 0 && (strings.HasPrefix(words[0], "-") || strings.Contains(words[0], "=")) {
			words = words[1:]
		}
	}
	if len(words) == 0 {
		return false
	}
	switch path.Base(words[0]) {
	case "sh", "bash", "dash", "ash", "ksh", "mksh", "zsh":
		return true
	}
	return false
}

// gaps are the ranges inside a body, counted from its start, that Docker drops when it joins lines.
func (d *Document) gaps(body source.Span) []source.Span {
	f := d.File
	var list []source.Span
	for line := f.LineOf(body.Start); ; {
		span := f.LineWithEnding(line)
		if span.End >= body.End {
			return list
		}
		kept, more := trimContinuation(strings.TrimRight(f.Text(span), "\r\n"), d.Escape)
		if !more {
			return list // not reached: every line of a body but the last goes on
		}
		gap := source.Span{Start: span.Start + len(kept) - body.Start}
		for line++; line <= f.Lines() && dropped(f.Text(f.Line(line))); line++ {
			continue
		}
		gap.End = f.LineWithEnding(line).Start - body.Start
		list = append(list, gap)
	}
}

// dropped tells a comment line or a blank line.
func dropped(line string) bool {
	text := strings.TrimSpace(line)
	return text == "" || text[0] == '#'
}

// joinLines fills two bytes or more with what a shell removes: `\` + LF, and once `\` + CR LF when
// their number is odd.
func joinLines(fill []byte) {
	if len(fill)%2 == 1 && len(fill) >= 3 {
		copy(fill, "\\\r\n")
		fill = fill[3:]
	}
	for i := 0; i+1 < len(fill); i += 2 {
		fill[i], fill[i+1] = '\\', '\n'
	}
}

func blank(fill []byte) {
	for i := range fill {
		fill[i] = ' '
	}
}

// shellComment is the offset of the first '#' that starts a shell comment, or the length of the
// body. It knows quotes and escapes; gaps are passed over.
func shellComment(body []byte, gaps []source.Span) int {
	if bytes.IndexByte(body, '#') < 0 {
		return len(body)
	}
	quote, wordStart := byte(0), true
	for i := 0; i < len(body); i++ {
		if len(gaps) > 0 && i >= gaps[0].Start {
			i = gaps[0].End - 1
			gaps = gaps[1:]
			continue
		}
		c := body[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			} else if c == '\\' && quote == '"' {
				i++
			}
		case c == '\'' || c == '"':
			quote, wordStart = c, false
		case c == '\\':
			i++
			wordStart = false
		case c == '#' && wordStart:
			return i
		default:
			wordStart = strings.IndexByte(" \t\r;&|()", c) >= 0
		}
	}
	return len(body)
}
