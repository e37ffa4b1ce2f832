package graph

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sizes in pixels.
const (
	cardWidth   = 330.0  // at least
	maxCard     = 560.0  // a line that is longer is broken
	maxWidth    = 1400.0 // a picture that would be wider goes down, not to the right
	originWidth = 200.0
	headHeight  = 44.0
	textHeight  = 17.0
	margin      = 28.0
	mono        = 6.75 // the width of a character of the code font at 11.5px, a little more than any of them has
)

// card is a stage or an origin as it is drawn.
type card struct {
	box   *box
	stage *Stage // nil for an origin
	end   End
	name  []string // of an origin, broken where it is long
	sub   string   // below the name
	lines []line
	split float64 // where the footer of the final stage begins, 0 for none
}

// line is a line of text in a card.
type line struct {
	row   *row   // what it shows, nil for a second line and for the footer
	mark  string // "port", "in" (ends in the final image), "out" (stays behind), ""
	text  string
	class string
	y     float64 // of the middle, from the top of the card
}

// picture is a graph on its way to SVG.
type picture struct {
	g     *Graph
	down  bool // it goes from top to bottom
	cards []*card
	wires []*wire
	kinds []string // of the wires: classes
	b     strings.Builder
}

func writeSVG(w io.Writer, g *Graph) error {
	p := &picture{g: g}
	width, height := p.build()
	if width > maxWidth {
		down := &picture{g: g, down: true}
		if w, h := down.build(); w < width {
			p, width, height = down, w, h
		}
	}
	p.draw(width, height)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// build makes the cards and places them. It gives the size that they need.
func (p *picture) build() (width, height float64) {
	at := map[End]*card{}
	add := func(c *card, key string) {
		c.box.key = key
		at[c.end] = c
		p.cards = append(p.cards, c)
	}
	contexts := p.contexts()
	for _, end := range p.g.origins() {
		if end.Kind == kindContext {
			continue
		}
		c := &card{end: end, name: broken(end.Name, originRoom), box: &box{w: originWidth, exit: exit}}
		c.box.h = 2*exit + textHeight*float64(len(c.name)-1)
		for i := range p.g.Stages {
			if p.g.Stages[i].Base == end {
				c.sub = facts(&p.g.Stages[i])
				if end == p.g.Final.Base {
					c.sub = join(c.sub, megabytes(p.g.Final.BaseBytes))
				}
				break
			}
		}
		c.box.w = max(originWidth, 30+mono*1.06*float64(longest(c.name)))
		add(c, end.Kind+end.Name)
	}
	for i := range p.g.Stages {
		s := &p.g.Stages[i]
		c := &card{stage: s, end: End{kindStage, s.ID, s.Label}, box: &box{w: cardWidth, exit: exit}}
		p.fill(c)
		add(c, s.ID)
	}
	for _, c := range slices.Clone(p.cards) {
		for _, l := range c.lines {
			if l.mark != "port" {
				continue
			}
			from := at[l.row.from]
			if l.row.from.Kind == kindContext {
				depth := contexts[c.stage.ID]
				if from = at[End{Kind: kindContext, Name: strconv.Itoa(depth)}]; from == nil {
					from = &card{end: End{Kind: kindContext, Name: strconv.Itoa(depth)}, name: []string{"build context"}, box: &box{w: 136, h: 36, exit: exit}}
					add(from, from.end.Kind+from.end.Name)
					from.end = l.row.from
				}
			}
			if from == nil {
				continue
			}
			p.wires = append(p.wires, &wire{from: from.box, to: c.box, port: l.y})
			class := l.row.kind
			switch {
			case !c.stage.Feeds:
				class += " idle"
			case c.stage.Ships:
				class += " ships"
			}
			p.kinds = append(p.kinds, class)
		}
	}
	boxes := make([]*box, len(p.cards))
	for i, c := range p.cards {
		boxes[i] = c.box
	}
	switch {
	case len(boxes) == 0:
		return 320, 10
	case p.down:
		return layoutDown(boxes, p.wires)
	}
	return layout(boxes, p.wires)
}

// The characters of a line: of an origin's name, and of what stands in a card.
const (
	originRoom = 44
	cardRoom   = 77 // in maxCard
)

// broken breaks a text into lines of at most n characters, behind a blank or else a slash or the like where there is one in the second half.
func broken(text string, n int) []string {
	var lines []string
	rest := []rune(text)
	for len(rest) > n {
		at := 0
		for _, at = range []int{behind(rest[n/2:n+1], " "), behind(rest[n/2:n], "/,:@"), n - n/2} {
			if at > 0 {
				break
			}
		}
		lines = append(lines, strings.TrimRight(string(rest[:n/2+at]), " "))
		rest = rest[n/2+at:]
	}
	return append(lines, string(rest))
}

// behind is the place behind the last of the characters in the text, 0 for none.
func behind(text []rune, characters string) int {
	for i := len(text); i > 0; i-- {
		if strings.ContainsRune(characters, text[i-1]) {
			return i
		}
	}
	return 0
}

func longest(lines []string) int {
	n := 0
	for _, line := range lines {
		n = max(n, utf8.RuneCountInString(line))
	}
	return n
}

// contexts gives for each stage how many stages it is behind: stages of one depth share one drawing of the build
// context, so that no wire from it crosses the whole picture.
func (p *picture) contexts() map[string]int {
	depth := map[string]int{}
	for _, f := range p.g.Flows { // in the order of the file: what a stage takes from stands above it
		if f.From.Kind == kindStage {
			depth[f.To] = max(depth[f.To], depth[f.From.ID]+1)
		}
	}
	return depth
}

// fill writes the lines of a stage's card.
func (p *picture) fill(c *card) {
	y := headHeight + 14
	put := func(l line) {
		for _, part := range broken(l.text, cardRoom) {
			l.y, l.text = y, part
			y += textHeight
			c.lines = append(c.lines, l)
			l.mark = ""
		}
	}
	rows := p.g.rows(c.stage)
	for i := range rows {
		r := &rows[i]
		l := line{row: r, mark: "out", text: r.text, class: "code"}
		note := r.note
		switch r.kind {
		case "base":
			l.mark, l.text, l.class = "port", "FROM "+r.text, "code dim"
		case "copy", "mount":
			l.mark = "port"
			if r.where != "" {
				note = join("→ "+r.where, note)
			}
			if r.kind == "mount" {
				note = join("mounted", note)
			}
			if p.down { // no wire ends at the line
				note = join("from "+r.from.Name, note)
			}
		case "os":
			if r.build {
				l.class = "code tools"
			}
		case "python":
			if r.where != "" {
				note = join("→ "+r.where, note)
			}
		}
		if r.reaches {
			l.mark = "in"
		}
		note = join(r.size, note)
		put(l)
		if note != "" {
			put(line{text: note, class: "note"})
			y += 3
		}
	}
	if c.stage.Final {
		p.footer(c, &y, put)
	}
	c.box.h = y + 4
	most := 0
	for _, l := range c.lines {
		most = max(most, utf8.RuneCountInString(l.text))
	}
	name := 9*float64(utf8.RuneCountInString(c.stage.Label)) + 6.4*float64(utf8.RuneCountInString(badgeOf(c.stage))) + 40
	c.box.w = max(cardWidth, math.Ceil(mono*float64(most)+34), min(name, 2*maxCard))
}

func (p *picture) footer(c *card, y *float64, put func(line)) {
	var lines []line
	if all := megabytes(p.g.Final.Bytes); all != "" {
		lines = append(lines, line{text: all + " with the base image", class: "code"})
	}
	for _, h := range p.g.Final.holdings() {
		lines = append(lines, line{mark: "in", text: list4(h.what), class: "code"}, line{text: "in " + h.where(), class: "note"})
	}
	if start := p.g.Final.Start; start != "" {
		text := "starts " + start
		lines = append(lines, line{text: text, class: "code"})
		if user := p.g.Final.User; user != "" {
			lines = append(lines, line{text: "as " + user, class: "note"})
		}
	}
	if len(lines) == 0 {
		return
	}
	c.split = *y + 1
	*y += 16
	for _, l := range lines {
		put(l)
	}
}

func (h held) where() string {
	if h.place == "system" {
		return "the system's Python"
	}
	return h.dir
}

func join(a, b string) string {
	switch {
	case b == "":
		return a
	case a == "":
		return b
	}
	return a + ", " + b
}

const styles = `
  text{font:13px -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:#1f2328}
  .page{fill:#fff}
  .name{font-weight:600;font-size:14.5px}
  .code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:11px}
  .note,.sub{font-size:11px;fill:#59636e} .dim{fill:#59636e} .tools{fill:#9a6700}
  .card{fill:#fff;stroke:#afb8c1;stroke-width:1.2} .head{fill:#eef1f4}
  .ships .card{stroke:#1a7f37} .ships .head{fill:#e3f6e8}
  .final .card{stroke-width:2.6} .final .head{fill:#c4eed0}
  .idle .card{stroke-dasharray:5 4} .idle text{fill:#818b98}
  .origin .card{fill:#ddf4ff;stroke:#54aeff}
  .badge{font-size:10.5px;font-weight:600;text-anchor:end;fill:#59636e}
  .ships .badge{fill:#116329} .idle .badge{fill:#9a6700}
  .rule{stroke:#1a7f37;stroke-opacity:.35}
  .in{fill:#2da44e;stroke:#2da44e} .out{fill:none;stroke:#818b98}
  .wire{fill:none;stroke:#8c959f;stroke-width:1.4}
  .copy{stroke:#0969da;stroke-width:1.8} .copy.ships{stroke:#1a7f37;stroke-width:2.4}
  .base{stroke-dasharray:6 4} .mount{stroke-dasharray:1.5 4;stroke-linecap:round;stroke-width:2} .wire.idle{opacity:.45}
  .tip{fill:#8c959f} .tip.copy{fill:#0969da;stroke:none} .tip.ships.copy{fill:#1a7f37}  .tip.idle{opacity:.45} .tip{stroke:none}
`

// dark overrides what styles says; it comes into force where the reader's system is dark.
const dark = `
  text{fill:#e6edf3} .page{fill:#0d1117} .note,.sub,.dim,.badge{fill:#9198a1} .tools{fill:#e3b341}
  .card{fill:#151b23;stroke:#4a535e} .head{fill:#212830}
  .ships .card{stroke:#3fb950} .ships .head{fill:#12361f} .final .head{fill:#17532b}
  .ships .badge{fill:#7ee2a0} .idle .badge{fill:#e3b341} .idle text{fill:#7d8590}
  .origin .card{fill:#0c2d4d;stroke:#388bfd}
  .rule{stroke:#3fb950} .in{fill:#3fb950;stroke:#3fb950} .out{stroke:#7d8590}
  .wire{stroke:#6e7681} .copy{stroke:#58a6ff} .copy.ships{stroke:#3fb950}
  .tip{fill:#6e7681} .tip.copy{fill:#58a6ff} .tip.ships.copy{fill:#3fb950}
`

func (p *picture) draw(width, height float64) {
	const titleHeight, legendHeight = 34.0, 30.0
	width, height = max(width, 560)+2*margin, height+2*margin+titleHeight+legendHeight
	title := "Stages of " + p.g.File
	fmt.Fprintf(&p.b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-labelledby="t d">`+"\n",
		num(width), num(height), num(width), num(height))
	fmt.Fprintf(&p.b, "<title id=\"t\">%s</title>\n<desc id=\"d\">%s</desc>\n", xmlText(title), xmlText(p.describe()))
	fmt.Fprintf(&p.b, "<style>%s  @media (prefers-color-scheme:dark){%s  }\n</style>\n", styles, dark)
	fmt.Fprintf(&p.b, `<rect class="page" width="%s" height="%s" rx="8"/>`+"\n", num(width), num(height))
	fmt.Fprintf(&p.b, `<text dy=".35em" class="name" x="%s" y="%s">%s</text>`+"\n", num(margin), num(margin+2), xmlText(p.g.File))
	fmt.Fprintf(&p.b, `<g transform="translate(%s %s)">`+"\n", num(margin), num(margin+titleHeight))
	for i, w := range p.wires {
		p.wire(w, p.kinds[i])
	}
	for _, c := range p.cards {
		p.card(c)
	}
	p.b.WriteString("</g>\n")
	p.legend(height - margin)
	p.b.WriteString("</svg>\n")
}

// describe says in words what the picture shows, for those who can't see it.
func (p *picture) describe() string {
	var parts []string
	for _, e := range p.g.Stages {
		text := e.Label + " is built from " + e.Base.Name
		for _, f := range p.g.Flows {
			if f.To == e.ID && f.Kind != "base" {
				text += ", takes " + list4(f.Sources) + " from " + f.From.Name
			}
		}
		if e.Final {
			text += " and becomes the image"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

func (p *picture) wire(w *wire, class string) {
	if p.down {
		p.wireDown(w, class)
		return
	}
	x, y := w.from.x+w.from.w, w.from.y+exit
	fmt.Fprintf(&p.b, `<path class="wire %s" d="M%s %s`, class, num(x), num(y))
	curve := func(toX, toY float64) {
		half := (toX - x) / 2
		fmt.Fprintf(&p.b, " C%s %s %s %s %s %s", num(x+half), num(y), num(toX-half), num(toY), num(toX), num(toY))
		x, y = toX, toY
	}
	for _, bend := range w.bends {
		middle := bend.y + bend.h/2
		curve(bend.x, middle)
		x = bend.x + bend.w
		fmt.Fprintf(&p.b, " H%s", num(x))
	}
	endX, endY := w.to.x, w.to.y+w.port
	curve(endX-7, endY)
	fmt.Fprintf(&p.b, "\"/>\n<path class=\"tip %s\" d=\"M%s %s l-9 -4.5 v9 z\"/>\n", class, num(endX), num(endY))
}

// wireDown is a wire of a picture that goes down: from the bottom of a box to the top of another.
func (p *picture) wireDown(w *wire, class string) {
	x, y := w.from.x+w.from.exit, w.from.y+w.from.h
	fmt.Fprintf(&p.b, `<path class="wire %s" d="M%s %s`, class, num(x), num(y))
	curve := func(toX, toY float64) {
		half := (toY - y) / 2
		fmt.Fprintf(&p.b, " C%s %s %s %s %s %s", num(x), num(y+half), num(toX), num(toY-half), num(toX), num(toY))
		x, y = toX, toY
	}
	for _, bend := range w.bends {
		curve(bend.x+bend.w/2, bend.y)
		y = bend.y + bend.h
		fmt.Fprintf(&p.b, " V%s", num(y))
	}
	endX, endY := w.to.x+w.port, w.to.y
	curve(endX, endY-7)
	fmt.Fprintf(&p.b, "\"/>\n<path class=\"tip %s\" d=\"M%s %s l-4.5 -9 h9 z\"/>\n", class, num(endX), num(endY))
}

func (p *picture) card(c *card) {
	b := c.box
	fmt.Fprintf(&p.b, `<g class="%s" transform="translate(%s %s)">`+"\n", classOf(c), num(b.x), num(b.y))
	if c.stage == nil {
		p.origin(c)
		return
	}
	fmt.Fprintf(&p.b, "<title>%s, line %d</title>\n", xmlText(c.stage.Label), c.stage.Line)
	fmt.Fprintf(&p.b, `<rect class="card" width="%s" height="%s" rx="9"/>`+"\n", num(b.w), num(b.h))
	// The head lies inside the border, which is drawn around it.
	fmt.Fprintf(&p.b, `<path class="head" d="M1.3 %s V9 a7.7 7.7 0 0 1 7.7 -7.7 H%s a7.7 7.7 0 0 1 7.7 7.7 V%s z"/>`+"\n", num(headHeight-4), num(b.w-9), num(headHeight-4))
	badge := badgeOf(c.stage)
	room := int((b.w - 40 - 6.4*float64(utf8.RuneCountInString(badge))) / 9)
	fmt.Fprintf(&p.b, `<text dy=".35em" class="name" x="14" y="%s">%s</text>`+"\n", num(headHeight/2-1), xmlText(cut(c.stage.Label, room)))
	if badge != "" {
		fmt.Fprintf(&p.b, `<text dy=".35em" class="badge" x="%s" y="%s">%s</text>`+"\n", num(b.w-13), num(headHeight/2-1), badge)
	}
	if c.split > 0 {
		fmt.Fprintf(&p.b, `<path class="rule" d="M12 %s H%s"/>`+"\n", num(c.split), num(b.w-12))
	}
	for _, l := range c.lines {
		switch l.mark {
		case "in", "out":
			fmt.Fprintf(&p.b, `<circle class="%s" cx="14" cy="%s" r="3.2"/>`+"\n", l.mark, num(l.y))
		}
		fmt.Fprintf(&p.b, `<text dy=".35em" class="%s" x="24" y="%s">%s</text>`+"\n", l.class, num(l.y), xmlText(l.text))
	}
	p.b.WriteString("</g>\n")
}

func (p *picture) origin(c *card) {
	b := c.box
	fmt.Fprintf(&p.b, `<title>%s</title><rect class="card" width="%s" height="%s" rx="%s"/>`+"\n", xmlText(c.end.Name), num(b.w), num(b.h), num(b.h/2))
	below := textHeight * float64(len(c.name)-1)
	y := (b.h - below) / 2
	if c.sub != "" {
		y -= 6
		fmt.Fprintf(&p.b, `<text dy=".35em" class="sub" x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", num(b.w/2), num(y+below+13), xmlText(c.sub))
	}
	class := "code"
	if c.end.Kind == kindContext {
		class = "name"
	}
	for i, text := range c.name {
		fmt.Fprintf(&p.b, `<text dy=".35em" class="%s" x="%s" y="%s" text-anchor="middle">%s</text>`+"\n", class, num(b.w/2), num(y+textHeight*float64(i)), xmlText(text))
	}
	p.b.WriteString("</g>\n")
}

func classOf(c *card) string {
	switch {
	case c.stage == nil:
		return "origin"
	case c.stage.Final:
		return "ships final"
	case c.stage.Ships:
		return "ships"
	case !c.stage.Feeds:
		return "idle"
	}
	return "behind"
}

func badgeOf(s *Stage) string {
	switch {
	case s.Final:
		return join("★ FINAL IMAGE", megabytes(s.Bytes))
	case s.Ships:
		return join("in the final image", megabytes(s.Bytes))
	case !s.Feeds:
		return "feeds nothing"
	}
	return "stays behind"
}

func (p *picture) legend(y float64) {
	x := margin
	mark := func(shape, text string, w float64) {
		fmt.Fprintf(&p.b, "<g transform=\"translate(%s %s)\">%s<text dy=\".35em\" class=\"note\" x=\"%s\" y=\"0\">%s</text></g>\n", num(x), num(y), shape, num(w), text)
		x += w + 6.1*float64(utf8.RuneCountInString(text)) + 20
	}
	there := map[string]bool{} // only what is in the picture is explained
	for _, kind := range p.kinds {
		word, _, _ := strings.Cut(kind, " ")
		there[word] = true
	}
	for _, c := range p.cards {
		for _, l := range c.lines {
			there[l.mark] = true
		}
	}
	for _, m := range []struct {
		kind, shape, text string
		width             float64
	}{
		{"in", `<circle class="in" cx="4" cy="0" r="3.2"/>`, "in the final image", 14},
		{"out", `<circle class="out" cx="4" cy="0" r="3.2"/>`, "stays behind", 14},
		{"copy", `<path class="wire copy" d="M0 0 H26"/>`, "COPY", 33},
		{"base", `<path class="wire base" d="M0 0 H26"/>`, "FROM", 33},
		{"mount", `<path class="wire mount" d="M0 0 H26"/>`, "mount", 33},
	} {
		if there[m.kind] {
			mark(m.shape, m.text, m.width)
		}
	}
}

// num is a coordinate, as short as a tenth of a pixel allows.
func num(v float64) string {
	text := fmt.Sprintf("%.1f", v)
	text = strings.TrimSuffix(text, ".0")
	if text == "-0" {
		return "0"
	}
	return text
}

var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func xmlText(text string) string { return xmlEscape.Replace(text) }
