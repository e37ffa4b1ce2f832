package packed_test

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer/packed"
)

var update = flag.Bool("update", false, "pack the tables anew")

// TestTables compares the packed tables with their sources.
func TestTables(t *testing.T) {
	for _, table := range []string{
		"../image/inventory.tsv", "../needs/selfcontained.txt", "../ospkg/programs.tsv", "../ospkg/runtime.tsv", "../program/programs.tsv", "../weight/sizes.tsv",
	} {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		if *update {
			if err := os.WriteFile(table+".gz", packed.Pack(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(table + ".gz")
		if err != nil {
			t.Fatal(err)
		}
		if packed.Text(data) != string(text) {
			t.Errorf("%s.gz is stale; `go test ./analyzer/packed -update` writes it anew", table)
		}
	}
}

func TestNoGzip(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("text that nobody has packed is taken")
		}
	}()
	packed.Text([]byte("text"))
}
