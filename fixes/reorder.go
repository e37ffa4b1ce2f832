package fixes

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/dockerfile"
	"github.com/pylint-docker/pylint-docker/analyzer/order"
	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// plainWord matches words of a COPY that mean the same in every spelling of the instruction.
var plainWord = pattern.New(`^[A-Za-z0-9_./$@+~=,:{}-]+$`)

// CopyDependenciesFirst puts a COPY of the move's files in the place of the COPY of the sources, and that COPY with its comments, byte
// for byte, directly below the RUN. reason says in a clause why it can't be done.
func CopyDependenciesFirst(doc *dockerfile.Document, copied *analyzer.Copy, move order.CopyMove) (edits []analyzer.Edit, reason string) {
	in := copied.Step.Instruction
	if len(in.Args) != 2 || in.JSON || len(in.Heredocs) > 0 {
		return nil, "the COPY is not in its plain form"
	}
	from, to := in.Args[0].Text, in.Args[1].Text
	words := slices.Concat([]string{from, to}, move.Files)
	for _, f := range in.Flags {
		words = append(words, doc.File.Text(f.Span))
	}
	if slices.ContainsFunc(words, func(w string) bool { return !plainWord.MatchString(w) }) {
		return nil, "the COPY is not in its plain form"
	}
	start := copyStart(doc, in)
	comment := doc.File.Text(source.Span{Start: LeadingStart(doc, in), End: in.Span.Start})
	moved := comment + doc.File.Text(in.Span)
	newline := Newline(doc)
	if doc.Escape != '\\' && strings.Contains(moved, "\\"+newline) {
		return nil, "the COPY is not in its plain form"
	}
	lines := strings.Join(copyLines(start, from, to, move.Files), newline+indentAt(doc.File, in.Span.Start))
	place := source.Span{Start: LeadingStart(doc, in), End: in.Span.End}
	return []analyzer.Edit{
		ReplaceSpan(place, indentAt(doc.File, in.Span.Start)+lines),
		InsertAfter(doc, move.Run.Instruction, strings.ReplaceAll(moved, newline, "\n")),
	}, ""
}

// copyStart is keyword and flags of the new COPY: those flags of the old one that are not about directories.
func copyStart(doc *dockerfile.Document, in *dockerfile.Instruction) string {
	start := "COPY"
	if written := doc.File.Text(in.KeywordSpan); written == strings.ToLower(written) {
		start = "copy"
	}
	for _, f := range in.Flags {
		switch f.Name {
		case "chown", "chmod", "link":
			start += " " + doc.File.Text(f.Span)
		}
	}
	return start
}

// copyLines are the instructions that copy files, relative to the source from, to the same places below to: one for
// each directory, since COPY puts all its files into one.
func copyLines(start, from, to string, files []string) []string {
	var dirs, lines []string
	inDir := map[string][]string{}
	for _, f := range files {
		dir := path.Dir(f)
		if inDir[dir] == nil {
			dirs = append(dirs, dir)
		}
		inDir[dir] = append(inDir[dir], joinWritten(from, f))
	}
	for _, dir := range dirs {
		dest := to
		switch {
		case dir != ".":
			dest = joinWritten(to, dir) + "/"
		case to != "." && to != ".." && !strings.HasSuffix(to, "/"):
			// Without the slash, COPY of a file to a directory that is not there makes a file of that name.
			dest += "/"
		case to == "." && len(inDir[dir]) > 1:
			dest = "./"
		}
		lines = append(lines, start+" "+strings.Join(inDir[dir], " ")+" "+dest)
	}
	return lines
}

// joinWritten appends a path to a directory as the author spells it.
func joinWritten(dir, rel string) string {
	switch dir {
	case ".":
		return rel
	case "/":
		return "/" + rel
	}
	return strings.TrimSuffix(dir, "/") + "/" + rel
}
