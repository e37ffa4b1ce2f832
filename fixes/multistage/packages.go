package multistage

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/ospkg"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// placePackages places a call of the system's package manager. An installation is divided: build tools and headers go to the builder, their
// run-time counterparts and everything else to the base stage, which the builder has too.
func (c *conversion) placePackages(step *analyzer.Step, one *piece, command *analyzer.Command) string {
	call := command.OS
	one.at = c.elsewhere(step, one.span)
	if !c.behind(one.span) && !step.Before.NonRoot() {
		one.at = inBase
	}
	switch call.Verb {
	case ospkg.Update:
		one.follows = systemBehind
	case ospkg.Clean:
		one.follows = systemBefore
	case ospkg.AutoRemove:
		one.follows = systemBefore
		if len(c.moved) > 0 {
			one.follows = dropped
		}
	case ospkg.Remove:
		return c.placeRemoval(one, command)
	case ospkg.Upgrade:
		one.packages = true
	case ospkg.Install:
		one.packages, one.rewrites = true, map[place]string{}
		if c.behind(one.span) || call.Opaque != "" || !command.Shell.Exact || step.Instruction.JSON {
			return ""
		}
		c.divide(step, one, command)
	}
	return ""
}

// divide decides for every package of an installation, and writes the command for both stages.
func (c *conversion) divide(step *analyzer.Step, one *piece, command *analyzer.Command) {
	call := command.OS
	removed := c.removedLater(step, command)
	if slices.ContainsFunc(call.Packages, func(p ospkg.Package) bool { return (!c.named(p) || p.Group) && !removed[c.key(p)] }) {
		return
	}
	stays := make([][]string, len(call.Packages)) // what the base gets in the package's place; nil where nothing stays
	leaves := make([]bool, len(call.Packages))
	for i, p := range call.Packages {
		counterpart, leave := c.counterpart(command, p)
		switch {
		case removed[c.key(p)] && !(p.Literal && c.keep[p.Name] && call.Virtual == ""):
			leaves[i] = true
		case leave:
			leaves[i], stays[i] = true, counterpart
		default:
			stays[i] = []string{c.doc.File.Text(p.Span)}
		}
	}
	if !slices.Contains(leaves, true) {
		return
	}
	c.keepPython(call, stays)
	var base, builder []string
	for i, p := range call.Packages {
		stays[i] = slices.DeleteFunc(stays[i], func(name string) bool {
			if slices.Contains(base, name) || leaves[i] && c.installs(call, name) {
				return true
			}
			base = append(base, name)
			return false
		})
		if leaves[i] {
			builder = append(builder, c.doc.File.Text(p.Span))
			c.moved[c.key(p)], c.moved[p.Name] = true, true
			one.venv = one.venv || bringsVenv(p.Name)
			c.runtimes = append(c.runtimes, stays[i]...)
		}
	}
	one.leaves, one.stays = builder, base
	one.at = inBuilder
	venv := -1
	if first := c.firstIntoVenv(); c.needsVenvPackage() && !c.venvAdded && command.Shell.Span.Start < first.Shell.Span.Start {
		venv, c.venvAdded = lastTrue(leaves), true
	}
	one.venv = one.venv || venv >= 0
	one.rewrites[inBuilder] = c.withPackages(one.span, call.Packages, func(i int) []string {
		switch {
		case i == venv:
			return []string{c.doc.File.Text(call.Packages[i].Span), c.venvPackage()}
		case leaves[i]:
			return []string{c.doc.File.Text(call.Packages[i].Span)}
		}
		return nil
	})
	if c.losesIndex(step, command) {
		one.rewrites[inBuilder] = call.Program + " update && " + one.rewrites[inBuilder]
	}
	if len(base) > 0 {
		one.at |= inBase
		text := c.withPackages(one.span, call.Packages, func(i int) []string { return stays[i] })
		if call.Virtual != "" {
			// The name of the group promises its removal.
			text = removeVirtual(text, call.Virtual)
		}
		one.rewrites[inBase] = text
	}
}

// named tells whether the word certainly names the package: what a variable holds may be another one, but for its version.
func (c *conversion) named(p ospkg.Package) bool {
	return p.Name != "" && (p.Literal || strings.HasPrefix(c.doc.File.Text(p.Span), p.Name+"="))
}

