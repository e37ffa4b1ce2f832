package rules

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// findDataFile gives a file beside the code of the projects that the installation takes from the build context: a template, a table, anything
// that an editable installation finds through the source tree and a wheel holds only if the project says so. known is false where the
// projects can't be looked at; "" with known true means that there is none.
func findDataFile(in *analyzer.Installation) (file string, known bool) {
	context := in.Command.Step.Stage.Build().Context
	dirs := in.ProjectDirs()
	if context == nil || len(dirs) == 0 {
		return "", false
	}
	for _, dir := range dirs {
		data := dataBelow(context, dir)
		if data.file != "" || !data.complete {
			return data.file, data.file != ""
		}
	}
	return "", true
}

// dataBelow looks for it once for all Dockerfiles that share the context.
func dataBelow(context *project.Context, dir string) dataFile {
	return context.Remember("data files below "+dir, func() any {
		var data dataFile
		data.complete = context.Walk(dir, func(p string, isDir bool) bool {
			if !isDir && !project.OutsideApp(p) && !project.AboutProject.MatchString(path.Base(p)) {
				data.file = p
			}
			return data.file == ""
		})
		return data
	}).(dataFile)
}

// dataFile is the first file beside the code in a folder, and whether all of the folder was seen.
type dataFile struct {
	file     string
	complete bool
}
