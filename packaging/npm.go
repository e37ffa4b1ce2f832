package packaging

import (
	"bytes"
	"encoding/json"
	"strings"
)

const npmFolder = "packaging/npm"

// manifest is a package.json: https://docs.npmjs.com/cli/configuring-npm/package-json
type manifest struct {
	Name                 string            `json:"name"`
	Version              string            `json:"version"`
	Description          string            `json:"description"`
	Keywords             []string          `json:"keywords,omitempty"`
	License              string            `json:"license"`
	Homepage             string            `json:"homepage"`
	Bugs                 string            `json:"bugs"`
	Repository           map[string]string `json:"repository"`
	Bin                  map[string]string `json:"bin,omitempty"`
	Engines              map[string]string `json:"engines,omitempty"`
	OS                   []string          `json:"os,omitempty"`
	CPU                  []string          `json:"cpu,omitempty"`
	PreferUnplugged      bool              `json:"preferUnplugged,omitempty"` // Yarn must not leave a program in a zip
	OptionalDependencies map[string]string `json:"optionalDependencies,omitempty"`
	PublishConfig        map[string]any    `json:"publishConfig"`
}

func (s Source) manifest(name, description string) manifest {
	return manifest{
		Name: name, Version: s.Version, Description: description, License: "Apache-2.0",
		Homepage: repository, Bugs: repository + "/issues",
		Repository: map[string]string{"type": "git", "url": "git+" + repository + ".git"},
		// A scoped package is private unless it says otherwise.
		PublishConfig: map[string]any{"access": "public", "provenance": true},
	}
}

// npmName is the name of the package that carries the program for a platform. The launcher builds the same name.
func (p Platform) npmName() string { return "@pylint-docker/" + p.NPM }

// NPM packs the package that users install: a launcher in JavaScript, which starts the program of the package that npm
// has chosen among the optional dependencies for the system.
func (s Source) NPM() (Package, error) {
	m := s.manifest("pylint-docker", description)
	m.Keywords = []string{"docker", "dockerfile", "linter", "python", "pip"}
	m.Bin = map[string]string{"pylint-docker": "bin/pylint-docker.js"}
	m.Engines = map[string]string{"node": ">=18"}
	m.OptionalDependencies = map[string]string{}
	for _, p := range Platforms {
		m.OptionalDependencies[p.npmName()] = s.Version
	}
	launcher, err := s.files(npmFolder, "pylint-docker.js")
	if err != nil {
		return Package{}, err
	}
	readme, err := s.readme()
	if err != nil {
		return Package{}, err
	}
	return s.npm(m,
		entry{name: "README.md", content: []byte(readme)},
		entry{name: "bin/pylint-docker.js", content: launcher[0].content, executable: true},
	)
}

// NPMPlatform packs the program for a platform.
func (s Source) NPMPlatform(p Platform, binary []byte) (Package, error) {
	m := s.manifest(p.npmName(), "The program of pylint-docker for "+p.NPM)
	system, processor, _ := strings.Cut(p.NPM, "-")
	m.OS, m.CPU, m.PreferUnplugged = []string{system}, []string{processor}, true
	thirdPartyText, err := s.ThirdPartyLicenses()
	if err != nil {
		return Package{}, err
	}
	readme := "# " + m.Name + "\n\n" + m.Description + ". Install [pylint-docker](" + repository + ") instead: it depends on this package.\n"
	return s.npm(m,
		entry{name: "README.md", content: []byte(readme)},
		entry{name: thirdParty, content: thirdPartyText},
		entry{name: "bin/" + p.Program(), content: binary, executable: true},
	)
}

// npm packs files as `npm pack` does: below the folder "package".
func (s Source) npm(m manifest, entries ...entry) (Package, error) {
	var encoded bytes.Buffer
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false) // ">=18" is for people too
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return Package{}, err
	}
	license, err := s.files(".", "LICENSE")
	if err != nil {
		return Package{}, err
	}
	entries = append(append([]entry{{name: "package.json", content: encoded.Bytes()}}, license...), entries...)
	for i := range entries {
		entries[i].name = "package/" + entries[i].name
	}
	content, err := tarball(s.Date, entries)
	name := strings.NewReplacer("@", "", "/", "-").Replace(m.Name)
	return Package{name + "-" + m.Version + ".tgz", content}, err
}
