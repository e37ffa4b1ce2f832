package lsp

import (
	"context"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/sizes"
	"github.com/pylint-docker/pylint-docker/analyzer/weight"
	"github.com/pylint-docker/pylint-docker/analyzer/words"
	"github.com/pylint-docker/pylint-docker/rules"
)

// lensSettings switch code lenses on; without them there are none.
type lensSettings struct {
	Stages bool `json:"stages"` // above each FROM, what the stage adds to the final image
	// Commands tells that the client has the commands of the VS Code extension.
	Commands bool `json:"commands"`
}

// CodeLens is a line of text above a line.
type CodeLens struct {
	Range   Range   `json:"range"`
	Command Command `json:"command"`
}

// Command is one of the client's; one without a name is text only.
type Command struct {
	Title   string `json:"title"`
	Command string `json:"command"`
}

func codeLenses(ctx context.Context, v *view) (any, error) {
	list := []CodeLens{}
	if !v.lenses.Stages {
		return list, nil
	}
	a, err := v.analyse(ctx)
	if err != nil {
		return nil, err
	}
	b := a.result.Build
	if b == nil {
		return list, nil
	}
	weights := v.weights(b)
	for _, s := range b.Stages {
		add := func(title, command string) {
			list = append(list, CodeLens{v.encoding.rangeOf(v.file, s.From.KeywordSpan), Command{title, command}})
		}
		title, measured := stageHint(b, s).Label, weights.ofStage(s)
		if measured == "" {
			added := s.AddsOSPackages()
			count := words.Count(len(added), "OS package")
			title = strings.Replace(title, count, count+weight.About(sizes.OfUses(s, added)), 1)
		}
		add(title+measured, "")
		if s != b.Target || !v.lenses.Commands {
			continue
		}
		add("Show the stage graph", section+".showStageGraph")
		if slices.ContainsFunc(a.result.Diagnostics, func(d analyzer.Diagnostic) bool { return d.Rule == rules.SingleStageBuild && d.Fix != nil }) {
			add("Convert to a multi-stage build", section+".convertToMultiStage")
		}
	}
	return list, nil
}
