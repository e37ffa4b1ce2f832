package lsp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// The error codes of JSON-RPC and of the Language Server Protocol.
const (
	codeParseError           = -32700
	codeInvalidRequest       = -32600
	codeMethodNotFound       = -32601
	codeInvalidParams        = -32602
	codeInternalError        = -32603
	codeServerNotInitialized = -32002
	codeRequestFailed        = -32803
	codeServerCancelled      = -32802
	codeContentModified      = -32801
	codeRequestCancelled     = -32800
)

// responseError is the error of a response.
type responseError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (e *responseError) Error() string { return e.Message }

func failf(code int, format string, args ...any) error {
	return &responseError{Code: code, Message: fmt.Sprintf(format, args...)}
}

// incoming is a message of the client.
type incoming struct {
	id     json.RawMessage // nil for a notification
	method string          // "" for a response
	params json.RawMessage
	result json.RawMessage // of a response
	failed bool            // the response is an error
}

// decode reads a message. Where it is none, the error is for the client, and the id is the one to answer with.
func decode(body []byte) (m incoming, err error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return m, failf(codeInvalidRequest, "a message must be an object")
	}
	id, hasID := fields["id"]
	if hasID {
		if !isID(id) {
			return m, failf(codeInvalidRequest, "the id must be a string or an integer")
		}
		m.id = id
	}
	if _, isCall := fields["method"]; !isCall {
		if !hasID {
			return m, failf(codeInvalidRequest, "a message must have a method or an id")
		}
		m.result, _ = fields["result"]
		_, m.failed = fields["error"]
		return m, nil
	}
	if json.Unmarshal(fields["method"], &m.method) != nil || m.method == "" {
		return m, failf(codeInvalidRequest, "the method must be a string")
	}
	m.params = fields["params"]
	return m, nil
}

func isID(id json.RawMessage) bool {
	var number json.Number
	var text string
	return len(id) > 0 && (id[0] == '"' && json.Unmarshal(id, &text) == nil ||
		id[0] != '"' && id[0] != 'n' && json.Unmarshal(id, &number) == nil)
}

// parse reads the parameters of a call.
func parse[T any](raw json.RawMessage) (T, error) {
	var v T
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		raw = json.RawMessage("{}")
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, failf(codeInvalidParams, "wrong parameters: %v", err)
	}
	return v, nil
}

// sender writes messages; several goroutines may use it.
type sender struct {
	mu   sync.Mutex
	w    io.Writer
	next int // the id of the next request
}

func (s *sender) send(message map[string]any) {
	message["jsonrpc"] = "2.0"
	body, err := json.Marshal(message)
	if err != nil {
		return // cannot happen: all that is sent are structs of this package
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = writeFrame(s.w, body) // when the client is gone, its end of the input says so too
}

func (s *sender) notify(method string, params any) {
	s.send(map[string]any{"method": method, "params": params})
}

// request sends a request and gives its id.
func (s *sender) request(method string, params any) string {
	s.mu.Lock()
	s.next++
	id := fmt.Sprintf("pylint-docker-%d", s.next)
	s.mu.Unlock()
	s.send(map[string]any{"id": id, "method": method, "params": params})
	return id
}

// respond answers a request. A nil result is null, as the protocol wants it.
func (s *sender) respond(id json.RawMessage, result any, err error) {
	if id == nil {
		id = json.RawMessage("null")
	}
	if err == nil {
		s.send(map[string]any{"id": id, "result": result})
		return
	}
	var failure *responseError
	if !errors.As(err, &failure) {
		failure = &responseError{Code: codeInternalError, Message: err.Error()}
	}
	s.send(map[string]any{"id": id, "error": failure})
}
