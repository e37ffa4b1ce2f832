package installer

// The options of uv 0.1.45, 0.4.30 and 0.13.9, read from their help, with the hidden ones that uv
// takes for the sake of pip and pip-tools. uv accepts nearly every flag in its negated form too
// (`--no-system`), so the grammar knows the negation of each flag.

const uvGlobal = `--allow-insecure-host|--trusted-host= --cache-dir= --color= --config-file= --directory= --help|-h
		--managed-python --no-cache|--no-cache-dir|-n --no-color --no-config --no-managed-python --no-progress
		--no-python-downloads --offline --preview --preview-features= --project= --python-fetch=
		--python-preference= --quiet|-q --system-certs|--native-tls --verbose|-v --version|-V`

const uvResolve = `--config-settings|--config-setting|-C= --default-index= --exclude-newer-package= --exclude-newer=
		--extra-index-url= --find-links|-f= --fork-strategy= --index-strategy= --index-url|-i= --index=
		--keyring-provider= --link-mode= --no-binary --no-binary-package= --no-build --no-build-isolation
		--no-build-isolation-package= --no-build-package= --no-index --no-require-build-hashes --no-sources
		--no-sources-package= --prerelease-package= --prerelease= --require-build-hashes --resolution=
		--upgrade-package|-P= --upgrade|-U`

