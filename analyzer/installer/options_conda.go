package installer

// The options of conda 4 to 25, mamba 1 and 2 and micromamba 2. Unlike the other tables this one was written
// down by hand, not read from the programs; compare it with `conda COMMAND --help` when in doubt.

const condaGlobal = `--help|-h --version|-V --no-plugins --debug --json --quiet|-q --verbose|-v --yes|-y|--assumeyes
		--root-prefix|-r= --rc-file= --no-rc --no-env --log-level= --print-config-only --print-context-only
		--console= --trace`

const condaTarget = ` --name|-n= --prefix|-p=`

const condaSolve = condaTarget + ` --channel|-c= --use-local --override-channels --repodata-fn= --experimental=
		--no-lock --solver= --dry-run|-d --yes|-y --download-only --show-channel-urls --offline --insecure|-k
		--file|-f= --no-pin --copy --mkdir --clobber --force --force-reinstall --freeze-installed --no-update-deps
		--update-deps --satisfied-skip-solve|-S --update-all --all --update-specs --only-deps --no-deps
		--strict-channel-priority --no-channel-priority --channel-priority= --unknown --use-index-cache|-C
		--no-show-channel-urls --override-frozen --environment-specifier|--env-spec= --no-shortcuts
		--shortcuts-only= --no-default-packages --dev --revision= --alt-hint --platform|--subdir=
		--ssl-verify= --no-pyc --no-py-pin --py-pin= --retry-clean-cache --relocate-prefix= --category= --lockfile=
		--always-copy --always-softlink --allow-softlinks --extra-safety-checks --verify-artifacts --no-extra-safety-checks
		--safety-checks= --use-uv --no-prune-deps --prune-deps --allow-uninstall --no-allow-uninstall
		--allow-downgrade --no-allow-downgrade --repodata-ttl= --no-channel-alias --channel-alias= --cacert-path=`

const condaEnv = condaTarget + ` --file|-f= --prune --force --solver= --yes|-y --no-default-packages --dry-run|-d
		--experimental= --offline --insecure|-k --subdir|--platform= --environment-specifier|--env-spec=`

