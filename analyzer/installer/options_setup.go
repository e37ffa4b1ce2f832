package installer

// The options of pip-tools 5.5.0, 6.14.0, 7.4.1 and its latest release in November 2026.

// pipToolsVerbs holds the options of each subcommand: `pip-compile` and `pip-sync` are programs of their own.
var pipToolsVerbs = map[string]string{
	"compile": `--all-build-deps --all-extras --allow-unsafe --annotate --annotation-style= --build-deps-for=
		--build-isolation --cache-dir= --cert= --client-cert= --color --config= --constraint|-c= --dry-run|-n
		--emit-find-links --emit-index-url --emit-options --emit-trusted-host --extra-index-url= --extra=
		--find-links|-f= --generate-hashes --header --help|-h --index --index-url|-i= --max-rounds= --newline=
		--no-allow-unsafe --no-annotate --no-build-isolation --no-color --no-config --no-emit-find-links
		--no-emit-index-url --no-emit-options --no-emit-trusted-host --no-header --no-index --no-reuse-hashes
		--no-strip-extras --no-upgrade --only-build-deps --output-file|-o= --pip-args= --pre|-p --quiet|-q
		--rebuild|-r --resolver= --reuse-hashes --strip-extras --trusted-host= --unsafe-package=
		--upgrade-package|-P= --upgrade|-U --uploaded-prior-to= --verbose|-v --version`,
	"sync": `--ask|-a --cert= --client-cert= --config= --dry-run|-n --extra-index-url= --find-links|-f= --force
		--help|-h --index-url|-i= --no-config --no-index --pip-args= --python-executable= --quiet|-q
		--trusted-host= --user --verbose|-v --version`,
}

// The options of the commands of setuptools 44.1.1, 57.5.0 and 84.2.1. A setup.py may define commands
// and options of its own; these stay unknown. --install-layout is that of Debian; --fcompiler, config_fc and
// build_src come from numpy.distutils.

const setupGlobal = `--author --author-email --classifiers --command-packages= --contact --contact-email --description
		--dry-run|-n --fullname --help-commands --help|-h --keywords --licence --license --long-description
		--maintainer --maintainer-email --name --no-user-cfg --obsoletes --platforms --provides --quiet|-q
		--requires --url --verbose|-v --version|-V`

