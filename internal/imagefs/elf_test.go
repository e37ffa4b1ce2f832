package imagefs

import (
	"bytes"
	"debug/elf"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/imagefs/imagetest"
)

// What is read of the programs and libraries of the machine that runs the test is what the standard library reads of them.
// PYLINT_DOCKER_ELF names another folder of them than that of its system libraries.
func TestELFAgrees(t *testing.T) {
	dir := os.Getenv("PYLINT_DOCKER_ELF")
	if dir == "" {
		if dir = "/usr/lib/" + map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH] + "-linux-gnu/gconv"; runtime.GOOS != "linux" {
			t.Skip("no ELF files here")
		}
	}
	compared := 0
	err := filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil // a folder that is not there, or that nobody may read
		}
		file, err := os.Open(name)
		if err != nil {
			return nil
		}
		defer file.Close()
		info, err := file.Stat()
		if err != nil {
			return err
		}
		want := reference(file)
		if want != nil {
			compared++
		}
		got, _ := parseELF(file, info.Size())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files", compared)
}

// reference asks the standard library.
func reference(file *os.File) *ELF {
	f, err := elf.NewFile(file)
	if err != nil || f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return nil
	}
	e := &ELF{Machine: machines[uint16(f.Machine)]}
	if e.Machine == "" {
		e.Machine = "machine " + strconv.Itoa(int(f.Machine))
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			text := make([]byte, p.Filesz)
			if _, err := p.ReadAt(text, 0); err != nil {
				return nil
			}
			e.Interp = strings.TrimRight(string(text), "\x00")
		}
	}
	if e.Needed, err = f.DynString(elf.DT_NEEDED); err != nil {
		return nil
	}
	if names, err := f.DynString(elf.DT_SONAME); err == nil && len(names) > 0 {
		e.SoName = names[0]
	}
	needs, _ := f.DynamicVersionNeeds() // an error says that there are none
	for _, need := range needs {
		for _, version := range need.Needs {
			e.Versions = append(e.Versions, need.Name+":"+version.Dep)
		}
	}
	slices.Sort(e.Versions)
	defines, _ := f.DynamicVersions()
	for _, version := range defines {
		e.Defines = append(e.Defines, version.Name)
	}
	for _, s := range f.Sections {
		if strings.HasPrefix(s.Name, ".debug_") && s.Type != elf.SHT_NOBITS {
			e.Debug += int64(s.FileSize)
		}
	}
	return e
}

// FuzzELF reads anything without a panic, and keeps little of it.
func FuzzELF(f *testing.F) {
	f.Add([]byte(imagetest.Program()))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, _ := parseELF(bytes.NewReader(data), int64(len(data)))
		if e == nil {
			return
		}
		kept := len(e.Interp) + len(e.SoName)
		for _, name := range slices.Concat(e.Needed, e.Versions, e.Defines) {
			kept += len(name)
		}
		if kept > 2*elfNames || e.Debug < 0 {
			t.Errorf("%d bytes, %d of sections for debuggers", kept, e.Debug)
		}
	})
}
