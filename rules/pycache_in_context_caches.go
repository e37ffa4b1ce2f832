package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// byteCodeLeak is byte code of the build context that the .dockerignore in force lets into a COPY.
type byteCodeLeak struct {
	// Path is a `__pycache__` directory or a byte code file that gets through, or where Python would write it.
	contextLeak
	// line is the line of the ignore file, without blanks around it, that is to blame: a pattern about byte code that does
	// not reach Path, or, with BringsBack, a "!" that takes back what hid it. Empty when there is no such line.
	line       source.Span
	pattern    string
	bringsBack bool

	orphan string // byte code without its source
}

// pycache is the name of a byte code file as CPython writes it, below a directory.
// https://peps.python.org/pep-3147/
const pycache = "__pycache__/module.cpython-312.pyc"

// findByteCode finds byte code that COPYs of directories with Python sources take along. It is nil where there is none, where
// byte code is wanted because a COPY names it, and without a context.
func findByteCode(b *analyzer.Build) *byteCodeLeak {
	if b.Context == nil || slices.ContainsFunc(b.ContextNames(), isByteCode) {
		return nil
	}
	leak := &byteCodeLeak{contextLeak: contextLeak{lines: project.ClutterLines(project.ByteCode), build: b}}
	for _, tree := range b.ContextTrees() {
		// What a stage for Rust or JavaScript does with stray byte code is no matter of Python.
		if usesPython(tree.Copy.Step.Stage) && leak.look(tree) {
			leak.trees = append(leak.trees, tree)
		}
	}
	if len(leak.trees) == 0 {
		return nil
	}
	leak.blame()
	return leak
}

func isByteCode(name string) bool {
	switch path.Ext(name) {
	case ".pyc", ".pyo", ".pyd":
		return true
	}
	return strings.Contains(name, "__pycache__")
}

// look tells whether byte code gets through in one tree and keeps the best example seen so far.
func (l *byteCodeLeak) look(tree analyzer.ContextTree) bool {
	found := surveyByteCode(l.build.Context, tree.Dir)
	if len(found.pythonDirs) == 0 {
		return false
	}
	leaks := false
	add := func(p string, present bool) {
		if tree.Excludes(p) || !present && l.build.Context.Ignored(p) {
			return
		}
		leaks = true
		shown := p
		if path.Base(path.Dir(p)) == "__pycache__" {
			shown = path.Dir(p)
		}
		if l.path == "" || present && !l.present {
			l.path, l.present = shown, present
		}
	}
	for _, p := range []string{found.cached, found.stray} {
		if p != "" {
			add(p, true)
			l.probes = append(l.probes, p)
		}
	}
	for _, dir := range found.pythonDirs {
		add(path.Join(dir, pycache), false)
		l.probes = append(l.probes, path.Join(dir, pycache), path.Join(dir, "module.pyc"))
	}
	// A pattern that covers every directory of today is good enough; a new one covers those of tomorrow too.
	for _, below := range []string{"", "package", "package/part/detail"} {
		l.probes = append(l.probes, path.Join(tree.Dir, below, pycache))
	}
	if l.orphan == "" {
		l.orphan = found.orphan
	}
	return leaks
}

// byteCodeSurvey is what a walk through a directory finds.
type byteCodeSurvey struct {
	pythonDirs []string // directories with Python sources, at most maxPythonDirs
	cached     string   // a byte code file in a __pycache__
	stray      string   // one outside of any
	orphan     string   // one outside without its source beside it
}

const maxPythonDirs = 60

// surveyByteCode looks through a directory once for all Dockerfiles that share the context.
func surveyByteCode(context *project.Context, dir string) byteCodeSurvey {
	return context.Remember("byte code below "+dir, func() any { return newByteCodeSurvey(context, dir) }).(byteCodeSurvey)
}

func newByteCodeSurvey(context *project.Context, dir string) (s byteCodeSurvey) {
	context.Walk(dir, func(p string, isDir bool) bool {
		// A virtual environment is another matter than the byte code of the project's own sources.
		if isDir || strings.Contains(p, "site-packages/") || strings.HasPrefix(p, ".") || strings.Contains(p, "/.") {
			return true
		}
		folder := path.Dir(p)
		switch path.Ext(p) {
		case ".py":
			n := len(s.pythonDirs)
			if n < maxPythonDirs && !slices.Contains(s.pythonDirs[max(0, n-20):], folder) {
				s.pythonDirs = append(s.pythonDirs, folder)
			}
		case ".pyc", ".pyo":
			switch {
			case path.Base(folder) == "__pycache__":
				if s.cached == "" {
					s.cached = p
				}
			case s.stray == "":
				s.stray = p
			}
			if path.Base(folder) != "__pycache__" && s.orphan == "" && !context.Exists(p[:len(p)-1]) {
				s.orphan = p
			}
		}
		return true
	})
	return s
}

// blame finds the line of the ignore file that should have hidden Path.
func (l *byteCodeLeak) blame() {
	_, file, exists := l.build.Context.IgnoreFile()
	if !exists {
		return
	}
	probe := l.path
	if !isByteCodeFile(probe) {
		probe = path.Join(probe, path.Base(pycache))
	}
	var lines []string
	hidden := false
	for n := 1; n <= file.Lines(); n++ {
		span := file.Line(n)
		raw := file.Text(span)
		lines = append(lines, raw)
		text := strings.TrimSpace(strings.TrimPrefix(raw, "\uFEFF"))
		if text == "" || strings.HasPrefix(raw, "#") {
			continue
		}
		now := project.WouldIgnore(lines, probe)
		brings := hidden && !now
		// A pattern for the directories is nearer to what was meant than one for the files.
		better := l.line.Empty() || !strings.Contains(l.pattern, "__pycache__") && strings.Contains(text, "__pycache__")
		near := !strings.HasPrefix(text, "!") && better && !l.bringsBack && aboutByteCode(text)
		if brings || near && !now {
			start := span.Start + strings.Index(raw, text)
			l.line, l.pattern, l.bringsBack = source.Span{Start: start, End: start + len(text)}, text, brings
		}
		hidden = now
	}
}

func isByteCodeFile(p string) bool { return path.Ext(p) != "" }

func aboutByteCode(pattern string) bool {
	return strings.Contains(pattern, "__pycache__") || strings.Contains(pattern, ".pyc") || strings.Contains(pattern, ".pyo") ||
		strings.Contains(pattern, ".py[")
}

// stoppedBy tells whether an ignore file of these lines keeps the byte code out and hides nothing that the build names; reason
// says in a clause why not.
func (l *byteCodeLeak) stoppedBy(lines []string) (ok bool, reason string) {
	if l.orphan != "" {
		return false, l.orphan + " has no source beside it and may be wanted"
	}
	return l.contextLeak.stoppedBy(lines)
}
