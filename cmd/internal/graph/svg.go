package graph

import (
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
