// Package jsonrpc reads and writes the messages of JSON-RPC 2.0, which the language server and the MCP server talk. How messages
// are told apart on the wire is theirs.
package jsonrpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// The error codes of JSON-RPC. https://www.jsonrpc.org/specification#error_object
const (
	ParseError     = -32700
	InvalidRequest = -32600
	MethodNotFound = -32601
	InvalidParams  = -32602
	InternalError  = -32603
)

// Error is the error of a response.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Failf makes an Error.
func Failf(code int, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Message is one that came in.
type Message struct {
	ID     json.RawMessage // nil for a notification
	Method string          // "" for a response
	Params json.RawMessage
	Result json.RawMessage // of a response
	Failed bool            // the response is an error
}

// Decode reads a message. Where it is none, the error is for the client, and the id is the one to answer with.
func Decode(body []byte) (m Message, err error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return m, Failf(InvalidRequest, "a message must be an object")
	}
	id, hasID := fields["id"]
	if hasID {
		if !isID(id) {
			return m, Failf(InvalidRequest, "the id must be a string or an integer")
		}
		m.ID = id
	}
	if _, isCall := fields["method"]; !isCall {
		if !hasID {
			return m, Failf(InvalidRequest, "a message must have a method or an id")
		}
		m.Result, _ = fields["result"]
		_, m.Failed = fields["error"]
		return m, nil
	}
	if json.Unmarshal(fields["method"], &m.Method) != nil || m.Method == "" {
		return m, Failf(InvalidRequest, "the method must be a string")
	}
	m.Params = fields["params"]
	return m, nil
}

func isID(id json.RawMessage) bool {
	var number json.Number
	var text string
	return len(id) > 0 && (id[0] == '"' && json.Unmarshal(id, &text) == nil ||
		id[0] != '"' && id[0] != 'n' && json.Unmarshal(id, &number) == nil)
}

// Parse reads the parameters of a call.
func Parse[T any](raw json.RawMessage) (T, error) {
	var v T
	err := parseInto(raw, &v)
	return v, err
}

// parseInto is Parse without its type: there are many.
func parseInto(raw json.RawMessage, v any) error {
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		raw = json.RawMessage("{}")
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return Failf(InvalidParams, "wrong parameters: %v", err)
	}
	return nil
}

// Sender writes messages; several goroutines may use it.
type Sender struct {
	// Frame writes a message so that the other side finds its end.
	Frame func(w io.Writer, body []byte) error
	W     io.Writer

	mu   sync.Mutex
	next int // the id of the next request
}

func (s *Sender) send(message map[string]any) {
	message["jsonrpc"] = "2.0"
	body, err := json.Marshal(message)
	if err != nil {
		return // cannot happen: all that is sent are plain structs
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.Frame(s.W, body) // when the client is gone, its end of the input says so too
}

// Notify sends a notification.
func (s *Sender) Notify(method string, params any) {
	s.send(map[string]any{"method": method, "params": params})
}

// Request sends a request and gives its id.
func (s *Sender) Request(method string, params any) string {
	s.mu.Lock()
	s.next++
	id := fmt.Sprintf("pylint-docker-%d", s.next)
	s.mu.Unlock()
	s.send(map[string]any{"id": id, "method": method, "params": params})
	return id
}

// Respond answers a request. A nil result is null, as the protocol wants it.
func (s *Sender) Respond(id json.RawMessage, result any, err error) {
	if id == nil {
		id = json.RawMessage("null")
	}
	if err == nil {
		s.send(map[string]any{"id": id, "result": result})
		return
	}
	var failure *Error
	if !errors.As(err, &failure) {
		failure = &Error{Code: InternalError, Message: err.Error()}
	}
	s.send(map[string]any{"id": id, "error": failure})
}
