package analyzer

import (
	"path"

	"github.com/pylint-docker/pylint-docker/analyzer/pattern"
	"github.com/pylint-docker/pylint-docker/analyzer/project"
)

// aboutProject matches files of a project that are not part of what runs.
var aboutProject = pattern.New(`(?i)^(?:.*\.(?:py|pyc|pyi|md|rst|toml|cfg|lock|in|yml|yaml|dockerfile)|(?:license|licence|copying|authors|notice|changelog|changes|readme|makefile|manifest|dockerfile|pipfile|tox|requirements|constraints|codeowners)[\w.-]*|\..*|py\.typed)$`)

// DataFile is a file beside the code of the projects that the installation takes from the build context: a template, a table, anything
// that an editable installation finds through the source tree and a wheel holds only if the project says so. known is false where the
// projects can't be looked at; "" with known true means that there is none.
func (in *Installation) DataFile() (file string, known bool) {
	context := in.Command.Step.Stage.build.Context
	dirs := in.ProjectDirs()
	if context == nil || len(dirs) == 0 {
		return "", false
	}
	for _, dir := range dirs {
		data := dataFileBelow(context, dir)
		if data.file != "" || !data.complete {
			return data.file, data.file != ""
		}
	}
	return "", true
}

// dataFile is the first file beside the code in a folder, and whether all of the folder was seen.
type dataFile struct {
	file     string
	complete bool
}

// dataFileBelow looks for it once for all Dockerfiles that share the context.
func dataFileBelow(context *project.Context, dir string) dataFile {
	return context.Remember("data files below "+dir, func() any {
		var data dataFile
		data.complete = context.Walk(dir, func(p string, isDir bool) bool {
			if !isDir && !OutsideApp(p) && !aboutProject.MatchString(path.Base(p)) {
				data.file = p
			}
			return data.file == ""
		})
		return data
	}).(dataFile)
}
