package installer

// The options of poetry 1.1.15, 1.8.5 and 2.5.1 with the export plugin, read from their parsers.

const poetryGlobal = `--ansi --directory|-C= --help|-h --no-ansi --no-cache --no-interaction|-n --no-plugins --project|-P=
		--quiet|-q --verbose|-v|-vv|-vvv --version|-V`

// poetryVerbs holds the options of each subcommand: the global ones come on top.
var poetryVerbs = map[string]string{
	"about": ``,
	"add": `--allow-prereleases --dev|-D --dry-run --editable|-e --extras|-E= --group|-G= --lock --markers=
		--optional~ --platform= --python= --source=`,
	"build":         `--clean --config-settings|-c= --format|-f= --local-version|-l= --output|-o=`,
	"bundle":        ``,
	"bundle venv":   `--clear --compile --only= --python|-p= --with= --without=`,
	"cache":         ``,
	"cache clear":   `--all`,
	"cache list":    ``,
	"cache:clear":   `--all`,
	"check":         `--lock --strict`,
	"completions":   `--alias=`,
	"config":        `--list --local --migrate --unset`,
	"debug":         ``,
	"debug info":    ``,
	"debug resolve": `--extras|-E= --install --python= --tree`,
	"debug tags":    ``,
	"env":           ``,
	"env activate":  ``,
	"env info":      `--executable|-e --path|-p`,
	"env list":      `--full-path`,
	"env remove":    `--all`,
	"env use":       ``,
	"env:info":      `--path|-p`,
	"export": `--all-extras --all-groups --dev --extras|-E= --format|-f= --only= --output|-o= --with-credentials
		--with= --without-hashes --without-urls --without=`,
	"help": ``,
	"init": `--author= --dependency= --description= --dev-dependency= --license|-l= --name= --python=`,
	"install": `--all-extras --all-groups --compile --develop= --dry-run --extras|-E= --no-dev --no-directory --no-root
		--only-root --only= --remove-untracked --sync --with= --without=`,
	"lock": `--check --no-update --regenerate`,
	"new": `--author= --dependency= --description= --dev-dependency= --flat --interactive|-i --license|-l= --name=
		--python= --readme= --src`,
	"publish": `--build --cert= --client-cert= --dist-dir= --dry-run --password|-p= --repository|-r= --skip-existing
		--username|-u=`,
	"python":            ``,
	"python install":    `--clean|-c --free-threaded|-t --implementation|-i= --reinstall|-r`,
	"python list":       `--all|-a --free-threaded|-t --implementation|-i= --managed|-m`,
	"python remove":     `--free-threaded|-t --implementation|-i=`,
	"remove":            `--dev|-D --dry-run --group|-G= --lock`,
	"run":               ``,
	"search":            ``,
	"self":              ``,
	"self add":          `--allow-prereleases --dry-run --editable|-e --extras|-E= --source=`,
	"self install":      `--dry-run --sync`,
	"self lock":         `--check --no-update --regenerate`,
	"self remove":       `--dry-run`,
	"self show":         `--addons --format|-f= --latest|-l --outdated|-o --tree|-t`,
	"self show plugins": ``,
	"self sync":         `--dry-run`,
	"self update":       `--dry-run --preview`,
	"self:update":       `--preview`,
	"shell":             ``,
	"show": `--all|-a --format|-f= --latest|-l --no-dev --no-truncate --only= --outdated|-o --top-level|-T --tree|-t
		--why --with= --without=`,
	"source":        ``,
	"source add":    `--default|-d --priority|-p= --secondary|-s`,
	"source remove": ``,
	"source show":   ``,
	"sync": `--all-extras --all-groups --compile --dry-run --extras|-E= --no-directory --no-root --only-root --only=
		--with= --without=`,
	"update":  `--dry-run --lock --no-dev --only= --sync --with= --without=`,
	"version": `--dry-run --next-phase --short|-s`,
}

// The options of pipenv 2020.11.15, 2022.1.8, 2023.12.1 and 2026.10.3, read from their parsers.

