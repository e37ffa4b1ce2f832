package analyzer

// Original is the content that a COPY has delivered as it is in the stage that it was taken from.
func (c *Copy) Original(delivered Content) (Content, bool) {
	for _, content := range c.From.Contents() {
		if content.Install == delivered.Install && content.Scripts && content.OneScript == "" {
			return content, true
		}
	}
	return Content{}, false
}

// CertainlyBrings tells whether the package is named on the command line or in a requirements file that could be read.
func (in *Installation) CertainlyBrings(pkg string) bool {
	if pkg == "" {
		return false
	}
	for _, r := range in.Requirements {
		if r.Name == pkg && r.Marker == "" {
			return true
		}
	}
	for _, use := range in.Files {
		if use.File == nil {
			continue
		}
		for _, line := range use.File.Lines {
			if line.Requirement.Name == pkg && line.Requirement.Marker == "" {
				return true
			}
		}
	}
	return false
}

// PutsFiles tells of a program, by its name, that it puts files of any name where it likes.
func PutsFiles(program string) bool { return fetchers[program] }

var fetchers = map[string]bool{
	"ln": true, "cp": true, "mv": true, "tar": true, "curl": true, "wget": true, "unzip": true, "rsync": true, "make": true,
	"install": true, "sh": true, "bash": true, "git": true, "tee": true,
}
