package packaging

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// Parts of CycloneDX 1.5: https://cyclonedx.org/docs/1.5/json/
type bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     billMetadata `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type billMetadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type     string        `json:"type"`
	Ref      string        `json:"bom-ref"`
	Name     string        `json:"name"`
	Version  string        `json:"version"`
	Hashes   []hash        `json:"hashes,omitempty"`
	Licenses []licenseName `json:"licenses,omitempty"`
	PURL     string        `json:"purl"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type licenseName struct {
	Expression string `json:"expression"`
}

type dependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

// BillOfMaterials is the bill of materials of a binary of the program, in CycloneDX 1.5 JSON: the modules that Go has
// written into it, with their licences.
func (s Source) BillOfMaterials(binary []byte) ([]byte, error) {
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		return nil, err
	}
	modules, err := s.Modules()
	if err != nil {
		return nil, err
	}
	licenses := map[string]string{"std": "BSD-3-Clause"}
	for _, m := range modules {
		if licenses[m.Path], err = m.License(); err != nil {
			return nil, err
		}
	}
	own := describe("application", info.Main.Path, "v"+s.Version, "Apache-2.0")
	sum := sha256.Sum256(binary)
	own.Hashes = []hash{{"SHA-256", hex.EncodeToString(sum[:])}}
	components := []component{describe("library", "std", strings.TrimPrefix(info.GoVersion, "go"), licenses["std"])}
	for _, m := range info.Deps {
		c := describe("library", m.Path, m.Version, licenses[m.Path])
		// The hash in go.sum is one of all files of the module: golang.org/x/mod/sumdb/dirhash
		if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(m.Sum, "h1:")); err == nil && len(raw) == sha256.Size {
			c.Hashes = []hash{{"SHA-256", hex.EncodeToString(raw)}}
		}
		components = append(components, c)
	}
	// Go does not say which module needs which: the program needs them all.
	dependencies := []dependency{{Ref: own.Ref}}
	for _, c := range components {
		dependencies[0].DependsOn = append(dependencies[0].DependsOn, c.Ref)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	err = encoder.Encode(bill{
		Schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
		Format: "CycloneDX", SpecVersion: "1.5", Version: 1,
		Metadata:   billMetadata{Timestamp: s.Date.Format(time.RFC3339), Component: own},
		Components: components, Dependencies: dependencies,
	})
	return out.Bytes(), err
}

// describe names a module by its package URL: https://github.com/package-url/purl-spec
func describe(kind, path, version, license string) component {
	purl := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	c := component{Type: kind, Ref: purl, Name: path, Version: version, PURL: purl}
	if license != "" {
		c.Licenses = []licenseName{{license}}
	}
	return c
}
