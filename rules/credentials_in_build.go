package rules

import (
	"fmt"
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// CredentialsInBuild finds passwords and tokens for package indexes and repositories that an ENV, an ARG or the text of a
// RUN writes down.
//
// Tokens are known by their form too, and passwords in other URLs by their value: one of digits and letters for a host of the network, which is
// neither the user's name nor a default word.
//
// An ENV is part of the image's configuration. The value of an ARG is part of the history of every RUN after it, also in an
// image of one stage, and `docker history` shows both; deleting a file later does not help. In a stage that is not
// part of the final image the value stays in the builder's cache and in images made with `--target`: such a finding is a
// warning. A secret mount leaves nothing behind. pipenv's page about Docker passes a password for an index by ARG and ENV, as if it ended with
// the build: with BuildKit the value was read back from the history of the image.
//
// # Flagged
//
//	FROM python:3.12-slim
//	ARG PYPI_TOKEN
//	COPY requirements.txt .
//	RUN pip install --no-cache-dir --index-url https://ci:${PYPI_TOKEN}@pypi.example.com/simple -r requirements.txt
//
// # Instead
//
//	FROM python:3.12-slim
//	COPY requirements.txt .
//	RUN --mount=type=secret,id=netrc,target=/root/.netrc \
//	    pip install --no-cache-dir --index-url https://pypi.example.com/simple -r requirements.txt
//
// # Fix
//
// A suggestion takes the credentials out of the URL and mounts a .netrc as a secret. It is never applied by itself, because the
// build is then called with `--secret id=netrc,src=$HOME/.netrc`.
//
// # References
//
//   - https://docs.docker.com/build/building/secrets/
//   - https://docs.docker.com/reference/dockerfile/#arg
//   - https://pip.pypa.io/en/stable/topics/authentication/
var CredentialsInBuild = register(&analyzer.Rule{
	Code: "PLD213", Name: "credentials-in-build",
	Summary:  "a password or token for a package index stays in the image or its history",
	Severity: analyzer.Error, Fix: analyzer.Suggestion, Security: 8.6, Check: checkCredentialsInBuild,
})

func checkCredentialsInBuild(p *analyzer.Pass) {
	for _, c := range credentials(p.Build) {
		d := analyzer.Diagnostic{Span: c.span, Message: credentialMessage(c)}
		if !c.literal && c.kept() == inBuilder {
			d.Severity = analyzer.Warning
		}
		if edits, ok := netrcMount(c); ok {
			d.Fix = &analyzer.Fix{Title: "Mount a .netrc as a secret instead", Safety: analyzer.Suggestion, Edits: edits}
		} else {
			d.NoFixReason = "where the secret should come from can't be told"
		}
		p.Report(d)
	}
}

// credentialMessage never holds the secret's text.
func credentialMessage(c credential) string {
	what := "a password or token"
	if c.variable != "" {
		what = "the secret in " + c.variable
	}
	if c.literal {
		return what + " is written out here, so everyone who can read the Dockerfile or the image's history has it"
	}
	switch c.kept() {
	case inEnvironment:
		return what + " becomes part of the image's environment, where everyone who has the image can read it"
	case inHistory:
		return what + " stays in the image's history, where everyone who has the image can read it"
	}
	return fmt.Sprintf("%s stays in the builder's cache and in the history of %s", what, c.step.Stage.Label())
}

// netrcMount takes the user and password out of the URLs of a RUN and lets pip, uv and git read them from a .netrc that is
// mounted as a secret. ok is false where the home directory is not known or the RUN mounts a secret already.
// https://pip.pypa.io/en/stable/topics/authentication/#netrc-support
func netrcMount(c credential) (edits []analyzer.Edit, ok bool) {
	in, home := c.step.Instruction, c.step.Before.Home()
	if in.Keyword != "RUN" || c.userInfo.Empty() || !home.IsKnown() {
		return nil, false
	}
	for _, m := range c.step.Mounts() {
		if m.Type == "secret" {
			return nil, false
		}
	}
	mount := "--mount=type=secret,id=netrc,target=" + path.Join(home.Text, ".netrc")
	return []analyzer.Edit{fixes.InsertWord(in.KeywordSpan, mount), fixes.ReplaceSpan(c.userInfo, "")}, true
}
