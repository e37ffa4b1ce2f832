package imagefs

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ELF is what the dynamic linker reads of a program or library.
type ELF struct {
	Machine  string   // as platforms call it: amd64; "machine N" for those that have none
	Interp   string   // the dynamic linker that a program asks for; empty for libraries and static programs
	SoName   string   // of a library
	Needed   []string // libraries, in their order
	Versions []string // versions of symbols that it needs: LIBRARY:VERSION, libc.so.6:GLIBC_2.38
	Defines  []string // versions of symbols that it has: GLIBC_2.36
	Debug    int64    // bytes of sections that only a debugger reads
}

// machines are the processors of platforms, by the numbers that ELF files give them.
var machines = map[uint16]string{3: "386", 21: "ppc64le", 22: "s390x", 40: "arm", 62: "amd64", 183: "arm64", 243: "riscv64"}

// KnownMachine tells whether a processor is one that [ELF.Machine] can name.
func KnownMachine(name string) bool {
	return slices.Contains(slices.Collect(maps.Values(machines)), name)
}

// elfMagic begins every ELF file.
const elfMagic = "\x7fELF"

// spoolBytes is the largest ELF file that is held in memory while it is read; larger ones go through a temporary file.
const spoolBytes = 8 << 20

// elfBytes is the largest ELF file that is looked into, elfNames how many bytes of names are taken from one.
const (
	elfBytes = 4 << 30
	elfNames = 1 << 20
)

// elfFile is an ELF file while it is read: its numbers may say anything. The standard library's reader brings one for DWARF and
// its compressions, 100 kB that nobody asks. https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
type elfFile struct {
	r        io.ReaderAt
	size     uint64
	order    binary.ByteOrder
	wide     bool // 64 bits
	sections []section
	buffer   []byte // for names
	names    int    // bytes of names that were taken
}

type section struct {
	kind, name, link uint32
	offset, size     uint64
}

// The kinds of sections that are read.
const (
	dynamicSection  = 6
	noBits          = 8 // it takes no room in the file
	definesVersions = 0x6ffffffd
	needsVersions   = 0x6ffffffe
)

// parseELF reads the headers, and says how many bytes of names it took. A file that is none, or is damaged, is nil: what the linker
// would do is not known then.
func parseELF(r io.ReaderAt, size int64) (e *ELF, names int) {
	f := &elfFile{r: r, size: uint64(size), order: binary.LittleEndian, buffer: make([]byte, pathBytes)}
	ident := f.read(0, 16)
	if len(ident) < 16 || string(ident[:4]) != elfMagic || ident[4] < 1 || ident[4] > 2 || ident[5] < 1 || ident[5] > 2 {
		return nil, 0
	}
	f.wide = ident[4] == 2
	if ident[5] == 2 {
		f.order = binary.BigEndian
	}
	header := f.read(0, uint64(f.either(52, 64)))
	if header == nil {
		return nil, 0
	}
	const executable, shared = 2, 3
	if kind := f.order.Uint16(header[16:]); kind != executable && kind != shared {
		return nil, 0
	}
	e = &ELF{Machine: machines[f.order.Uint16(header[18:])]}
	if e.Machine == "" {
		e.Machine = "machine " + strconv.Itoa(int(f.order.Uint16(header[18:])))
	}
	counts := header[f.either(42, 54):] // the size and number of the entries of both tables, and which section has the names
	count := func(i int) uint64 { return uint64(f.order.Uint16(counts[2*i:])) }
	programs, ok := f.table(f.word(header, 28, 32), count(0), count(1), f.either(32, 56))
	if !ok {
		return nil, 0
	}
	const interpreter = 3
	for _, p := range programs {
		if f.order.Uint32(p) == interpreter {
			text, _, _ := bytes.Cut(f.read(f.word(p, 4, 8), min(f.word(p, 16, 32), pathBytes)), []byte{0})
			e.Interp = string(text)
		}
	}
	headers, ok := f.table(f.word(header, 32, 40), count(2), count(3), f.either(40, 64))
	if !ok {
		return nil, 0
	}
	for _, s := range headers {
		f.sections = append(f.sections, section{
			name: f.order.Uint32(s), kind: f.order.Uint32(s[4:]), link: f.order.Uint32(s[f.either(24, 40):]),
			offset: f.word(s, 16, 24), size: f.word(s, 20, 32),
		})
	}
	f.dynamic(e)
	f.versions(e)
	for _, s := range f.sections {
		if s.kind != noBits && s.size <= f.size && strings.HasPrefix(f.text(uint32(count(4)), s.name), ".debug_") {
			e.Debug += int64(s.size)
		}
	}
	return e, f.names
}

// either is one of two places, of 32 and of 64 bits.
func (f *elfFile) either(narrow, wide int) int {
	if f.wide {
		return wide
	}
	return narrow
}

// word is a number of the size of an address.
func (f *elfFile) word(b []byte, narrow, wide int) uint64 {
	if f.wide {
		return f.order.Uint64(b[wide:])
	}
	return uint64(f.order.Uint32(b[narrow:]))
}

