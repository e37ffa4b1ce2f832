package lsp

import (
	"encoding/json"

	"github.com/pylint-docker/pylint-docker/cmd/internal/jsonrpc"
)

// The error codes of JSON-RPC and of the Language Server Protocol.
const (
	codeParseError           = jsonrpc.ParseError
	codeInvalidRequest       = jsonrpc.InvalidRequest
	codeMethodNotFound       = jsonrpc.MethodNotFound
	codeInvalidParams        = jsonrpc.InvalidParams
	codeInternalError        = jsonrpc.InternalError
	codeServerNotInitialized = -32002
	codeRequestFailed        = -32803
	codeServerCancelled      = -32802
	codeContentModified      = -32801
	codeRequestCancelled     = -32800
)

type (
	incoming      = jsonrpc.Message
	responseError = jsonrpc.Error
)

func failf(code int, format string, args ...any) error { return jsonrpc.Failf(code, format, args...) }

func decode(body []byte) (incoming, error) { return jsonrpc.Decode(body) }

func parse[T any](raw json.RawMessage) (T, error) { return jsonrpc.Parse[T](raw) }
