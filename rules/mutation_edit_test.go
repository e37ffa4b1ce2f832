package rules_test

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The vocabulary in which kinds of defects are said: a kind picks instructions of a style and changes one at a time.

// instruction is one with its continuation lines.
type instruction struct {
	text  string
	stage int // counted from 0; -1 before the first FROM
	final bool
}

var (
	stageName  = regexp.MustCompile(`(?i)^FROM (\S+)(?: AS (\S+))?$`)
	copyFrom   = regexp.MustCompile(`^(COPY (?:--\S+ )*--from=)(\S+)( (?:--\S+ )*)(\S+) (\S+)$`)
	copyAny    = regexp.MustCompile(`^COPY `)
	installRun = regexp.MustCompile(`(?s)^RUN .*(pip3? install.* (-r|\.$)|pip install .*\.$|uv sync|uv pip install|poetry (install|sync)` +
		`|pipenv sync|pdm install|conda env create|micromamba create|pip wheel)`)
	needsCopy = regexp.MustCompile(`^COPY (requirements\.(txt|in)|pyproject\.toml|Pipfile|environment\.yml|\. \.|src src)`)
	userLine  = regexp.MustCompile(`^USER `)
)

func (s style) instructions() []instruction {
	var all []instruction
	stage, open := -1, false
	for line := range strings.Lines(s.dockerfile) {
		if stageName.MatchString(strings.TrimSpace(line)) {
			stage++
		}
		if open {
			all[len(all)-1].text += line
		} else {
			all = append(all, instruction{text: line, stage: stage})
		}
		open = strings.HasSuffix(line, "\\\n")
	}
	for i := range all {
		all[i].text = strings.TrimSuffix(all[i].text, "\n")
		all[i].final = all[i].stage == stage
	}
	return all
}

func join(all []instruction) string {
	var out strings.Builder
	for _, in := range all {
		out.WriteString(in.text + "\n")
	}
	return out.String()
}

// each gives a mutant for each instruction that change changes; "-" drops it.
func (s style) each(change func(in instruction) string) []mutant {
	var found []mutant
	all := s.instructions()
	for i, in := range all {
		text := change(in)
		if text == in.text || text == "" {
			continue
		}
		other := slices.Clone(all)
		if text == "-" {
			other = slices.Delete(other, i, i+1)
		} else {
			other[i].text = text
		}
		found = append(found, mutant{what: in.text + "  =>  " + text, dockerfile: join(other)})
	}
	return found
}

// whole is the mutant whose text is changed by all of the pairs of old and new text; none when nothing is changed.
func (s style) whole(pairs ...string) []mutant {
	text := strings.NewReplacer(pairs...).Replace(s.dockerfile)
	if text == s.dockerfile {
		return nil
	}
	return []mutant{{what: strings.Join(pairs, " => "), dockerfile: text}}
}

// builders is the mutant with all stages but the last changed.
func (s style) builders(change *strings.Replacer) []mutant {
	all := s.instructions()
	for i, in := range all {
		if !in.final {
			all[i].text = change.Replace(in.text)
		}
	}
	if text := join(all); text != s.dockerfile {
		return []mutant{{what: "other builders", dockerfile: text}}
	}
	return nil
}

// replaced is each for a regular expression: in builders, in the final stage or in both.
func (s style) replaced(where, pattern, with string) []mutant {
	re := regexp.MustCompile(pattern)
	return s.each(func(in instruction) string {
		if where == "final" && !in.final || where == "builder" && in.final || !re.MatchString(in.text) {
			return ""
		}
		if with == "-" {
			return "-"
		}
		return re.ReplaceAllString(in.text, with)
	})
}

// before gives the mutant with lines put in front of the last instruction of the final stage, or of a builder, that a pattern finds.
func (s style) before(final bool, pattern *regexp.Regexp, lines ...string) []mutant {
	all := s.instructions()
	for i, in := range slices.Backward(all) {
		if in.final == final && pattern.MatchString(in.text) {
			other := slices.Insert(slices.Clone(all), i, instruction{text: strings.Join(lines, "\n")})
			return []mutant{{what: "+ " + strings.Join(lines, "; "), dockerfile: join(other)}}
		}
	}
	return nil
}

