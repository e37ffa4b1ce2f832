package rules

import (
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

// nestedCopies are the prefixes in the finished stage that were copied whole to a place where the interpreter looks for
// lib and bin, not for local/lib and local/bin.
func nestedCopies(s *analyzer.Stage) []analyzer.Content {
	var found []analyzer.Content
	seen := map[analyzer.CopySource]bool{}
	for _, c := range s.Contents() {
		if c.Copy == nil || c.Install.NestedPrefix() == "" || !c.Source.Text.Is(c.Install.Dir.Text) || seen[c.Source] {
			continue
		}
		pythonPath := s.After.Env("PYTHONPATH").Text
		switch {
		case s.Calls("local/local") || strings.Contains(pythonPath, c.Dir+"/local"):
			continue
		case c.Dir != "/usr/local" && c.Dir != "/usr" && !strings.Contains(pythonPath, c.Dir+"/lib/"):
			continue
		}
		seen[c.Source] = true
		found = append(found, c)
	}
	return found
}
