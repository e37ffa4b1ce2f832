package rules

import (
	"fmt"
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// HomeBoundData finds browsers, models and corpora that are fetched into the home of a user who does not run the image.
//
// `playwright install` puts browsers into ~/.cache/ms-playwright, `nltk.download` corpora into ~/nltk_data, huggingface's tools models into
// ~/.cache/huggingface. Fetched by root, they are in /root, where another USER finds nothing ("Executable doesn't exist") and may not even look; and
// what a builder fetched into its home stays behind with it. A variable gives each of them a place for all users: PLAYWRIGHT_BROWSERS_PATH,
// NLTK_DATA, HF_HOME.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN pip install --no-cache-dir playwright==1.48.0 && playwright install --with-deps chromium
//	RUN useradd -m app
//	USER app
//	CMD ["python", "-m", "myapp"]
//
// # Instead
//
//	FROM python:3.12-slim
//	ENV PLAYWRIGHT_BROWSERS_PATH=/opt/playwright
//	RUN pip install --no-cache-dir playwright==1.48.0 && playwright install --with-deps chromium
//	RUN useradd -m app
//	USER app
//	CMD ["python", "-m", "myapp"]
//
// # Fix
//
// Sets the variable above the RUN. Unsafe: what looks for the data in the old place no longer finds it. None for what a builder fetches, which
// must be copied as well, and for NLTK, which only looks into directories that are there.
//
// # References
//
//   - https://playwright.dev/python/docs/browsers#managing-browser-binaries
//   - https://www.nltk.org/data.html
//   - https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
var HomeBoundData = register(&analyzer.Rule{
	Code: "PLD519", Name: "home-bound-data",
	Summary:  "browsers or models are fetched into the home of a user who does not run the image",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, AsksBase: true, Check: checkHomeBoundData,
})

// homeData is something that a program fetches into the home directory. Read in the programs' documentation, November 2026.
type homeData struct {
	what      string
	call      *pattern.Pattern // the call, as its words joined by blanks
	elsewhere *pattern.Pattern // what sends it to another place
	variables []string         // do so, too; the first is the one to set
	dir       string           // below the home directory
	place     string           // for the fix, "" for none
}

var homeDatas = []homeData{
	{"playwright's browsers", pattern.New(`(?:^|[/ ])playwright install(?: |$)`), pattern.New(`install-deps|--dry-run|--list|--help`),
		[]string{"PLAYWRIGHT_BROWSERS_PATH"}, ".cache/ms-playwright", "/opt/playwright"},
	{"NLTK's data", pattern.New(`nltk\.downloader|nltk\.download\(`), pattern.New(`download_dir| -d |--dir`), []string{"NLTK_DATA"}, "nltk_data", ""},
	{"the models of huggingface", pattern.New(`(?:huggingface-cli|(?:^|[/ ])hf) download|\.from_pretrained\(|snapshot_download\(|SentenceTransformer\(`),
		pattern.New(`local[-_]dir|cache[-_]dir|cache_folder|save_pretrained|\.save\(`),
		[]string{"HF_HOME", "HF_HUB_CACHE", "TRANSFORMERS_CACHE", "HUGGINGFACE_HUB_CACHE", "SENTENCE_TRANSFORMERS_HOME", "XDG_CACHE_HOME"},
		".cache/huggingface", "/opt/huggingface"},
}

func checkHomeBoundData(p *analyzer.Pass) {
	end := p.Target.After
	if !end.User.IsKnown() || len(p.Target.Start().Commands) == 0 {
		return
	}
	for _, stage := range p.Stages {
		if !stage.Feeds {
			continue
		}
		for _, step := range stage.Steps {
			for _, c := range step.Commands {
				text, known := callText(c)
				for _, data := range homeDatas {
					if known && data.fetchedBy(c, text) {
						reportHomeData(p, data, c)
					}
				}
			}
		}
	}
}

// callText is the words of a command that certainly runs, joined by blanks.
func callText(c *analyzer.Command) (text string, known bool) {
	if !c.Shell.Certain && !c.Shell.Attempted || len(c.Shell.Redirects) > 0 {
		return "", false
	}
	var words []string
	for _, f := range c.Argv {
		if !f.Value.IsKnown() {
			return "", false
		}
		words = append(words, f.Text())
	}
	return strings.Join(words, " "), true
}

// fetchedBy tells whether the command, whose words are the text, fetches the data into a home directory.
func (h homeData) fetchedBy(c *analyzer.Command, text string) bool {
	if !h.call.MatchString(text) || h.elsewhere.MatchString(text) {
		return false
	}
	for _, name := range h.variables {
		if v := c.State.Lookup(name); v.Kind != env.Unset {
			return false
		}
	}
	return c.State.User.IsKnown()
}

func reportHomeData(p *analyzer.Pass, data homeData, c *analyzer.Command) {
	home, end := c.State.Home(), p.Target.After
	if !home.IsKnown() {
		return
	}
	at := path.Join(home.Text, data.dir)
	if movedLater(p, c, at, path.Base(data.dir)) {
		return
	}
	d := analyzer.Diagnostic{Span: c.Shell.Span}
	stage := c.Step.Stage
	switch {
	case !stage.Ships:
		if receives(p, stage, at) {
			return
		}
		d.Message = fmt.Sprintf("%s land in %s of %s and stay behind there: the final image does not get them", data.what, at, stage.Label())
		d.NoFixReason = "the final image must get a copy of them, from where a person decides"
	case end.Home().IsKnown() && end.Home() != home:
		d.Message = fmt.Sprintf("%s land in %s, and %s, who runs the image, looks for them in %s", data.what, at, end.User.Text,
			path.Join(end.Home().Text, data.dir))
		if data.place == "" {
			d.NoFixReason = "the directory must be made first, where a person decides"
			break
		}
		d.Fix = &analyzer.Fix{Title: "Set " + data.variables[0], Safety: analyzer.Unsafe, Edits: []analyzer.Edit{
			fixes.InsertBefore(p.Doc, c.Step.Instruction, fixes.SetEnv(p.Doc, data.variables[0], data.place)),
		}}
	default:
		return
	}
	p.Report(d)
}

// movedLater tells whether an instruction behind the command speaks of the directory, or of the cache that it is in.
func movedLater(p *analyzer.Pass, c *analyzer.Command, at, base string) bool {
	for _, in := range p.Doc.Instructions {
		if in.Span.Start < c.Step.Instruction.Span.Start {
			continue
		}
		text := p.File.Text(in.Span)
		if in == c.Step.Instruction {
			text = p.File.Text(in.Span)[c.Shell.Span.End-in.Span.Start:]
		}
		if strings.Contains(text, base) || strings.Contains(text, ".cache") || strings.Contains(text, at) {
			return true
		}
		if in != c.Step.Instruction && strings.Contains(text, "HOME") && in.Keyword == "ENV" {
			return true
		}
	}
	return false
}

// receives tells whether the final image copies what the directory of the stage may be in.
func receives(p *analyzer.Pass, stage *analyzer.Stage, at string) bool {
	for _, other := range p.Stages {
		if !other.Feeds {
			continue
		}
		for _, flow := range other.Flows() {
			if flow.From != stage || flow.Copy == nil {
				continue
			}
			for _, s := range flow.Copy.Sources {
				if !s.Text.IsKnown() || s.Text.Is("/") || isBelow(s.Text.Text, at) || isBelow(at, s.Text.Text) {
					return true
				}
			}
		}
	}
	return false
}
