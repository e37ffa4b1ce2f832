// Package lsp is the language server: the same judgement as the command line's, shown in editors.
//
// One goroutine reads messages, one (Serve) owns the open documents and answers in order what is about them; work
// on the text of a document runs beside, on a snapshot that never changes. Nothing that a client sends ends the server.
package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pylint-docker/pylint-docker/cmd/internal/jsonrpc"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// Options are what a Server is told by its program.
type Options struct {
	Version string
	// Dir is where files without a folder are thought to be: an absolute path.
	Dir string
	// Log gets one line for each mistake of the client or of ours.
	Log io.Writer
	// Now is the clock; nil means the system's.
	Now func() time.Time
}

// phase is where a conversation stands.
type phase int

const (
	starting phase = iota
	running
	shutDown
)

// Server holds one conversation.
type Server struct {
	options Options
	out     *jsonrpc.Sender
	phase   phase
	client  client

	documents map[string]*document // by URI
	settings  settings
	folders   []string // absolute paths of the workspace
	linters   map[string]*lint.Linter
	day       string // on which the linters were made
	shown     map[string]bool
	others    map[string]map[string][]Diagnostic // pushed for files that are not Dockerfiles: by URI, by Dockerfile
	surveyed  map[string]bool                    // pushed for files that are not open, by URI
	changed   chan struct{}                      // closed when findings in files that are not open may have changed
	disturbed *time.Timer                        // is going to close it
	awaited   map[string]func(incoming)          // answers of the client, by id
	images    imageReads

	work    chan func() // what other goroutines want done by the owner
	done    chan struct{}
	slots   chan struct{} // bounds the lints that run at once
	mu      sync.Mutex
	running map[string]context.CancelFunc // requests, by id
	logging sync.Mutex
}

// Serve talks to a client until its input ends or it says "exit", and gives the exit code: 0 when the client has
// asked for the shutdown before, else 1.
func Serve(in io.Reader, out io.Writer, options Options) int {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	s := &Server{
		options: options, out: &jsonrpc.Sender{W: out, Frame: writeFrame}, client: client{encoding: utf16Encoding},
		documents: map[string]*document{}, linters: map[string]*lint.Linter{}, shown: map[string]bool{},
		others: map[string]map[string][]Diagnostic{}, awaited: map[string]func(incoming){},
		changed: make(chan struct{}), work: make(chan func()), done: make(chan struct{}), slots: make(chan struct{}, maxLints),
		running: map[string]context.CancelFunc{},
	}
	defer s.stop()
	messages := make(chan received, 256)
	go s.read(&frameReader{src: in}, messages)
	for {
		select {
		case m, open := <-messages:
			if !open || s.receive(m) {
				return s.exitCode()
			}
		case f := <-s.work:
			f()
		}
		if len(messages) == 0 {
			// Only now: of several edits that came together the last is worth a lint.
			s.startLints()
		}
	}
}

// maxLints is how many documents are linted at once; more would only take turns.
const maxLints = 2

func (s *Server) exitCode() int {
	if s.phase == shutDown {
		return 0
	}
	return 1
}

func (s *Server) stop() {
	close(s.done)
	for _, d := range s.documents {
		d.retire()
	}
	if s.disturbed != nil {
		s.disturbed.Stop()
	}
	s.cancelAll()
}

func (s *Server) cancelAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cancel := range s.running {
		if cancel != nil {
			cancel()
		}
	}
}

// do has f done by the owner of the documents, unless the conversation is over.
func (s *Server) do(f func()) {
	select {
	case s.work <- f:
	case <-s.done:
	}
}

func (s *Server) logf(format string, args ...any) {
	s.logging.Lock()
	defer s.logging.Unlock()
	fmt.Fprintf(s.options.Log, "pylint-docker lsp: "+format+"\n", args...)
}

// received is a message, or what is wrong with it.
type received struct {
	incoming
	err error
}

