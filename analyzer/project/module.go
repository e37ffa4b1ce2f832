package project

import (
	"path"
	"strings"
)

// Module is what the top level of a Python file says without being run: enough to tell what a server or an interpreter would start.
type Module struct {
	Path string // relative to the context root
	// Imports maps a name of the module to the dotted name it stands for: "Flask" to "flask.Flask", "np" to "numpy". Relative
	// imports keep their leading dots.
	Imports map[string]string
	// Calls are assignments of a call to a name at the top level, in order: `app = Flask(__name__)`.
	Calls []ModuleCall
	// Factories are functions of the top level that can be called without arguments.
	Factories []string
	Functions []string // all functions of the top level
	// Main tells that the file asks whether it is the program: `if __name__ == "__main__":`.
	Main bool
	// DjangoSettings is the default of DJANGO_SETTINGS_MODULE, as manage.py and wsgi.py set it; "" when nothing does.
	DjangoSettings string
}

// ModuleCall is a name and the dotted name of what is called to make its value, with imports resolved: "app", "flask.Flask".
type ModuleCall struct{ Name, Callee string }

// Module reads a Python file; ok is false when it is not in the context or not readable.
func (c *Context) Module(written string) (m *Module, ok bool) {
	name, valid := CleanPath(written)
	if c == nil || !valid || path.Ext(name) != ".py" {
		return nil, false
	}
	got := c.modules.get(name, func() found[*Module] {
		content, ok := c.read(name)
		if !ok {
			return found[*Module]{}
		}
		return found[*Module]{readModule(name, string(content)), true}
	})
	return got.value, got.ok
}

func readModule(name, content string) *Module {
	r := moduleReader{m: &Module{Path: name, Imports: map[string]string{}}}
	tokens := pythonTokens(strings.TrimPrefix(content, "\uFEFF"))
	for start := 0; start < len(tokens); {
		end := start
		for end < len(tokens) && tokens[end].kind != pythonNewline {
			end++
		}
		statement := tokens[start:end]
		if len(statement) > 0 && statement[0].indent == 0 {
			r.statement(statement)
		}
		r.settings(statement)
		start = end + 1
	}
	return r.m
}

type moduleReader struct{ m *Module }

func (r *moduleReader) statement(tokens []pythonToken) {
	if len(tokens) < 2 {
		return
	}
	switch first := tokens[0]; {
	case first.kind != pythonName:
	case first.text == "import":
		r.imports(tokens[1:], "")
	case first.text == "from":
		r.from(tokens[1:])
	case first.text == "if" && len(tokens) >= 4 && tokens[1].text == "__name__" && tokens[2].text == "==" && tokens[3].text == "__main__",
		first.text == "if" && len(tokens) >= 4 && tokens[1].text == "__main__" && tokens[2].text == "==" && tokens[3].text == "__name__":
		r.m.Main = true
	case first.text == "async" && len(tokens) > 2 && tokens[1].text == "def":
		r.m.Functions = append(r.m.Functions, tokens[2].text)
	case first.text == "def" && len(tokens) > 2 && tokens[1].kind == pythonName:
		r.m.Functions = append(r.m.Functions, tokens[1].text)
		if takesNothing(tokens[2:]) {
			r.m.Factories = append(r.m.Factories, tokens[1].text)
		}
	default:
		r.assignment(tokens)
	}
}

// imports reads "a.b as c, d" behind import, or behind the import of a from.
func (r *moduleReader) imports(tokens []pythonToken, from string) {
	for at := 0; at < len(tokens); {
		dotted, next := dottedName(tokens, at)
		if dotted == "" {
			at++ // a parenthesis or a comma
			continue
		}
		local := dotted
		if from == "" {
			local, _, _ = strings.Cut(dotted, ".") // `import a.b` binds a
		}
		stands := local
		switch {
		case from == "":
		case strings.Trim(from, ".") == "":
			stands = from + dotted
		default:
			stands = strings.TrimSuffix(from, ".") + "." + dotted
		}
		if next+1 < len(tokens) && tokens[next].kind == pythonName && tokens[next].text == "as" {
			local, next = tokens[next+1].text, next+2
			if from == "" {
				stands = dotted
			}
		}
		r.m.Imports[local] = stands
		at = next
	}
}

func (r *moduleReader) from(tokens []pythonToken) {
	from, at := "", 0
	for at < len(tokens) && tokens[at].text == "." && tokens[at].kind == pythonOperator {
		from, at = from+".", at+1
	}
	dotted, next := dottedName(tokens, at)
	if dotted == "import" {
		dotted, next = "", at // `from . import x`
	}
	if next < len(tokens) && tokens[next].kind == pythonName && tokens[next].text == "import" && from+dotted != "" {
		r.imports(tokens[next+1:], from+dotted)
	}
}

// dottedName reads a.b.c; next is the token behind it.
func dottedName(tokens []pythonToken, at int) (dotted string, next int) {
	for at < len(tokens) && tokens[at].kind == pythonName {
		dotted += tokens[at].text
		if at+2 >= len(tokens) || tokens[at+1].text != "." || tokens[at+1].kind != pythonOperator || tokens[at+2].kind != pythonName {
			return dotted, at + 1
		}
		dotted, at = dotted+".", at+2
	}
	return dotted, at
}

// assignment reads `name = a.b(`, with or without a type.
func (r *moduleReader) assignment(tokens []pythonToken) {
	name := tokens[0].text
	for i, t := range tokens {
		if t.depth > 0 || t.kind != pythonOperator {
			continue
		}
		if t.text == ":" && i == 1 {
			continue
		}
		if t.text != "=" {
			if i > 1 && tokens[1].text == ":" { // a type such as web.Application
				continue
			}
			return
		}
		if i != 1 && tokens[1].text != ":" {
			return
		}
		callee, next := dottedName(tokens, i+1)
		if callee == "" || next >= len(tokens) || tokens[next].text != "(" || tokens[next].kind != pythonOperator {
			return
		}
		head, rest, more := strings.Cut(callee, ".")
		if stands, ok := r.m.Imports[head]; ok {
			callee = stands
			if more {
				callee += "." + rest
			}
		}
		r.m.Calls = append(r.m.Calls, ModuleCall{name, callee})
		return
	}
}

// takesNothing tells whether a parameter list, which begins with its parenthesis, has a default for everything.
func takesNothing(tokens []pythonToken) bool {
	if tokens[0].text != "(" {
		return false
	}
	base := tokens[0].depth
	empty, hasDefault := true, false
	for _, t := range tokens[1:] {
		switch {
		case t.kind == pythonOperator && t.text == ")" && t.depth == base:
			return empty || hasDefault
		case t.depth > base+1:
		case t.kind == pythonOperator && t.text == ",":
			if !empty && !hasDefault {
				return false
			}
			empty, hasDefault = true, false
		case t.kind == pythonOperator && (t.text == "*" || t.text == "**" || t.text == "/"):
			hasDefault = true // *args, **options and the bare marks need no argument
		case t.kind == pythonOperator && t.text == "=":
			hasDefault = true
		default:
			empty = false
		}
	}
	return false
}

// settings finds os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings") at any depth.
func (r *moduleReader) settings(tokens []pythonToken) {
	for i, t := range tokens {
		if t.kind == pythonString && t.text == "DJANGO_SETTINGS_MODULE" && i+2 < len(tokens) &&
			tokens[i+1].text == "," && tokens[i+2].kind == pythonString && tokens[i+2].literal && r.m.DjangoSettings == "" {
			r.m.DjangoSettings = tokens[i+2].text
		}
	}
}
