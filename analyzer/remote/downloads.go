// Package remote says what the build asks of other machines: the package indexes of its installations, and the files that it downloads.
package remote

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/shell"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// Download is a file that an ADD, curl or wget fetches.
type Download struct {
	Step *analyzer.Step
	// Command is the curl or wget, nil for an ADD.
	Command *analyzer.Command
	// URL is as written where variables of it are not known.
	URL  string
	Span source.Span
	// Host is lower-case, Name the last element of the path without a query.
	Host, Name string
	// Unchecked tells that neither the way nor the certificate is safe: plain http, or curl -k.
	Unchecked bool
}

// Downloads are the files that the stage's own instructions fetch and that nothing checks: no --checksum, and no command in the RUN, or
// after the ADD, that computes a digest or looks at a signature.
func Downloads(s *analyzer.Stage) []Download {
	var found []Download
	for i, step := range s.Steps {
		if step.Copy != nil {
			remote := slices.ContainsFunc(step.Copy.Sources, func(from analyzer.CopySource) bool { return from.Remote })
			_, sum := step.Instruction.Flag("checksum")
			if !remote || sum || slices.ContainsFunc(s.Steps[i:], verifies) {
				continue
			}
			for _, from := range step.Copy.Sources {
				if from.Remote {
					found = appendDownload(found, Download{Step: step, URL: from.Text.Text, Span: from.Span})
				}
			}
			continue
		}
		fetched := found
		for _, c := range step.Commands {
			fetched = appendFetched(fetched, c)
		}
		if len(fetched) > len(found) && !verifies(step) {
			found = fetched
		}
	}
	return found
}

// verifies tells whether the instruction computes a digest or looks at a signature.
func verifies(step *analyzer.Step) bool {
	return step.Instruction.Keyword == "RUN" && (step.Unreadable != "" || verifiesText(step.CodeText(step.Instruction.Span)))
}

