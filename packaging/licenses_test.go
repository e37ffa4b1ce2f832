// Package packaging_test keeps true what a release says of itself: which modules the program links and under which
// licences, and that building it twice gives the same file.
package packaging_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write LICENSES.md anew")

// permitted are the licences that the program, under Apache-2.0, may link: they ask for no more than to be named.
var permitted = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT AND Apache-2.0"}

type module struct{ Path, Version, Dir string }

// systems are those that a release is built for: each may link other modules.
var systems = []string{"linux/amd64", "darwin/arm64", "windows/amd64"}

// linked are the modules in the program, without its own.
func linked(t *testing.T) []module {
	t.Helper()
	found := map[string]module{}
	for _, system := range systems {
		cmd := exec.Command("go", "list", "-deps", "-json=Module", "../cmd/pylint-docker")
		goos, goarch, _ := strings.Cut(system, "/")
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("go list: %v", err)
		}
		for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
			var p struct {
				Module *struct {
					module
					Main bool
				}
			}
			if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			if p.Module != nil && !p.Module.Main {
				found[p.Module.Path] = p.Module.module
			}
		}
	}
	var list []module
	for _, m := range found {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// license tells the licence of a module by sentences that only one of them has.
func license(t *testing.T, m module) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(m.Dir, "[Ll][Ii][Cc][Ee][Nn][SsCc][Ee]*"))
	if err != nil || len(files) == 0 {
		t.Errorf("%s has no licence", m.Path)
		return "unknown"
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(content)), " ")
	has := func(part string) bool { return strings.Contains(text, part) }
	mit := has("Permission is hereby granted, free of charge, to any person obtaining a copy")
	apache := has("Apache License") && has("Version 2.0")
	switch {
	case mit && apache:
		return "MIT AND Apache-2.0"
	case mit:
		return "MIT"
	case apache:
		return "Apache-2.0"
	case has("Permission to use, copy, modify, and/or distribute this software for any purpose"), has("Permission to use, copy, modify, and distribute this software for any purpose"):
		return "ISC"
	case has("Redistribution and use in source and binary forms") && has("Neither the name"):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	}
	return "unknown"
}

func TestLicenses(t *testing.T) {
	var page strings.Builder
	page.WriteString("# Licences of what the program links\n\nWritten by `go test ./packaging -update`. The program itself is under the [Apache License 2.0](../LICENSE);\n" +
		"Go's standard library is under BSD-3-Clause.\n\n| module | version | licence |\n|---|---|---|\n")
	for _, m := range linked(t) {
		l := license(t, m)
		if !slices.Contains(permitted, l) {
			t.Errorf("%s is under %s, which a release may not link", m.Path, l)
		}
		fmt.Fprintf(&page, "| %s | %s | %s |\n", m.Path, m.Version, l)
	}
	if *update {
		if err := os.WriteFile("LICENSES.md", []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if content, err := os.ReadFile("LICENSES.md"); err != nil || string(content) != page.String() {
		t.Errorf("LICENSES.md is stale: `go test ./packaging -update` (%v)", err)
	}
}

// TestReproducible builds the program twice, from different folders and without what the first build has cached, and
// gets the same bytes.
func TestReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program twice")
	}
	elsewhere := filepath.Join(t.TempDir(), "a", "copy")
	for _, part := range []string{"go.mod", "go.sum", "analyzer", "cmd", "fixes", "rules", "internal"} {
		from, to := filepath.Join("..", part), filepath.Join(elsewhere, part)
		info, err := os.Stat(from)
		switch {
		case errors.Is(err, os.ErrNotExist):
			continue
		case err != nil:
			t.Fatal(err)
		case info.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			content, readErr := os.ReadFile(from)
			err = errors.Join(readErr, os.MkdirAll(elsewhere, 0o755), os.WriteFile(to, content, 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	sum := func(dir string) string {
		binary := filepath.Join(t.TempDir(), "pylint-docker")
		cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", binary, "./cmd/pylint-docker")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		content, err := os.ReadFile(binary)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", sha256.Sum256(content))
	}
	if here, there := sum(".."), sum(elsewhere); here != there {
		t.Errorf("%s and %s", here, there)
	}
}
