package rules

import (
	"fmt"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/fixes"
)

// ActivateInRun finds a virtual environment that is activated at the end of a RUN.
//
// `activate` sets PATH in the shell of that RUN only, and the shell ends with it. The next `pip install` goes to the system's
// interpreter again, and so does `python` in CMD. `conda activate` is no different, `bash -c "source ..."` ends even
// before its RUN, and `bash venv/bin/activate` sets the variables of a process that is over at once. An ENV PATH lasts; nothing else of what `activate` does is needed.
//
// # Flagged
//
//	FROM python:3.12-slim
//	RUN python -m venv /opt/venv
//	RUN . /opt/venv/bin/activate
//	RUN pip install --no-cache-dir flask==3.1.0
//	CMD ["python", "-m", "flask", "run"]
//
// # Instead
//
//	FROM python:3.12-slim
//	RUN python -m venv /opt/venv
//	ENV PATH="/opt/venv/bin:$PATH"
//	RUN pip install --no-cache-dir flask==3.1.0
//	CMD ["python", "-m", "flask", "run"]
//
// # Fix
//
// Puts ENV PATH in the place of the activation. Unsafe: packages then do go to the environment, where a program that is
// started with the system's interpreter by its path no longer finds them.
//
// # References
//
//   - https://docs.python.org/3/library/venv.html#how-venvs-work
//   - https://docs.docker.com/reference/dockerfile/#run
var ActivateInRun = register(&analyzer.Rule{
	Code: "PLD124", Name: "activate-in-run",
	Summary:  "a virtual environment is activated in a RUN that ends there",
	Severity: analyzer.Warning, Fix: analyzer.Unsafe, Check: checkActivateInRun,
})

var plainPath = pattern.New(`^[A-Za-z0-9/._@+-]+$`)

func checkActivateInRun(p *analyzer.Pass) {
	for s := range p.Feeding() {
		for _, a := range lostActivations(s) {
			d := analyzer.Diagnostic{
				Span:    a.command.Shell.Span,
				Message: activationMessage(a),
				Related: []analyzer.Related{{Span: a.misses, Message: "this runs outside the environment"}},
			}
			d.Fix, d.NoFixReason = activateByPath(p, a)
			p.Report(d)
		}
	}
}

func activationMessage(a activation) string {
	switch {
	case a.process:
		return fmt.Sprintf("this activates %s in a process of its own, which changes nothing for what follows", a.dir)
	case a.name != "":
		return fmt.Sprintf("the activation of conda's %s ends with this shell, so the instructions below use another interpreter", a.name)
	}
	return fmt.Sprintf("the activation of %s ends with this RUN, so the instructions below use another interpreter", a.dir)
}

// activateByPath is the fix that puts an ENV in the place of an activation.
func activateByPath(p *analyzer.Pass, a activation) (*analyzer.Fix, string) {
	if a.name != "" {
		return nil, "where conda keeps the environment is not known for sure"
	}
	if !plainPath.MatchString(a.dir) {
		return nil, "the directory has characters with a meaning of their own"
	}
	step := a.command.Step
	line := fixes.SetEnv(p.Doc, "PATH", a.dir+"/bin:$PATH")
	fix := &analyzer.Fix{Title: "Put " + a.dir + "/bin on PATH", Safety: analyzer.Unsafe}
	switch {
	case a.alone:
		fix.Edits = []analyzer.Edit{fixes.ReplaceSpan(step.Instruction.Span, line)}
		return fix, ""
	case a.item < 0 || a.item != len(step.Script.Items)-1:
		return nil, "the activation is part of a larger command"
	}
	edits, ok := fixes.DeleteItem(p.Doc, step.Script, a.item)
	if !ok {
		return nil, "the activation is part of a larger command"
	}
	fix.Edits = append(edits, fixes.InsertAfter(p.Doc, step.Instruction, line))
	return fix, ""
}