// verifiesText looks for the words of sums and signatures. It reads every RUN: plain searches take a tenth of what a
// regular expression that folds case does.
func verifiesText(text string) bool {
	text = strings.ToLower(text)
	for _, word := range []string{"md5", "b2sum", "gpg", "cosign", "openssl dgst", "minisign", "hashlib", "checksum", "shasum"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	for rest := text; ; {
		_, after, found := strings.Cut(rest, "sha")
		if !found {
			return false
		}
		if after != "" && after[0] >= '0' && after[0] <= '9' {
			return true
		}
		rest = after
	}
}

// appendFetched adds what curl and wget fetch; requests that send something, or throw the answer away, fetch nothing.
func appendFetched(found []Download, c *analyzer.Command) []Download {
	_, _, argv, _ := shell.Unwrap(c.Argv)
	if len(argv) == 0 || !c.Shell.Exact {
		return found
	}
	program := shell.Program(argv[0])
	if program != "curl" && program != "wget" {
		return found
	}
	unchecked := false
	var urls []Download
	for _, f := range argv[1:] {
		text := f.Text()
		if !f.Value.IsKnown() {
			text = strings.Trim(c.Step.Stage.Build().File.Text(f.Span), `"'`)
		}
		switch {
		case text == "--insecure" || text == "--no-check-certificate":
			unchecked = true
		case program == "curl" && len(text) > 1 && text[0] == '-' && text[1] != '-' && shortFlags.MatchString(text) && strings.Contains(text, "k"):
			unchecked = true
		case text == "-X" || text == "--data" || text == "-d" || text == "--post-data":
			return found
		case analyzer.IsRemote(text):
			urls = append(urls, Download{Step: c.Step, Command: c, URL: text, Span: f.Span})
		}
	}
	for _, d := range urls {
		d.Unchecked = unchecked
		found = appendDownload(found, d)
	}
	return found
}

// shortFlags are curl's flags without a value, in one word.
var shortFlags = pattern.New(`^-[#0-9aBfgGiIjJkLnNOpqRsSvZ]+$`)

func appendDownload(found []Download, d Download) []Download {
	m := urlHost.FindStringSubmatch(d.URL)
	if m == nil {
		return found
	}
	clean, _, _ := strings.Cut(d.URL, "?")
	clean, _, _ = strings.Cut(clean, "#")
	d.Host, d.Name = strings.ToLower(m[2]), path.Base(clean)
	d.Unchecked = d.Unchecked || strings.EqualFold(m[1], "http")
	// What the API answers is only there to miss the layer cache.
	if (Index{Host: d.Host}).Local() || strings.HasSuffix(d.URL, ".git") || d.Host == "api.github.com" {
		return found
	}
	return append(found, d)
}

// bootstraps are the scripts that install an installer.
var bootstraps = []struct {
	url     *pattern.Pattern
	tool    string
	version string // the variable that pins the tool; "" when nothing does
	current bool   // its maker still recommends it
}{
	{pattern.New(`/get-pip\.py$`), "pip", "", true},
	{pattern.New(`/ez_setup\.py$`), "setuptools", "", false},
	{pattern.New(`/get-pipenv\.py$`), "pipenv", "", false},
	{pattern.New(`/get-poetry\.py$`), "poetry", "", false},
	{pattern.New(`^https?://install\.python-poetry\.org/?$|/install-poetry\.py$`), "poetry", "POETRY_VERSION", true},
	{pattern.New(`^https?://astral\.sh/uv/(.+/)?install\.sh$|/uv-installer\.sh$`), "uv", "UV_VERSION", true},
	{pattern.New(`/install-pdm\.py$|pdm-project\.org/install\.sh$`), "pdm", "PDM_VERSION", true},
	{pattern.New(`^https?://rye(-up)?\.astral\.sh/get$|^https?://rye-up\.com/get$`), "rye", "RYE_VERSION", false},
}

// Bootstrap tells which installer the script at the URL installs, "" for other downloads. current tells that its maker still recommends
// it, pinned that the URL, a variable or an option names the version.
func (d Download) Bootstrap() (tool string, current, pinned bool) {
	address, _, _ := strings.Cut(d.URL, "?")
	for _, b := range bootstraps {
		if !b.url.MatchString(address) {
			continue
		}
		pinned = b.current && versionInURL.MatchString(d.URL)
		// get-pip.py hands its arguments to pip.
		pinned = pinned || b.tool == "pip" && strings.Contains(d.Step.CodeText(d.Step.Instruction.Span), "pip==")
		if b.version != "" {
			for _, step := range d.Step.Stage.Steps {
				pinned = pinned || step.Before.Lookup(b.version).IsKnown() || step.Instruction.Keyword == "RUN" && namesVersion(step, b.version)
			}
			pinned = pinned || versionOption.MatchString(d.Step.CodeText(d.Step.Instruction.Span))
		}
		return b.tool, b.current, pinned
	}
	return "", false, false
}

func namesVersion(step *analyzer.Step, variable string) bool {
	text := step.CodeText(step.Instruction.Span)
	return strings.Contains(text, variable+"=") || step.Before.Lookup(variable).Kind == env.Known
}

var (
	// versionOption is an option of the script: `| python3 - --version 2.1.3`. The program that it installs may be asked for its version.
	versionOption = pattern.New(`--version[ =]["']?(?:v?\d|\$)`)
	versionInURL  = pattern.New(`(?i)\d+\.\d|/v?\d+/|[0-9a-f]{40}|[/_.-]v?\d{6,8}\b|\$`)
	codeName      = pattern.New(`(?i)\.(tar|tgz|tar\.\w+|gz|xz|bz2|zip|whl|deb|rpm|apk|jar|war|sh|bash|py|pl|bin|run|so|AppImage|exe)$`)
	bareName      = pattern.New(`^[a-z][\w-]*$`)
)

// Code tells whether the file is a program, an archive or a package, going by its name. What curl fetches under a bare name may be
// anything.
func (d Download) Code() bool {
	return codeName.MatchString(d.Name) || d.Command == nil && bareName.MatchString(d.Name)
}

// Moving tells whether the URL names no version: what it gives changes.
func (d Download) Moving() bool { return !versionInURL.MatchString(d.URL) }
