package dockerfile

import (
	"bytes"

	"github.com/pylint-docker/pylint-docker/analyzer/source"
)

// PieceKind tells the sorts of pieces apart.
type PieceKind uint8

const (
	// BOMPiece is the byte order mark at the start of the file.
	BOMPiece PieceKind = iota
	// DirectivePiece is the line of a parser directive.
	DirectivePiece
	// CommentPiece is a comment line outside instructions.
	CommentPiece
	// BlankPiece is a line without content outside instructions.
	BlankPiece
	// InstructionPiece is all lines of an instruction.
	InstructionPiece
)

// Piece is a run of whole lines with their endings, or the byte order mark.
type Piece struct {
	Kind        PieceKind
	Span        source.Span
	Instruction *Instruction // of an InstructionPiece
}

// Pieces cuts the file into pieces, in order and without gaps: the texts of all, joined, are the
// file.
func (d *Document) Pieces() []Piece {
	f := d.File
	var list []Piece
	add := func(kind PieceKind, span source.Span, in *Instruction) {
		if n := f.BOM(); n > 0 && span.Start == 0 {
			list = append(list, Piece{Kind: BOMPiece, Span: source.Span{Start: 0, End: n}})
			span.Start = n
		}
		if !span.Empty() {
			list = append(list, Piece{kind, span, in})
		}
	}
	directives := d.Directives
	line := 1
	// between adds what stands before the next instruction: lines that are blank or start with '#'.
	// With last the file ends there, else the first other line begins the instruction.
	between := func(last bool) {
		for ; line <= f.Lines(); line++ {
			span := f.Line(line)
			if line == 1 {
				span.Start = min(f.BOM(), span.End)
			}
			switch first, ok := firstByte(f, span); {
			case len(directives) > 0 && span.Contains(directives[0].Span):
				directives = directives[1:]
				add(DirectivePiece, f.LineWithEnding(line), nil)
			case ok && first == '#':
				add(CommentPiece, f.LineWithEnding(line), nil)
			case ok && !last:
				return
			default:
				add(BlankPiece, f.LineWithEnding(line), nil)
			}
		}
	}
	for _, in := range d.Instructions {
		between(false)
		end := f.LineOf(in.Span.End)
		span := f.LineWithEnding(line)
		add(InstructionPiece, span.Join(f.LineWithEnding(end)), in)
		line = end + 1
	}
	between(true)
	return list
}

// firstByte is the first byte of a line that is not blank.
func firstByte(f *source.File, line source.Span) (byte, bool) {
	text := bytes.TrimSpace(f.Bytes()[line.Start:line.End])
	if len(text) == 0 {
		return 0, false
	}
	return text[0], true
}
