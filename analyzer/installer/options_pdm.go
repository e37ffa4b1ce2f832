package installer

// The options of pdm 1.15.5, 2.10.4 and 2.29.3, read from their parsers.

const pdmGlobal = `--config|-c= --help|-h --ignore-python|-I --no-cache --non-interactive|-n --pep582? --quiet|-q
		--verbose|-v --version|-V`

// pdmVerbs holds the options of each subcommand: the global ones come on top.
var pdmVerbs = map[string]string{
	"add": `--config-setting|-C= --dev|-d --dry-run --editable|-e= --fail-fast|-x --global|-g --group|-G=
		--lockfile|-L= --no-editable --no-isolation --no-lock|--frozen-lockfile --no-self --no-sync --override=
		--pre|--prerelease --project|-p= --save-compatible --save-exact --save-minimum --save-safe-compatible
		--save-wildcard --skip|-k= --stable --unconstrained|-u --update-all --update-eager --update-reuse
		--update-reuse-installed --venv?`,
	"build":        `--config-setting|-C= --dest|-d= --no-clean --no-isolation --no-sdist --no-wheel --project|-p= --skip|-k=`,
	"cache":        ``,
	"cache clear":  ``,
	"cache info":   ``,
	"cache list":   ``,
	"cache remove": ``,
	"completion":   ``,
	"config":       `--delete|-d --edit|-e --global|-g --local|-l --project|-p=`,
	"export": `--dev|-d --editable-self --expandvars --format|-f= --global|-g --group|--with|-G= --lockfile|-L=
		--no-default --no-extras --no-markers --output|-o= --prod|--production --project|-p= --pyproject --self
		--without-hashes|--no-hashes --without=`,
	"fix":    `--dry-run --global|-g --project|-p=`,
	"import": `--dev|-d --format|-f= --global|-g --group|-G= --project|-p=`,
	"info":   `--env --global|-g --json --packages --project|-p= --python --venv? --where`,
	"init": `--backend= --cookiecutter --copier --global|-g --lib|--dist --license= --name= --no-git --overwrite|-r
		--project-version= --project|-p= --python= --skip|-k=`,
	"install": `--check --config-setting|-C= --dev|-d --dry-run --fail-fast|-x --global|-g --group|--with|-G=
		--lockfile|-L= --no-default --no-editable --no-isolation --no-lock|--frozen-lockfile --no-self
		--override= --plugins --prod|--production --project|-p= --skip|-k= --venv? --without=`,
	"list": `--csv --exclude= --fields= --freeze --global|-g --graph|--tree --include= --json --markdown
		--project|-p= --resolve --reverse|-r --sort= --venv?`,
	"lock": `--append --check --config-setting|-C= --dev|-d --exclude-newer-override* --exclude-newer= --global|-g
		--group|--with|-G= --implementation= --lockfile|-L= --no-cross-platform --no-default --no-isolation
		--no-static-urls --override= --platform= --prod|--production --project|-p= --python= --refresh
		--skip|-k= --static-urls --strategy|-S= --update-reuse --update-reuse-installed --without=`,
	"new": `--backend= --dist|--lib --license= --name= --no-git --overwrite|-r --project-version= --python=
		--skip|-k=`,
	"outdated":      `--global|-g --include-sub --json --project|-p= --venv?`,
	"plugin":        ``,
	"plugin add":    `--pip-args=`,
	"plugin list":   `--plugins`,
	"plugin remove": `--pip-args= --yes|-y`,
	"plugin update": `--head --no-frozen-deps --pip-args= --pre`,
	"publish": `--ca-certs= --comment|-c= --dest|-d= --identity|-i= --no-build --no-very-ssl|--no-verify-ssl
		--password|-P= --project|-p= --repository|-r= --sign|-S --skip-existing --skip|-k= --username|-u=`,
	"py":             ``,
	"py find":        `--managed`,
	"py install":     `--list|-l --min`,
	"py link":        `--name=`,
	"py list":        ``,
	"py remove":      ``,
	"python":         ``,
	"python find":    `--managed`,
	"python install": `--list|-l --min`,
	"python link":    `--name=`,
	"python list":    ``,
	"python remove":  ``,
	"remove": `--config-setting|-C= --dev|-d --dry-run --fail-fast|-x --global|-g --group|-G= --lockfile|-L=
		--no-editable --no-isolation --no-lock|--frozen-lockfile --no-self --no-sync --override= --project|-p=
		--skip|-k= --venv?`,
	"run": `--env-file= --env= --global|-g --json|-j --list|-l --project|-p= --recreate --site-packages|-s
		--skip|-k= --venv? --working-dir=`,
	"search":      ``,
	"self":        ``,
	"self add":    `--pip-args=`,
	"self list":   `--plugins`,
	"self remove": `--pip-args= --yes|-y`,
	"self update": `--head --no-frozen-deps --pip-args= --pre`,
	"show":        `--global|-g --keywords --license --name --platform --project|-p= --summary --venv? --version`,
	"sync": `--clean --config-setting|-C= --dev|-d --dry-run --fail-fast|-x --global|-g --group|--with|-G=
		--lockfile|-L= --no-clean --no-default --no-editable --no-isolation --no-self
		--only-keep|--clean-unselected --prod|--production --project|-p= --reinstall|-r --skip|-k= --venv?
		--without=`,
	"update": `--config-setting|-C= --dev|-d --dry-run|--outdated --fail-fast|-x --global|-g --group|--with|-G=
		--lockfile|-L= --no-default --no-editable --no-isolation --no-lock|--frozen-lockfile --no-self --no-sync
		--override= --pre|--prerelease --prod|--production --project|-p= --save-compatible --save-exact
		--save-minimum --save-safe-compatible --save-wildcard --skip|-k= --stable --top|-t --unconstrained|-u
		--update-all --update-eager --update-reuse --update-reuse-installed --venv? --without=`,
	"use": `--auto-install-max --auto-install-min --first|-f --global|-g --ignore-remembered|-i --no-version-file
		--project|-p= --skip|-k= --venv=`,
	"venv":          `--path= --project|-p= --python=`,
	"venv activate": ``,
	"venv create":   `--force|-f --name|-n= --with-pip --with|-w=`,
	"venv list":     ``,
	"venv purge":    `--force|-f --interactive|-i`,
	"venv remove":   `--yes|-y`,
}

