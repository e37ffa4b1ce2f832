package dockerfile

import (
	"encoding/csv"
	"strings"
)

// csvOptions reads "type=cache,target=/x,ro" as BuildKit does: CSV, keys in lower case.
func csvOptions(value string) map[string]string {
	reader := csv.NewReader(strings.NewReader(value))
	fields, err := reader.Read()
	if err != nil {
		return nil
	}
	options := make(map[string]string, len(fields))
	for _, field := range fields {
		key, text, _ := strings.Cut(field, "=")
		options[strings.ToLower(key)] = text
	}
	return options
}
