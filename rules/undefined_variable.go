package rules

import (
	"cmp"
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/image"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// UndefinedVariable finds a variable in an instruction that nothing has defined at that point, on a base image whose ENV is known.
//
// Docker expands it to nothing, without a word. `COPY --from=builder $PYROOT/lib /lib` then copies the builder's /lib, since the ENV of one
// stage is unknown to the others: that is an error. An ARG above the first FROM counts for FROM only, until the
// stage declares it again; and an ENV instruction does not see what it sets itself, so `ENV BASE=/pyroot PATH=$PATH:$BASE/bin` puts /bin on PATH.
// A list that ends in a variable of its own (`PYTHONPATH=/app:$PYTHONPATH`) gets an empty element, which is the working directory: that is
// advice, as are an EXPOSE of nothing and a LABEL without its value. In FROM an undeclared ARG is an error where what remains is no image (`python:$VERSION`).
//
// # Flagged
//
//	FROM python:3.12-slim AS builder
//	ENV PYROOT=/pyroot
//	RUN pip install --no-cache-dir --target=$PYROOT/lib flask==3.1.0
//	FROM python:3.12-slim
//	COPY --from=builder $PYROOT/lib /pyroot/lib
//	ENV PYTHONPATH=/pyroot/lib
//	CMD ["python", "-m", "flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim AS builder
//	ENV PYROOT=/pyroot
//	RUN pip install --no-cache-dir --target=$PYROOT/lib flask==3.1.0
//	FROM python:3.12-slim
//	COPY --from=builder /pyroot/lib /pyroot/lib
//	ENV PYTHONPATH=/pyroot/lib
//	CMD ["python", "-m", "flask", "run"]
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#environment-replacement
//   - https://docs.docker.com/reference/build-checks/undefined-var/
var UndefinedVariable = register(&analyzer.Rule{
	Code: "PLD517", Name: "undefined-variable",
	Summary:  "an instruction uses a variable that nothing has defined there",
	Do:       "define the variable with ENV or ARG in this stage, above, or write the value",
	Severity: analyzer.Warning, Fix: analyzer.NoFix, AnyImage: true, AsksBase: true, Check: checkUndefinedVariable,
})

func checkUndefinedVariable(p *analyzer.Pass) {
	defined := definitions(p)
	for _, stage := range p.Stages {
		checkFromVariables(p, stage)
		if !stage.Feeds || !stage.Image.EnvKnown {
			continue
		}
		for _, step := range stage.Steps {
			checkStepVariables(p, step, defined)
		}
	}
}

// definitions are the places where the file gives a variable a value, the first of each.
func definitions(p *analyzer.Pass) map[string]source.Span {
	found := map[string]source.Span{}
	for _, in := range p.Doc.Instructions {
		if in.Keyword != "ENV" && in.Keyword != "ARG" {
			continue
		}
		for _, pair := range in.Pairs {
			if _, has := found[pair.Key]; !has {
				found[pair.Key] = pair.Span
			}
		}
	}
	return found
}

// undefined lists the plain references of a word to variables that are certainly unset. Those with a default, and what the builder
// defines by itself, are none.
func undefined(p *analyzer.Pass, word string, lookup env.Lookup) []env.Reference {
	var found []env.Reference
	end := 0 // of a reference with an operator, whose own words are another matter
	for _, r := range env.References(word, p.Doc.Escape) {
		if r.Start < end || !variableName.MatchString(r.Name) {
			continue
		}
		end = max(end, r.End)
		plain := r.End-r.Start == len(r.Name)+1 || r.End-r.Start == len(r.Name)+3 // $NAME or ${NAME}
		if plain && lookup(r.Name).Kind == env.Unset && !strings.HasSuffix(strings.ToLower(r.Name), "_proxy") {
			found = append(found, r)
		}
	}
	return found
}

func checkStepVariables(p *analyzer.Pass, step *analyzer.Step, defined map[string]source.Span) {
	in := step.Instruction
	report := func(r env.Reference, within source.Span, severity analyzer.Severity, message string) {
		d := analyzer.Diagnostic{Span: within, Severity: severity, Message: message}
		if p.File.Text(within) == "" {
			return
		}
		if at, ok := defined[r.Name]; ok && !within.Contains(at) {
			d.Related = []analyzer.Related{{Span: at, Message: "it is defined here, which does not count in this place"}}
		}
		p.Report(d)
	}
	switch in.Keyword {
	case "COPY", "ADD":
		for i, arg := range in.Args {
			if arg.Span.Len() == 0 || isMarker(step, arg.Span) {
				continue
			}
			for _, r := range undefined(p, arg.Value, step.Before.Lookup) {
				severity := analyzer.Warning
				if _, fromStage := in.Flag("from"); fromStage && i < len(in.Args)-1 {
					severity = analyzer.Error
				}
				report(r, arg.Span, severity, fmt.Sprintf("nothing has defined %s in this stage, so %s means %s here",
					r.Name, arg.Text, shown(env.Expand(arg.Value, p.Doc.Escape, step.Before.Lookup))))
				break
			}
		}
	case "WORKDIR", "USER":
		if missing := undefined(p, p.File.Text(in.Body), step.Before.Lookup); len(missing) > 0 {
			report(missing[0], in.Body, analyzer.Warning, fmt.Sprintf("nothing has defined %s in this stage, so it expands to nothing", missing[0].Name))
		}
	case "EXPOSE":
		for _, arg := range in.Args {
			if missing := undefined(p, arg.Value, step.Before.Lookup); len(missing) > 0 {
				report(missing[0], arg.Span, analyzer.Info, fmt.Sprintf("nothing has defined %s in this stage, so no port is exposed here", missing[0].Name))
			}
		}
	case "LABEL":
		for _, pair := range in.Pairs {
			if missing := undefined(p, pair.Value, step.Before.Lookup); len(missing) > 0 {
				report(missing[0], pair.Span, analyzer.Info, fmt.Sprintf("nothing has defined %s in this stage, so the label lacks it", missing[0].Name))
				break // the others of the instruction are of the same kind
			}
		}
	case "ENV":
		for _, pair := range in.Pairs {
			missing := undefined(p, pair.Value, step.Before.Lookup)
			if len(missing) == 0 {
				continue
			}
			switch r := missing[0]; {
			case r.Name == pair.Key && isList(pair.Value) && r.Name == "LD_PRELOAD": // an empty element of it means nothing
			case r.Name == pair.Key && isList(pair.Value):
				report(r, pair.Span, analyzer.Info, fmt.Sprintf(
					"%s is not set before, so the list has an empty element, which means the working directory", r.Name))
			case r.Name == pair.Key && len(strings.Trim(pair.Value, `"`)) > r.End-r.Start:
				// CFLAGS="$CFLAGS -O2": what is added stands there, and nothing is lost.
			case setsItself(in.Pairs, r.Name, pair.Key):
				report(r, pair.Span, analyzer.Warning, fmt.Sprintf(
					"%s is set by this very instruction, which does not see it: it expands to nothing here", r.Name))
			default:
				report(r, pair.Span, analyzer.Warning, fmt.Sprintf("nothing has defined %s in this stage, so it expands to nothing", r.Name))
			}
		}
	}
}

// isList tells a value of elements between colons.
func isList(value string) bool { return strings.Contains(value, ":") }

func setsItself(pairs []dockerfile.Pair, name, but string) bool {
	for _, pair := range pairs {
		if pair.Key == name && name != but {
			return true
		}
	}
	return false
}

func isMarker(step *analyzer.Step, span source.Span) bool {
	for _, h := range step.Instruction.Heredocs {
		if h.Marker == span {
			return true
		}
	}
	return false
}

func shown(v env.Value) string {
	if v.Text == "" {
		return "nothing"
	}
	return v.Text
}

// automatic are the ARGs that FROM sees without a declaration. https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
var automatic = map[string]bool{
	"TARGETPLATFORM": true, "TARGETOS": true, "TARGETARCH": true, "TARGETVARIANT": true, "BUILDPLATFORM": true, "BUILDOS": true, "BUILDARCH": true,
	"BUILDVARIANT": true, "TARGETSTAGE": true,
}

// checkFromVariables reports an undeclared ARG in a FROM.
func checkFromVariables(p *analyzer.Pass, stage *analyzer.Stage) {
	if len(stage.From.Args) == 0 {
		return
	}
	arg := stage.From.Args[0]
	if testData(cmp.Or(p.Build.Settings.Name, p.File.Name())) {
		return // a test fills it in
	}
	declared := map[string]bool{}
	for _, in := range p.Doc.Instructions {
		if in.Keyword == "FROM" {
			break
		}
		for _, pair := range in.Pairs {
			declared[pair.Key] = true
		}
	}
	lookup := func(name string) env.Value {
		if declared[name] || automatic[name] {
			return env.Doubtful()
		}
		return env.Value{}
	}
	missing := undefined(p, arg.Value, lookup)
	if len(missing) == 0 {
		return
	}
	d := analyzer.Diagnostic{Span: arg.Span, Message: fmt.Sprintf("no ARG above the first FROM declares %s, so it expands to nothing", missing[0].Name)}
	rest := env.Expand(arg.Value, p.Doc.Escape, lookup)
	if _, ok := image.Parse(rest.Text); rest.IsKnown() && !ok {
		d.Severity = analyzer.Error
		d.Message += fmt.Sprintf(", and %s is no image: the build fails", shown(rest))
	}
	p.Report(d)
}

// testData tells whether a file is material of tests: in one of their folders below the root of its repository.
func testData(name string) bool {
	for _, folder := range strings.Split(path.Dir(strings.ToLower(name)), "/") {
		switch folder {
		case "test", "tests", "testdata", "fixtures", "__tests__":
			return true
		}
	}
	return false
}
