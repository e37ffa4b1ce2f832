package docs_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"gopkg.in/yaml.v3"
)

var dataBlock = regexp.MustCompile("(?m)((?:^<!-- .+ -->\n)*)\n*^([ ]*)```+(yaml|yml|toml|json)\\b.*\n((?:.*\n)*?)[ ]*```+$")

// TestSnippetsAreValid reads every block of YAML, TOML and JSON that a page shows. What is a configuration of ours is read by the program
// itself, whose reader knows every key, rule and value; the rest must have the syntax of its language.
func TestSnippetsAreValid(t *testing.T) {
	program := buildProgram(t)
	ours := 0
	for _, page := range pages(t) {
		for _, m := range dataBlock.FindAllStringSubmatch(read(t, page), -1) {
			marks, language, body := m[1], m[3], dedent(m[2], m[4])
			if strings.Contains(marks, "<!-- run: ") || strings.Contains(marks, "<!-- fragment -->") {
				continue // output, which a run writes, and may be a part of a file
			}
			if isConfiguration(language, body) {
				ours++
				validate(t, program, page, language, body)
				continue
			}
			if err := parses(language, body); err != nil {
				t.Errorf("%s: %v\n%s", page, err, body)
			}
		}
	}
	if ours < 3 {
		t.Errorf("only %d configurations were found: does the test still know them?", ours)
	}
}

func dedent(indent, body string) string {
	return regexp.MustCompile("(?m)^"+indent).ReplaceAllString(body, "")
}

var topKey = regexp.MustCompile(`(?m)^["']?([A-Za-z][\w-]*)["']?:`)

// isConfiguration tells a configuration by its table, or by most of its keys: one that is misspelt is still one.
func isConfiguration(language, body string) bool {
	if language == "toml" {
		return strings.Contains(body, "[tool.pylint-docker")
	}
	known, all := 0, topKey.FindAllStringSubmatch(body, -1)
	for _, m := range all {
		for _, key := range configurationKeys() {
			if m[1] == key {
				known++
			}
		}
	}
	return known > 0 && 2*known >= len(all) && (language == "yaml" || language == "yml")
}

// configurationKeys are those of the schema.
func configurationKeys() []string {
	var schema struct {
		Properties map[string]any `json:"properties"`
	}
	content, err := os.ReadFile(filepath.Join(root, "docs", "schema", "pylint-docker.schema.json"))
	if err != nil || json.Unmarshal(content, &schema) != nil {
		return nil
	}
	var keys []string
	for key := range schema.Properties {
		keys = append(keys, key)
	}
	return keys
}

func validate(t *testing.T, program, page, language, body string) {
	t.Helper()
	folder := t.TempDir()
	name := ".pylint-docker.yaml"
	if language == "toml" {
		name = "pyproject.toml"
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
	// What an example extends is not there: an empty file does.
	for _, m := range regexp.MustCompile(`(?m)^extend\s*[:=]\s*"?([^"\s]+)`).FindAllStringSubmatch(body, -1) {
		base := filepath.Join(folder, filepath.FromSlash(m[1]))
		if err := errors.Join(os.MkdirAll(filepath.Dir(base), 0o755), os.WriteFile(base, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, "config")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", page, err, body, out)
	}
}

func parses(language, body string) error {
	var value any
	switch language {
	case "json":
		return json.Unmarshal([]byte(body), &value)
	case "toml":
		return toml.Unmarshal([]byte(body), &value)
	}
	decoder := yaml.NewDecoder(strings.NewReader(body))
	for {
		if err := decoder.Decode(&value); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