// key is what tells a package from others: its name, or the word that stands for several, such as $buildDeps.
func (c *conversion) key(p ospkg.Package) string {
	if p.Literal && p.Name != "" {
		return p.Name
	}
	return c.doc.File.Text(p.Span)
}

// losesIndex tells whether an installation counts on the index of packages that an earlier RUN has fetched, and a RUN behind it cleans that
// up: in the base stage that comes before the builder.
func (c *conversion) losesIndex(step *analyzer.Step, installed *analyzer.Command) bool {
	if installed.OS.NoCache || installed.OS.UpdateCache || installed.OS.Manager != ospkg.Apt && installed.OS.Manager != ospkg.Apk {
		return false
	}
	for _, command := range step.Commands {
		if command.OS != nil && command.OS.Verb == ospkg.Update {
			return false
		}
	}
	for _, other := range c.stage.Steps[step.Index+1 : c.last.Index+1] {
		for _, command := range other.Commands {
			if command.Concern() == analyzer.IndexCleanup || command.OS != nil && command.OS.Verb == ospkg.Clean {
				return true
			}
		}
	}
	return false
}

func lastTrue(of []bool) int {
	for i := len(of) - 1; i >= 0; i-- {
		if of[i] {
			return i
		}
	}
	return -1
}

// installs tells whether the call names the package itself.
func (c *conversion) installs(call *ospkg.Command, name string) bool {
	return slices.ContainsFunc(call.Packages, func(p ospkg.Package) bool { return p.Name == name })
}

func removeVirtual(text, name string) string {
	for _, form := range []string{" --virtual=" + name, " --virtual " + name, " -t " + name} {
		text = strings.Replace(text, form, "", 1)
	}
	return text
}

// counterpart tells whether a package is needed for building only, and what a running program needs of it.
func (c *conversion) counterpart(command *analyzer.Command, p ospkg.Package) (runtime []string, leaves bool) {
	facts := c.stage.Image
	if p.Version != "" || p.File != "" || c.keep[p.Name] || c.stage.UsesAtStart(p) || c.loadsLink(p.Name) {
		return nil, false
	}
	if pythonHeaders.MatchString(p.Name) {
		return nil, true
	}
	switch ospkg.ClassOf(facts.Distro, p.Name) {
	default:
		return nil, false
	case ospkg.BuildOnly:
	case ospkg.PythonPackaging:
		if c.python2 {
			return nil, false // pip has to find the same packages installed in both stages
		}
		// pkg_resources is a part of setuptools, and distutils one of the standard library.
		return nil, facts.Distro != "" && strings.HasSuffix(p.Name, "-pip") || strings.HasSuffix(p.Name, "-wheel") || strings.HasSuffix(p.Name, "-venv") ||
			strings.Contains(p.Name, "virtualenv")
	}
	if ospkg.NeedsNothing(p.Name) {
		return nil, true
	}
	if runtime, known := ospkg.Runtime(facts.Distro, facts.PackageRelease(), p.Name); known {
		if facts.Distro == "debian" || facts.Distro == "ubuntu" {
			runtime = slices.DeleteFunc(runtime, func(name string) bool { return name == "libstdc++6" }) // apt itself needs it
		}
		if command.OtherArchive() && len(runtime) > 0 {
			return nil, false
		}
		return runtime, true
	}
	// Headers of a library whose run-time package is not known stay; compilers go.
	return nil, !strings.HasSuffix(p.Name, "-dev") && !strings.HasSuffix(p.Name, "-devel") && !strings.HasSuffix(p.Name, "-static")
}

// pythonHeaders matches what only building with one version of Python needs.
var pythonHeaders = pattern.New(`^python3\.\d+-(?:dev|venv)$`)

// keepPython names the interpreter in the base where only packages that leave have brought it.
func (c *conversion) keepPython(call *ospkg.Command, stays [][]string) {
	name := cmp.Or(c.python3, "python3")
	if c.python.Prefix != "/usr" || has(c.stage, name) || slices.Contains(c.runtimes, name) {
		return
	}
	for i, p := range call.Packages {
		if len(stays[i]) > 0 && strings.HasPrefix(p.Name, name) {
			return
		}
	}
	for i, p := range call.Packages {
		if p.Name == "py3-pip" {
			stays[i] = append([]string{name}, stays[i]...)
			return
		}
		if m := bringsPython3.FindStringSubmatch(p.Name); m != nil {
			stays[i] = append([]string{m[1]}, stays[i]...)
			return
		}
	}
}

