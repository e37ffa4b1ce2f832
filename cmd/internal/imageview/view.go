// Package imageview shows a built image to people: what its layers weigh, what of it ships for nothing, and what the start
// command comes to.
package imageview

import (
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// Style says how it looks.
type Style struct {
	Color bool
	Width int // columns; 0 means 100
}

const (
	defaultWidth = 100
	minWidth     = 60
	maxWidth     = 140
	barWidth     = 24
)

type view struct {
	w      io.Writer
	style  Style
	system *inspect.System
}

// Write shows the image under the name that the user gave it.
func Write(w io.Writer, name string, system *inspect.System, style Style) {
	if style.Width == 0 {
		style.Width = defaultWidth
	}
	style.Width = max(minWidth, min(style.Width, maxWidth))
	v := &view{w, style, system}
	waste := system.Waste()
	v.head(name, waste)
	v.layers(waste)
	v.start()
	fmt.Fprintln(w)
}

func (v *view) paint(code, text string) string {
	if !v.style.Color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

const (
	bold  = "1"
	faint = "2"
	red   = "31"
	green = "32"
	waste = "33"
)

func (v *view) head(name string, list []inspect.Waste) {
	image := v.system.Image
	fmt.Fprintf(v.w, "%s  %s, %s in %s\n", v.paint(bold, printable(name)), printable(image.Platform), inspect.Megabytes(image.Size()), layers(len(image.Layers)))
	if wasted := inspect.Wasted(list); wasted >= 1_000_000 {
		fmt.Fprintf(v.w, "a build in several stages could leave %s behind\n", v.paint(waste, inspect.Megabytes(wasted)))
	}
}

func layers(n int) string {
	if n == 1 {
		return "1 layer"
	}
	return fmt.Sprintf("%d layers", n)
}

// layers draws a bar for each layer: what ships, and what of it is waste.
func (v *view) layers(list []inspect.Waste) {
	wasted := map[int]int64{}
	for _, w := range list {
		switch w.Kind {
		case inspect.Unstripped, inspect.Duplicated:
		case inspect.Rewritten, inspect.Deleted, inspect.Replaced:
			// What is stored for nothing lies in the earlier layers; see below.
		default:
			wasted[w.Layer] += w.Bytes
		}
	}
	for _, lost := range v.system.Image.Lost {
		wasted[lost.Layer] += lost.Size
	}
	var largest int64 = 1
	for _, layer := range v.system.Image.Layers {
		largest = max(largest, layer.Size)
	}
	fmt.Fprintln(v.w)
	for i, layer := range v.system.Image.Layers {
		full := int((layer.Size*barWidth + largest/2) / largest)
		empty := min(full, int((min(wasted[i], layer.Size)*barWidth+largest/2)/largest))
		bar := v.paint(green, strings.Repeat("█", full-empty)) + v.paint(waste, strings.Repeat("░", empty)) + strings.Repeat(" ", barWidth-full)
		lead := fmt.Sprintf("  %2d %8s ", i+1, inspect.Megabytes(layer.Size))
		room := v.style.Width - utf8.RuneCountInString(lead) - barWidth - 2
		fmt.Fprintf(v.w, "%s%s  %s\n", lead, bar, cut(Instruction(layer), room))
	}
}

// Instruction is what made a layer, as people wrote it.
func Instruction(layer imagefs.Layer) string {
	text := strings.TrimSuffix(layer.CreatedBy, " # buildkit")
	text = strings.TrimPrefix(text, "/bin/sh -c #(nop) ")
	if rest, ok := strings.CutPrefix(text, "/bin/sh -c "); ok {
		text = "RUN " + rest
	}
	if _, rest, ok := strings.Cut(text, "RUN |"); ok && strings.HasPrefix(text, "RUN |") { // RUN |2 A=x B=y /bin/sh -c ...
		if _, code, ok := strings.Cut(rest, "/bin/sh -c "); ok {
			text = "RUN " + code
		}
	}
	text = strings.Replace(text, "RUN /bin/sh -c ", "RUN ", 1)
	if text = strings.Join(strings.Fields(text), " "); text == "" {
		text = layer.Digest
	}
	return printable(text)
}

func cut(text string, room int) string {
	runes := []rune(text)
	if len(runes) <= room {
		return text
	}
	return string(runes[:room-1]) + "…"
}

// Links are what a start command comes to, step by step.
func Links(start *inspect.Start) []string {
	var links []string
	for _, link := range start.Chain {
		text := link.Path
		if link.Note != "" {
			text = path.Base(link.Path)
			if path.IsAbs(link.Path) {
				text = link.Path
			}
			text += " (" + link.Note + ")"
		}
		links = append(links, text)
	}
	return links
}

// start draws the chain of the start command.
func (v *view) start() {
	start := v.system.Start()
	config := v.system.Image.Config
	fmt.Fprintln(v.w)
	if len(start.Argv) == 0 {
		fmt.Fprintln(v.w, "  no start command")
		return
	}
	fmt.Fprintf(v.w, "  starts %s\n", v.paint(bold, cut(printable(strings.Join(start.Argv, " ")), v.style.Width-9)))
	for _, link := range Links(start) {
		fmt.Fprintf(v.w, "    → %s\n", printable(link))
	}
	switch {
	case len(start.Faults) > 0:
		fmt.Fprintf(v.w, "    %s\n", v.paint(red, "✗ "+printable(start.Faults[0].Message)))
	case !start.Complete:
		fmt.Fprintf(v.w, "    %s\n", v.paint(faint, "… what follows is not known without running it"))
	}
	user := config.User
	if user == "" {
		user = "root"
	}
	dir := config.WorkingDir
	if dir == "" {
		dir = "/"
	}
	fmt.Fprintf(v.w, "    %s\n", v.paint(faint, printable("as "+user+" in "+dir)))
}

// printable keeps what an image says from commanding the terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return '\ufffd'
		}
		return r
	}, text)
}
