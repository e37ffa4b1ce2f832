package mcp

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
	"github.com/pylint-docker/pylint-docker/rules"
)

// maxLayers bounds a list of layers: images have at most 127.
const maxLayers = 200

func (s *server) inspect(ctx context.Context, raw json.RawMessage) (any, error) {
	a, err := arguments[struct {
		Path     string `json:"path"`
		Platform string `json:"platform"`
		Name     string `json:"name"`
		Limit    int    `json:"limit"`
	}](raw)
	if err != nil {
		return nil, err
	}
	path, err := s.resolve(a.Path, false)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: neither a file nor a folder", a.Path) // a pipe may never end
	}
	image, err := imagefs.Open(ctx, path, imagefs.Options{Platform: a.Platform, Name: a.Name})
	if err != nil {
		return nil, err
	}
	system := inspect.New(image)
	findings, omitted := limited(imageFindings(system), a.Limit)
	return object{
		"platform": image.Platform, "size_bytes": image.Size(), "wasted_bytes": inspect.Wasted(system.Waste()),
		"layers": layersOf(image), "python": pythonsOf(system), "start": startOf(system), "findings": findings, "omitted": omitted,
	}, nil
}

func layersOf(image *imagefs.Image) []object {
	list := []object{}
	for i, layer := range image.Layers[:min(len(image.Layers), maxLayers)] {
		list = append(list, object{"layer": i + 1, "size_bytes": layer.Size, "created_by": layer.CreatedBy})
	}
	return list
}

func pythonsOf(system *inspect.System) []object {
	list := []object{}
	for _, e := range system.Environments() {
		list = append(list, object{
			"program": e.Program, "version": e.Version, "virtual_environment": e.Venv, "broken": e.Broken, "packages": len(system.Distributions(e.Site)),
		})
	}
	return list
}

func startOf(system *inspect.System) object {
	start := system.Start()
	chain := []string{}
	for _, link := range start.Chain {
		chain = append(chain, link.Path+" ("+link.Note+")")
	}
	return object{"command": append([]string{}, start.Argv...), "chain": chain, "problems": append([]string{}, start.Problems()...)}
}

func imageFindings(system *inspect.System) []object {
	list := []object{}
	for _, f := range system.Findings() {
		for _, code := range f.Codes {
			rule, ok := rules.Find(code)
			if !ok {
				continue
			}
			severity := rule.Severity
			if f.Advice && severity > analyzer.Info {
				severity--
			}
			list = append(list, object{
				"code": rule.Code, "name": rule.Name, "severity": severity.String(), "message": f.Message, "layer": f.Layer + 1, "path": f.Path, "bytes": f.Bytes,
			})
			break
		}
	}
	return list
}
