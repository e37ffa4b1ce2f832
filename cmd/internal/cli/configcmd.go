package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pylint-docker/pylint-docker/cmd/internal/config"
	"github.com/pylint-docker/pylint-docker/cmd/internal/lint"
)

// settingInfo is a setting in force.
type settingInfo struct {
	Value any    `json:"value"`
	From  string `json:"from"` // file:line:column, "default", or who else says so
}

func (p *program) configCommand() *cobra.Command {
	var format, file string
	var isolated bool
	cmd := &cobra.Command{
		Use:   "config [PATH]",
		Short: "Show the settings in force for a file and where each comes from",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := checkWord("output-format", format, plainFormats); err != nil {
				return err
			}
			path := "Dockerfile"
			if len(args) > 0 {
				path = args[0]
			}
			return p.settings(path, file, isolated, format)
		},
	}
	cmd.Flags().StringVar(&format, "output-format", plainFormats[0], "`FORMAT`: text or json")
	cmd.Flags().StringVar(&file, "config", "", "configuration `FILE`, instead of the nearest one")
	cmd.Flags().BoolVar(&isolated, "isolated", false, "ignore configuration files")
	oneOf(cmd, "output-format", plainFormats)
	return cmd
}

func (p *program) settings(path, file string, isolated bool, format string) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	linter, err := lint.New(lint.Options{Dir: dir, Config: file, Isolated: isolated, Today: time.Now().UTC()})
	if err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, "Dockerfile")
	}
	in := lint.Input{Path: path}
	in.Content, in.Err = lint.ReadFile(path)
	unit, err := linter.Open(in)
	if err != nil {
		return err
	}
	defer unit.Close()
	settings := inForce(linter, unit)
	if format == "json" {
		return p.json(struct {
			File     string                 `json:"file"`
			Config   string                 `json:"config"`
			Settings map[string]settingInfo `json:"settings"`
		}{path, linter.Display(unit.Config.Path), settings})
	}
	from := "no configuration file"
	if unit.Config.Path != "" {
		from = linter.Display(unit.Config.Path)
	}
	fmt.Fprintf(p.Out, "# %s: %s\n", path, from)
	for _, key := range config.Keys() {
		s, ok := settings[key]
		if !ok {
			continue
		}
		value, err := json.Marshal(s.Value)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.Out, "%-45s # %s\n", key+": "+text(value), s.From)
	}
	fmt.Fprintf(p.Out, "# rules that run: %d\n", len(unit.Selection.Rules()))
	return nil
}

// text is JSON, which YAML understands, without quotes around plain words.
func text(value []byte) string {
	if s := string(value); s == "null" || s == `""` || s == "{}" || s == "[]" {
		return "unset"
	}
	var word string
	if json.Unmarshal(value, &word) == nil && word != "" && !strings.ContainsAny(word, ":#'\"{}[],&*?|<>=!%@`\\ \n") && (word[0] < '0' || word[0] > '9') {
		return word
	}
	return string(value)
}

func inForce(linter *lint.Linter, unit *lint.Unit) map[string]settingInfo {
	settings := map[string]settingInfo{}
	for _, key := range config.Keys() {
		value, shown := unit.Config.Value(key)
		if !shown {
			continue
		}
		s := settingInfo{value, "default"}
		if origin, ok := unit.Config.Origin(key); ok {
			s.From = origin.String()
		}
		for _, origin := range unit.Config.Inherited(key) {
			if s.From == "default" {
				s.From = origin.String()
			} else {
				s.From += " and " + origin.String()
			}
		}
		settings[key] = s
	}
	// These three are found out when nobody sets them.
	context := settingInfo{linter.Display(unit.Place.Context), unit.Place.Why}
	settings["context"] = context
	if unit.Place.Target != "" && unit.Config.Target == "" {
		settings["target"] = settingInfo{unit.Place.Target, unit.Place.Why}
	}
	if len(unit.Place.Args) > len(unit.Config.BuildArgs) {
		settings["build-args"] = settingInfo{unit.Place.Args, unit.Place.Why}
	}
	return settings
}
