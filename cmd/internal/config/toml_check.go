//go:build !playground

package config

import (
	"errors"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// checkTOML refuses what is no valid TOML, and tells whether the file has a table of ours.
func checkTOML(name string, content []byte) (ours bool, problems Problems) {
	var everything map[string]any
	if err := toml.Unmarshal(content, &everything); err != nil {
		return false, Problems{tomlProblem(name, err)}
	}
	tool, _ := everything["tool"].(map[string]any)
	_, ours = tool["pylint-docker"]
	return ours, nil
}

func tomlProblem(name string, err error) Problem {
	var decode *toml.DecodeError
	if !errors.As(err, &decode) {
		return Problem{name, 1, 1, "this is not TOML: " + strings.TrimPrefix(err.Error(), "toml: ")}
	}
	line, column := decode.Position()
	return Problem{name, max(1, line), max(1, column), "this is not TOML: " + strings.TrimPrefix(decode.Error(), "toml: ")}
}
