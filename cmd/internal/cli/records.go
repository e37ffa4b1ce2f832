package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
	"github.com/pylint-docker/pylint-docker/cmd/internal/report"
)

// maxRecord is how long a line of --input ndjson may be, in bytes: the largest Dockerfile with all of it escaped, and as
// much again of context. With the number of jobs it bounds the memory of a run.
const maxRecord = 32 << 20

// inFlight is how many records a job may be ahead of the output, so that one slow record does not stop the others.
const inFlight = 4

// wholeRunFlags are about all files of a run, or about files on disk; records have neither.
var wholeRunFlags = []string{
	"fix", "unsafe-fixes", "diff", "verify", "smoke", "secret", "context", "exit-non-zero-on-fix", "statistics", "show-files", "show-fixes", "baseline",
	"write-baseline", "add-ignores", "watch", "stdin-filename", "output-file", "output",
}

func (f *checkFlags) validateRecords(cmd *cobra.Command, args []string) error {
	if len(args) > 0 && !slices.Equal(args, []string{stdinArg}) {
		return errors.New("--input ndjson reads standard input: name no files")
	}
	for _, flag := range wholeRunFlags {
		if cmd.Flags().Changed(flag) {
			return fmt.Errorf("--input ndjson and --%s exclude each other", flag)
		}
	}
	if cmd.Flags().Changed("output-format") && f.format != "json" {
		return errors.New("--input ndjson writes JSON records: leave --output-format out")
	}
	return nil
}

// inputRecord is a line of the input.
type inputRecord struct {
	Filename string            `json:"filename"`
	Content  *string           `json:"content"`
	Context  map[string]string `json:"context"`
}

// outcome is a line of the output.
type outcome struct {
	line  []byte // with its newline
	fails bool
	bad   bool // the record could not be linted
}

// job is a line of the input, and where its outcome goes.
type job struct {
	line    []byte
	number  int
	tooLong bool
	done    chan<- outcome
}

// records lints the records of standard input: a line out for each line in, in the same order.
// At most inFlight of them for each job are in memory.
func (s *session) records() error {
	if _, err := s.linter.RecordedConfig(); err != nil {
		return err // better once than in every record
	}
	jobs := make(chan job)
	queue := make(chan chan outcome, inFlight*s.flags.jobs)
	stop := make(chan struct{})
	defer close(stop)
	var workers sync.WaitGroup
	for range s.flags.jobs {
		workers.Go(func() {
			for j := range jobs {
				j.done <- s.record(j)
			}
		})
	}
	failed := make(chan error, 1)
	go func() {
		failed <- split(s.In, jobs, queue, stop)
		close(jobs)
		close(queue)
	}()
	out := bufio.NewWriter(s.Out)
	total, bad, fails := 0, 0, false
	for done := range queue {
		o := <-done
		total++
		if o.bad {
			bad++
		}
		fails = fails || o.fails
		if _, err := out.Write(o.line); err != nil {
			return outputError(err)
		}
		// Who sends one record and waits for its findings must get them before the next one.
		if len(queue) == 0 {
			if err := out.Flush(); err != nil {
				return outputError(err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return outputError(err)
	}
	workers.Wait()
	if err := <-failed; err != nil {
		return fmt.Errorf("standard input can't be read after record %d: %w", total, err)
	}
	if bad > 0 {
		s.complain(fmt.Errorf("%d of %s could not be linted: see \"error\" in the output", bad, words.Count(total, "record")))
	}
	if fails && !s.flags.exitZero && s.code == exitClean {
		s.code = exitFindings
	}
	return nil
}

// split hands out the lines of r until its end, or until stop is closed.
func split(r io.Reader, jobs chan<- job, queue chan<- chan outcome, stop <-chan struct{}) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for number := 1; ; number++ {
		line, tooLong, err := readLine(in, maxRecord)
		ended := errors.Is(err, io.EOF)
		if ended && len(line) == 0 && !tooLong {
			return nil
		}
		if err != nil && !ended {
			return err
		}
		done := make(chan outcome, 1)
		select {
		case queue <- done:
		case <-stop:
			return nil
		}
		// A worker is always there: each has room for its outcome.
		jobs <- job{line, number, tooLong, done}
		if ended {
			return nil
		}
	}
}

// readLine reads to the next newline or the end, of which err tells. Of a line that is longer than limit bytes
// the beginning is given, and the rest is read and forgotten.
func readLine(in *bufio.Reader, limit int) (line []byte, tooLong bool, err error) {
	for {
		piece, err := in.ReadSlice('\n')
		if room := limit - len(line); len(bytes.TrimRight(piece, "\r\n")) > room {
			piece, tooLong = piece[:room], true
		}
		line = append(line, piece...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}

// record lints one line of the input. It never fails: what is wrong is said in the line that it gives.
func (s *session) record(j job) (o outcome) {
	name := ""
	defer func() {
		if p := recover(); p != nil {
			o = broken(name, fmt.Errorf("internal error: record %d: %v", j.number, p))
		}
	}()
	in, err := readRecord(j)
	name = in.Path
	if err != nil {
		return broken(name, err)
	}
	if in.Nameless {
		in.Path = stdinArg
	}
	l := s.one(in)
	for _, d := range l.target.Diagnostics {
		o.fails = o.fails || l.least > 0 && d.Severity >= l.least
	}
	var said strings.Builder
	for _, err := range l.errs {
		fmt.Fprintln(&said, err)
	}
	var line bytes.Buffer
	o.bad = len(l.errs) > 0
	if err := report.Record(&line, name, &l.target, strings.TrimSpace(said.String())); err != nil {
		return broken(name, err)
	}
	o.line = line.Bytes()
	return o
}

func broken(name string, err error) outcome {
	var line bytes.Buffer
	_ = report.Record(&line, name, &report.Target{}, err.Error()) // a buffer takes everything, and strings are always JSON
	return outcome{line: line.Bytes(), bad: true}
}

// readRecord turns a line into what is to be linted. Beside an error it has the name at least, if the line tells one.
func readRecord(j job) (in lint.Input, err error) {
	if j.tooLong {
		return in, fmt.Errorf("record %d is longer than %d MiB", j.number, maxRecord>>20)
	}
	var r inputRecord
	if err := json.Unmarshal(j.line, &r); err != nil {
		var mistyped *json.UnmarshalTypeError
		switch {
		case !errors.As(err, &mistyped):
		case mistyped.Field == "":
			return in, fmt.Errorf("record %d must be a JSON object, not %s", j.number, mistyped.Value)
		default:
			return lint.Input{Path: r.Filename}, fmt.Errorf("record %d: %q must not be a JSON %s", j.number, mistyped.Field, mistyped.Value)
		}
		return lint.Input{Path: r.Filename}, fmt.Errorf("record %d is not JSON: %w", j.number, err)
	}
	in = lint.Input{Path: r.Filename, Nameless: r.Filename == "", Recorded: true}
	if r.Content == nil {
		return in, fmt.Errorf("record %d has no \"content\"", j.number)
	}
	if in.Files, err = lint.ContextFiles(r.Context); err != nil {
		return in, fmt.Errorf("record %d: \"context\": %w", j.number, err)
	}
	in.Content, in.Err = lint.Read(strings.NewReader(*r.Content))
	return in, nil
}
