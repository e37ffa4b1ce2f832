package config

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const pagePath = "../../../docs/configuration.md"

// keysTable is the mark of the page with the table below it.
var keysTable = regexp.MustCompile(`(<!-- keys: .* -->\n)((?:\|.*\n)*)`)

// called are the values for which the page has a better word than their shape.
var called = map[string]string{
	"extend":             "path",
	"context":            "path",
	"target":             "stage",
	"pins":               "installer: version",
	"trusted-registries": "list of registries",
	"registry-mirrors":   "list of registries",
	"images":             "image: `like`, `env`, `user`",
	"allow":              "rule: list of words",
}

// TestPageHasEveryKey writes the table of docs/configuration.md from the keys, as the schema is.
func TestPageHasEveryKey(t *testing.T) {
	page, err := os.ReadFile(pagePath)
	if err != nil {
		t.Fatal(err)
	}
	found := keysTable.FindAllSubmatchIndex(page, -1)
	if len(found) != 1 {
		t.Fatalf("%s has %d marks for the table of keys", pagePath, len(found))
	}
	at := found[0]
	want := keysAsTable(t)
	if string(page[at[4]:at[5]]) == want {
		return
	}
	if !*update {
		t.Fatal("the table of keys is stale: run go test ./cmd/internal/config -update")
	}
	fresh := string(page[:at[4]]) + want + string(page[at[5]:])
	if err := os.WriteFile(pagePath, []byte(fresh), 0o644); err != nil {
		t.Fatal(err)
	}
}

func keysAsTable(t *testing.T) string {
	t.Helper()
	rules, err := os.ReadFile("../../../docs/rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, m := range regexp.MustCompile(`\[(PLD\d{3})\]\((\S+\.md)\)`).FindAllStringSubmatch(string(rules), -1) {
		pages[m[1]] = m[2]
	}
	var b strings.Builder
	b.WriteString("| key | value | meaning |\n|---|---|---|\n")
	for _, k := range keys {
		doc := strings.NewReplacer("*", `\*`, "|", `\|`, "_", `\_`, "<", "&lt;").Replace(k.doc)
		doc = regexp.MustCompile(`PLD\d{3}`).ReplaceAllStringFunc(doc, func(code string) string {
			if pages[code] == "" {
				t.Errorf("%s: there is no rule %s", k.name, code)
			}
			return "[" + code + "](rules/" + pages[code] + ")"
		})
		value := called[k.name]
		if value == "" {
			value = inWords(t, k.shape)
		}
		b.WriteString("| `" + k.name + "` | " + value + " | " + doc + " |\n")
	}
	return b.String()
}

// inWords says what a value looks like.
func inWords(t *testing.T, s shape) string {
	t.Helper()
	switch s := s.(type) {
	case text:
		return "text"
	case absolute:
		return "path"
	case version:
		return "version"
	case scalar:
		return "text or number"
	case word:
		return "name"
	case selector, allowing:
		return "rule"
	case glob:
		return "glob"
	case choice:
		return "`" + strings.Join(s, "`, `") + "`"
	case list:
		return "list of " + inWords(t, s.items) + "s"
	case table:
		return inWords(t, s.keys) + ": " + inWords(t, s.values)
	}
	t.Fatalf("no words for %T", s)
	return ""
}