// bringsPython3 matches packages that need the interpreter of the first part of their names.
var bringsPython3 = pattern.New(`^(python3[\d.]*)-`)

// removedLater are the packages that a later command takes out again, by name or as a group: their author wants them for building only.
func (c *conversion) removedLater(step *analyzer.Step, installed *analyzer.Command) map[string]bool {
	removed := map[string]bool{}
	for _, other := range c.stage.Steps[step.Index:] {
		for _, command := range other.Commands {
			if command.OS == nil || command.OS.Verb != ospkg.Remove || command.OS.Opaque != "" || !command.Shell.Certain {
				continue
			}
			for _, p := range command.OS.Packages {
				removed[c.key(p)] = true
				if p.Name != "" && p.Name == installed.OS.Virtual {
					for _, all := range installed.OS.Packages {
						removed[c.key(all)] = true
					}
				}
			}
		}
	}
	return removed
}

// placeRemoval takes out of a removal what the final image does not have any more.
func (c *conversion) placeRemoval(one *piece, command *analyzer.Command) string {
	call := command.OS
	gone := func(p ospkg.Package) bool { return c.moved[c.key(p)] || c.virtualMoved(p.Name) }
	if call.Opaque != "" || slices.ContainsFunc(call.Packages, func(p ospkg.Package) bool { return (p.Name == "" || !p.Literal) && !gone(p) }) {
		return "removes packages that can't be told"
	}
	left := slices.DeleteFunc(slices.Clone(call.Packages), gone)
	if len(left) == 0 {
		one.follows = dropped
		return ""
	}
	if len(left) < len(call.Packages) {
		text := c.withPackages(one.span, call.Packages, func(i int) []string {
			if gone(call.Packages[i]) {
				return nil
			}
			return []string{c.doc.File.Text(call.Packages[i].Span)}
		})
		one.rewrites = map[place]string{inBase: text, inRuntime: text}
	}
	return ""
}

// virtualMoved tells whether the name is that of an apk group all of whose packages went to the builder.
func (c *conversion) virtualMoved(name string) bool {
	for _, command := range c.stage.ChainCommands() {
		if command.OS != nil && command.OS.Virtual == name && name != "" {
			return !slices.ContainsFunc(command.OS.Packages, func(p ospkg.Package) bool { return !c.moved[c.key(p)] })
		}
	}
	return false
}

// withPackages writes the command with other packages: each word goes with the blanks, line breaks and comments before it.
func (c *conversion) withPackages(span source.Span, packages []ospkg.Package, text func(i int) []string) string {
	var edits []editedWord
	for i, p := range packages {
		if i == 0 || p.Span != packages[i-1].Span { // else one variable stands for both
			edits = append(edits, editedWord{p.Span, text(i)})
		}
	}
	file := c.doc.File.Bytes()
	var out strings.Builder
	at := span.Start
	for _, e := range edits {
		start := gapBefore(file, e.span.Start, span.Start)
		out.Write(file[at:start])
		for k, word := range e.words {
			if k == 0 {
				out.Write(file[start:e.span.Start])
			} else {
				out.WriteByte(' ')
			}
			out.WriteString(word)
		}
		at = e.span.End
	}
	out.Write(file[at:span.End])
	return out.String()
}

type editedWord struct {
	span  source.Span
	words []string
}

// gapBefore is where the word before offset ends: behind it are blanks, continuations and comment lines only.
func gapBefore(file []byte, offset, limit int) int {
	at := offset
	for at > limit {
		line := at
		for line > limit && file[line-1] != '\n' {
			line--
		}
		text := strings.TrimRight(string(file[line:at]), " \t\r")
		trimmed := strings.TrimLeft(strings.TrimSuffix(strings.TrimSuffix(text, "\\"), "`"), " \t")
		if trimmed == "" || trimmed[0] == '#' && line > limit {
			if line == limit {
				return limit
			}
			at = line - 1
			continue
		}
		code := text
		if at != offset {
			code = strings.TrimSuffix(strings.TrimSuffix(code, "\\"), "`")
		}
		return line + len(strings.TrimRight(code, " \t"))
	}
	return at
}
