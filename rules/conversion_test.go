package rules_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/purpose"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/fixes"
	"github.com/pylint-docker/pylint-docker/rules"
)

// TestConversions converts every single-stage file below the folder PYLINT_DOCKER_CORPUS that PLD101 complains of, by all fixes as
// `--fix --unsafe-fixes` does it, and counts what was converted and what was refused why. With PYLINT_DOCKER_CORPUS_CONTEXT=1 each file's
// folder is its build context, with PYLINT_DOCKER_CORPUS_STEP=N only every Nth file is looked at. Files of one stage without the finding are counted
// by what keeps the rule silent; refusals by whether an engineer would accept them. PYLINT_DOCKER_CONVERTED names a folder to write the results to, for reading.
func TestConversions(t *testing.T) {
	root := os.Getenv("PYLINT_DOCKER_CORPUS")
	if root == "" {
		t.Skip("PYLINT_DOCKER_CORPUS names no folder")
	}
	count := &conversions{sound: map[string]int{}, reasons: map[string]int{}, silent: map[string]int{}}
	each, _ := strconv.Atoi(os.Getenv("PYLINT_DOCKER_CORPUS_STEP"))
	for i, path := range corpusFiles(t, root) {
		if each > 1 && i%each != 0 {
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		settings := testSettings()
		if os.Getenv("PYLINT_DOCKER_CORPUS_CONTEXT") != "" {
			settings.Context = project.Open(os.DirFS(filepath.Dir(path)), filepath.Base(path))
		}
		count.convert(t, filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), content, settings)
	}
	share := func(n, of int) float64 { return 100 * float64(n) / float64(max(1, of)) }
	sound := 0
	for _, n := range count.sound {
		sound += n
	}
	t.Logf("%d files with the finding, %d converted (%.1f %%), %d more refused for a reason that an engineer accepts (%.1f %%)",
		count.found, count.converted, share(count.converted, count.found), sound, share(count.converted+sound, count.found))
	t.Logf("%d of them can gain something by a conversion, of which %.1f %% are converted", count.found-sound, share(count.converted, count.found-sound))
	for title, counts := range map[string]map[string]int{"refused, as an engineer would": count.sound, "refused": count.reasons, "without the finding": count.silent} {
		reasons := slices.Sorted(maps.Keys(counts))
		slices.SortStableFunc(reasons, func(a, b string) int { return counts[b] - counts[a] })
		for _, reason := range reasons {
			t.Logf("%s: %6d %s", title, counts[reason], reason)
		}
	}
}

// acceptable matches reasons that a careful engineer would give, who has the file alone: the interpreter has ended, the base image is somebody
// else's and not known, a program that can't be read builds or may build something, or no server has what the slim image lacks.
var acceptable = regexp.MustCompile(`^(?:installs for Python 2|installs with \w+ for Python 2|installs for a Python that is not known|builds something|runs a script|` +
	`runs what|runs .* before the packages are installed|installs with conda|is an ONBUILD|the base image has ONBUILD|` +
	`the final stage would stay on .* and the packages of its release have left the servers)`)

type conversions struct {
	found, converted       int
	sound, reasons, silent map[string]int
}

// silence says why the rule has nothing to say of a file of one stage, "" for other files.
func silence(b *analyzer.Build) string {
	if b == nil || b.Target == nil || len(b.Stages) != 1 {
		return ""
	}
	s := b.Target
	start := s.Start()
	switch {
	case !b.Python:
		return "no Python application"
	case start.Entrypoint == nil && start.Cmd == nil:
		return "no start command"
	case start.OnlyShell():
		return "starts a shell"
	case purpose.ForDevelopment(b):
		return "for development"
	case !slices.ContainsFunc(s.ChainCommands(), func(c *analyzer.Command) bool { return c.Install != nil }):
		return "installs no Python packages"
	case len(s.BuildPackages()) == 0 && !(s.Image.Official && s.Image.BuildTools):
		return "keeps no build tools"
	}
	return "installs no application"
}

func (count *conversions) convert(t *testing.T, name string, content []byte, settings analyzer.Settings) {
	build, before, _ := rules.Lint(source.New(name, content), settings, rules.Default())
	if !has(before, "PLD101") {
		if why := silence(build); why != "" {
			count.silent[why]++
		}
		return
	}
	count.found++
	fixed, problem := corpusLoop(name, content, settings)
	if problem != "" {
		t.Errorf("%s: %s", name, problem)
		return
	}
	_, after, _ := rules.Lint(source.New(name, fixed), settings, rules.Default())
	if i := slices.IndexFunc(after, func(d analyzer.Diagnostic) bool { return d.Rule.Code == "PLD101" }); i >= 0 {
		counts := count.reasons
		if reason := after[i].NoFixReason; acceptable.MatchString(lineNumber.ReplaceAllString(reason, "")) {
			counts = count.sound
		}
		counts[shortReason(after[i].NoFixReason)]++
		return
	}
	count.converted++
	for _, d := range after {
		if d.Severity == analyzer.Error && strings.HasPrefix(d.Rule.Code, "PLD1") && !has(before, d.Rule.Code) {
			t.Errorf("%s: the result has an error: %s %s", name, d.Rule.Code, d.Message)
		}
	}
	if doc, err := dockerfile.Parse(source.New(name, fixed)); err != nil || len(dockerfile.Validate(doc)) > len(validate(content)) {
		t.Errorf("%s: the result is not valid: %v", name, err)
	}
	if again, problem := corpusLoop(name, fixed, settings); problem != "" || string(again) != string(fixed) {
		t.Errorf("%s: the second run changes the result: %s", name, problem)
	}
	if dir := os.Getenv("PYLINT_DOCKER_CONVERTED"); dir != "" {
		base := filepath.Join(dir, strconv.Itoa(count.converted))
		for suffix, text := range map[string][]byte{".before.Dockerfile": content, ".after.Dockerfile": fixed} {
			if err := os.WriteFile(base+suffix, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func validate(content []byte) []*dockerfile.SyntaxError {
	doc, err := dockerfile.Parse(source.New("Dockerfile", content))
	if err != nil {
		return nil
	}
	return dockerfile.Validate(doc)
}

func has(found []analyzer.Diagnostic, code string) bool {
	return slices.ContainsFunc(found, func(d analyzer.Diagnostic) bool { return d.Rule.Code == code })
}

func corpusLoop(name string, content []byte, settings analyzer.Settings) (fixed []byte, problem string) {
	judge := func(files fixes.Files) ([]analyzer.Diagnostic, error) {
		_, found, _ := rules.Lint(source.New(name, files.Dockerfile), settings, rules.Default())
		return found, nil
	}
	outcome, err := fixes.Loop(fixes.Files{Dockerfile: content}, nil, judge, analyzer.Unsafe)
	if err != nil {
		return nil, err.Error()
	}
	return outcome.Files.Dockerfile, ""
}

var (
	lineNumber = regexp.MustCompile(`^line \d+:? `)
	detail     = regexp.MustCompile(`(?::| with | of | by |, | names | installs | runs ).*`)
)

func shortReason(reason string) string {
	text := lineNumber.ReplaceAllString(reason, "")
	if cut := detail.FindStringIndex(text); cut != nil && cut[0] > 0 {
		return text[:cut[1]-len(text[cut[0]:cut[1]])]
	}
	return text
}
