package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/installer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// credential is a secret for a package index or a repository that a build writes down. The secret's text is not in it.
type credential struct {
	step *analyzer.Step
	// Span is the secret, or the variable that holds it.
	span source.Span
	// UserInfo is the part of the URL that holds it, from the user to the "@"; empty when it does not stand in a URL.
	userInfo source.Span
	// Variable is the ARG or ENV that the secret comes from or goes to; "" for one that is written out in a command.
	variable string
	// Literal tells that the secret itself is written in the Dockerfile.
	literal bool
}

// keep tells where the secret stays, from the worst: in the environment of the image, in its history, in the builder's.
type keep uint8

// The places where a secret stays.
const (
	inEnvironment keep = iota + 1
	inHistory
	inBuilder
)

// kept tells where the secret stays. Values of ARG are part of the history of every later RUN of their stage.
// https://docs.docker.com/reference/dockerfile/#arg
func (c credential) kept() keep {
	switch {
	case !c.step.Stage.Ships:
		return inBuilder
	case c.step.Instruction.Keyword == "ENV":
		return inEnvironment
	}
	return inHistory
}

// credentials are the secrets that the stages which feed the final image write down, in the order of the file; one for each
// variable, and one for each instruction that spells a secret out. Secret mounts and what they bring are none.
func credentials(b *analyzer.Build) []credential {
	var found []credential
	seen := map[string]bool{}
	for step := range b.Steps() {
		literal := false
		for _, c := range credentialsOf(step) {
			if c.literal && literal || c.variable != "" && seen[c.variable] {
				continue
			}
			literal = literal || c.literal
			if c.variable != "" {
				seen[c.variable] = true
			}
			found = append(found, c)
		}
	}
	return found
}

var (
	// userInfo is a URL with a user: https://user:password@host, also as git+https:// and without a password.
	userInfo = pattern.New(`(?i)\bhttps?://(([^\s/@:"'<>|\\]*)(?::([^\s/@"'<>|\\]*))?@)([\w.$\{\}-]+)`)
	// netrcLine is an entry of a .netrc inside an echo or printf.
	netrcLine = pattern.New(`\bmachine(?:\s|\\+n)+\S+?(?:\s|\\+n)+login(?:\s|\\+n)+\S+?(?:\s|\\+n)+password(?:\s|\\+n)+([^\s"'\\>]+)`)
	// indexVariable are the variables that hold the URLs of package indexes.
	indexVariable = pattern.New(`(?i)(^|_)(INDEX|INDEX_URL|EXTRA_INDEX_URL|PYPI\w*|FIND_LINKS|UV_INDEX\w*)$|^POETRY_REPOSITORIES_\w+_URL$`)
	// secretVariable are the variables that hold the password for one.
	// https://docs.astral.sh/uv/reference/environment/#uv_index_name_password and https://python-poetry.org/docs/repositories/#configuring-credentials
	secretVariable = pattern.New(`^(UV_INDEX_\w+_PASSWORD|POETRY_HTTP_BASIC_\w+_PASSWORD|POETRY_PYPI_TOKEN_\w+|TWINE_PASSWORD|UV_PUBLISH_TOKEN|UV_PUBLISH_PASSWORD|PDM_PUBLISH_PASSWORD|HATCH_INDEX_AUTH)$`)
	secretName     = pattern.New(`(?i)token|passw|pwd|secret|credential|api_?key|auth|(^|_)pat$`)
	reference      = pattern.New(`\$\{?(\w+)`)
	placeholder    = pattern.New(`(?i)^(x+|\.+|\*+|-+|user(name)?|pass(word)?|passwd|secret|token|change_?me|example|dummy|foo|bar|your\W?.*|my\W?(token|password|secret).*)$|[<>{}*%]|\.\.\.`)
	tokenPrefix    = pattern.New(`^(gh[pousr]_|github_pat_|glpat-|gldt-|pypi-|dckr_pat_)\w{8}`)
	tokenText      = pattern.New(`^[A-Za-z0-9_-]{24,}$`)
)

// knownToken are tokens that show by their form what they are: of GitHub, GitLab, Hugging Face, AWS, OpenAI and Anthropic, Slack, PyPI, Docker
// Hub, npm and Google. Their makers' documentation, November 2026; https://docs.github.com/en/code-security/secret-scanning has most.
var knownToken = pattern.New(`\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}|glpat-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}|` +
	`(?:AKIA|ASIA)[0-9A-Z]{16}|sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{32,}|xox[abprs]-[A-Za-z0-9-]{20,}|pypi-AgE[A-Za-z0-9_-]{40,}|` +
	`dckr_pat_[A-Za-z0-9_-]{20,}|npm_[A-Za-z0-9]{36}|AIza[0-9A-Za-z_-]{35})\b`)

