package rules

import (
	"fmt"
	"path"
	"slices"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// CommandNotFound finds a start command that names a file which nothing puts into the image, or a program of a Python package that is
// not installed there.
//
// The build succeeds, and the container ends at once: "No such file or directory" for a script, and exit code 127, or "executable file
// not found in $PATH" from Docker, for a program.
//
// A file is judged where the directory that should hold it is known: from COPYs of single files, from the build context, or because
// .dockerignore hides it; and where other COPYs bring the application's code, or the build context has the file and no COPY takes it. Whatever
// may be made by a RUN, mounted as a volume, or made before the build is left alone. Where no COPY takes any code the finding is advice: all of it may be mounted. A program is judged where everything that is installed is
// known: from a lock file, from requirements with hashes, from an environment of conda, or from packages of which it is known what they require
// and which programs they bring; a module of `python -m` by the directories that the interpreter searches; a name that is a slip of a program's
// that may be there (gunicron) in any case.
// A server's application (`gunicorn shop.wsgi:app`, `celery -A tasks`) is looked for in the working directory and on PYTHONPATH: a module that is not
// there is reported where the build context has it elsewhere and its project is not installed, where a neighbour nearly has its name, and where all packages are known and none is called so.
// What CMD starts behind an init, or behind a start script that ends with `exec "$@"` and does not touch PATH or the directory, is judged like the rest.
// Programs whose package was copied without them are the matter of PLD113.
//
// # Flagged
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY main.py /srv/
//	CMD ["python", "main.py"]
//
// # Instead
//
//	FROM python:3.12-slim
//	WORKDIR /app
//	COPY main.py /app/
//	CMD ["python", "main.py"]
//
// # References
//
//   - https://docs.docker.com/reference/dockerfile/#cmd
//   - https://packaging.python.org/en/latest/specifications/entry-points/
var CommandNotFound = register(&analyzer.Rule{
	Code: "PLD509", Name: "command-not-found",
	Summary:  "the image starts a file or a program that it does not have",
	Do:       "copy or install what starts, or correct its name or path",
	Severity: analyzer.Error, Fix: analyzer.NoFix, AsksBase: true, Check: checkCommandNotFound,
})

func checkCommandNotFound(p *analyzer.Pass) {
	a, ok := p.AbsentStart()
	if !ok {
		if d, found := absentApplication(p); found {
			p.Report(d)
		}
		return
	}
	d := analyzer.Diagnostic{Span: a.Span}
	switch name, _, _ := p.Context.IgnoreFile(); {
	case a.Hides != nil:
		d.Message = fmt.Sprintf("%s is in an environment that %s makes in a place of its own, which is not on PATH, so the container ends with exit code 127",
			a.Script, a.Hides.Call.Tool)
		d.Related = append(d.Related, analyzer.Related{Span: a.Hides.Call.Span, Message: "it is installed here"})
	case a.Near != "":
		d.Message = fmt.Sprintf("nothing brings the program %s into the final image, so the container ends with exit code 127; there is %s", a.Script, a.Near)
	case a.File == "" && a.Package == "" && slices.ContainsFunc(p.Target.Contents(), func(c analyzer.Content) bool { return c.Install.Packages().Names[a.Script] }):
		d.Message = fmt.Sprintf("the package %s brings no program of its name, and nothing else does, so the container ends with exit code 127", a.Script)
	case a.File == "" && a.Package == "":
		d.Message = fmt.Sprintf("nothing brings the program %s into the final image, so the container ends with exit code 127", a.Script)
	case a.File == "":
		d.Message = fmt.Sprintf("%s is not installed in the final image: nothing brings the package %s, so the container ends with exit code 127", a.Script, a.Package)
	case a.Hidden:
		d.Message = fmt.Sprintf("%s is not in the image, since %s keeps it out, so the container ends at once", a.File, name)
	case a.Elsewhere != "":
		d.Message = fmt.Sprintf("%s is not in the image, so the container ends at once: the file is at %s", a.File, a.Elsewhere)
		d.Related = append(d.Related, analyzer.Related{Span: a.Copy.DestSpan, Message: "it is put here"})
	default:
		d.Message = fmt.Sprintf("nothing puts %s into the image, so the container ends at once", a.File)
		if near := similar(path.Base(a.File), a.Siblings); near != "" {
			d.Message += "; there is " + near
		}
		unlessMounted(p, &d)
	}
	p.Report(d)
}
