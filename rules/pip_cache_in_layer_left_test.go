package rules

import (
	"testing"

	"github.com/pylint-docker/pylint-docker/analyzer"
)

func firstInstaller(t *testing.T, text string) *analyzer.Command {
	t.Helper()
	for _, c := range analyze(t, text, analyzer.Settings{}).Target.ChainCommands() {
		if c.Installer != nil && c.Install != nil {
			return c
		}
	}
	t.Fatalf("%s\nno command installs anything", text)
	return nil
}

func TestLeavesCache(t *testing.T) {
	const python = "FROM python:3.12-slim\n"
	const app = python + "RUN useradd -m app\nUSER app\n"
	for _, test := range []struct {
		text string
		want bool
	}{
		{python + "RUN pip install flask", true},
		{python + "RUN pip3 install -r requirements.txt", true},
		{python + "RUN python -m pip install flask", true},
		{python + `RUN ["pip", "install", "flask"]`, true},
		{python + "RUN <<EOF\nset -e\npip install flask\nEOF", true},
		{python + "RUN uv pip install --system flask", true},
		{python + "RUN uv sync --locked", true},
		{app + "RUN pip install --user flask", true},
		// The option and its variable, and values that look like one.
		{python + "RUN pip install --no-cache-dir flask", false},
		{python + "RUN pip --no-cache-dir install flask", false},
		{python + "RUN uv sync --no-cache", false},
		{python + "RUN uv pip install -n flask", false},
		{python + "ENV PIP_NO_CACHE_DIR=1\nRUN pip install flask", false},
		{python + "ENV PIP_NO_CACHE_DIR=0\nRUN pip install flask", false}, // https://github.com/pypa/pip/issues/5735
		{python + "ENV PIP_NO_CACHE_DIR=off\nRUN pip install flask", false},
		{python + "ENV PIP_NO_CACHE_DIR=false\nRUN pip install flask", false},
		{python + "ENV PIP_NO_CACHE_DIR=yes\nRUN pip install flask", false},
		{python + "ARG PIP_NO_CACHE_DIR=1\nRUN pip install flask", false},
		{python + "ARG PIP_NO_CACHE_DIR\nRUN pip install flask", false}, // unknown
		{python + "RUN PIP_NO_CACHE_DIR=1 pip install flask", false},
		{python + "RUN export PIP_NO_CACHE_DIR=1; pip install flask", false},
		{python + "ENV UV_NO_CACHE=1\nRUN uv sync", false},
		{python + "ENV PIP_NO_CACHE_DIR=\"\"\nRUN pip install flask", true}, // empty is as unset
		{python + "ENV PIP_NO_CACHE=1\nRUN pip install flask", true},        // a name that pip does not know
		{python + "ENV UV_NO_CACHE=1\nRUN pip install flask", true},
		{python + "ENV PIP_NO_CACHE_DIR=1\nRUN uv sync", true},
		{python + "RUN export PIP_NO_CACHE_DIR=1\nRUN pip install flask", true},
		{"FROM python:3.12-slim AS b\nENV PIP_NO_CACHE_DIR=1\n" + python + "RUN pip install flask", true},
		// Removal in the same RUN.
		{python + "RUN pip install flask && rm -rf ~/.cache", false},
		{python + "RUN pip install flask && rm -rf /root/.cache/*", false},
		{python + "RUN pip install flask && rm -rf /root/.cache/pip", false},
		{python + "RUN pip install flask; rm -r $HOME/.cache/pip/*", false},
		{python + "RUN pip install flask && rm -rf /var/lib/apt/lists/* /tmp/* /root/.cache", false},
		{python + "RUN pip install flask && rm -rf /root/.[^.]*", false},
		{python + "RUN pip install flask && cd /root && rm -rf .cache", false},
		{python + "RUN pip install flask && rm -rf $(pip cache dir)", false},
		{python + "RUN pip install flask && find /root/.cache -delete", false},
		{python + "RUN pip install flask && pip cache purge", false},
		{python + "RUN pip install flask && python3 -m pip cache purge", false},
		{python + "RUN uv sync && uv cache clean", false},
		{python + "RUN uv sync && rm -rf /root/.cache/uv", false},
		{python + "RUN <<EOF\npip install flask\nrm -rf ~/.cache\nEOF", false},
		{app + "RUN pip install --user flask && rm -rf /home/app/.cache", false},
		{python + "RUN rm -rf ~/.cache && pip install flask", true}, // too early
		{python + "RUN pip install flask\nRUN rm -rf ~/.cache", true},
		{python + "RUN pip install flask\nRUN pip cache purge", true},
		{python + "RUN pip install flask && rm -rf /var/lib/apt/lists/*", true},
		{python + "RUN pip install flask && rm -rf /root/.cachet", true},
		{python + "RUN pip install flask && rm -rf /home/*/.cache", true},
		{python + "RUN pip install flask && rm -rf .cache", true}, // of the working directory
		{python + "RUN pip install flask && ls ~/.cache", true},
		{python + "RUN pip install flask && pip cache dir", true},
		{python + "RUN uv sync && pip cache purge", true},
		{python + "RUN pip install flask && uv cache clean", true},
		{app + "RUN pip install --user flask && rm -rf /root/.cache", true},
		// Mounts.
		{python + "RUN --mount=type=cache,target=/root/.cache pip install flask", false},
		{python + "RUN --mount=type=cache,target=/root/.cache/pip pip install flask", false},
		{python + "RUN --mount=type=cache,dst=/root/.cache/pip/ pip install flask", false},
		{python + "RUN --mount=type=cache,target=/root/.cache/pip/http pip install flask", false},
		{python + "RUN --mount=type=tmpfs,target=/root/.cache pip install flask", false},
		{python + "RUN --mount=type=cache,target=/root/.cache/uv uv sync", false},
		{python + "ENV PIP_CACHE_DIR=/p\nRUN --mount=type=cache,target=/p pip install flask", false},
		{python + "ENV XDG_CACHE_HOME=/c\nRUN --mount=type=cache,target=/c pip install flask", false},
		{python + "ENV PIP_CACHE_DIR=/tmp/pip\nRUN --mount=type=tmpfs,target=/tmp pip install flask", false},
		{app + "RUN --mount=type=cache,target=/home/app/.cache/pip,uid=1000 pip install --user flask", false},
		{python + "ARG D\nRUN --mount=type=cache,target=$D pip install flask", false},
		{python + "RUN --mount=type=cache,target=/var/cache/apt pip install flask", true},
		{python + "RUN --mount=type=bind,target=/root/.cache pip install flask", false},
		{python + "RUN --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt", true},
		{python + "ENV PIP_CACHE_DIR=/p\nRUN --mount=type=cache,target=/root/.cacheable pip install flask", true},
		{python + "RUN --mount=type=cache,target=/root/.cache true\nRUN pip install flask", true},
		// Nothing is downloaded, or where to is not known.
		{python + "RUN pip install --no-index --find-links /wheels flask", false},
		{python + "ARG D\nENV PIP_CACHE_DIR=$D\nRUN pip install flask", false},
		{python + "RUN poetry install", false},
		{python + "RUN pipenv install --system", false},
	} {
		if got := leavesCache(firstInstaller(t, test.text)); got != test.want {
			t.Errorf("%s\nleaves its cache: got %v", test.text, got)
		}
	}
}
