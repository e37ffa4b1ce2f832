package fixes

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// lastingText is the instruction as written but for what leaves nothing in the image: mounts of caches and secrets, and commands that
// remove files. These are blanked out.
func lastingText(step *analyzer.Step) string {
	in := step.Instruction
	text := []byte(step.Stage.Build().File.Text(in.Span))
	blank := func(span source.Span) {
		for i := max(span.Start, in.Span.Start); i < min(span.End, in.Span.End); i++ {
			text[i-in.Span.Start] = ' '
		}
	}
	for _, m := range step.Mounts() {
		if m.Type != "bind" {
			blank(m.Flag.Span)
		}
	}
	for _, c := range step.Commands {
		_, _, argv, _ := shell.Unwrap(c.Argv)
		if len(argv) > 0 && c.Shell.Exact && (shell.Program(argv[0]) == "rm" || shell.Program(argv[0]) == "rmdir") {
			blank(c.Shell.Span)
		}
	}
	return string(text)
}

// inRootsHome says in a clause what the chain of the stage puts into root's home directory without naming it, where another user can't
// read it; "" when nothing is seen.
func inRootsHome(s *analyzer.Stage) string {
	for _, c := range s.ChainCommands() {
		if home := c.State.Home(); !home.IsKnown() || home.Text != "/root" {
			continue
		}
		if in := c.Install; in != nil {
			switch tool := in.Call.Tool; {
			case in.Place == analyzer.VirtualEnv && !in.Dir.IsKnown() && (tool == installer.Poetry || tool == installer.Pipenv):
				return string(tool) + " keeps its virtual environment in root's home directory, which another user can't read"
			case in.Place == analyzer.ToolEnv && !c.State.Sets("PIPX_HOME") && !c.State.Sets("UV_TOOL_DIR"):
				return string(tool) + " installs the program into root's home directory, which another user can't read"
			}
		}
		if c.Installer != nil {
			if _, managed := c.ManagedPython(); managed && !c.State.Sets("UV_PYTHON_INSTALL_DIR") {
				return "uv puts its Python into root's home directory, which another user can't read"
			}
			continue
		}
		if what := downloadsHome(c); what != "" {
			return what + " puts files into root's home directory, which another user can't read"
		}
	}
	return ""
}

// homeDownloads are programs, and calls in Python code, that keep what they download in the home directory, with the variable that names
// another place.
var homeDownloads = []struct {
	words    *pattern.Pattern
	name     string
	variable string
}{
	{pattern.New(`\bplaywright\s+install\b`), "playwright install", "PLAYWRIGHT_BROWSERS_PATH"},
	{pattern.New(`\bnltk\.downloader\b|\bnltk\.download\(`), "nltk", "NLTK_DATA"},
	{pattern.New(`from_pretrained\(|hf_hub_download|snapshot_download|\bhuggingface-cli\s+download\b|\bSentenceTransformer\(`), "huggingface", "HF_HOME"},
	{pattern.New(`\bwhisper\.load_model\(|\btorch\.hub\.|\btorchvision\.models\b`), "the download of the model", "XDG_CACHE_HOME"},
	{pattern.New(`\bjupyter(?:[- ](?:notebook|lab|server))?\s+--generate-config\b|\bipython\s+profile\s+create\b`), "jupyter's configuration", "JUPYTER_CONFIG_DIR"},
	{pattern.New(`\bimageio_download_bin\b|\bpyppeteer-install\b|\btextblob\.download_corpora\b`), "the download", ""},
}

func downloadsHome(c *analyzer.Command) string {
	var text strings.Builder
	for _, f := range c.Argv {
		text.WriteString(f.Text() + " ")
	}
	for _, d := range homeDownloads {
		if d.words.MatchString(text.String()) && (d.variable == "" || !c.State.Sets(d.variable) && c.State.Lookup(d.variable).Text == "") {
			return d.name
		}
	}
	return ""
}
