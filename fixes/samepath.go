package fixes

import (
	"path"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// CopyToSamePath gives the edits that let a COPY put the directory that it brings to old at dir instead, and that make the
// rest of the stage and of the stages built from it follow. reason says why that can't be done, or is "".
func CopyToSamePath(b *analyzer.Build, c *analyzer.Copy, old, dir string) (edits []analyzer.Edit, reason string) {
	step := c.Step
	if step.Instruction.JSON || len(c.Sources) != 1 || !c.Dest.Is(old) || strings.ContainsAny(b.File.Text(c.DestSpan), "$\"'\\") {
		return nil, "the COPY brings more than the directory, or spells it in a special way"
	}
	edits = []analyzer.Edit{ReplaceSpan(c.DestSpan, dir)}
	for _, s := range b.Stages {
		for _, other := range s.Steps {
			if s.Index < step.Stage.Index || other == step || other.Copy != nil && other.Copy.From == nil && !other.Copy.FromContext() {
				continue
			}
			text := b.File.Text(other.Instruction.Span)
			mentions := 0
			for at := 0; ; {
				i := strings.Index(text[at:], path.Base(old))
				if i < 0 {
					break
				}
				at += i + len(path.Base(old))
				mentions++
				start := at - len(old)
				if start < 0 || text[start:at] != old || start > 0 && isPathByte(text[start-1]) || at < len(text) && text[at] != '/' && isPathByte(text[at]) {
					continue
				}
				if keyword := other.Instruction.Keyword; keyword == "COPY" || keyword == "ADD" || keyword == "WORKDIR" {
					return nil, keyword + " puts other files into the directory"
				}
				mentions--
				from := other.Instruction.Span.Start
				edits = append(edits, ReplaceSpan(source.Span{Start: from + start, End: from + at}, dir))
			}
			if mentions > 0 {
				return nil, other.Instruction.Keyword + " may mean the directory by another spelling"
			}
		}
	}
	return edits, ""
}

func isPathByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("/._-}", b) >= 0
}