// credentialsOf are those that are known by their place, and the tokens that are known by their form.
func credentialsOf(step *analyzer.Step) []credential {
	found := placedCredentials(step)
	in := step.Instruction
	switch in.Keyword {
	case "ENV", "ARG", "RUN", "COPY", "ADD", "LABEL":
	default:
		return found
	}
	for _, m := range knownToken.FindAllStringIndex(step.CodeText(in.Span), -1) {
		span := source.Span{Start: in.Span.Start + m[0], End: in.Span.Start + m[1]}
		written := step.Stage.Build().File.Text(span)
		if !randomForm(written) || slices.ContainsFunc(found, func(c credential) bool {
			return c.literal && (c.span.Contains(span) || span.Contains(c.span)) || c.userInfo.Contains(span) || c.variable != ""
		}) {
			continue
		}
		found = append(found, credential{step: step, span: span, literal: true})
	}
	return append(found, urlPasswords(step, found)...)
}

// anyURL is a URL of any kind with a user and a password that is written out.
var anyURL = pattern.New(`\b[a-z][a-z0-9+.-]*://([\w.%+-]+):([^\s/@:"'<>|\\$\{\}]{6,})@([\w-]+(?:\.[\w-]+)+)`)

// urlPasswords are passwords for other services than package indexes, which show by their value that they are some: they are neither the user's
// name nor a default or placeholder, they have digits and letters, and the host is none of this machine or of a compose file.
func urlPasswords(step *analyzer.Step, known []credential) []credential {
	in := step.Instruction
	if !strings.Contains(step.Stage.Build().File.Text(in.Span), "@") {
		return nil
	}
	text := step.CodeText(in.Span)
	for _, m := range anyURL.FindAllStringSubmatchIndex(text, -1) {
		user, password, host := text[m[2]:m[3]], text[m[4]:m[5]], text[m[6]:m[7]]
		span := source.Span{Start: in.Span.Start + m[4], End: in.Span.Start + m[5]}
		switch {
		case strings.EqualFold(user, password) || placeholder.MatchString(password) || defaultWord.MatchString(password):
		case !strings.ContainsAny(password, "0123456789") || !strings.ContainsAny(strings.ToLower(password), "abcdefghijklmnopqrstuvwxyz"):
		case strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "192.168.") || strings.HasPrefix(host, "10.") || localHost.MatchString(host):
		case slices.ContainsFunc(known, func(c credential) bool {
			return c.span.Contains(span) || span.Contains(c.span) || c.userInfo.Contains(span) || c.variable != ""
		}):
		default:
			return []credential{{step: step, span: span, literal: true}}
		}
	}
	return nil
}

var (
	defaultWord = pattern.New(`(?i)passw|secret|admin|root|guest|test|example|default|postgres|mysql|redis|rabbit|mongo|local|docker|change|dummy|123456`)
	localHost   = pattern.New(`(?i)(?:^|\.)(?:local|localhost|localdomain|internal|docker|example|test|invalid)$|(?:^|\.)example\.(?:com|org|net)$`)
)

// randomForm tells a token from a placeholder in its form: it has digits and letters, and no character makes up a third of it.
func randomForm(token string) bool {
	upper := strings.ToUpper(token)
	if strings.Contains(upper, "EXAMPLE") || strings.Contains(upper, "YOUR") || strings.Contains(upper, "XXXX") ||
		!strings.ContainsAny(token[4:], "0123456789") {
		return false
	}
	counts := map[rune]int{}
	for _, r := range token {
		if counts[r]++; counts[r] > max(4, len(token)/3) {
			return false
		}
	}
	return true
}

func placedCredentials(step *analyzer.Step) []credential {
	in := step.Instruction
	switch in.Keyword {
	case "ENV", "ARG":
		var found []credential
		for _, p := range in.Pairs {
			if c, ok := pairCredential(step, p); ok {
				found = append(found, c)
			}
		}
		return found
	case "RUN", "COPY", "ADD":
		return textCredentials(step)
	}
	return nil
}

// pairCredential looks at one assignment of ENV or ARG. ENVs that do not concern installers are another matter.
func pairCredential(step *analyzer.Step, p dockerfile.Pair) (credential, bool) {
	name := p.Key
	if secretVariable.MatchString(name) {
		c := credential{step: step, variable: name, span: p.KeySpan}
		if !p.HasValue {
			// `ARG TOKEN` takes the secret from --build-arg.
			return c, step.Instruction.Keyword == "ARG"
		}
		text := strings.Trim(p.Value, `"'`)
		if refs := reference.FindStringSubmatch(text); refs != nil {
			return c, step.Before.Sets(refs[1])
		}
		c.literal = true
		return c, text != "" && !placeholder.MatchString(text)
	}
	if !indexVariable.MatchString(name) || !p.HasValue {
		return credential{}, false
	}
	found := urlCredentials(step, p.ValueSpan)
	if len(found) == 0 {
		return credential{}, false
	}
	c := found[0]
	if c.variable == "" {
		c.variable = name
	}
	return c, true
}