// read hands messages on. Cancellations work at once, before what stands in the queue.
func (s *Server) read(frames *frameReader, messages chan<- received) {
	defer close(messages)
	for {
		var m received
		body, err := frames.next()
		switch {
		case errors.Is(err, errBroken):
			m.err = failf(codeParseError, "%v", err)
		case err != nil:
			return
		default:
			m.incoming, m.err = decode(body)
		}
		if m.Method == "$/cancelRequest" && m.ID == nil {
			s.cancel(m.Params)
			continue
		}
		if m.err == nil && m.ID != nil && m.Method != "" {
			s.announce(m.ID)
		}
		select {
		case messages <- m:
		case <-s.done:
			return
		}
	}
}

// announce makes a request known, so that a cancellation finds it even before it begins.
func (s *Server) announce(id json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[string(id)] = nil
}

func cancelled() {}

func (s *Server) cancel(params json.RawMessage) {
	p, err := parse[struct {
		ID json.RawMessage `json:"id"`
	}](params)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	cancel, known := s.running[string(p.ID)]
	switch {
	case !known:
	case cancel == nil:
		s.running[string(p.ID)] = cancelled // begin sees that it came too late
	default:
		cancel()
	}
}

// begin gives the context of a request that was announced.
func (s *Server) begin(id json.RawMessage) context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[string(id)] != nil {
		cancel()
	}
	s.running[string(id)] = cancel
	return ctx
}

func (s *Server) finish(id json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.running[string(id)]; cancel != nil {
		cancel()
	}
	delete(s.running, string(id))
}

// receive handles one message; over tells that the conversation ends.
func (s *Server) receive(m received) (over bool) {
	defer func() {
		if p := recover(); p != nil {
			s.logf("internal error: %s: %v", m.Method, p)
			if m.ID != nil && m.Method != "" {
				s.answer(m.ID, nil, failf(codeInternalError, "internal error: %v", p))
			}
		}
	}()
	switch {
	case m.err != nil:
		s.logf("%v", m.err)
		s.out.Respond(m.ID, nil, m.err)
	case m.Method == "":
		s.answered(m.incoming)
	case m.Method == "exit" && m.ID == nil:
		return true
	case m.ID == nil:
		s.notification(m.incoming)
	default:
		s.request(m.incoming)
	}
	return false
}

// answer ends a request.
func (s *Server) answer(id json.RawMessage, result any, err error) {
	s.finish(id)
	s.out.Respond(id, result, err)
}

// ask sends a request whose answer goes to then.
func (s *Server) ask(method string, params any, then func(incoming)) {
	s.awaited[s.out.Request(method, params)] = then
}

func (s *Server) answered(m incoming) {
	var id string
	if json.Unmarshal(m.ID, &id) != nil {
		return
	}
	then := s.awaited[id]
	delete(s.awaited, id)
	if then != nil {
		then(m)
	}
}

func (s *Server) notification(m incoming) {
	if s.phase != running {
		return // the protocol has them dropped
	}
	handle := notifications[m.Method]
	if handle == nil {
		return
	}
	if err := handle(s, m.Params); err != nil {
		s.logf("%s: %v", m.Method, err)
	}
}

