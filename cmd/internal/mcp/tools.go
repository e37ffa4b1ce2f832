package mcp

import (
	"context"
	_ "embed"
	"encoding/json"
)

type object = map[string]any

type runner func(*server, context.Context, json.RawMessage) (any, error)

// tools are all, by name; what an agent is told of them, tools.json says.
// https://modelcontextprotocol.io/specification/2025-11-25/server/tools
var tools = map[string]runner{
	"check": (*server).check, "explain_rule": (*server).explain, "fix": (*server).fix, "convert": (*server).convert, "graph": (*server).graph,
	"inspect_image": (*server).inspect,
}

// descriptions are the tools with their schemas. As values of Go they would take three times the room.
//
//go:embed tools.json
var descriptions []byte
