package mcp

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
)

type runner func(*server, context.Context, json.RawMessage) (any, error)

// tool is what an agent may call.
type tool struct {
	title, description string
	input, output      object
	required           []string // of input
	writes             bool
	run                runner
}

type object = map[string]any

func of(kind, description string) object { return object{"type": kind, "description": description} }

func listOf(item object, description string) object {
	return object{"type": "array", "items": item, "description": description}
}

var (
	words   = object{"type": "string"}
	content = of("string", "The text of the Dockerfile, judged as if it stood at path; nothing is written then")
	build   = object{
		"target":     of("string", "The stage that is built"),
		"build_args": object{"type": "object", "additionalProperties": words, "description": "Values of build arguments"},
	}
	changes = object{
		"changed": of("boolean", "There is a difference"),
		"diff":    of("string", "What changes, as a unified diff"),
		"written": listOf(words, "The files that were written"),
	}
)

// with joins properties of schemas.
func with(lists ...object) object {
	all := object{}
	for _, list := range lists {
		maps.Copy(all, list)
	}
	return all
}

// tools are all, by name. https://modelcontextprotocol.io/specification/2025-11-25/server/tools
var tools = map[string]tool{
	"check": {
		title: "Check Dockerfiles",
		description: "Find mistakes in the Dockerfiles of Python applications: what breaks, bloats or endangers the image. Gives each with its " +
			"place, and whether it can be fixed. A folder is searched, compose files too.",
		input: with(build, object{
			"path": of("string", "A Dockerfile, compose or bake file, or a folder to search; without it, the whole folder"), "content": content,
			"select": listOf(words, "Only these rules: codes, names or prefixes such as PLD1"),
			"ignore": listOf(words, "Not these rules"),
			"limit":  of("integer", "The most findings to give, the worst first; 50 without it"),
		}),
		output: object{
			"files": of("integer", "How many Dockerfiles were checked"), "findings": listOf(object{"type": "object"}, "The worst first"),
			"errors": of("integer", ""), "warnings": of("integer", ""), "infos": of("integer", ""),
			"omitted":    of("integer", "Findings that the limit left out"),
			"safe_fixes": of("integer", "Findings that fix repairs without a change of behaviour"), "unsafe_fixes": of("integer", "Findings that fix repairs with unsafe: true"),
		},
		run: (*server).check,
	},
	"explain_rule": {
		title:       "Explain a rule",
		description: "What a rule finds, why that matters, a flagged and a correct example, and what its fix does.",
		input:       object{"rule": of("string", "Code or name: PLD205, pip-cache-in-layer")}, required: []string{"rule"},
		output: object{
			"code": words, "name": words, "summary": words, "severity": words, "fix": of("string", "The best fix: safe, unsafe, suggestion or none"),
			"url": words, "documentation": of("string", "Markdown"),
		},
		run: (*server).explain,
	},
	"fix": {
		title: "Fix a Dockerfile",
		description: "Repair what check finds in one Dockerfile, and in files of its build context such as .dockerignore. Gives a diff, and writes " +
			"only with write: true. Safe fixes keep the behaviour of the image.",
		input: with(build, object{
			"path": of("string", "A Dockerfile, or a folder that holds one"), "content": content,
			"rules":  listOf(words, "Only fixes of these rules: codes, names or prefixes"),
			"unsafe": of("boolean", "Also fixes that may change behaviour"),
			"write":  of("boolean", "Write the changes"),
		}),
		output: with(changes, object{"fixed": of("integer", "Findings that are repaired"), "remaining": of("integer", "Findings that stay")}),
		writes: true, run: (*server).fix,
	},
	"convert": {
		title: "Convert to a multi-stage build",
		description: "Make one stage that installs Python packages a build of several stages, with the build tools left behind. Gives a diff, or the " +
			"reason why it can't be done. Writes only with write: true.",
		input: with(build, object{
			"path": of("string", "A Dockerfile, or a folder that holds one"), "content": content, "write": of("boolean", "Write the change"),
		}),
		output: with(changes, object{"reason": of("string", "Why there is no conversion, where there is none")}),
		writes: true, run: (*server).convert,
	},
	"graph": {
		title:       "Show the stages",
		description: "The stages of a Dockerfile, what flows between them, which Python packages are installed where, and what ends in the final image.",
		input: with(build, object{
			"path": of("string", "A Dockerfile, or a folder that holds one"), "content": content,
			"format": object{"type": "string", "enum": graphFormats, "description": "json, or a picture as text; json without it"},
		}),
		output: object{"format": words, "graph": of("object", "Of the format json"), "text": of("string", "Of the other formats")},
		run:    (*server).graph,
	},
	"inspect_image": {
		title: "Inspect a built image",
		description: "What is in a built image that docker save, podman save or a build wrote to a file: layers and their sizes, Python interpreters, whether the " +
			"start command can start, and what is wrong. Nothing of it is run.",
		input: object{
			"path":     of("string", "An archive, or an OCI layout as a folder"),
			"platform": of("string", "Which of several images: OS/ARCHITECTURE"), "name": of("string", "Which of several images: REPOSITORY:TAG"),
			"limit": of("integer", "The most findings to give; 50 without it"),
		},
		required: []string{"path"},
		output: object{
			"platform": words, "size_bytes": of("integer", ""), "wasted_bytes": of("integer", "What a build in several stages could leave behind"),
			"layers": listOf(object{"type": "object"}, ""), "python": listOf(object{"type": "object"}, ""), "start": of("object", ""),
			"findings": listOf(object{"type": "object"}, ""), "omitted": of("integer", ""),
		},
		run: (*server).inspect,
	},
}

// descriptions are the tools as tools/list gives them, in the order of their names.
func descriptions() []object {
	list := []object{}
	for _, name := range slices.Sorted(maps.Keys(tools)) {
		t := tools[name]
		input := object{"type": "object", "properties": t.input, "additionalProperties": false}
		if len(t.required) > 0 {
			input["required"] = t.required
		}
		list = append(list, object{
			"name": name, "title": t.title, "description": t.description, "inputSchema": input,
			"outputSchema": object{"type": "object", "properties": t.output},
			"annotations":  object{"readOnlyHint": !t.writes, "destructiveHint": t.writes, "idempotentHint": true, "openWorldHint": false},
		})
	}
	return list
}
