package rules

import "github.com/pylint-docker/pylint-docker/analyzer"

// osPackages are the packages that stages which feed the final image certainly install with the operating system's package
// manager, by their names, in the order of the file.
func osPackages(b *analyzer.Build) []analyzer.PackageUse {
	var found []analyzer.PackageUse
	for c := range b.Commands() {
		found = append(found, c.PackageUses()...)
	}
	return found
}
