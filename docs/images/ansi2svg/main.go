//go:build ignore

// Command ansi2svg draws coloured terminal output as an SVG picture of a terminal window.
//
//	pylint-docker check --color always . | go run docs/images/ansi2svg/main.go -prompt "pylint-docker check ." > check.svg
//
// It needs nothing but the standard library and gives the same bytes for the same input, so that a
// picture in the repository can be checked by drawing it again.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"html"
	"io"
	"log"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Measures in pixels. Every run of text is given its exact length, so that columns line up
// whatever monospace font the reader has.
const (
	cell   = 8.43
	line   = 20.0
	size   = 14
	margin = 20.0
	bar    = 40.0
)

const (
	background = "#0d1117"
	foreground = "#d1d7e0"
	faint      = "#7d8590"
	font       = "ui-monospace,SFMono-Regular,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"
)

// palette are the sixteen colours of a terminal.
var palette = [16]string{
	"#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
	"#7d8590", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
}

// style is what the SGR sequences before a character say.
type style struct {
	colour, back                   string
	bold, faint, italic, underline bool
}

// run is text of one style that begins in a column of a row.
type run struct {
	style
	row, column int
	text        string
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("ansi2svg: ")
	prompt := flag.String("prompt", "", "the command to show above the output")
	title := flag.String("title", "", "the text of the title bar")
	least := flag.Int("columns", 80, "the least width of the window in columns")
	most := flag.Int("wrap", 120, "the columns after which a row goes on in the next one")
	flag.Parse()
	input, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	text := strings.TrimRight(string(input), "\n")
	if *prompt != "" {
		text = "\x1b[1;32m$\x1b[0m \x1b[1m" + *prompt + "\x1b[0m\n\n" + text
	}
	out := bufio.NewWriter(os.Stdout)
	draw(out, text, *title, *least, *most)
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func draw(out io.Writer, text, title string, least, most int) {
	runs, rows, columns := read(text, most)
	columns = max(columns, least)
	width := 2*margin + float64(columns)*cell
	height := bar + margin/2 + float64(rows)*line + margin
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" font-family="%s" font-size="%d">`+"\n",
		width, height, width, height, font, size)
	fmt.Fprintf(out, "<title>%s</title>\n", html.EscapeString(plain(text)))
	fmt.Fprintf(out, `<rect x="0.5" y="0.5" width="%.0f" height="%.0f" rx="10" fill="%s" stroke="#30363d"/>`+"\n", width-1, height-1, background)
	for i, colour := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(out, `<circle cx="%d" cy="20" r="6" fill="%s"/>`+"\n", 22+20*i, colour)
	}
	if title != "" {
		fmt.Fprintf(out, `<text x="%.0f" y="25" fill="%s" text-anchor="middle">%s</text>`+"\n", width/2, faint, html.EscapeString(title))
	}
	for _, r := range runs {
		r.draw(out)
	}
	fmt.Fprintln(out, "</svg>")
}

func (r run) draw(out io.Writer) {
	x := margin + float64(r.column)*cell
	y := bar + margin/2 + float64(r.row)*line
	length := float64(utf8.RuneCountInString(r.text)) * cell
	if r.back != "" {
		fmt.Fprintf(out, `<rect x="%.2f" y="%.1f" width="%.2f" height="%.1f" fill="%s"/>`+"\n", x, y, length, line, r.back)
	}
	if strings.TrimSpace(r.text) == "" {
		return
	}
	colour := r.colour
	if colour == "" {
		colour = foreground
	}
	attributes := ""
	if r.bold {
		attributes += ` font-weight="700"`
	}
	if r.faint {
		attributes += ` opacity="0.6"`
	}
	if r.italic {
		attributes += ` font-style="italic"`
	}
	if r.underline {
		attributes += ` text-decoration="underline"`
	}
	fmt.Fprintf(out, `<text x="%.2f" y="%.1f" textLength="%.2f" lengthAdjust="spacingAndGlyphs" fill="%s"%s xml:space="preserve">%s</text>`+"\n",
		x, y+14.5, length, colour, attributes, html.EscapeString(r.text))
}

