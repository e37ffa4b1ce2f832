package extract

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
)

// commonMovable gives the longest sequence of steps that all stages have in this order and that can
// move to the front of each, because neither they nor what they pass depend on the other.
func commonMovable(doc *dockerfile.Document, stages []*analyzer.Stage) [][]*analyzer.Step {
	steps := make([][]*analyzer.Step, len(stages))
	for i, s := range stages {
		for _, step := range s.Steps {
			if movable(doc, step) {
				steps[i] = append(steps[i], step)
			} else if isWall(step) {
				break
			}
		}
	}
	for i := 1; i < len(stages); i++ {
		first, other := longestCommon(doc, steps[0], steps[i])
		for j := range i {
			// Narrow the stages before to what is still common: equal texts, in order.
			_, steps[j] = longestCommon(doc, first, steps[j])
		}
		steps[0], steps[i] = first, other
	}
	for n := len(steps[0]); ; {
		valid := n
		for i, s := range stages {
			valid = min(valid, countUnhindered(doc, s, steps[i][:n]))
		}
		if valid == n {
			for i := range steps {
				steps[i] = steps[i][:n:n]
			}
			return steps
		}
		n = valid
	}
}

// isWall tells whether nothing can move from behind a step to its front.
func isWall(step *analyzer.Step) bool {
	switch step.Instruction.Keyword {
	case "LABEL", "EXPOSE", "MAINTAINER", "STOPSIGNAL", "CMD", "ENTRYPOINT", "HEALTHCHECK",
		"ENV", "ARG", "WORKDIR", "COPY", "ADD":
		return false
	}
	return true
}

// maxCommon is how many steps of a stage are compared with those of another: the table below has a cell for each pair.
const maxCommon = 1000

