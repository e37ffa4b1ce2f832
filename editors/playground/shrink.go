//go:build ignore

// Shrink makes a WebAssembly program of Go smaller for the way over a network:
//
//	go run shrink.go IN.wasm OUT.wasm
//
// Nobody reads a stack trace of the playground, so what only stack traces need is taken out of the runtime's tables: names of
// functions outside of the package runtime (which asks for its own), file names and line numbers. And the data is written in few
// pieces: the linker leaves out runs of zeros, whose many short neighbours then compress badly. Return addresses become relative, which
// src/returns.ts describes and undoes: only then is it a program again.
//
// The layout is that of Go 1.20 to 1.26: cmd/link/internal/ld/pcln.go and runtime/symtab.go. A program that looks otherwise
// is refused.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: go run shrink.go IN.wasm OUT.wasm")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "shrink:", err)
		os.Exit(1)
	}
}

func run(in, out string) error {
	program, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	small, err := shrink(program)
	if err != nil {
		return err
	}
	return os.WriteFile(out, small, 0o644)
}

const (
	header      = 8 // magic and version
	codeSection = 10
	dataSection = 11
	custom      = 0
)

// shrink copies the sections, the data anew and the custom ones not at all.
func shrink(program []byte) ([]byte, error) {
	if !bytes.HasPrefix(program, []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, errors.New("this is no WebAssembly program")
	}
	out := bytes.Clone(program[:header])
	for r := (reader{program, header}); r.at < len(r.bytes); {
		id := r.byte()
		body := r.take(int(r.unsigned()))
		switch id {
		case custom:
			continue
		case codeSection:
			body = bytes.Clone(body)
			if err := shortenReturns(body); err != nil {
				return nil, err
			}
		case dataSection:
			memory, err := load(body)
			if err != nil {
				return nil, err
			}
			if err := strip(memory); err != nil {
				return nil, err
			}
			body = segments(memory)
		}
		out = append(out, id)
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	return out, nil
}

// relativeReturn ends a return address that is written as the growth of its place: a number longer than it need be.
var relativeReturn = []byte{0x80, 0x80, 0x80, 0}

// shortenReturns makes the return addresses of all functions relative, in place.
func shortenReturns(section []byte) error {
	if bytes.Contains(section, relativeReturn) {
		return errors.New("a number looks like a relative return address")
	}
	shortened := 0
	r := reader{section, 0}
	for number := range int64(r.unsigned()) {
		body := r.take(int(r.unsigned()))
		place := int64(0)
		for i := 0; i+8 <= len(body); i++ {
			// i64.const of five bytes, then i64.store.
			if body[i] != 0x42 || body[i+1]&body[i+2]&body[i+3]&body[i+4]&0x80 == 0 || body[i+6] != 0x37 || body[i+7] != 3 {
				continue
			}
			address := (&reader{body, i + 1}).signed()
			if growth := address&0xffff - place; address>>16 == 4096+number && 0 <= growth && growth <= 0x7f {
				body[i+1] = 0x80 | byte(growth)
				copy(body[i+2:], relativeReturn)
				place += growth
				shortened++
			}
		}
	}
	if shortened == 0 {
		return errors.New("no return address is found: has Go changed them?")
	}
	return nil
}

// load puts the segments where they belong.
func load(section []byte) (memory []byte, err error) {
	r := reader{section, 0}
	for n := r.unsigned(); n > 0; n-- {
		if r.byte() != 0 || r.byte() != 0x41 {
			return nil, errors.New("a data segment is not at a constant place")
		}
		offset := r.signed()
		if r.byte() != 0x0b || offset < 0 {
			return nil, errors.New("a data segment is not at a constant place")
		}
		data := r.take(int(r.unsigned()))
		if end := int(offset) + len(data); end > len(memory) {
			memory = append(memory, make([]byte, end-len(memory))...)
		}
		copy(memory[offset:], data)
	}
	return memory, nil
}

// gap is how many zeros are worth a new segment.
const gap = 64 << 10

// segments cuts the memory at long runs of zeros.
func segments(memory []byte) []byte {
	type span struct{ start, end int }
	var list []span
	for at, last := 0, -gap-1; at < len(memory); at++ {
		if memory[at] == 0 {
			continue
		}
		if at-last > gap {
			list = append(list, span{at, at})
		}
		last = at
		list[len(list)-1].end = at + 1
	}
	out := binary.AppendUvarint(nil, uint64(len(list)))
	for _, s := range list {
		out = append(out, 0, 0x41)
		out = appendSigned(out, int64(s.start))
		out = append(out, 0x0b)
		out = binary.AppendUvarint(out, uint64(s.end-s.start))
		out = append(out, memory[s.start:s.end]...)
	}
	return out
}

// magic begins the table of functions: its version, two zeros, the size of an instruction and of a pointer. The version has been
// the same since Go 1.20.
var magic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8}

