package cli

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestStatusLine(t *testing.T) {
	var out strings.Builder
	st := &status{w: &out, width: 30}
	if _, err := st.step("Dockerfile: building").Write([]byte("#1 first\r#2 \x1b[31msec")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(tick / 5)
	if _, err := st.Write([]byte("ond\n\n  \n" + strings.Repeat("x", maxOpen))); err != nil {
		t.Fatal(err)
	}
	time.Sleep(tick + tick/5)
	st.clear()
	st.clear()
	got := out.String()
	if !strings.HasSuffix(got, "\r\x1b[K") || strings.Contains(got, "\n") {
		t.Errorf("the line does not go: %q", got)
	}
	drawn := strings.Split(strings.TrimSuffix(got, "\r\x1b[K"), "\r\x1b[K")
	// A busy machine may take seconds for what lies between.
	seconds := func(line string) int {
		n := -1
		if m := regexp.MustCompile(`^Dockerfile: building \((\d+)s\)`).FindStringSubmatch(line); m != nil {
			n, _ = strconv.Atoi(m[1])
		}
		return n
	}
	if drawn[0] != "" || seconds(drawn[1]) < 0 {
		t.Errorf("drawn %q", drawn)
	}
	for _, line := range drawn {
		if n := len([]rune(line)); n >= 30 || strings.Contains(line, "\x1b") {
			t.Errorf("%d columns: %q", n, line)
		}
	}
	if last := drawn[len(drawn)-1]; seconds(last) <= seconds(drawn[1]) || !strings.Contains(last, "s) xxx") {
		t.Errorf("the time is not renewed: %q", last)
	}
}

func TestStatusVerbose(t *testing.T) {
	var out strings.Builder
	st := &status{w: &out, width: 30, verbose: true}
	_, _ = st.step("old").Write([]byte("one\r\n\ttwo\x1b[2J\nthree"))
	_, _ = st.step("fixed").Write([]byte("four\n"))
	st.clear()
	if want := "old\none\n two\ufffd[2J\nthree\nfixed\nfour\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestStatusUnseen(t *testing.T) {
	st := newStatus(&strings.Builder{}, checkFlags{})
	if n, err := st.step("x").Write([]byte("abc")); n != 3 || err != nil || st.open != nil {
		t.Errorf("%d, %v, %q", n, err, st.open)
	}
	st.clear()
}