// uvVerbs holds the options of each subcommand: the options of uv itself come on top.
var uvVerbs = map[string]string{
	"add": uvResolve + ` --active --bounds= --branch= --compile-bytecode --config-settings-package=
		--constraint|--constraints|-c= --dev --editable --exact --extra= --frozen --group= --isolated --lfs
		--locked --marker|-m= --no-install-local --no-install-package= --no-install-project
		--no-install-workspace --no-sync --no-workspace --optional= --package= --pre --python|-p= --raw
		--raw-sources --refresh --refresh-package= --reinstall-package= --reinstall|--force-reinstall
		--requirement|--requirements|-r= --rev= --script= --tag= --upgrade-group= --workspace`,
	"audit": uvResolve + ` --config-settings-package= --frozen --ignore-until-fixed= --ignore= --locked --no-default-groups
		--no-dev --no-extra= --no-group= --only-dev --only-group= --output-format= --python-platform=
		--python-version= --script= --service-format= --service-url= --upgrade-group=`,
	"auth":        ``,
	"auth dir":    ``,
	"auth login":  `--password= --token|-t= --username|-u=`,
	"auth logout": `--username|-u=`,
	"auth token":  `--username|-u=`,
	"build": uvResolve + ` --all-packages --build-constraint|--build-constraints|-b= --clear --config-settings-package=
		--force-pep517 --no-build-logs --no-create-gitignore --no-verify-hashes --out-dir|-o= --package=
		--python|-p= --refresh --refresh-package= --require-hashes --sdist --upgrade-group= --verify-hashes
		--wheel`,
	"cache":       ``,
	"cache clean": `--force`,
	"cache dir":   ``,
	"cache prune": `--ci --force`,
	"cache size":  `--human|-H --output-format=`,
	"check": uvResolve + ` --all-extras --all-groups --all-packages --compile-bytecode --config-settings-package= --extra= --fix
		--frozen --group= --isolated --locked --no-default-groups --no-dev --no-extra= --no-group=
		--no-install-project --no-project --no-sync --only-dev --only-group= --package= --python|-p= --refresh
		--refresh-package= --reinstall-package= --reinstall|--force-reinstall --script= --ty-version=
		--upgrade-group=`,
	"export": uvResolve + ` --all-extras --all-groups --all-packages --config-settings-package= --dev --editable --emit-find-links
		--emit-index-url --exact --extra= --format= --frozen --group= --isolated --locked --no-annotate
		--no-default-groups --no-dev --no-editable --no-editable-package= --no-emit-local --no-emit-package=
		--no-emit-project --no-emit-workspace --no-extra= --no-group= --no-hashes --no-header --only-dev
		--only-group= --output-file|-o= --package= --pre --prune= --python|-p= --raw-sources --refresh
		--refresh-package= --script= --upgrade-group=`,
	"format": `--check --diff --exclude-newer= --no-project`,
	"init": `--app --author-from= --bare --build-backend= --description= --lib --name= --no-description --no-package
		--no-pin-python --no-readme --no-workspace --package --python|-p= --script --vcs=`,
	"lock": uvResolve + ` --check --check-exists --config-settings-package= --dev --dry-run --editable --exact --frozen --isolated
		--locked --pre --python|-p= --raw-sources --refresh --refresh-package= --script= --upgrade-group=`,
	"publish": `--check-url= --dry-run --index= --keyring-provider= --no-attestations --password|-p= --publish-url=
		--token|-t= --trusted-publishing= --username|-u=`,
	"python":      ``,
	"python dir":  `--bin`,
	"python find": `--no-project --python-downloads-json-url= --resolve-links --script= --show-version --system`,
	"python install": `--compile-bytecode --default --force|-f --graalpy-mirror= --install-dir|-i= --mirror= --no-bin
		--no-registry --pyodide-mirror= --pypy-mirror= --python-downloads-json-url=
		--reinstall|--force-reinstall|-r --upgrade|-U`,
	"python list": `--all-arches --all-platforms --all-versions --only-downloads --only-installed --output-format=
		--python-downloads-json-url= --show-urls`,
	"python pin":          `--global --no-project --python-downloads-json-url= --resolved --rm`,
	"python uninstall":    `--all --install-dir|-i=`,
	"python update-shell": ``,
	"python upgrade": `--compile-bytecode --graalpy-mirror= --install-dir|-i= --mirror= --pyodide-mirror= --pypy-mirror=
		--python-downloads-json-url= --reinstall|--force-reinstall|-r`,
	"remove": uvResolve + ` --active --compile-bytecode --config-settings-package= --dev --editable --exact --frozen --group=
		--isolated --locked --no-sync --optional= --package= --pre --python|-p= --raw-sources --refresh
		--refresh-package= --reinstall-package= --reinstall|--force-reinstall --script= --upgrade-group=`,
	"run": uvResolve + ` --active --all-extras --all-groups --all-packages --compile-bytecode --config-settings-package= --dev
		--env-file= --exact --extra= --frozen --group= --gui-script --isolated --locked --module|-m
		--no-default-groups --no-dev --no-editable --no-editable-package= --no-env-file --no-extra= --no-group=
		--no-project --no-sync --only-dev --only-group= --package= --pre --python-platform= --python|-p=
		--refresh --refresh-package= --reinstall-package= --reinstall|--force-reinstall --script|-s
		--upgrade-group= --with-editable= --with-requirements= --with|-w=`,
	"self":         ``,
	"self update":  `--dry-run --token=`,
	"self version": `--output-format= --short`,
	"sync": uvResolve + ` --active --all-extras --all-groups --all-packages --check --compile-bytecode --config-settings-package=
		--dev --dry-run --editable --exact --extra= --frozen --group= --inexact --isolated --locked
		--no-default-groups --no-dev --no-editable --no-editable-package= --no-extra= --no-group=
		--no-install-local --no-install-package= --no-install-project --no-install-workspace --only-dev
		--only-group= --output-format= --package= --pre --python-platform= --python|-p= --raw-sources --refresh
		--refresh-package= --reinstall-package= --reinstall|--force-reinstall --script= --upgrade-group=`,
	"tool":       ``,
	"tool audit": `--all --ignore-until-fixed= --ignore= --output-format= --service-format= --service-url=`,
	"tool dir":   `--bin`,
	"tool install": uvResolve + ` --build-constraint|--build-constraints|-b= --compile-bytecode --config-settings-package=
		--constraint|--constraints|-c= --editable|-e --excludes= --force --lfs --override|--overrides=
		--python-platform= --python|-p= --refresh --refresh-package= --reinstall-package=
		--reinstall|--force-reinstall --torch-backend= --upgrade-group= --with-editable=
		--with-executables-from= --with-requirements= --with|-w=`,
	"tool list": `--exclude-newer-package= --exclude-newer= --outdated --show-extras --show-paths --show-python
		--show-version-specifiers --show-with`,
	"tool run": uvResolve + ` --build-constraint|--build-constraints|-b= --compile-bytecode --config-settings-package=
		--constraint|--constraints|-c= --env-file= --from= --isolated --lfs --no-env-file
		--override|--overrides= --pre --python-platform= --python|-p= --refresh --refresh-package=
		--reinstall-package= --reinstall|--force-reinstall --torch-backend= --upgrade-group= --with-editable=
		--with-requirements= --with|-w=`,
	"tool uninstall":    `--all`,
	"tool update-shell": ``,
	"tool upgrade": uvResolve + ` --all --compile-bytecode --config-setting-package= --python-platform= --python|-p= --reinstall-package=
		--reinstall|--force-reinstall`,
	"tree": uvResolve + ` --all-groups --config-settings-package= --depth|-d= --format= --frozen --group= --invert --locked
		--no-dedupe --no-default-groups --no-dev --no-group= --only-dev --only-group= --outdated --package=
		--prune= --python-platform= --python-version= --python|-p= --script= --show-sizes --universal
		--upgrade-group=`,
	"venv": `--allow-existing --clear|-c --default-index= --exclude-newer-package= --exclude-newer=
		--extra-index-url= --find-links|-f= --force --index-strategy= --index-url|-i= --index=
		--keyring-provider= --link-mode= --no-index --no-pip --no-project --no-seed --no-setuptools --no-system
		--no-wheel --prompt= --python|-p= --refresh --refresh-package= --relocatable --seed --system
		--system-site-packages`,
	"version": uvResolve + ` --active --bump= --compile-bytecode --config-settings-package= --dry-run --frozen --locked --no-sync
		--output-format= --package= --python|-p= --refresh --refresh-package= --reinstall-package=
		--reinstall|--force-reinstall --short --upgrade-group=`,
	"workspace":      ``,
	"workspace dir":  `--package=`,
	"workspace list": `--paths --scripts`,
	"workspace metadata": uvResolve + ` --active --config-settings-package= --exact --frozen --locked --output-version= --python|-p= --refresh
		--refresh-package= --script= --sync --upgrade-group=`,
}