// atEnd puts lines in front of the final stage's USER, or else of its start command.
func (s style) atEnd(lines ...string) []mutant {
	for _, in := range s.instructions() {
		if in.final && userLine.MatchString(in.text) {
			return s.before(true, userLine, lines...)
		}
	}
	return s.before(true, regexp.MustCompile(`^(CMD|ENTRYPOINT)`), lines...)
}

// A stageCopy is a COPY --from of a stage.
type stageCopy struct {
	instruction
	head, from, flags, source, destination string
}

func (s style) stageNames() []string {
	var names []string
	for _, in := range s.instructions() {
		if m := stageName.FindStringSubmatch(in.text); m != nil {
			names = append(names, m[2])
		}
	}
	return names
}

// copies gives a mutant for each COPY from a stage that change changes.
func (s style) copies(change func(c stageCopy) string) []mutant {
	names := s.stageNames()
	return s.each(func(in instruction) string {
		m := copyFrom.FindStringSubmatch(in.text)
		if m == nil || !slices.Contains(names, m[2]) {
			return ""
		}
		return change(stageCopy{in, m[1], m[2], m[3], m[4], m[5]})
	})
}

// environmentCopies is copies for those that bring packages to the final image.
func (s style) environmentCopies(change func(c stageCopy) string) []mutant {
	return s.copies(func(c stageCopy) string {
		to := path.Clean(c.destination)
		if !path.IsAbs(to) {
			to = path.Join(path.Dir(s.environment), to)
		}
		if !c.final || !within(to, s.environment) && !within(s.environment, to) && to != "/python" {
			return ""
		}
		return change(c)
	})
}

func within(name, folder string) bool { return name == folder || strings.HasPrefix(name, folder+"/") }

func (c stageCopy) with(source, destination string) string {
	return c.head + c.from + c.flags + source + " " + destination
}

// start is the words of the last CMD or ENTRYPOINT in exec form.
func (s style) start() (keyword string, argv []string) {
	for _, in := range s.instructions() {
		for _, word := range []string{"ENTRYPOINT", "CMD"} {
			if rest, ok := strings.CutPrefix(in.text, word+" ["); ok && (keyword != "ENTRYPOINT" || word != "CMD") {
				keyword, argv = word, strings.Split(strings.ReplaceAll(strings.TrimSuffix(rest, "]"), `"`, ""), ", ")
			}
		}
	}
	return keyword, argv
}

// starting gives the style with another start command.
func (s style) starting(argv ...string) []mutant {
	keyword, _ := s.start()
	text := keyword + ` ["` + strings.Join(argv, `", "`) + `"]`
	return s.replaced("final", `^`+keyword+` .*`, text)
}

// program is the first word of the start command, and module what python -m starts.
func (s style) program() string {
	_, argv := s.start()
	return argv[0]
}

// layout is how the packages lie in the final image.
func (s style) layout() string {
	for _, l := range []string{"target", "wheels", "prefix", "conda", "micromamba", "site-packages", "poetry-no-environment"} {
		if strings.Contains(s.name, l) && !strings.Contains(s.name, "poetry-no-environment") || s.name == l {
			return strings.Replace(strings.Replace(l, "micromamba", "conda", 1), "poetry-no-environment", "site-packages", 1)
		}
	}
	switch {
	case strings.Contains(s.dockerfile, "--prefix"):
		return "prefix"
	case strings.Contains(s.dockerfile, "--user"):
		return "user"
	}
	return "venv"
}

// adding gives the mutants with other files in the context.
func adding(mutants []mutant, files map[string]string) []mutant {
	for i := range mutants {
		mutants[i].files = maps.Clone(files)
	}
	return mutants
}

// tool is the program that installs, where it can start the application, too.
func (s style) tool() string {
	for _, t := range []string{"uv sync", "poetry install", "poetry sync", "pipenv sync", "pdm install", "conda env"} {
		if strings.Contains(s.dockerfile, t) {
			return strings.Fields(t)[0]
		}
	}
	return ""
}