// The fields of runtime._func, in bytes from its start.
const (
	nameOff   = 4
	pcsp      = 16
	pcfile    = 20
	pcln      = 24
	npcdata   = 28
	cuOffset  = 32
	startLine = 36
	pcdata    = 44
)

// strip takes what only stack traces need out of the table of functions.
func strip(memory []byte) error {
	start := bytes.Index(memory, magic)
	if start < 0 || bytes.Count(memory, magic) != 1 {
		return errors.New("the table of functions is not found: has Go changed it?")
	}
	table := memory[start:]
	var field [8]int
	for i := range field {
		field[i] = int(binary.LittleEndian.Uint64(table[8+8*i:]))
	}
	functions, names, units, files, counters, list := field[0], field[3], field[4], field[5], field[6], field[7]
	if field[2] != 0 || !(0 < names && names < units && units < files && files < counters && counters < list && list < len(table)) {
		return errors.New("the table of functions has another layout")
	}
	keptNames, keptCounters := make([]bool, units-names), make([]bool, list-counters)
	for i := range functions {
		f := table[list+int(binary.LittleEndian.Uint32(table[list+8*i+4:])):]
		name := int(binary.LittleEndian.Uint32(f[nameOff:]))
		text, _, _ := bytes.Cut(table[names+name:units], []byte{0})
		if bytes.HasPrefix(text, []byte("runtime.")) {
			keep(keptNames, name, name+len(text))
		} else {
			binary.LittleEndian.PutUint32(f[nameOff:], 0)
		}
		for _, at := range []int{pcfile, pcln, cuOffset, startLine} {
			binary.LittleEndian.PutUint32(f[at:], 0)
		}
		tables := []int{pcsp}
		for n := range int(binary.LittleEndian.Uint32(f[npcdata:])) {
			tables = append(tables, pcdata+4*n)
		}
		for _, at := range tables {
			if first := int(binary.LittleEndian.Uint32(f[at:])); first != 0 {
				keep(keptCounters, first, first+lengthOf(table[counters+first:list]))
			}
		}
	}
	wipe(table[names:units], keptNames)
	wipe(table[counters:list], keptCounters)
	clear(table[units:counters]) // the units and the names of their files
	return nil
}

func keep(kept []bool, from, to int) {
	for i := from; i < to; i++ {
		kept[i] = true
	}
}

func wipe(table []byte, kept []bool) {
	for i := range table {
		if !kept[i] {
			table[i] = 0
		}
	}
}

// lengthOf is the length of a table of pairs, value and number of instructions, which a zero value ends that is not the first
// (runtime.step).
func lengthOf(table []byte) int {
	at := 0
	for first := true; ; first = false {
		value, n := binary.Uvarint(table[at:])
		at += n
		if value == 0 && !first {
			return at
		}
		_, n = binary.Uvarint(table[at:])
		at += n
	}
}

// reader reads the numbers of WebAssembly. Its input is the linker's, so that it does not expect mistakes.
type reader struct {
	bytes []byte
	at    int
}

func (r *reader) byte() byte {
	r.at++
	return r.bytes[r.at-1]
}

func (r *reader) take(n int) []byte {
	r.at += n
	return r.bytes[r.at-n : r.at]
}

func (r *reader) unsigned() uint64 {
	v, n := binary.Uvarint(r.bytes[r.at:])
	r.at += n
	return v
}

// signed reads a LEB128 number with a sign.
func (r *reader) signed() int64 {
	var v int64
	for shift := 0; ; shift += 7 {
		b := r.byte()
		v |= int64(b&0x7f) << shift
		if b < 0x80 {
			if b&0x40 != 0 {
				v |= -1 << (shift + 7)
			}
			return v
		}
	}
}

func appendSigned(out []byte, v int64) []byte {
	for {
		b := byte(v & 0x7f)
		v >>= 7
		if v == 0 && b&0x40 == 0 || v == -1 && b&0x40 != 0 {
			return append(out, b)
		}
		out = append(out, b|0x80)
	}
}