func (s *Server) request(m incoming) {
	switch {
	case m.Method == "initialize" && s.phase == starting:
		result, err := s.initialize(m.Params)
		s.answer(m.ID, result, err)
		return
	case s.phase == starting:
		s.answer(m.ID, nil, failf(codeServerNotInitialized, "the server is not initialized"))
		return
	case m.Method == "initialize", s.phase == shutDown:
		s.answer(m.ID, nil, failf(codeInvalidRequest, "%s can't be asked for now", m.Method))
		return
	case m.Method == "shutdown":
		s.phase = shutDown
		s.cancelAll() // a request for workspace diagnostics may wait for a change
		s.answer(m.ID, nil, nil)
		return
	case m.Method == "workspace/symbol":
		go s.conclude(s.begin(m.ID), m, func(ctx context.Context) (any, error) { return s.workspaceSymbols(ctx, m.Params) })
		return
	case m.Method == "workspace/diagnostic":
		go s.conclude(s.begin(m.ID), m, func(ctx context.Context) (any, error) { return s.workspaceDiagnostics(ctx, m.Params) })
		return
	}
	var handle requestHandler
	for _, r := range requests {
		if r.method == m.Method {
			handle = r.handle
			if !r.free {
				handle = alone(r.handle)
			}
		}
	}
	if handle == nil {
		s.answer(m.ID, nil, failf(codeMethodNotFound, "unknown request %q", m.Method))
		return
	}
	params, err := parse[documentParams](m.Params)
	if err != nil {
		s.answer(m.ID, nil, err)
		return
	}
	if params.Item.URI != "" {
		params.TextDocument.URI, params.Position = params.Item.URI, params.Item.Range.Start
	}
	d := s.documents[params.TextDocument.URI]
	if d != nil && !d.lints && !d.hosts && m.Method == "textDocument/references" {
		go s.conclude(s.begin(m.ID), m, func(ctx context.Context) (any, error) { return s.fileUses(ctx, d.uri) })
		return
	}
	if d == nil || !d.lints && !d.hosts {
		s.answer(m.ID, emptyResults[m.Method], nil)
		return
	}
	if d.hosts && m.Method != "textDocument/diagnostic" && m.Method != "textDocument/semanticTokens/full" {
		switch m.Method {
		case "textDocument/definition":
			handle = buildDefinition
		case "textDocument/inlayHint":
			handle = buildHints
		default:
			handle = insideHost(m.Method, handle)
		}
	}
	v := &view{snapshot: d.snapshot, client: s.client, params: params, inlays: s.settings.InlayHints, lenses: s.settings.CodeLens}
	if s.settings.Image != "" {
		image := absolute(s.folderOf(d.path), s.settings.Image)
		v.measures = func() *measured { return s.measured(image) }
	}
	go s.conclude(s.begin(m.ID), m, func(ctx context.Context) (any, error) { return handle(ctx, v) })
}

// alone has one request at a time ask the model of a snapshot: that remembers its answers, and is not made for two.
func alone(handle requestHandler) requestHandler {
	return func(ctx context.Context, v *view) (any, error) {
		if _, err := v.analyse(ctx); err == nil {
			v.asking.Lock()
			defer v.asking.Unlock()
		}
		return handle(ctx, v)
	}
}

// view is what a request about a document works with. It does not change.
type view struct {
	*snapshot
	client client
	params documentParams
	inlays inlaySettings
	lenses lensSettings
	// measures gives what is known of the built image; it is nil without one.
	measures func() *measured
}

// conclude answers a request with what handle finds.
func (s *Server) conclude(ctx context.Context, m incoming, handle func(context.Context) (any, error)) {
	defer func() {
		if p := recover(); p != nil {
			s.logf("internal error: %s: %v", m.Method, p)
			s.answer(m.ID, nil, failf(codeInternalError, "internal error: %v", p))
		}
	}()
	if ctx.Err() != nil {
		s.answer(m.ID, nil, failf(codeRequestCancelled, "cancelled"))
		return
	}
	result, err := handle(ctx)
	if errors.Is(err, context.Canceled) {
		err = failf(codeRequestCancelled, "cancelled")
	}
	var failure *responseError
	if m.Method == "textDocument/diagnostic" && errors.As(err, &failure) {
		switch failure.Code {
		case codeRequestFailed:
			// A mistake in the configuration is for the user, whom an error of this request would not reach.
			s.do(func() { s.complain(failure) })
			result, err = emptyResults[m.Method], nil
		case codeContentModified:
			// vscode-languageclient takes ContentModified for "no findings", and would clear them while the user types.
			err = &responseError{Code: codeServerCancelled, Message: failure.Message, Data: map[string]bool{"retriggerRequest": true}}
		}
	}
	s.answer(m.ID, result, err)
}