func longestCommon(doc *dockerfile.Document, a, b []*analyzer.Step) (inA, inB []*analyzer.Step) {
	text := func(steps []*analyzer.Step) []string {
		var texts []string
		for _, s := range steps {
			texts = append(texts, effectiveText(doc, s.Instruction))
		}
		return texts
	}
	a, b = a[:min(len(a), maxCommon)], b[:min(len(b), maxCommon)]
	x, y := text(a), text(b)
	length := make([][]int, len(x)+1)
	for i := range length {
		length[i] = make([]int, len(y)+1)
	}
	for i := len(x) - 1; i >= 0; i-- {
		for j := len(y) - 1; j >= 0; j-- {
			length[i][j] = max(length[i+1][j], length[i][j+1])
			if x[i] == y[j] {
				length[i][j] = max(length[i][j], 1+length[i+1][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(x) && j < len(y); {
		switch {
		case x[i] == y[j]:
			inA, inB = append(inA, a[i]), append(inB, b[j])
			i++
			j++
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}

// countUnhindered is how many of the members, from the first, can move to the front of the stage.
func countUnhindered(doc *dockerfile.Document, stage *analyzer.Stage, members []*analyzer.Step) int {
	for n, m := range members {
		for _, step := range stage.Steps[:m.Index] {
			if !slices.Contains(members, step) && !commute(doc, step, m) {
				return n
			}
		}
	}
	return len(members)
}

// movable tells whether a step is of a kind that may move at all.
func movable(doc *dockerfile.Document, step *analyzer.Step) bool {
	in := step.Instruction
	text := effectiveText(doc, in)
	if strings.ContainsAny(text, "$`") {
		return false
	}
	switch in.Keyword {
	case "ENV":
		return true
	case "WORKDIR":
		return len(in.Args) == 1 && strings.HasPrefix(in.Args[0].Text, "/")
	case "RUN":
		return movableRun(step)
	}
	return false
}

func movableRun(step *analyzer.Step) bool {
	in := step.Instruction
	if step.Script == nil || len(step.Commands) == 0 || len(in.Heredocs) > 0 || in.JSON {
		return false
	}
	for _, f := range in.Flags {
		if f.Name != "mount" || f.Options()["type"] != "cache" {
			return false
		}
	}
	anchored := false // a `cd /dir` has been seen
	for _, c := range step.Commands {
		if len(c.Argv) == 0 || c.Shell == nil || !quietRedirects(c) {
			return false
		}
		program := path.Base(c.Argv[0].Text())
		switch {
		case c.OS != nil && c.OS.Opaque == "", program == "set", program == "true":
		case program == "useradd", program == "adduser", program == "groupadd", program == "addgroup":
		case program == "cd":
			if len(c.Argv) != 2 || !path.IsAbs(c.Argv[1].Text()) {
				return false
			}
			anchored = true
		case program == "ln", program == "mkdir", program == "rm":
			if !anchored && !absoluteOperands(c, program == "ln") {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func quietRedirects(c *analyzer.Command) bool {
	for _, r := range c.Shell.Redirects {
		if r.Target == nil {
			return false
		}
		if target, _ := r.Target.Literal(); r.Op != ">&" && target != "/dev/null" {
			return false
		}
	}
	return true
}

// absoluteOperands tells whether a command's paths do not depend on the directory it runs in. The
// target of a link may: it is relative to the link.
func absoluteOperands(c *analyzer.Command, link bool) bool {
	var operands []string
	for _, f := range c.Argv[1:] {
		if !f.Value.IsKnown() {
			return false
		}
		if !strings.HasPrefix(f.Text(), "-") {
			operands = append(operands, f.Text())
		}
	}
	if link {
		return len(operands) >= 2 && path.IsAbs(operands[len(operands)-1])
	}
	return len(operands) > 0 && !slices.ContainsFunc(operands, func(o string) bool { return !path.IsAbs(o) })
}

// commute tells whether m may run before x though it is written behind it.
func commute(doc *dockerfile.Document, x, m *analyzer.Step) bool {
	switch x.Instruction.Keyword {
	case "LABEL", "EXPOSE", "MAINTAINER", "STOPSIGNAL", "CMD", "ENTRYPOINT", "HEALTHCHECK":
		return true
	case "ENV", "ARG":
		return commuteVariables(doc, x, m)
	case "WORKDIR":
		return m.Instruction.Keyword == "RUN" || !mentionsAny(doc, x, m)
	case "COPY", "ADD":
		return commuteCopy(doc, x, m)
	}
	return false
}

func commuteVariables(doc *dockerfile.Document, x, m *analyzer.Step) bool {
	if m.Instruction.Keyword != "RUN" {
		for _, p := range m.Instruction.Pairs {
			if slices.ContainsFunc(x.Instruction.Pairs, func(o dockerfile.Pair) bool { return o.Key == p.Key }) {
				return false
			}
		}
		return !mentionsAny(doc, x, m)
	}
	text := effectiveText(doc, m.Instruction)
	for _, p := range x.Instruction.Pairs {
		if steersPackages(p.Key) || strings.Contains(text, p.Key) {
			return false
		}
	}
	return true
}

// mentionsAny tells whether x refers to a variable that m sets.
func mentionsAny(doc *dockerfile.Document, x, m *analyzer.Step) bool {
	text := effectiveText(doc, x.Instruction)
	for _, p := range m.Instruction.Pairs {
		if strings.Contains(text, "$"+p.Key) || strings.Contains(text, "${"+p.Key) {
			return true
		}
	}
	return m.Instruction.Keyword == "WORKDIR"
}

// steersPackages tells whether a variable may change what package managers and their maintainer
// scripts do.
func steersPackages(name string) bool {
	upper := strings.ToUpper(name)
	for _, prefix := range []string{"LD_", "LC_", "APT", "APK", "DEB", "DNF", "YUM", "ZYPP", "UCF", "SSL_", "CURL_"} {
		if strings.HasPrefix(upper, prefix) {
			return true
		}
	}
	return strings.HasSuffix(upper, "_PROXY") ||
		slices.Contains([]string{"PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TERM", "SHELL", "USER", "IFS", "TMPDIR", "UMASK"}, upper)
}

func commuteCopy(doc *dockerfile.Document, x, m *analyzer.Step) bool {
	switch m.Instruction.Keyword {
	case "ENV":
		return !mentionsAny(doc, x, m)
	case "RUN":
	default:
		return false
	}
	if x.Copy == nil || !x.Copy.Dest.IsKnown() {
		return false
	}
	dest := path.Clean(x.Copy.Dest.Text)
	top, _, _ := strings.Cut(strings.TrimPrefix(dest, "/"), "/")
	// What a package manager reads (sources, keys, configuration, scripts) or writes.
	if slices.Contains([]string{"", "etc", "usr", "bin", "sbin", "lib", "lib64", "var", "dev", "proc", "run"}, top) {
		return false
	}
	return !strings.Contains(effectiveText(doc, m.Instruction), dest)
}
