package rules

import (
	"fmt"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// SecretsInContext finds an .env, a private key or another file with secrets that a COPY takes into a layer of the final
// image.
//
// A layer can be unpacked by everyone who has the image, and stays in it when a later instruction deletes the file. Files are
// looked into: an .env of plain settings or a certificate is no finding, a pip.conf only where a URL in it has a password. An .env that is not there yet counts when .gitignore
// names it and an .env.example with secrets lies beside its place. Patterns of .dockerignore start at the root of the
// context: `.env` does not match one in a directory.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	CMD ["python", "main.py"]
//	-- main.py --
//	-- .env --
//	API_TOKEN=f3b1c9d27e8a4460
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY . .
//	CMD ["python", "main.py"]
//	-- .dockerignore --
//	**/.env
//	-- main.py --
//	-- .env --
//	API_TOKEN=f3b1c9d27e8a4460
//
// # Fix
//
// Appends the file to the ignore file in force, or creates .dockerignore. Unsafe: the program must then get its settings
// when the container starts, by `--env-file` or as mounted secrets. There is no fix where a COPY names the file, nor
// for a key that lies in a Python package or that code or a configuration names.
//
// # References
//
//   - https://docs.docker.com/build/concepts/context/#dockerignore-files
//   - https://docs.docker.com/build/building/secrets/
var SecretsInContext = register(&analyzer.Rule{
	Code: "PLD305", Name: "secrets-in-context",
	Summary:  "a file with secrets is copied into the image",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Security: 7.5, Check: checkSecretsInContext,
})

func checkSecretsInContext(p *analyzer.Pass) {
	for _, s := range copiedSecrets(p.Build) {
		p.Report(analyzer.Diagnostic{
			Span:        s.source.Span,
			Message:     fmt.Sprintf("%s %s and becomes part of the image, where everyone who has the image can read it", s.path, s.detail),
			NoFixReason: "what needs the file can't be told",
		})
	}
	leak := secretLeak(p.Build)
	if leak == nil {
		return
	}
	d := analyzer.Diagnostic{Span: leak.trees[0].Source.Span, Related: copiedHereToo(leak.trees)}
	d.Message = fmt.Sprintf("%s holds %s and is copied along, so that everyone who has the image can read it", leak.path, leak.detail)
	if !leak.present {
		d.Message = fmt.Sprintf("%s, which is to hold %s, would be copied along: .gitignore keeps it back and no .dockerignore does", leak.path, leak.detail)
	}
	d.Message += othersToo(leak.others)
	what := leak.path
	if len(leak.others) > 0 {
		what += fmt.Sprintf(" and %d more", len(leak.others))
	}
	keepOut(p, &d, leak.lines, leak.stoppedBy, what, analyzer.Unsafe)
	if leak.needed != "" {
		d.Fix, d.NoFixReason = nil, "the program may need it: "+leak.needed
	}
	p.Report(d)
}

// othersToo tells the rest of what is copied along.
func othersToo(list []string) string {
	const most = 3
	switch n := len(list); {
	case n == 0:
		return ""
	case n == 1:
		return "; so is " + list[0]
	case n <= most:
		return "; so are " + strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	default:
		return fmt.Sprintf("; so are %s and %d more", strings.Join(list[:most], ", "), n-most)
	}
}
