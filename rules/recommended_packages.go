package rules

import (
	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/sizes"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// RecommendedPackages finds apt-get install without --no-install-recommends in the final image.
//
// apt then installs what a package's maintainer recommends for a desktop or server: `python3-pip` brings build-essential and python3-dev,
// some 300 MB; `git` brings openssh-client, patch and less. An image needs what it names, and what that depends on.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y libpq5 git && rm -rf /var/lib/apt/lists/*
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN apt-get update && apt-get install -y --no-install-recommends libpq5 git && rm -rf /var/lib/apt/lists/*
//
// # Fix
//
// Adds `--no-install-recommends`, and names what the file needs of the recommended packages: ca-certificates for curl, git and Python, libc6-dev for
// gcc, openssh-client for git by ssh. Unsafe: the program may use another one; name it then. There is no fix where pip may have to compile
// something with the compilers that python3-pip recommends.
//
// # References
//
//   - https://docs.docker.com/build/building/best-practices/#apt-get
//   - https://www.debian.org/doc/debian-policy/ch-relationships.html#binary-dependencies-depends-recommends-suggests-enhances-pre-depends
var RecommendedPackages = register(&analyzer.Rule{
	Code: "PLD403", Name: "recommended-packages",
	Summary:  "apt-get installs recommended packages too",
	Do:       "add --no-install-recommends",
	Severity: analyzer.Info, Fix: analyzer.Unsafe, Check: checkRecommendedPackages,
})

func checkRecommendedPackages(p *analyzer.Pass) {
	commands := recommending(p.Target)
	if len(commands) == 0 {
		return
	}
	var uses []analyzer.PackageUse
	for _, c := range commands {
		for _, p := range c.OS.Packages {
			uses = append(uses, analyzer.PackageUse{Command: c, Package: p})
		}
	}
	first := commands[0].OS
	d := analyzer.Diagnostic{
		Span:    first.Span,
		Message: "without --no-install-recommends apt installs packages that nobody has named" + weight.About(sizes.Recommended(p.Target, uses)) + " into the final image",
	}
	if first.VerbSpan.End > first.Span.Start {
		d.Span.End = first.VerbSpan.End
	}
	d.Fix = &analyzer.Fix{Title: "Add --no-install-recommends", Safety: analyzer.Unsafe}
	for i, c := range commands {
		if i > 0 {
			d.Related = append(d.Related, analyzer.Related{Span: c.OS.Span, Message: "so does this"})
		}
		if !c.Shell.Exact || c.Step.Instruction.JSON || c.OS.VerbSpan.Empty() {
			d.Fix, d.NoFixReason = nil, "a command can't be edited where it stands"
			break
		}
		d.Fix.Edits = append(d.Fix.Edits, fixes.InsertWord(c.OS.VerbSpan, "--no-install-recommends"))
	}
	if d.Fix != nil {
		nameRecommended(p, &d, commands)
	}
	p.Report(d)
}

// recommending gives the commands of the stage's chain with which apt certainly installs recommended packages too, and nothing asks for them.
func recommending(s *analyzer.Stage) []*analyzer.Command {
	var found []*analyzer.Command
	for _, c := range s.ChainCommands() {
		if !sizes.Recommends(c) || c.OS.Recommends || c.OS.Opaque != "" || len(c.OS.Packages) == 0 {
			continue
		}
		if c.Shell.Certain || c.Shell.Attempted {
			found = append(found, c)
		}
	}
	return found
}

// nameRecommended names those of the recommended packages that the file needs.
func nameRecommended(p *analyzer.Pass, d *analyzer.Diagnostic, commands []*analyzer.Command) {
	needs, refused := needsOfRecommended(p.Target, commands)
	if refused != "" {
		d.Fix, d.NoFixReason = nil, refused
		return
	}
	added := map[source.Span]string{} // several behind one package
	for _, need := range needs {
		if !need.by.Literal || need.by.Span.Empty() {
			d.Fix, d.NoFixReason = nil, need.name+" is needed, and can't be named where the packages are"
			return
		}
		if added[need.by.Span] != "" {
			added[need.by.Span] += " "
		}
		added[need.by.Span] += need.name
	}
	for _, need := range needs {
		if names := added[need.by.Span]; names != "" {
			d.Fix.Edits = append(d.Fix.Edits, fixes.InsertWord(need.by.Span, names))
			added[need.by.Span] = ""
			d.Fix.Title = "Add --no-install-recommends, and name what is needed"
		}
	}
}
