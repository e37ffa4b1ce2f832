package rules

import (
	"path"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/stable"
)

// lostData are data files of a user base that stay in a builder: only its lib, or lib and bin, are copied.
type lostData struct {
	content analyzer.Content // the packages, as the COPY has brought them
	base    string           // the user base in the builder
	name    string           // the package or project that has the files
	dirs    []string
}

// dataDirs are the directories beside lib and bin that wheels of well-known packages put files into which they read at run time. Looked up in the
// wheels of jupyterlab 4.6, notebook 7.6, nbclassic 1.3, nbconvert 7.17, ipykernel 7.4, voila 0.5, jupyterhub 6.1, widgetsnbextension 4.0 and
// jupyterlab-widgets 3.0; jupyter and ipywidgets depend on them. 2026-11-23.
var dataDirs = map[string][]string{
	"ipykernel": {"share"}, "ipywidgets": {"share", "etc"}, "jupyter": {"share", "etc"}, "jupyterhub": {"share"}, "jupyterlab": {"share", "etc"},
	"jupyterlab-widgets": {"share"}, "nbclassic": {"share", "etc"}, "nbconvert": {"share"}, "notebook": {"share", "etc"},
	"voila": {"share", "etc"}, "widgetsnbextension": {"share", "etc"},
}

// findLostData finds those that the final image lacks: of each user base the first package that certainly has some.
func findLostData(b *analyzer.Build) []lostData {
	var found []lostData
	seen := map[string]bool{}
	for _, c := range b.Received() {
		if c.Install.Place != analyzer.UserSite || !c.Libs || seen[c.Dir] {
			continue
		}
		whole, ok := c.Copy.Original(c)
		if !ok {
			continue
		}
		name, dirs := dataFiles(c.Install)
		dirs = slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool { return mayReceive(b.Target, c.Copy.From, path.Join(whole.Dir, dir)) })
		if len(dirs) > 0 {
			seen[c.Dir] = true
			found = append(found, lostData{c, whole.Dir, name, dirs})
		}
	}
	return found
}

// dataFiles names a package or project that the installation certainly brings, and the directories of its data files.
func dataFiles(in *analyzer.Installation) (name string, dirs []string) {
	names := make([]string, 0, len(dataDirs))
	for known := range dataDirs {
		names = append(names, known)
	}
	stable.Sort(names, func(a, b string) int {
		if n := len(dataDirs[b]) - len(dataDirs[a]); n != 0 {
			return n
		}
		return strings.Compare(a, b)
	})
	for _, known := range names {
		if _, _, by, ok := in.BringsPackage(known); ok && by == "" { // who names them uses notebooks
			return known, dataDirs[known]
		}
	}
	context := in.Command.Step.Stage.Build().Context // nil answers that it holds nothing
	for _, dir := range in.ProjectDirs() {
		meta, ok := context.Project(dir)
		if !ok || meta.Name == "" {
			continue
		}
		for _, data := range []string{"share", "etc"} {
			if slices.Contains(meta.DataDirs, data) {
				dirs = append(dirs, data)
			}
		}
		if len(dirs) > 0 {
			return meta.Name, dirs
		}
	}
	return "", nil
}

// mayReceive tells whether a COPY of the stage's chain may bring the directory of the other stage, or a part of it.
func mayReceive(s *analyzer.Stage, from *analyzer.Stage, dir string) bool {
	for _, step := range s.ChainSteps() {
		if step.Copy == nil || step.Copy.From != from && step.Copy.FromText.IsKnown() {
			continue
		}
		for _, source := range step.Copy.Sources {
			if !source.Text.IsKnown() || analyzer.Under(source.Text.Text, dir) || analyzer.Under(dir, source.Text.Text) {
				return true
			}
			if matched, err := path.Match(source.Text.Text, dir); matched || err != nil {
				return true
			}
		}
	}
	return false
}
