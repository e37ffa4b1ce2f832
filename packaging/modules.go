package packaging

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// goPackage is what `go list` says of a package that the program is made of.
type goPackage struct {
	Dir                                 string
	Module                              *goModule // nil: of Go's standard library
	GoFiles, IgnoredGoFiles, EmbedFiles []string
}

type goModule struct {
	Module
	Main bool
}

// Module is a module that the program links.
type Module struct{ Path, Version, Dir string }

// list asks Go for the packages that the program is made of, on one platform after the other.
func (s Source) list() ([]goPackage, error) {
	var packages []goPackage
	for _, platform := range Platforms {
		env := append([]string{"GOOS=" + platform.OS, "GOARCH=" + platform.Arch}, Environment...)
		out, err := s.run(env, "go", "list", "-deps", "-json=Dir,Module,GoFiles,IgnoredGoFiles,EmbedFiles", program)
		if err != nil {
			return nil, err
		}
		for decoder := json.NewDecoder(strings.NewReader(out)); ; {
			var p goPackage
			if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return nil, err
			}
			packages = append(packages, p)
		}
	}
	return packages, nil
}

// Modules are those that the program links on any platform, without its own, by path.
func (s Source) Modules() ([]Module, error) {
	packages, err := s.linked()
	if err != nil {
		return nil, err
	}
	found := map[string]Module{}
	for _, p := range packages {
		if p.Module != nil && !p.Module.Main {
			found[p.Module.Path] = p.Module.Module
		}
	}
	return slices.SortedFunc(maps.Values(found), func(a, b Module) int { return strings.Compare(a.Path, b.Path) }), nil
}

// License tells the licence of a module (an SPDX expression) by sentences that only one of them has; "unknown" if none has.
func (m Module) License() (string, error) {
	names, err := m.licenseFiles()
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "unknown", nil
	}
	content, err := os.ReadFile(filepath.Join(m.Dir, names[0]))
	if err != nil {
		return "", err
	}
	text := strings.Join(strings.Fields(string(content)), " ")
	has := func(part string) bool { return strings.Contains(text, part) }
	mit := has("Permission is hereby granted, free of charge, to any person obtaining a copy")
	apache := has("Apache License") && has("Version 2.0")
	switch {
	case mit && apache:
		return "MIT AND Apache-2.0", nil
	case mit:
		return "MIT", nil
	case apache:
		return "Apache-2.0", nil
	case has("Permission to use, copy, modify, and/or distribute this software for any purpose"), has("Permission to use, copy, modify, and distribute this software for any purpose"):
		return "ISC", nil
	case has("Redistribution and use in source and binary forms") && has("Neither the name"):
		return "BSD-3-Clause", nil
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause", nil
	}
	return "unknown", nil
}

// licenseFiles are the names of a module's files with licences and notices, the licences first.
func (m Module) licenseFiles() ([]string, error) {
	files, err := os.ReadDir(m.Dir)
	if err != nil {
		return nil, err
	}
	var licenses, notices []string
	for _, file := range files {
		switch name := strings.ToLower(file.Name()); {
		case file.IsDir():
			continue
		case strings.HasPrefix(name, "license"), strings.HasPrefix(name, "licence"), strings.HasPrefix(name, "copying"):
			licenses = append(licenses, file.Name())
		case strings.HasPrefix(name, "notice"), strings.HasPrefix(name, "patents"):
			notices = append(notices, file.Name())
		}
	}
	return append(licenses, notices...), nil
}

// ThirdPartyLicenses are the texts of all licences and notices of what the program links. Whoever gives the program
// away owes them: BSD, MIT and Apache ask that binaries come with them.
func (s Source) ThirdPartyLicenses() ([]byte, error) {
	modules, err := s.Modules()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("pylint-docker contains the software named below, under the licences that follow each name.\n")
	for _, m := range modules {
		names, err := m.licenseFiles()
		if err != nil {
			return nil, err
		}
		title := m.Path + " " + m.Version
		if m.Path == "golang.org/x/sys" {
			title += ", and Go's standard library" // the same text, and it is always at hand
		}
		for _, name := range names {
			content, err := os.ReadFile(filepath.Join(m.Dir, name))
			if err != nil {
				return nil, err
			}
			text := strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n"))
			fmt.Fprintf(&out, "\n%s\n%s: %s\n%[1]s\n\n%[4]s\n", strings.Repeat("=", 100), title, name, text)
		}
	}
	return out.Bytes(), nil
}