// setupVerbs holds the options of each subcommand: distutils takes the global ones before the first command, and help anywhere.
var setupVerbs = map[string]string{
	"alias": `--filename|-f= --global-config|-g --remove|-r --user-config|-u`,
	"bdist": `--bdist-base|-b= --dist-dir|-d= --formats= --group|-g= --help-formats --owner|-u= --plat-name|-p=
		--skip-build`,
	"bdist_dumb": `--bdist-dir|-d= --dist-dir|-d= --format|-f= --group|-g= --keep-temp|-k --owner|-u= --plat-name|-p=
		--relative --skip-build`,
	"bdist_egg": `--bdist-dir|-b= --dist-dir|-d= --exclude-source-files --keep-temp|-k --plat-name|-p= --skip-build`,
	"bdist_rpm": `--bdist-base= --binary-only --build-requires= --build-script= --changelog= --clean-script= --conflicts=
		--dist-dir|-d= --distribution-name= --doc-files= --fix-python --force-arch= --group= --icon=
		--install-script= --keep-temp|-k --no-autoreq --no-keep-temp --no-rpm-opt-flags --obsoletes= --packager=
		--post-install= --post-uninstall= --pre-install= --pre-uninstall= --prep-script= --provides= --python=
		--quiet|-q --release= --requires= --rpm-base= --rpm2-mode --rpm3-mode --serial= --source-only
		--spec-only --use-bzip2 --use-rpm-opt-flags --vendor= --verify-script=`,
	"bdist_wheel": `--bdist-dir|-b= --build-number= --compression= --dist-dir|-d= --dist-info-dir= --group|-g=
		--keep-temp|-k --owner|-u= --plat-name|-p= --py-limited-api= --python-tag= --relative --skip-build
		--universal`,
	"build": `--build-base|-b= --build-lib= --build-platlib= --build-purelib= --build-scripts= --build-temp|-t=
		--compiler|-c= --cpu-baseline= --cpu-dispatch= --debug|-g --executable|-e= --fcompiler= --force|-f
		--help-compiler --parallel|-j= --plat-name|-p=`,
	"build_clib": `--build-clib|-b= --build-temp|-t= --compiler|-c= --debug|-g --force|-f --help-compiler`,
	"build_ext": `--build-lib|-b= --build-temp|-t= --compiler|-c= --debug|-g --define|-D= --fcompiler= --force|-f
		--help-compiler --include-dirs|-I= --inplace|-i --libraries|-l= --library-dirs|-L= --link-objects|-O=
		--parallel|-j= --plat-name|-p= --rpath|-R= --swig-cpp --swig-opts= --swig= --undef|-U= --user`,
	"build_py":      `--build-lib|-d= --compile|-c --force|-f --no-compile --optimize|-O=`,
	"build_scripts": `--build-dir|-d= --executable|-e= --force|-f`,
	"build_sphinx": `--all-files|-a --build-dir= --builder|-b= --config-dir|-c= --copyright= --fresh-env|-E --keep-going
		--link-index|-i --nitpicky|-n --pdb --project= --release= --source-dir|-s= --today= --verbosity|-v=
		--version= --warning-is-error|-W`,
	"build_src":       `--build-src|-d= --f2py-opts= --f2pyflags= --force|-f --inplace|-i --swig-cpp --swig-opts= --swig=`,
	"check":           `--metadata|-m --restructuredtext|-r --strict|-s`,
	"clean":           `--all|-a --bdist-base= --build-base|-b= --build-lib= --build-scripts= --build-temp|-t=`,
	"compile_catalog": `--directory|-d= --domain|-D= --input-file|-i= --locale|-l= --output-file|-o= --statistics --use-fuzzy|-f`,
	"config": `--cc= --compiler= --dump-source --fcompiler= --include-dirs|-I= --libraries|-l= --library-dirs|-L=
		--noisy`,
	"config_fc": `--arch= --debug|-g --f77exec= --f77flags= --f90exec= --f90flags= --fcompiler= --noarch --noopt --opt=`,
	"develop": `--allow-hosts|-H= --always-copy|-a --always-unzip|-Z --build-directory|-b= --editable|-e --egg-path=
		--exclude-scripts|-x --find-links|-f= --index-url|-i= --install-dir|-d= --local-snapshots-ok|-l
		--multi-version|-m --no-deps|-N --no-find-links --optimize|-O= --prefix= --record= --script-dir|-s=
		--site-dirs|-S= --uninstall|-u --upgrade|-U --user --version --zip-ok|-z`,
	"dist_info": `--egg-base|-e= --keep-egg-info --no-date|-D --output-dir|-o= --tag-build|-b= --tag-date|-d`,
	"easy_install": `--allow-hosts|-H= --always-copy|-a --always-unzip|-Z --build-directory|-b= --editable|-e
		--exclude-scripts|-x --find-links|-f= --index-url|-i= --install-dir|-d= --local-snapshots-ok|-l
		--multi-version|-m --no-deps|-N --no-find-links --optimize|-O= --prefix= --record= --script-dir|-s=
		--site-dirs|-S= --upgrade|-U --user --version --zip-ok|-z`,
	"editable_wheel": `--dist-dir|-d= --dist-info-dir|-I= --mode=`,
	"egg_info":       `--egg-base|-e= --no-date|-D --tag-build|-b= --tag-date|-d`,
	"install": `--compile|-c --exec-prefix= --force|-f --home= --install-base= --install-data= --install-headers=
		--install-layout= --install-lib= --install-platbase= --install-platlib= --install-purelib=
		--install-scripts= --no-compile --old-and-unmanageable --optimize|-O= --prefix= --record= --root=
		--single-version-externally-managed --skip-build --user`,
	"install_data":     `--force|-f --install-dir|-d= --root=`,
	"install_egg_info": `--install-dir|-d=`,
	"install_headers":  `--force|-f --install-dir|-d=`,
	"install_lib":      `--build-dir|-b= --compile|-c --force|-f --install-dir|-d= --no-compile --optimize|-O= --skip-build`,
	"install_scripts":  `--build-dir|-b= --force|-f --install-dir|-d= --skip-build`,
	"nosetests":        ``,
	"pytest":           `--addopts|-a=`,
	"register":         `--list-classifiers --repository|-r= --show-response --strict`,
	"rotate":           `--dist-dir|-d= --keep|-k= --match|-m=`,
	"saveopts":         `--filename|-f= --global-config|-g --user-config|-u`,
	"sdist":            `--dist-dir|-d= --formats= --group|-g= --help-formats --keep-temp|-k --owner|-u=`,
	"setopt": `--command|-c= --filename|-f= --global-config|-g --option|-o= --remove|-r --set-value|-s=
		--user-config|-u`,
	"test":        `--test-module|-m= --test-runner|-r= --test-suite|-s=`,
	"upload":      `--identity|-i= --repository|-r= --show-response --sign|-s`,
	"upload_docs": `--repository|-r= --show-response --upload-dir=`,
}