// condaVerbs holds the options of each subcommand: the global ones come on top.
var condaVerbs = map[string]string{
	"install":   condaSolve,
	"create":    condaSolve + ` --clone=`,
	"update":    condaSolve + ` --prune`,
	"upgrade":   condaSolve + ` --prune`,
	"remove":    condaSolve + ` --features --force-remove --keep-env --no-prune-deps`,
	"uninstall": condaSolve + ` --features --force-remove --keep-env --no-prune-deps`,
	"clean": `--all|-a --index-cache|-i --packages|-p --tarballs|-t --force-pkgs-dirs|-f --tempfiles|-c* --logfiles|-l
		--lock --source-cache|-s --dry-run|-d --yes|-y --offline --trash --locks`,
	"config": condaTarget + ` --system --env --file= --show* --show-sources --validate --describe* --write-default --get*
		--append=2 --prepend=2 --add=2 --set=2 --remove=2 --remove-key= --stdin --force|-f --local --long-descriptions
		--groups`,
	"config append": condaTarget + ` --system --env --file=`, "config prepend": condaTarget + ` --system --env --file=`,
	"config set": condaTarget + ` --system --env --file=`, "config get": ``, "config list": ``, "config sources": ``,
	"config describe": ``, "config remove": ``, "config remove-key": ``,
	"env":                 condaTarget,
	"env create":          condaEnv,
	"env update":          condaEnv,
	"env remove":          condaTarget + ` --solver= --dry-run|-d --yes|-y`,
	"env list":            ``,
	"env export":          condaTarget + ` --channel|-c= --override-channels --file|-f= --no-builds --ignore-channels --from-history`,
	"env config":          condaTarget,
	"env config vars":     condaTarget,
	"run":                 condaTarget + ` --no-capture-output|--live-stream|-s --cwd= --dev --attach|-a= --detach|-d --env|-e= --clean-env --label=`,
	"list":                condaTarget + ` --canonical|-c --export|-e --explicit --full-name|-f --md5 --no-pip --revisions|-r --show-channel-urls --reverse --size --sha256 --auth`,
	"info":                condaTarget + ` --all|-a --base --envs|-e --system|-s --unsafe-channels --license|-l --size --channels --licenses`,
	"search":              condaSolve + ` --envs --info|-i --canonical --names-only --spec --outdated|-o --reverse-dependency --skip-flexible-search --pretty`,
	"init":                `--all --user --no-user --system --reverse --anaconda-prompt --dry-run|-d --condabin --install --shell|-s= --prefix|-p=`,
	"activate":            `--stack --no-stack --name|-n= --prefix|-p=`,
	"deactivate":          ``,
	"export":              condaTarget + ` --channel|-c= --override-channels --file|-f= --format= --no-builds --ignore-channels --from-history --platform=`,
	"build":               `--channel|-c= --python= --numpy= --output-folder= --no-test --no-anaconda-upload --croot= --override-channels --output --test|-t --perl= --no-include-recipe --variant-config-files|-m=`,
	"index":               `--subdir|-s= --channel-name|-n= --no-progress --threads|-t=`,
	"skeleton":            ``,
	"develop":             condaTarget + ` --no-pth-file --build_ext|-b --clean|-c --uninstall|-u`,
	"package":             condaTarget + ` --which|-w= --reset|-r --untracked|-u --pkg-name= --pkg-version= --pkg-build=`,
	"pack":                condaTarget + ` --output|-o= --format= --dest-prefix|-d= --ignore-missing-files --ignore-editable-packages --force|-f --compress-level= --n-threads|-j= --arcroot= --exclude= --include= --parcel-root= --parcel-name= --parcel-version= --parcel-distro= --zip-symlinks --no-zip-64`,
	"lock":                `--file|-f= --platform|-p= --conda= --micromamba --mamba --lockfile= --kind|-k= --extras|-e= --channel|-c=`,
	"rename":              condaTarget + ` --force --dry-run|-d --yes|-y`,
	"compare":             condaTarget,
	"doctor":              condaTarget + ` --fix`,
	"notices":             `--channel|-c= --use-local --override-channels`,
	"tos":                 condaTarget + ` --channel|-c= --override-channels --file= --system --user --env`,
	"tos accept":          condaTarget + ` --channel|-c= --override-channels --file= --system --user --env`,
	"tos reject":          condaTarget + ` --channel|-c= --override-channels --file= --system --user --env`,
	"tos view":            condaTarget + ` --channel|-c= --override-channels`,
	"help":                ``,
	"repoquery":           condaSolve,
	"shell":               condaTarget + ` --shell|-s=`,
	"shell hook":          `--shell|-s= --prefix|-p=`,
	"shell init":          `--shell|-s= --prefix|-p=`,
	"shell activate":      `--shell|-s= --stack`,
	"self-update":         `--version= --channel|-c=`,
	"constructor":         `--prefix|-p= --extract-conda-pkgs --extract-tarball`,
	"shell.bash":          ``,
	"shell.posix":         ``,
	"content-trust":       ``,
	"token":               ``,
	"server":              `--port|-p=`,
	"convert":             `--platform|-p= --output-dir|-o= --force|-f`,
	"env config vars set": condaTarget,
}

// venvOptions joins those of `python -m venv` 3.3 to 3.14 with those of virtualenv 1.x to 21. The
// value of --extra-search-dir ends where the next option begins since virtualenv 20, and after one word before.
const venvOptions = `--help|-h --version --verbose|-v --quiet|-q --with-traceback --read-only-app-data --app-data=
		--reset-app-data --upgrade-embed-wheels --discovery= --python|-p= --try-first-with= --creator= --clear
		--no-vcs-ignore --venv-redirect --no-venv-redirect --system-site-packages --no-site-packages --symlinks
		--copies --always-copy --relocatable --seeder= --no-seed --without-pip --download --no-download
		--never-download --extra-search-dir~ --pip= --setuptools~ --wheel= --no-pip --no-setuptools --no-wheel
		--no-periodic-update --symlink-app-data --activators= --prompt= --distribute --use-distribute
		--unzip-setuptools --upgrade --upgrade-deps --without-scm-ignore-files --bare`

// buildOptions are those of `python -m build` 0.1 to 1.4.
const buildOptions = `--help|-h --version|-V --quiet|-q --verbose|-v --sdist|-s --wheel|-w --outdir|-o=
		--skip-dependency-check|-x --no-isolation|-n --installer= --config-setting|-C= --config-json= --metadata
		--env-dir= --dependency-constraints-txt= --sdist-extract-dir= --report=`