// textCredentials looks through the text of an instruction, heredocs with it.
func textCredentials(step *analyzer.Step) []credential {
	found := urlCredentials(step, step.Instruction.Span)
	if strings.Contains(step.Stage.Build().File.Text(step.Instruction.Span), "machine") {
		for _, m := range netrcLine.FindAllStringSubmatchIndex(step.CodeText(step.Instruction.Span), -1) {
			secret := source.Span{Start: step.Instruction.Span.Start + m[2], End: step.Instruction.Span.Start + m[3]}
			if c, ok := secretAt(step, secret); ok {
				found = append(found, c)
			}
		}
	}
	for _, command := range step.Commands {
		for _, a := range command.Shell.Assigns {
			if a.Value == nil || !secretVariable.MatchString(a.Name) {
				continue
			}
			if c, ok := secretAt(step, a.Value.Span); ok {
				found = append(found, c)
			}
		}
		call := command.Installer
		if call == nil || call.Tool != installer.Poetry || call.Verb != "config" || len(call.Operands) < 2 {
			continue
		}
		if key := call.Operands[0].Text(); strings.HasPrefix(key, "http-basic.") || strings.HasPrefix(key, "pypi-token.") {
			if c, ok := secretAt(step, call.Operands[len(call.Operands)-1].Span); ok {
				found = append(found, c)
			}
		}
	}
	return found
}

// urlCredentials are the secrets in URLs.
func urlCredentials(step *analyzer.Step, span source.Span) []credential {
	if !strings.Contains(step.Stage.Build().File.Text(span), "@") {
		return nil // most have none, and the pattern is slow to find that out
	}
	var found []credential
	text := step.CodeText(span)
	for _, m := range userInfo.FindAllStringSubmatchIndex(text, -1) {
		host := text[m[8]:m[9]]
		if host == "localhost" || strings.HasPrefix(host, "127.") {
			continue
		}
		user := source.Span{Start: span.Start + m[4], End: span.Start + m[5]}
		if m[6] >= 0 {
			password := source.Span{Start: span.Start + m[6], End: span.Start + m[7]}
			switch step.Stage.Build().File.Text(password) {
			case "", "x-oauth-basic":
			default:
				if c, ok := secretAt(step, password); ok {
					c.userInfo = source.Span{Start: span.Start + m[2], End: span.Start + m[3]}
					found = append(found, c)
				}
				continue
			}
		}
		// A lone user is a name, unless it looks like a token.
		lone := step.Stage.Build().File.Text(user)
		ref := reference.FindStringSubmatch(lone)
		if ref == nil && !tokenPrefix.MatchString(lone) && !looksRandom(lone) || ref != nil && !secretName.MatchString(ref[1]) {
			continue
		}
		if c, ok := secretAt(step, user); ok {
			c.userInfo = source.Span{Start: span.Start + m[2], End: span.Start + m[3]}
			found = append(found, c)
		}
	}
	return found
}

func looksRandom(text string) bool {
	return tokenText.MatchString(text) && strings.ContainsAny(text, "0123456789") && strings.ContainsAny(strings.ToLower(text), "abcdef")
}

// secretAt tells whether the text at span is a secret that stays: written out, or out of an ARG or ENV of this file. What the
// command itself reads, from a secret mount or anywhere, does not stay.
func secretAt(step *analyzer.Step, span source.Span) (credential, bool) {
	c := credential{step: step, span: span}
	text := strings.Trim(step.Stage.Build().File.Text(span), `"'`)
	if text == "" || strings.Contains(text, "$(") || strings.Contains(text, "`") || strings.Contains(text, `\$`) {
		return c, false
	}
	if !strings.Contains(text, "$") {
		c.literal = true
		return c, !placeholder.MatchString(text)
	}
	for _, ref := range reference.FindAllStringSubmatch(text, -1) {
		if name := ref[1]; step.Before.Sets(name) && !rebinds(step, name) {
			// An ENV that holds nothing, or a placeholder, is no secret.
			if v := step.Before.Lookup(name); v.IsKnown() && (v.Text == "" || placeholder.MatchString(v.Text)) {
				continue
			}
			c.variable = name
			return c, true
		}
	}
	return c, false
}

// rebinds tells whether the instruction gives the variable another value itself.
func rebinds(step *analyzer.Step, name string) bool {
	for _, m := range step.Mounts() {
		if m.Type == "secret" && m.Flag.Options()["env"] == name {
			return true
		}
	}
	if step.Script != nil && step.Script.Binds(name) {
		return true
	}
	assigned := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\+?=`)
	return step.Instruction.Keyword == "RUN" && assigned.MatchString(step.CodeText(step.Instruction.Body))
}
