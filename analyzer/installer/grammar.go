package installer

import (
	"strings"
	"sync"
)

// arity is how many arguments an option takes.
type arity uint8

const (
	flag      arity = iota
	single          // "--x v" or "--x=v"
	optional        // "--x=v", "--x v" if v doesn't look like an option, or "--x"
	pair            // "--x a b"
	many            // "--x a b c ...", up to the next option
	uncertain       // differs between versions of the tool: only "--x=v" is understood
)

type spec struct {
	name  string // canonical: the first long spelling
	arity arity
}

// optionSet maps every spelling of an option to what is known of it.
type optionSet map[string]*spec

var parsedOptions sync.Map // string -> optionSet

// parseOptions reads a table: options parted by blanks, the spellings of one option joined by '|', the canonical
// first, and at the end nothing for a flag, '=' for one value, '?' for a value that may be missing, "=2" for
// two, '*' for any number, '~' where the versions of a tool disagree.
func parseOptions(table string) optionSet {
	if known, ok := parsedOptions.Load(table); ok {
		return known.(optionSet)
	}
	set := optionSet{}
	for _, entry := range strings.Fields(table) {
		s := &spec{}
		for _, ending := range []struct {
			text  string
			arity arity
		}{{"=2", pair}, {"=", single}, {"?", optional}, {"*", many}, {"~", uncertain}} {
			if rest, ok := strings.CutSuffix(entry, ending.text); ok {
				entry, s.arity = rest, ending.arity
				break
			}
		}
		spellings := strings.Split(entry, "|")
		s.name = spellings[0]
		for _, spelling := range spellings {
			set[spelling] = s
		}
	}
	parsedOptions.Store(table, set)
	return set
}

// grammar is how one tool reads its arguments.
type grammar struct {
	tool   Tool
	global string            // options known before and after the verb
	verbs  map[string]string // nil when the tool has no subcommands
	own    string            // the options of a tool without subcommands
	// abbreviates: optparse, argparse and getopt take every unambiguous beginning of a long option.
	abbreviates bool
	// negates: every flag --x has a --no-x (clap, as uv sets it up).
	negates bool
	// shortEquals: "-p=3.12" means "3.12" (clap, argparse), not "=3.12" (optparse, click).
	shortEquals bool
	// strict: an argument that looks like an option is never taken for a value (clap, argparse).
	strict bool
	// foreign names the verbs whose first operand begins the command line of another program.
	foreign map[string]bool
}

var grammars = map[Tool]*grammar{
	Pip:   {tool: Pip, global: pipGlobal, verbs: pipVerbs, abbreviates: true},
	UvPip: {tool: UvPip, global: uvGlobal, verbs: uvPipVerbs, negates: true, shortEquals: true, strict: true},
	Uv: {tool: Uv, global: uvGlobal, verbs: uvVerbs, negates: true, shortEquals: true, strict: true,
		foreign: map[string]bool{"run": true, "tool run": true}},
	Poetry: {tool: Poetry, global: poetryGlobal, verbs: poetryVerbs, foreign: map[string]bool{"run": true}},
	Pipenv: {tool: Pipenv, global: pipenvGlobal, verbs: pipenvVerbs, foreign: map[string]bool{"run": true, "shell": true}},
	Pdm: {tool: Pdm, global: pdmGlobal, verbs: pdmVerbs, abbreviates: true, shortEquals: true, strict: true,
		foreign: map[string]bool{"run": true}},
	Conda: {tool: Conda, global: condaGlobal, verbs: condaVerbs, abbreviates: true, shortEquals: true, strict: true,
		foreign: map[string]bool{"run": true}},
	SetupPy:     {tool: SetupPy, global: setupGlobal, verbs: setupVerbs, abbreviates: true},
	EasyInstall: {tool: EasyInstall, global: setupGlobal, own: setupVerbs["easy_install"], abbreviates: true},
	Pipx: {tool: Pipx, global: pipxGlobal, verbs: pipxVerbs, abbreviates: true, shortEquals: true, strict: true,
		foreign: map[string]bool{"run": true, "runpip": true, "exec": true}},
	PipTools: {tool: PipTools, verbs: pipToolsVerbs},
	Venv:     {tool: Venv, own: venvOptions, abbreviates: true, shortEquals: true, strict: true},
	Build:    {tool: Build, own: buildOptions, abbreviates: true, shortEquals: true, strict: true},
}

// layers are the option sets that hold after verb, the closest first. A subcommand of a group ("cache
// purge") takes the group's options too.
func (g *grammar) layers(verb string) []optionSet {
	var found []optionSet
	for verb != "" {
		if table, ok := g.verbs[verb]; ok {
			found = append(found, parseOptions(table))
		}
		verb = verb[:max(0, strings.LastIndexByte(verb, ' '))]
	}
	if g.own != "" {
		found = append(found, parseOptions(g.own))
	}
	return append(found, parseOptions(g.global))
}

// isGroup tells whether verb has subcommands.
func (g *grammar) isGroup(verb string) bool {
	for v := range g.verbs {
		if strings.HasPrefix(v, verb+" ") {
			return true
		}
	}
	return false
}

// lookup finds an option by a spelling as typed. doubt says why there is none.
func (g *grammar) lookup(layers []optionSet, spelling string) (found *spec, doubt string) {
	for _, set := range layers {
		if s := set[spelling]; s != nil {
			return s, ""
		}
	}
	if !strings.HasPrefix(spelling, "--") {
		return nil, "unknown option " + spelling
	}
	if g.negates {
		if s := g.negation(layers, spelling); s != nil {
			return s, ""
		}
	}
	if !g.abbreviates {
		return nil, "unknown option " + spelling
	}
	candidates := map[string]*spec{}
	for _, set := range layers {
		for known, s := range set {
			if _, closer := candidates[known]; !closer && strings.HasPrefix(known, spelling) {
				candidates[known] = s
			}
		}
	}
	switch len(candidates) {
	case 0:
		return nil, "unknown option " + spelling
	case 1:
		for _, s := range candidates {
			return s, ""
		}
	}
	return nil, "ambiguous option " + spelling
}

func (g *grammar) negation(layers []optionSet, spelling string) *spec {
	opposite := "--no-" + strings.TrimPrefix(spelling, "--")
	if positive, ok := strings.CutPrefix(spelling, "--no-"); ok {
		opposite = "--" + positive
	}
	for _, set := range layers {
		if s := set[opposite]; s != nil && s.arity == flag {
			return &spec{name: spelling}
		}
	}
	return nil
}
