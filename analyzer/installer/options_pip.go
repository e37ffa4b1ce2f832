package installer

// The options of pip 9.0.3, 10.0.1, 18.1, 19.3.1, 20.3.4, 21.3.1, 22.3.1, 23.3.2, 24.3.1, 25.3 and 26.3,
// read from their parsers; those that only pip before 9 had were added by hand,
// and --system is that of Debian, which made --user the default.
// A name that ends in "=" takes a value; see parseOptions for the notation.

const pipGlobal = `--cache-dir= --cert= --client-cert= --debug --default-vcs= --disable-pip-version-check --environment|-E=
		--exists-action= --help|-h --isolated --keyring-provider= --log|--log-file|--local-log= --no-cache-dir
		--no-color --no-input --no-proxy-env --no-python-version-warning --proxy= --python= --quiet|-q
		--require-virtualenv|--require-venv --respect-virtualenv --resume-retries= --retries= --site-packages
		--skip-requirements-regex= --timeout|--default-timeout= --trusted-host= --use-deprecated= --use-feature=
		--verbose|-v --version|-V`

const pipResolve = `--all-releases= --build-constraint= --check-build-dependencies --constraint|-c= --editable|-e=
		--extra-index-url= --find-links|-f= --group= --ignore-requires-python --index-url|--pypi-url|-i=
		--no-binary= --no-build-isolation --no-clean --no-deps|--no-dependencies --no-index --no-require-hashes
		--only-binary= --only-deps|--only-dependencies --only-final= --pre --prefer-binary --progress-bar=
		--refresh-package= --require-hashes --requirements-from-script= --requirement|-r=
		--src|--source|--source-dir|--source-directory= --uploaded-prior-to= --use-pep517`

// pipVerbs holds the options of each subcommand: pip accepts the global ones after the verb too.
var pipVerbs = map[string]string{
	"bundle": `--allow-all-external --allow-external= --allow-unverified|--allow-insecure= --download-cache= --mirrors=
		--no-download --no-install --no-use-wheel --process-dependency-links --use-mirrors|-M --use-wheel`,
	"cache":        `--format=`,
	"cache dir":    ``,
	"cache info":   ``,
	"cache list":   ``,
	"cache purge":  ``,
	"cache remove": ``,
	"check":        ``,
	"completion":   `--bash|-b --fish|-f --powershell|-p --zsh|-z`,
	"config":       `--editor= --global --site --user --venv`,
	"config debug": ``,
	"config edit":  ``,
	"config get":   ``,
	"config list":  ``,
	"config set":   ``,
	"config unset": ``,
	"debug":        `--abi= --implementation= --platform= --python-version=`,
	"download": pipResolve + ` --abi= --allow-all-external --allow-external= --allow-unverified|--allow-insecure=
		--build|--build-dir|--build-directory|-b= --dest|--destination-dir|--destination-directory|-d=
		--download-cache= --global-option= --implementation= --mirrors= --no-download --no-install
		--no-use-pep517 --no-use-wheel --platform= --process-dependency-links --python-version= --use-mirrors|-M
		--use-wheel`,
	"freeze": `--all --exclude-editable --exclude= --find-links|-f= --local|-l --path= --requirement|-r= --user`,
	"hash":   `--algorithm|-a=`,
	"help":   ``,
	"index": `--abi= --all-releases= --extra-index-url= --find-links|-f= --ignore-requires-python --implementation=
		--index-url|--pypi-url|-i= --json --no-binary= --no-index --only-binary= --only-final= --platform= --pre
		--prefer-binary --python-version= --refresh-package= --uploaded-prior-to=`,
	"index versions": ``,
	"inspect":        `--local --path= --user`,
	"install": pipResolve + ` --abi= --allow-all-external --allow-external= --allow-unverified|--allow-insecure=
		--break-system-packages --build|--build-dir|--build-directory|-b= --compile --config-settings|-C=
		--download-cache= --download|--download-dir|--download-directory|-d= --dry-run --egg --force-reinstall
		--global-option= --ignore-installed|-I --implementation= --install-option= --mirrors=
		--no-allow-external --no-allow-insecure --no-compile --no-download --no-install --no-use-pep517
		--no-use-wheel --no-user --no-warn-conflicts --no-warn-script-location --platform= --prefix=
		--process-dependency-links --python-version= --report= --root-user-action= --root= --system --target|-t=
		--upgrade-strategy= --upgrade|-U --use-mirrors|-M --use-wheel --user`,
	"list": `--all-releases= --allow-all-external --allow-external= --allow-unverified|--allow-insecure=
		--editable|-e --exclude-editable --exclude= --extra-index-url= --find-links|-f= --format=
		--include-editable --index-url|--pypi-url|-i= --local|-l --no-allow-external --no-allow-insecure
		--no-binary= --no-index --not-required --only-binary= --only-final= --outdated|-o --path= --pre
		--prefer-binary --process-dependency-links --refresh-package= --uploaded-prior-to= --uptodate|-u --user`,
	"lock":      pipResolve + ` --config-settings|-C= --output|-o=`,
	"search":    `--index|-i=`,
	"show":      `--files|-f`,
	"uninstall": `--break-system-packages --requirement|-r= --root-user-action= --yes|-y`,
	"unzip":     ``,
	"wheel": pipResolve + ` --allow-all-external --allow-external= --allow-unverified|--allow-insecure= --build-option=
		--build|--build-dir|--build-directory|-b= --config-settings|-C= --download-cache= --global-option=
		--mirrors= --no-allow-external --no-allow-insecure --no-download --no-install --no-use-pep517
		--no-use-wheel --no-verify --process-dependency-links --use-mirrors|-M --use-wheel --wheel-dir|-w=`,
	"zip": `--list|-l --no-pyc --path= --simulate|-n --sort-files --unzip`,
}
