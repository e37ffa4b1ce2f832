package packaging

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	distribution = "pylint_docker" // the name on PyPI as file names have it
	pypiFolder   = "packaging/pypi"
	thirdParty   = "THIRD-PARTY-LICENSES.txt"
)

// Package is a file for a registry.
type Package struct {
	Name    string
	Content []byte
}

// metadata is the METADATA of a wheel and the PKG-INFO of the sdist, with the names of the licence files that it holds:
// https://packaging.python.org/en/latest/specifications/core-metadata/
func (s Source) metadata(licenseFiles ...string) ([]byte, error) {
	version, err := pythonVersion(s.Version)
	if err != nil {
		return nil, err
	}
	readme, err := s.readme()
	if err != nil {
		return nil, err
	}
	var m bytes.Buffer
	line := func(key, value string) { fmt.Fprintf(&m, "%s: %s\n", key, value) }
	line("Metadata-Version", "2.4")
	line("Name", "pylint-docker")
	line("Version", version)
	line("Summary", description)
	line("Keywords", "docker,dockerfile,linter,static analysis,autofix,multi-stage,pip")
	line("License-Expression", "Apache-2.0")
	for _, file := range licenseFiles {
		line("License-File", file)
	}
	for _, classifier := range []string{
		"Development Status :: 4 - Beta",
		"Environment :: Console",
		"Intended Audience :: Developers",
		"Operating System :: MacOS",
		"Operating System :: Microsoft :: Windows",
		"Operating System :: POSIX :: Linux",
		"Programming Language :: Python :: 3 :: Only",
		"Topic :: Software Development :: Quality Assurance",
		"Topic :: System :: Software Distribution",
	} {
		line("Classifier", classifier)
	}
	line("Requires-Python", ">=3.7")
	line("Project-URL", "Homepage, "+repository)
	line("Project-URL", "Documentation, "+repository+"/tree/"+s.Ref+"/docs")
	line("Project-URL", "Changelog, "+repository+"/blob/"+s.Ref+"/CHANGELOG.md")
	line("Project-URL", "Issues, "+repository+"/issues")
	line("Project-URL", "Source, "+repository)
	line("Description-Content-Type", "text/markdown; charset=UTF-8; variant=GFM")
	m.WriteString("\n" + readme)
	return m.Bytes(), nil
}

// Wheel packs the program for a platform as a wheel for PyPI:
// https://packaging.python.org/en/latest/specifications/binary-distribution-format/
//
// The program is one of the wheel's scripts, so that the command is the program itself and starts no Python.
func (s Source) Wheel(p Platform, binary []byte) (Package, error) {
	version, err := pythonVersion(s.Version)
	if err != nil {
		return Package{}, err
	}
	metadata, err := s.metadata("LICENSE", thirdParty)
	if err != nil {
		return Package{}, err
	}
	license, err := os.ReadFile(filepath.Join(s.Root, "LICENSE"))
	if err != nil {
		return Package{}, err
	}
	thirdPartyText, err := s.ThirdPartyLicenses()
	if err != nil {
		return Package{}, err
	}
	bill, err := s.BillOfMaterials(binary)
	if err != nil {
		return Package{}, err
	}
	module, err := s.files(pypiFolder, "pylint_docker/__init__.py", "pylint_docker/__main__.py")
	if err != nil {
		return Package{}, err
	}
	base := distribution + "-" + version
	info := base + ".dist-info/"
	wheel := "Wheel-Version: 1.0\nGenerator: pylint-docker/packaging\nRoot-Is-Purelib: false\n"
	for tag := range strings.SplitSeq(p.Wheel, ".") {
		wheel += "Tag: py3-none-" + tag + "\n"
	}
	entries := append(module,
		entry{name: base + ".data/scripts/" + p.Program(), content: binary, executable: true},
		entry{name: info + "METADATA", content: metadata},
		entry{name: info + "WHEEL", content: []byte(wheel)},
		entry{name: info + "licenses/LICENSE", content: license},
		entry{name: info + "licenses/" + thirdParty, content: thirdPartyText},
		// https://peps.python.org/pep-0770/
		entry{name: info + "sboms/pylint-docker.cdx.json", content: bill},
	)
	entries = append(entries, entry{name: info + "RECORD", content: record(entries, info+"RECORD")})
	content, err := zipped(s.Date, entries)
	return Package{base + "-py3-none-" + p.Wheel + ".whl", content}, err
}

// record lists the files of a wheel with their hashes; itself without.
func record(entries []entry, self string) []byte {
	var out bytes.Buffer
	for _, e := range entries {
		sum := sha256.Sum256(e.content)
		fmt.Fprintf(&out, "%s,sha256=%s,%d\n", e.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(e.content))
	}
	fmt.Fprintf(&out, "%s,,\n", self)
	return out.Bytes()
}

// SourceDistribution packs the sources of the program with a build backend that calls Go, for systems that no wheel is
// made for: https://packaging.python.org/en/latest/specifications/source-distribution-format/
func (s Source) SourceDistribution() (Package, error) {
	version, err := pythonVersion(s.Version)
	if err != nil {
		return Package{}, err
	}
	metadata, err := s.metadata("LICENSE")
	if err != nil {
		return Package{}, err
	}
	paths, err := s.sources()
	if err != nil {
		return Package{}, err
	}
	entries, err := s.files(".", append(paths, "LICENSE", "README.md", "go.mod", "go.sum",
		pypiFolder+"/pylint_docker/__init__.py", pypiFolder+"/pylint_docker/__main__.py", pypiFolder+"/pylint_docker_build.py")...)
	if err != nil {
		return Package{}, err
	}
	project, err := os.ReadFile(filepath.Join(s.Root, pypiFolder, "pyproject.toml"))
	if err != nil {
		return Package{}, err
	}
	// The backend gets the command from here, not from a copy of its own. A clone's commit is no part of an sdist.
	build, err := json.MarshalIndent(map[string]any{"environment": Environment, "arguments": Arguments(s.Version)}, "", "  ")
	if err != nil {
		return Package{}, err
	}
	entries = append(entries,
		entry{name: "PKG-INFO", content: metadata},
		entry{name: "pyproject.toml", content: project},
		entry{name: pypiFolder + "/build.json", content: append(build, '\n')},
	)
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	base := distribution + "-" + version
	for i := range entries {
		entries[i].name = base + "/" + entries[i].name
	}
	content, err := tarball(s.Date, entries)
	return Package{base + ".tar.gz", content}, err
}

// sources are the slash paths of all files that the program is compiled from, on any system.
func (s Source) sources() ([]string, error) {
	packages, err := s.linked()
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, p := range packages {
		if p.Module == nil || !p.Module.Main {
			continue
		}
		folder, err := filepath.Rel(p.Module.Dir, p.Dir)
		if err != nil {
			return nil, err
		}
		// What other systems compile is ignored on this one. Tests are sources only where they are embedded.
		others := slices.DeleteFunc(p.IgnoredGoFiles, func(file string) bool { return strings.HasSuffix(file, "_test.go") })
		for _, file := range slices.Concat(p.GoFiles, others, p.EmbedFiles) {
			paths = append(paths, filepath.ToSlash(filepath.Join(folder, file)))
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil
}

// files reads files below a folder of the source.
func (s Source) files(folder string, names ...string) ([]entry, error) {
	var entries []entry
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(s.Root, folder, name))
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{name: name, content: content})
	}
	return entries, nil
}
