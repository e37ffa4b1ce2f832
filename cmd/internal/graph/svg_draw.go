package graph

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

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
