package installer

// The options of `uv pip` of uv 0.1.45, 0.4.30 and 0.13.9, see uvVerbs.

const uvPipResolve = `--all-extras --build-constraint|--build-constraints|-b= --cert= --compile-bytecode|--compile
		--config-settings-package= --config-settings|--config-setting|-C= --constraint|--constraints|-c=
		--default-index= --disable-pip-version-check --exclude-newer-package= --exclude-newer=
		--extra-index-url= --extra= --find-links|-f= --group= --index-strategy= --index-url|-i= --index=
		--keyring-provider= --legacy-setup-py --link-mode= --no-binary= --no-build --no-build-isolation
		--no-compile --no-index --no-refresh --no-sources --no-sources-package= --no-system --no-verify-hashes
		--only-binary= --pre --python-platform= --python-version= --python|-p= --refresh --refresh-package=
		--require-build-hashes --system --torch-backend= --user --verify-hashes`

// uvPipVerbs holds the options of each subcommand: the options of uv itself come on top.
var uvPipVerbs = map[string]string{
	"check": `--cert= --disable-pip-version-check --no-system --python-platform= --python-version= --python|-p=
		--system`,
	"compile": uvPipResolve + ` --allow-unsafe --annotate --annotation-style= --client-cert= --config= --custom-compile-command=
		--emit-build-options --emit-find-links --emit-index-annotation --emit-index-url --emit-trusted-host
		--excludes= --fork-strategy= --format= --generate-hashes --header --max-rounds= --no-allow-unsafe
		--no-annotate --no-build-isolation-package= --no-config --no-deps --no-emit-index-url --no-emit-options
		--no-emit-package= --no-emit-trusted-host --no-header --no-reuse-hashes --no-strip-extras
		--no-strip-markers --output-file|-o= --override|--overrides= --pip-args= --prerelease-package=
		--prerelease= --resolution= --resolver= --reuse-hashes --strip-extras --universal --unsafe-package=
		--upgrade-group= --upgrade-package|-P= --upgrade|-U`,
	"freeze": `--cert= --disable-pip-version-check --exclude-editable --exclude= --no-system --path= --prefix=
		--python|-p= --strict --system --target|-t=`,
	"install": uvPipResolve + ` --break-system-packages --check --dry-run --editable|-e= --exact --excludes= --fork-strategy=
		--no-break-system-packages --no-build-isolation-package= --no-deps --no-editable --no-editable-package=
		--output-format= --override|--overrides= --prefix= --prerelease-package= --prerelease=
		--reinstall-package= --reinstall|--force-reinstall --require-hashes --requirement|--requirements|-r=
		--resolution= --strict --target|-t= --upgrade-group= --upgrade-package|-P= --upgrade|-U`,
	"list": `--cert= --default-index= --disable-pip-version-check --editable|-e --exclude-editable
		--exclude-newer-package= --exclude-newer= --exclude= --extra-index-url= --find-links|-f= --format=
		--index-strategy= --index-url|-i= --index= --keyring-provider= --no-index --no-system --outdated
		--prefix= --python|-p= --strict --system --target|-t=`,
	"show": `--cert= --files|-f --no-system --prefix= --python|-p= --strict --system --target|-t=`,
	"sync": uvPipResolve + ` --allow-empty-requirements --ask|-a --break-system-packages --check --client-cert= --dry-run --force
		--no-allow-empty-requirements --no-break-system-packages --output-format= --pip-args= --prefix=
		--python-executable= --reinstall-package= --reinstall|--force-reinstall --require-hashes --strict
		--target|-t=`,
	"tree": `--cert= --default-index= --depth|-d= --exclude-newer-package= --exclude-newer= --extra-index-url=
		--find-links|-f= --index-strategy= --index-url|-i= --index= --invert --keyring-provider= --no-dedupe
		--no-index --no-system --outdated --package= --prune= --python|-p= --show-sizes
		--show-version-specifiers --strict --system`,
	"uninstall": `--break-system-packages --cert= --disable-pip-version-check --dry-run --keyring-provider=
		--no-break-system-packages --no-system --prefix= --python|-p= --requirement|--requirements|-r= --system
		--target|-t= --yes|-y`,
}