// read gives a part of the file, nil where it has no such part.
func (f *elfFile) read(offset, size uint64) []byte {
	if offset > f.size || size > f.size-offset {
		return nil
	}
	if b := make([]byte, size); f.fill(b, offset) {
		return b
	}
	return nil
}

func (f *elfFile) fill(b []byte, offset uint64) bool {
	n, _ := f.r.ReadAt(b, int64(offset)) // it may say where the file ends
	return n == len(b)
}

// table gives the entries of a table, each of that many bytes.
func (f *elfFile) table(offset, size, count uint64, want int) (entries [][]byte, ok bool) {
	if count == 0 {
		return nil, true
	}
	if size != uint64(want) {
		return nil, false
	}
	all := f.read(offset, size*count)
	return slices.Collect(slices.Chunk(all, want)), all != nil
}

// find is the first section of a kind, and its content, nil where it is larger than any linker makes it.
func (f *elfFile) find(kind uint32) (found section, content []byte) {
	for _, s := range f.sections {
		if s.kind == kind && s.size <= elfNames {
			return s, f.read(s.offset, s.size)
		}
	}
	return found, nil
}

// text is a string of a section; "" where there is none.
func (f *elfFile) text(number, offset uint32) string {
	if number >= uint32(len(f.sections)) || f.names > elfNames {
		return ""
	}
	s, at := f.sections[number], uint64(offset)
	if s.kind == noBits || s.offset > f.size || s.size > f.size-s.offset || at >= s.size {
		return ""
	}
	b := f.buffer[:min(s.size-at, pathBytes)]
	end := -1
	if f.fill(b, s.offset+at) {
		end = bytes.IndexByte(b, 0)
	}
	f.names += max(end, 1)
	return string(b[:max(end, 0)])
}

// dynamic reads what the linker is told.
func (f *elfFile) dynamic(e *ELF) {
	s, content := f.find(dynamicSection)
	const needed, soName = 1, 14
	for len(content) >= f.either(8, 16) {
		value := uint32(min(f.word(content, 4, 8), 1<<32-1))
		switch f.word(content, 0, 0) {
		case needed:
			if name := f.text(s.link, value); name != "" {
				e.Needed = append(e.Needed, name)
			}
		case soName:
			if e.SoName == "" {
				e.SoName = f.text(s.link, value)
			}
		}
		content = content[f.either(8, 16):]
	}
}

// versions reads the versions of symbols. https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
func (f *elfFile) versions(e *ELF) {
	s, content := f.find(needsVersions)
	for need := range f.chain(content, 0, 16, 12) {
		library := f.text(s.link, f.order.Uint32(content[need+4:]))
		for version := range f.chain(content, need+uint64(f.order.Uint32(content[need+8:])), 16, 12) {
			if f.names += len(library); f.names > elfNames {
				return
			}
			e.Versions = append(e.Versions, library+":"+f.text(s.link, f.order.Uint32(content[version+8:])))
		}
	}
	slices.Sort(e.Versions)
	s, content = f.find(definesVersions)
	for define := range f.chain(content, 0, 20, 16) {
		if name := define + uint64(f.order.Uint32(content[define+12:])); name+4 <= uint64(len(content)) {
			e.Defines = append(e.Defines, f.text(s.link, f.order.Uint32(content[name:])))
		}
	}
}

// chain walks entries of a size, each of which says at one place how far the next one is.
func (f *elfFile) chain(content []byte, at uint64, size, next int) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for at+uint64(size) <= uint64(len(content)) && yield(at) {
			step := f.order.Uint32(content[int(at)+next:])
			if step == 0 {
				return
			}
			at += uint64(step)
		}
	}
}

// spooled holds one file at a time.
type spooled struct {
	memory []byte
	file   *os.File // nil until a large file comes
	size   int64
}

func (s *spooled) reset() { s.memory, s.size = s.memory[:0], 0 }

// Write adds to the file.
func (s *spooled) Write(p []byte) (int, error) {
	if s.size+int64(len(p)) <= spoolBytes {
		s.memory = append(s.memory, p...)
		s.size += int64(len(p))
		return len(p), nil
	}
	if s.file == nil {
		file, err := os.CreateTemp("", "image-*.elf")
		if err != nil {
			return 0, fmt.Errorf("no place for a temporary file: %w", err)
		}
		s.file = file
	}
	if len(s.memory) > 0 {
		if _, err := s.file.WriteAt(s.memory, 0); err != nil {
			return 0, err
		}
		s.memory = s.memory[:0]
	}
	n, err := s.file.WriteAt(p, s.size)
	s.size += int64(n)
	return n, err
}

// ReadAt reads from the file that is held.
func (s *spooled) ReadAt(p []byte, off int64) (int, error) {
	if len(s.memory) == 0 && s.size > 0 {
		return io.NewSectionReader(s.file, 0, s.size).ReadAt(p, off)
	}
	if off < 0 || off >= int64(len(s.memory)) {
		return 0, io.EOF
	}
	n := copy(p, s.memory[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (s *spooled) Close() {
	if s.file != nil {
		discard(s.file)
		s.file = nil
	}
}
