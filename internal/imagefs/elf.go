package imagefs

import (
	"debug/elf"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// ELF is what the dynamic linker reads of a program or library.
type ELF struct {
	Machine  string // as debug/elf calls it: EM_X86_64
	Class    int    // 32 or 64
	Shared   bool   // a shared object: a library, an extension module, or a program that may be loaded anywhere
	Interp   string // the dynamic linker that a program asks for; empty for libraries and static programs
	SoName   string
	Needed   []string // libraries, in their order
	RPath    []string // DT_RPATH, split
	RunPath  []string // DT_RUNPATH, split
	Versions []string // versions of symbols that it needs: LIBRARY:VERSION, libc.so.6:GLIBC_2.38
	Defines  []string // versions of symbols that it has: GLIBC_2.36
	Symbols  bool     // it has a symbol table that strip would remove
	Debug    int64    // bytes of sections that only a debugger reads
}

// elfMagic begins every ELF file.
const elfMagic = "\x7fELF"

// spoolBytes is the largest ELF file that is held in memory while it is read; larger ones go through a temporary file.
const spoolBytes = 8 << 20

// elfBytes is the largest ELF file that is looked into.
const elfBytes = 4 << 30

// parseELF reads the headers. A file that is none, or is damaged, is nil: what the linker would do is not known then.
func parseELF(r io.ReaderAt) (parsed *ELF) {
	defer func() {
		if recover() != nil { // debug/elf promises no panics, but is not hardened against files that were made for one
			parsed = nil
		}
	}()
	f, err := elf.NewFile(r)
	if err != nil || f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return nil
	}
	e := &ELF{Machine: f.Machine.String(), Class: 32, Shared: f.Type == elf.ET_DYN}
	if f.Class == elf.ELFCLASS64 {
		e.Class = 64
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP && p.Filesz < pathBytes {
			text, err := io.ReadAll(p.Open())
			if err != nil {
				return nil
			}
			e.Interp = cString(text)
		}
	}
	if e.Needed, err = f.DynString(elf.DT_NEEDED); err != nil {
		return nil
	}
	e.SoName = first(f.DynString(elf.DT_SONAME))
	e.RPath = splitList(first(f.DynString(elf.DT_RPATH)))
	e.RunPath = splitList(first(f.DynString(elf.DT_RUNPATH)))
	if needs, err := f.DynamicVersionNeeds(); err == nil {
		for _, need := range needs {
			for _, version := range need.Needs {
				e.Versions = append(e.Versions, need.Name+":"+version.Dep)
			}
		}
	}
	if defines, err := f.DynamicVersions(); err == nil {
		for _, version := range defines {
			e.Defines = append(e.Defines, version.Name)
		}
	}
	slices.Sort(e.Versions)
	for _, s := range f.Sections {
		switch {
		case s.Type == elf.SHT_SYMTAB:
			e.Symbols = true
		case len(s.Name) > 6 && s.Name[:6] == ".debug":
			e.Debug += int64(s.FileSize)
		}
	}
	return e
}

func first(list []string, err error) string {
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[0]
}

func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ":")
}

func cString(text []byte) string {
	if i := slices.Index(text, 0); i >= 0 {
		text = text[:i]
	}
	return string(text)
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