const pipenvGlobal = `--bare --clear --completion --envs --help|-h --man --no-site-packages --py --pypi-mirror= --python=
		--quiet|-q --rm --site-packages --support --three --two --venv --verbose|-v --version --where`

// pipenvVerbs holds the options of each subcommand: the global ones come on top.
var pipenvVerbs = map[string]string{
	"activate": `--pypi-mirror= --python=`,
	"audit": `--aliases --clear --desc --dry-run --fix --ignore|-i= --local --locked --no-deps --output-file|-o=
		--output|-f= --pypi-mirror= --python= --quiet|-q --skip-editable --strict --system --verbose|-v
		--vulnerability-service|-s=`,
	"check": `--audit-and-monitor --auto-install --categories= --clear --continue-on-error --db=
		--disable-audit-and-monitor --exit-code --ignore|-i= --key= --output= --policy-file= --project=
		--pypi-mirror= --python= --quiet|-q --save-json= --scan --system --three --two --unused= --use-installed
		--verbose|-v`,
	"clean": `--bare --dry-run --python= --three --two --verbose|-v`,
	"graph": `--bare --json --json-tree --reverse`,
	"install": `--all --categories= --clear --code|-c= --config-settings= --deploy --dev|-d --editable|-e=
		--extra-index-url= --extra-pip-args= --extras= --ignore-pipfile --index|-i= --keep-outdated
		--no-site-packages --pre --pypi-mirror= --python= --quiet|-q --requirement|--requirements|-r=
		--resolver= --selective-upgrade --sequential --site-packages --skip-lock --system --three --two
		--verbose|-v`,
	"lock": `--backend= --categories= --clear --dev-only --dev|-d --extra-pip-args= --header --keep-outdated
		--no-header --pre --pypi-mirror= --python= --quiet|-q --requirements|-r --resolver= --three --two
		--verbose|-v`,
	"open": `--clear --pypi-mirror= --python= --quiet|-q --three --two --verbose|-v`,
	"pylock": `--clear --dev-groups= --from-pyproject --generate --output|-o= --pypi-mirror= --python= --quiet|-q
		--validate --verbose|-v`,
	"remove": ``,
	"requirements": `--categories= --dev --dev-only --exclude-index --exclude-markers --from-pipfile --hash --no-lock
		--pypi-mirror=`,
	"run":     `--clear --pypi-mirror= --python= --quiet|-q --system --three --two --verbose|-v`,
	"scripts": `--clear --pypi-mirror= --python= --quiet|-q --three --two --verbose|-v`,
	"shell":   `--anyway --fancy --pypi-mirror= --python= --quiet|-q --three --two`,
	"sync": `--all --bare --categories= --clean --clear --dev|-d --extra-pip-args= --extras= --keep-outdated
		--no-site-packages --pre --pypi-mirror= --python= --quiet|-q --resolver= --sequential --site-packages
		--system --three --two --verbose|-v`,
	"uninstall": `--all --all-dev --categories= --clear --dev|-d --editable|-e= --extra-pip-args= --extras=
		--keep-outdated --pre --pypi-mirror= --python= --quiet|-q --resolver= --skip-lock --three --two
		--verbose|-v`,
	"update": `--all --bare --categories= --clear --config-settings= --dev|-d --dry-run --editable|-e=
		--extra-index-url= --extra-pip-args= --extras= --ignore-pipfile --index|-i= --keep-outdated --lock-only
		--outdated --pre --pypi-mirror= --python= --quiet|-q --requirement|--requirements|-r= --resolver=
		--selective-upgrade --sequential --skip-lock --system --three --two --verbose|-v`,
	"upgrade": `--all --categories= --clear --config-settings= --dev|-d --editable|-e= --extra-pip-args= --extras=
		--ignore-pipfile --index|-i= --keep-outdated --lock-only --no-site-packages --pre --pypi-mirror=
		--python= --quiet|-q --requirement|--requirements|-r= --resolver= --selective-upgrade --site-packages
		--skip-lock --system --verbose|-v`,
	"verify": ``,
}
