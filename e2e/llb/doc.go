// Package llb is a second opinion on fixes that is not ours: BuildKit's own conversion turns a Dockerfile before and after its fixes into the
// configuration of an image and a chain of operations, and what differs between the two must be what the pages of the rules say. No
// image is fetched and nothing is built: what a base image brings is answered from analyzer/image.
//
// It is a module of its own, so that neither the program nor its go.mod knows the hundred modules of BuildKit's client. Run it from this folder:
//
//	go test -v .                                                        # every case of testdata/rules
//	PYLINT_DOCKER_CORPUS=DIR go test -timeout 0 -v -run TestCorpus .    # every Dockerfile below DIR, without build contexts
//
// Both print how many fixes of each rule were looked at. allowed.go is the one table of what a rule's fix may change.
package llb
