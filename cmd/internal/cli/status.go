package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// tick is how often the time of a status line is renewed.
const tick = time.Second

// maxOpen is how much of an unfinished line of an engine is kept, in bytes.
const maxOpen = 64 << 10

// status shows what an engine does: a line on a terminal that is written over and over, or with --verbose what the engine
// says, line by line. As a writer it takes the engine's output and never fails.
type status struct {
	mu      sync.Mutex
	w       io.Writer // nil: nobody looks
	verbose bool
	width   int // columns of the terminal
	what    string
	started time.Time
	said    string // the engine's last line
	open    []byte // its unfinished line
	drawn   time.Time
	done    chan struct{} // ends the ticking; nil when nothing is shown
}

func newStatus(w io.Writer, f checkFlags) *status {
	st := &status{verbose: f.verbose, width: widthOf(w)}
	if f.verbose || isTerminal(w) && !f.quiet {
		st.w = w
	}
	if st.width <= 0 {
		st.width = 80
	}
	return st
}

// step begins to show something.
func (st *status) step(what string) *status {
	st.clear()
	if st.w == nil {
		return st
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.what, st.started, st.said = what, time.Now(), ""
	if st.verbose {
		fmt.Fprintln(st.w, printable(what))
		return st
	}
	st.draw()
	done := make(chan struct{})
	st.done = done
	go func() {
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				st.mu.Lock()
				if st.done == done {
					st.draw()
				}
				st.mu.Unlock()
			}
		}
	}()
	return st
}

// Write takes output of the engine.
func (st *status) Write(p []byte) (int, error) {
	if st.w == nil {
		return len(p), nil
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	st.open = append(st.open, p...)
	for {
		// A carriage return ends a line of a progress bar.
		end := bytes.IndexAny(st.open, "\r\n")
		if end < 0 && len(st.open) < maxOpen {
			break
		}
		rest := end + 1
		if end < 0 {
			end, rest = len(st.open), len(st.open)
		}
		st.line(string(st.open[:end]))
		st.open = st.open[rest:]
	}
	return len(p), nil
}

func (st *status) line(text string) {
	text = strings.ReplaceAll(text, "\t", " ")
	if strings.TrimSpace(text) == "" {
		return
	}
	if st.verbose {
		fmt.Fprintln(st.w, printable(text))
		return
	}
	st.said = strings.TrimSpace(text)
	if st.done != nil && time.Since(st.drawn) > tick/10 {
		st.draw()
	}
}

// draw writes the line anew. A line that is as wide as the terminal would begin a new one.
func (st *status) draw() {
	text := fmt.Sprintf("%s (%s)", st.what, time.Since(st.started).Round(time.Second))
	if st.said != "" {
		text += " " + st.said
	}
	if runes := []rune(printable(text)); len(runes) >= st.width {
		text = string(runes[:st.width-1])
	} else {
		text = string(runes)
	}
	fmt.Fprint(st.w, "\r\x1b[K"+text)
	st.drawn = time.Now()
}

// clear ends what step began.
func (st *status) clear() {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.open) > 0 && st.verbose {
		st.line(string(st.open))
	}
	st.open = nil
	if st.done == nil {
		return
	}
	close(st.done)
	st.done = nil
	fmt.Fprint(st.w, "\r\x1b[K")
}

// progress shows on a terminal how far a long run is.
type progress struct {
	mu          sync.Mutex
	w           io.Writer
	done, total int
	last        time.Time
	shown       bool
}

func (s *session) progress(total int) *progress {
	p := &progress{total: total, last: time.Now()}
	// Findings that come on the same terminal show it as well.
	if total > 50 && !s.flags.quiet && isTerminal(s.Err) && !(s.streams && isTerminal(s.Out)) {
		p.w = s.Err
	}
	return p
}

func (p *progress) step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.w != nil && time.Since(p.last) > 200*time.Millisecond {
		fmt.Fprintf(p.w, "\r%d of %d files", p.done, p.total)
		p.last, p.shown = time.Now(), true
	}
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