// read splits text into runs and tells how many rows and columns they take.
func read(text string, most int) (runs []run, rows, columns int) {
	var current style
	for content := range strings.SplitSeq(text, "\n") {
		content = strings.TrimSuffix(content, "\r")
		column := 0
		for content != "" {
			escape := strings.IndexByte(content, 0x1b)
			if escape < 0 {
				escape = len(content)
			}
			for chunk := []rune(expandTabs(content[:escape], column)); len(chunk) > 0; {
				if column == most {
					rows, column = rows+1, 0
				}
				n := min(len(chunk), most-column)
				if n < len(chunk) {
					n = breakAt(chunk[:n])
				}
				runs = append(runs, indented(run{current, rows, column, string(chunk[:n])}))
				columns = max(columns, column+n)
				if chunk = chunk[n:]; len(chunk) > 0 {
					rows, column = rows+1, 0
				} else {
					column += n
				}
			}
			content = content[escape:]
			if content != "" {
				content = current.sequence(content)
			}
		}
		rows++
	}
	return runs, rows, columns
}

// breakAt is where a row ends that has no room for more: behind the last word, if there is one.
func breakAt(row []rune) int {
	for i := len(row); i > 0; i-- {
		if row[i-1] == ' ' {
			return i
		}
	}
	return len(row)
}

// indented moves a run's leading blanks into its column: a viewer that swallows them does no harm.
func indented(r run) run {
	trimmed := strings.TrimLeft(r.text, " ")
	if r.back != "" || r.underline || trimmed == "" {
		return r
	}
	r.column += len(r.text) - len(trimmed)
	r.text = trimmed
	return r
}

func expandTabs(text string, column int) string {
	var b strings.Builder
	for _, c := range text {
		if c != '\t' {
			b.WriteRune(c)
			column++
			continue
		}
		for ok := true; ok; ok = column%8 != 0 {
			b.WriteByte(' ')
			column++
		}
	}
	return b.String()
}

// sequence takes one escape sequence off the front of text and applies it when it is about colour.
func (s *style) sequence(text string) (rest string) {
	switch {
	case strings.HasPrefix(text, "\x1b["):
		end := strings.IndexFunc(text[2:], func(r rune) bool { return r >= '@' && r <= '~' })
		if end < 0 {
			return ""
		}
		if text[2+end] == 'm' {
			s.apply(strings.Split(text[2:2+end], ";"))
		}
		return text[2+end+1:]
	case strings.HasPrefix(text, "\x1b]"): // a hyperlink or a window title
		if end := strings.Index(text, "\x1b\\"); end >= 0 {
			return text[end+2:]
		}
		if end := strings.IndexByte(text, '\a'); end >= 0 {
			return text[end+1:]
		}
		return ""
	}
	return text[1:]
}

func (s *style) apply(codes []string) {
	for i := 0; i < len(codes); i++ {
		code, _ := strconv.Atoi(codes[i])
		switch {
		case code == 0:
			*s = style{}
		case code == 1:
			s.bold = true
		case code == 2:
			s.faint = true
		case code == 3:
			s.italic = true
		case code == 4:
			s.underline = true
		case code == 22:
			s.bold, s.faint = false, false
		case code == 23:
			s.italic = false
		case code == 24:
			s.underline = false
		case code >= 30 && code <= 37:
			s.colour = palette[code-30]
		case code >= 90 && code <= 97:
			s.colour = palette[code-90+8]
		case code == 39:
			s.colour = ""
		case code >= 40 && code <= 47:
			s.back = palette[code-40]
		case code >= 100 && code <= 107:
			s.back = palette[code-100+8]
		case code == 49:
			s.back = ""
		case code == 38 || code == 48:
			colour, used := extended(codes[i+1:])
			i += used
			if code == 38 {
				s.colour = colour
			} else {
				s.back = colour
			}
		}
	}
}

// extended reads what follows 38 and 48: 5;N or 2;R;G;B.
func extended(codes []string) (colour string, used int) {
	number := func(i int) int {
		if i >= len(codes) {
			return 0
		}
		n, _ := strconv.Atoi(codes[i])
		return n & 0xff
	}
	if number(0) == 2 {
		return fmt.Sprintf("#%02x%02x%02x", number(1), number(2), number(3)), 4
	}
	n := number(1)
	switch {
	case n < 16:
		return palette[n], 2
	case n >= 232:
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey), 2
	}
	levels := [6]int{0, 95, 135, 175, 215, 255}
	n -= 16
	return fmt.Sprintf("#%02x%02x%02x", levels[n/36], levels[n/6%6], levels[n%6]), 2
}

// plain is the text without escape sequences, for readers who can't see the picture.
func plain(text string) string {
	var b strings.Builder
	var ignored style
	for text != "" {
		escape := strings.IndexByte(text, 0x1b)
		if escape < 0 {
			b.WriteString(text)
			break
		}
		b.WriteString(text[:escape])
		text = ignored.sequence(text[escape:])
	}
	return b.String()
}