// The options of pipx 0.16.5 and 1.18.4, read from their parsers.

const pipxGlobal = `--global --help|-h --quiet|-q --skip-maintenance --verbose|-v --version`

// pipxVerbs holds the options of each subcommand: the global ones come on top.
var pipxVerbs = map[string]string{
	"cache":       ``,
	"cache dir":   `--output=`,
	"cache purge": `--output=`,
	"completions": ``,
	"ensurepath":  `--all-shells --dry-run --force|-f --prepend`,
	"environment": `--value|-V=`,
	"exec":        ``,
	"expose":      `--output=`,
	"health":      `--output=`,
	"help":        ``,
	"inject": `--backend= --cooldown= --editable|-e --force|-f --include-apps --include-deps --include-resources-from=
		--index-url|-i= --output= --pip-args= --requirement|-r= --system-site-packages --with-suffix`,
	"install": `--app= --backend= --cooldown= --editable|-e --fetch-missing-python --fetch-python= --force|-f
		--include-deps --include-resources-from= --index-url|-i= --lock= --output= --pip-args= --preinstall=
		--python= --suffix= --system-site-packages --upgrade-strategy= --upgrade|-U`,
	"install-all": `--backend= --cooldown= --editable|-e --fetch-missing-python --fetch-python= --force|-f --index-url|-i=
		--pip-args= --python= --system-site-packages`,
	"interpreter":         ``,
	"interpreter list":    `--output=`,
	"interpreter prune":   `--output=`,
	"interpreter upgrade": `--output=`,
	"list":                `--include-injected --json --outdated --output= --pinned --short`,
	"manifest":            ``,
	"manifest lock":       `--output=`,
	"manifest sync":       `--backend= --output= --prune`,
	"pin":                 `--injected-only --output= --skip*`,
	"reinstall":           `--backend= --fetch-missing-python --fetch-python= --output= --python=`,
	"reinstall-all":       `--backend= --fetch-missing-python --fetch-python= --output= --python= --skip*`,
	"repair":              `--backend= --fetch-missing-python --fetch-python= --output= --python=`,
	"reset":               `--dry-run --output= --yes|-y`,
	"run": `--backend= --cooldown= --editable|-e --fetch-missing-python --fetch-python= --index-url|-i= --no-cache
		--no-path-check --path --pip-args= --pypackages --python-args= --python= --refresh --spec=
		--system-site-packages --with=`,
	"runpip":        ``,
	"unexpose":      `--output=`,
	"uninject":      `--leave-deps --output=`,
	"uninstall":     `--output=`,
	"uninstall-all": `--output=`,
	"unpin":         `--output=`,
	"upgrade": `--backend= --cooldown= --editable|-e --fetch-missing-python --fetch-python= --force|-f
		--include-injected --index-url|-i= --install --output= --pip-args= --python= --system-site-packages`,
	"upgrade-all": `--backend= --cooldown= --editable|-e --force|-f --include-injected --index-url|-i= --output= --pip-args=
		--skip* --system-site-packages`,
	"upgrade-shared": `--output= --pip-args=`,
}
