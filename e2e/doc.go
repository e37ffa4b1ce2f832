// Package e2e proves the conversion to several stages by building: every project below
// testdata/projects/e2e is built and run as it is, converted by `check --fix --unsafe-fixes`, built
// and run again, and must answer alike. Run it from this folder with
//
//	go test -tags e2e -timeout 0 -v .                            # all; prints the table at the end
//	go test -tags e2e -timeout 0 -v . -run 'TestProjects/^flask' # some
//
// TestSafeFixes proves the other promise, that a safe fix changes nothing in an image but what the rule's page says:
// every case below testdata/safe is built before and after `check --select RULE --fix`, and the two images'
// configurations and files are compared.
//
//	go test -tags e2e -timeout 0 -v -run TestSafeFixes .            # all; prints the table at the end
//	go test -tags e2e -timeout 0 -v -run 'TestSafeFixes/^unused' .  # some
//
// TestInit proves what `init` writes: every project below testdata/projects/init gets its Dockerfile and .dockerignore in both layouts, which
// must have no finding, build and answer.
//
//	go test -tags e2e -timeout 0 -v -run TestInit .              # all; prints the table at the end
//	go test -tags e2e -timeout 0 -v -run 'TestInit/flask' .      # some
//
// TestModel proves what the rules rely on, the model: every stage of every project, of its conversion and of what init writes is built, and the
// model and the image are asked the same: is this path there (those that the file names, those of installations, random ones that are there, and
// invented ones), who is in /etc/passwd, what does the configuration say, which distributions are installed and can be imported, is the start
// command absent, which program is it, of which environment, and where does that look for packages. Where the model can't tell, that is counted;
// where it is sure and wrong, the test fails. Which of its questions are asked is
// in model.go.
//
//	go test -tags e2e -timeout 0 -v -run TestModel .              # all; prints the table at the end
//	go test -tags e2e -timeout 0 -v -run 'TestModel/^flask' .     # some
//
// TestImages proves `pylint-docker image`: those of testdata/images/planted.txtar, with one fault each, those of the projects before and after
// their conversion, and those of what init writes, are built, read as one of several writes them (the engine's save, BuildKit's docker and OCI exporters), and started. Of a planted one exactly
// its fault must be found, none that starts may be called broken, and the files and sizes are those of the engine.
//
//	go test -tags e2e -timeout 0 -v -run TestImages .              # all; prints the table at the end
//	go test -tags e2e -timeout 0 -v -run TestImages/planted .      # some
//
// The folder llb is a module of its own and needs no engine: BuildKit's conversion, as a library, judges fixes by the configuration and the
// operations that it makes of a Dockerfile before and after them.
//
//	cd llb && go test -v .
//
// All others need docker, podman, buildah or buildctl (with BUILDKIT_HOST), base images of Docker Hub and
// packages of Debian and PyPI. It has flags of its own, which go behind the package, the dot:
//
//	-projects DIR  other projects than ours: each folder in it that has a smoke.txt
//	-original      build and run the projects as they are, and convert nothing
//	-results DIR   keep each project's and case's row in DIR, so that the tables show the last run of each
//	-keep DIR      keep the converted projects in DIR, to read them
//
// The environment says more about the engine:
//
//	PYLINT_DOCKER_E2E_ENGINE      docker, podman, buildah or buildctl, instead of the first that answers
//	PYLINT_DOCKER_E2E_BUILD       the command that builds an image; in its words {context}, {file},
//	                              {folder}, {base}, {tag}, {options} and {bk-options} are replaced, see
//	                              internal/engine. With _RUN and _INSPECT it is used instead of an engine.
//	PYLINT_DOCKER_E2E_RUN         the command that runs {tag}; {entrypoint} is --entrypoint=PROGRAM or nothing
//	PYLINT_DOCKER_E2E_INSPECT     the command that prints what docker image inspect prints
//	PYLINT_DOCKER_E2E_BUILD_ARGS  build arguments for all builds, NAME=VALUE separated by blanks
//
// # smoke.txt
//
// A project is a folder with a file smoke.txt, which is not part of the build context. Its lines are
// comments with # or one of
//
//	expect: convert           the Dockerfile must get a builder stage
//	expect: refuse REASON     it must stay as it is, and what check says must have the text REASON
//	expect: nothing           it must stay as it is, because there is nothing to leave behind
//	expect: write             there is no Dockerfile: init writes it
//	no build: REASON          it can't be built on every machine; it is only converted
//	dockerfile: NAME          the lines that follow are about another Dockerfile of the folder
//	touch: FILE               the source file that is edited before the rebuild is timed
//	arg: NAME=VALUE           a build argument
//	secret: id=ID,src=FILE    a build secret; FILE is in the folder
//	run: CODE                 shell code to run in the image
//	start: WORDS              starts the image as it is, with these words after its entry point; it must end by itself
//	serve: URL                starts the image as it is and fetches URL inside the container until it answers
//
// # testdata/safe
//
// A case RULE/CASE.txtar holds a Dockerfile, its context, and in a section "differs" what may differ, one a line:
//
//	DIFFERENCE | QUOTATION
//
// The quotation is from the Fix section of the rule's page, which must say so. The difference is one of
//
//	+env NAME=VALUE      only the fixed image has the variable; so for user, workdir, stopsignal, entrypoint,
//	-env NAME=VALUE      cmd, shell, port, volume, label and healthcheck
//	+file PATH           only the fixed image has the file
//	-file PATH           only the original has it
//	~file PATH           its contents differ, or the target of the link; behind the path follow type, mode and
//	                     owner where these differ
//
// with * for anything but a slash and ** for anything; a file's /** is the folder too. A difference that is not listed
// fails the case, as does one that is listed and not found. Times, byte code beside its
// source, extended attributes, the Dockerfile itself and what differs between two builds of the original are not compared. Its lines above the files are a sentence and
//
//	# start: WORDS, # run: CODE   as above; the answers must be the same
//	# build fails: TEXT           the original does not build for this reason; the fixed one builds and answers
//	# run fails: TEXT             what is run fails in the original for this reason, and answers in the fixed one
//	# not built: REASON           it can't be built on every machine; it is only fixed
package e2e
