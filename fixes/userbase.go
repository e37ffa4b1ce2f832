package fixes

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/env"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// DefaultUserBase is where fixes put a user base unless the configuration says otherwise.
const DefaultUserBase = "/pyroot"

// MoveUserBase gives the edits that move the packages of `pip install --user` from a home directory
// to a user base of their own: PYTHONUSERBASE in the stages that install and that receive them, and every
// mention of the old directory. reason says why that can't be done, or is "".
func MoveUserBase(b *analyzer.Build, old string) (edits []analyzer.Edit, reason string) {
	base := b.Settings.UserBase
	if base == "" {
		base = DefaultUserBase
	}
	mover := &userBaseMover{build: b, old: old, base: base}
	set := map[*analyzer.Stage]bool{}
	for _, s := range b.Stages {
		if step := mover.firstUse(s); step != nil && !setByBase(set, s) {
			set[s] = true
			edits = append(edits, InsertBefore(b.Doc, step.Instruction, "ENV PYTHONUSERBASE="+base))
		}
		for _, step := range s.Steps {
			if why := mover.hinders(step); why != "" {
				return nil, why
			}
			more, why := mover.rewrite(step.Instruction, step)
			if why != "" {
				return nil, why
			}
			edits = append(edits, more...)
		}
	}
	return edits, ""
}

func setByBase(set map[*analyzer.Stage]bool, s *analyzer.Stage) bool {
	for base := s.Base; base != nil; base = base.Base {
		if set[base] {
			return true
		}
	}
	return false
}

type userBaseMover struct {
	build     *analyzer.Build
	old, base string
}

// firstUse is the step of a stage that first installs to the old directory or receives it.
func (m *userBaseMover) firstUse(s *analyzer.Stage) *analyzer.Step {
	for _, step := range s.Steps {
		for _, c := range step.Commands {
			if c.Install != nil && c.Install.Place == analyzer.UserSite && c.Install.Dir.Is(m.old) {
				return step
			}
		}
		if step.Copy == nil {
			continue
		}
		for _, d := range step.Copy.Deliveries() {
			if d.Install.Place == analyzer.UserSite && d.Install.Dir.Is(m.old) {
				return step
			}
		}
	}
	return nil
}

// hinders says why an ENV would not move the packages that the step installs or copies, or is "".
func (m *userBaseMover) hinders(step *analyzer.Step) string {
	in := step.Instruction
	switch {
	case in.Keyword == "RUN" && strings.Contains(m.build.File.Text(in.Span), "PYTHONUSERBASE"):
		return "a RUN sets PYTHONUSERBASE itself"
	case in.Keyword == "ENV":
		for _, p := range in.Pairs {
			if p.Key == "PYTHONUSERBASE" && !env.Expand(p.Value, m.build.Doc.Escape, step.Before.Lookup).Is(m.base) {
				return "an ENV sets PYTHONUSERBASE to something else"
			}
		}
	case step.Copy != nil:
		for _, d := range step.Copy.Deliveries() {
			// COPY --from=builder /root /root leaves a user base behind that is not in /root any more.
			if d.Install.Dir.Is(m.old) && d.Source.Text.Text != m.old && !strings.HasPrefix(d.Source.Text.Text, m.old+"/") {
				return "a COPY takes more than the user base"
			}
		}
	}
	return ""
}

// rewrite replaces the old directory in COPY --from and ENV; a mention anywhere else, and a spelling
// that is not plain, means that a person has to decide.
func (m *userBaseMover) rewrite(in *dockerfile.Instruction, step *analyzer.Step) ([]analyzer.Edit, string) {
	text := m.build.File.Text(in.Span)
	if !strings.Contains(text, ".local") {
		return nil, ""
	}
	switch in.Keyword {
	case "COPY":
		return m.rewriteCopy(step)
	case "ENV":
		return m.rewriteEnv(in, step)
	}
	return nil, in.Keyword + " mentions a .local directory too"
}

func (m *userBaseMover) rewriteCopy(step *analyzer.Step) ([]analyzer.Edit, string) {
	if step.Copy.From == nil || step.Instruction.JSON {
		return nil, "a COPY mentions a .local directory that is not a stage's user base"
	}
	var edits []analyzer.Edit
	args := step.Instruction.Args
	for i, a := range args {
		v := env.Expand(a.Value, m.build.Doc.Escape, step.Before.Lookup)
		if i == len(args)-1 {
			v = step.Copy.Dest
			// The destination may be the home of another user; wherever the packages go, they go to the new base.
			if home := homeBase(v.Text); home != "" {
				edits = append(edits, replaceDir(a.Span, a.Text, v.Text, home, m.base))
				continue
			}
		}
		if !v.IsKnown() || path.Clean(v.Text) != m.old && !strings.HasPrefix(v.Text, m.old+"/") {
			return nil, "a COPY takes more than the user base"
		}
		edits = append(edits, replaceDir(a.Span, a.Text, v.Text, m.old, m.base))
	}
	return edits, ""
}

// homeBase cuts a path below some ~/.local to that directory, "" for any other path.
func homeBase(p string) string {
	if i := strings.Index(p+"/", "/.local/"); i > 0 {
		return p[:i] + "/.local"
	}
	return ""
}

func replaceDir(span source.Span, written, value, old, base string) analyzer.Edit {
	text := base + strings.TrimPrefix(path.Clean(value), old)
	if strings.HasSuffix(written, "/") {
		text += "/"
	}
	return ReplaceSpan(span, text)
}

// rewriteEnv replaces the scripts directory in PATH.
func (m *userBaseMover) rewriteEnv(in *dockerfile.Instruction, step *analyzer.Step) ([]analyzer.Edit, string) {
	var edits []analyzer.Edit
	for _, p := range in.Pairs {
		if !strings.Contains(p.Value, ".local") {
			continue
		}
		raw := m.build.File.Text(p.ValueSpan)
		if p.Key != "PATH" || raw != p.Value {
			return nil, "ENV " + p.Key + " mentions a .local directory too"
		}
		entries := strings.Split(strings.Trim(raw, `"`), ":")
		for i, entry := range entries {
			if !strings.Contains(entry, ".local") {
				continue
			}
			v := env.Expand(entry, m.build.Doc.Escape, step.Before.Lookup)
			if !v.IsKnown() || !strings.HasSuffix(v.Text, "/.local/bin") {
				return nil, "PATH has an entry in .local that can't be read"
			}
			entries[i] = m.base + "/bin"
		}
		text := strings.Join(entries, ":")
		if strings.HasPrefix(raw, `"`) {
			text = `"` + text + `"`
		}
		edits = append(edits, ReplaceSpan(p.ValueSpan, text))
	}
	return edits, ""
}
