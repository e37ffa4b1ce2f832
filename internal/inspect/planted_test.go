package inspect_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/imagefs/imagetest"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

var update = flag.Bool("update", false, "write the image that docs/image.md shows")

type (
	file  = imagetest.File
	layer = imagetest.Layer
)

const site = "opt/venv/lib/python3.12/site-packages/"

// base is python:3.12-slim, as far as anybody asks.
func base() layer { return baseOf(0, 0) }

// baseOf is base with an interpreter and a library of some size.
func baseOf(program, library int64) layer {
	return layer{CreatedBy: "/bin/sh -c #(nop) ADD file:1 in /", Files: []file{
		{Name: "bin", Link: "usr/bin"}, {Name: "usr/bin/sh", Content: imagetest.Program(), Mode: 0o755}, {Name: "usr/bin/env", Content: imagetest.Program(), Mode: 0o755},
		{Name: "etc/passwd", Content: "root:x:0:0:root:/root:/bin/sh\napp:x:10001:10001::/home/app:/bin/sh\n"}, {Name: "etc/group", Content: "root:x:0:\napp:x:10001:\n"},
		{Name: "root/", Mode: 0o700},
		{Name: "usr/local/bin/python3.12", Content: imagetest.Program(), Mode: 0o755, Zeros: program}, {Name: "usr/local/bin/python3", Link: "python3.12"}, {Name: "usr/local/bin/python", Link: "python3"},
		{Name: "usr/local/lib/python3.12/os.py", Zeros: library}, {Name: "usr/local/lib/python3.12/site-packages/pip-24.0.dist-info/METADATA", Content: "Name: pip\nVersion: 24.0\n"},
	}}
}

// venv is an environment with gunicorn and flask.
func venv() layer {
	return layer{CreatedBy: "COPY /opt/venv /opt/venv # buildkit", Files: []file{
		{Name: "opt/venv/pyvenv.cfg", Content: "home = /usr/local/bin\ninclude-system-site-packages = false\nversion = 3.12.4\n"},
		{Name: "opt/venv/bin/python", Link: "/usr/local/bin/python3.12"}, {Name: "opt/venv/bin/python3", Link: "python"},
		{Name: "opt/venv/bin/gunicorn", Mode: 0o755, Content: "#!/opt/venv/bin/python3\n# -*- coding: utf-8 -*-\nimport re\nimport sys\nfrom gunicorn.app.wsgiapp import run\n"},
		{Name: site + "gunicorn/app/wsgiapp.py", Zeros: 2_000_000},
		{Name: site + "gunicorn-22.0.0.dist-info/METADATA", Content: "Name: gunicorn\nVersion: 22.0.0\nRequires-Dist: packaging\nRequires-Dist: importlib-metadata; python_version < \"3.8\"\nRequires-Dist: eventlet; extra == 'eventlet'\n"},
		{Name: site + "gunicorn-22.0.0.dist-info/RECORD", Content: "gunicorn/app/wsgiapp.py,,\ngunicorn-22.0.0.dist-info/METADATA,,\n"},
		{Name: site + "packaging/__init__.py"}, {Name: site + "packaging-24.1.dist-info/METADATA", Content: "Name: packaging\nVersion: 24.1\n"},
	}}
}

func sources() layer {
	return layer{CreatedBy: "COPY app.py /app/ # buildkit", Files: []file{{Name: "app/"}, {Name: "app/app.py", Content: "print()\n"}}}
}

// healthy is an image that starts, and has nothing to say about.
func healthy() *imagetest.Image {
	return &imagetest.Image{
		Name: "shop:1", User: "app", Workdir: "/app", Env: []string{"PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin"},
		Cmd: []string{"gunicorn", "app:app"}, Layers: []layer{base(), venv(), sources()},
	}
}

func read(t *testing.T, image *imagetest.Image) *inspect.System {
	t.Helper()
	dir := t.TempDir()
	if err := image.Write(dir); err != nil {
		t.Fatal(err)
	}
	opened, err := imagefs.Open(t.Context(), dir, imagefs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return inspect.New(opened)
}

func findings(s *inspect.System) string {
	var lines []string
	for _, f := range s.Findings() {
		line := strings.Join(f.Codes, "|") + " " + f.Path + ": " + f.Message
		if f.Advice {
			line += " (advice)"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// A healthy image has no finding, and its start is followed to the distribution that runs.
func TestHealthy(t *testing.T) {
	s := read(t, healthy())
	if got := findings(s); got != "" {
		t.Error(got)
	}
	var chain []string
	for _, link := range s.Start().Chain {
		chain = append(chain, link.Path+" "+link.Note)
	}
	want := []string{"/opt/venv/bin/gunicorn python3 script", "/opt/venv/bin/python3 Python 3.12", "/opt/venv/lib/python3.12/site-packages/gunicorn gunicorn 22.0.0"}
	if diff := cmp.Diff(want, chain); diff != "" || !s.Start().Complete {
		t.Error(diff)
	}
}

// Each fault gives its finding and no other.
func TestPlanted(t *testing.T) {
	add := func(files ...file) func(*imagetest.Image) {
		return func(i *imagetest.Image) { i.Layers = append(i.Layers, layer{CreatedBy: "RUN x", Files: files}) }
	}
	database, err := imagetest.Unpack("../imagefs/testdata/rpmdb.sqlite.zst")
	if err != nil {
		t.Fatal(err)
	}
	rpmdb := file{Name: "usr/lib/sysimage/rpm/rpmdb.sqlite", Content: string(database)}
	cmd := func(words ...string) func(*imagetest.Image) { return func(i *imagetest.Image) { i.Cmd = words } }
	both := func(edits ...func(*imagetest.Image)) func(*imagetest.Image) {
		return func(i *imagetest.Image) {
			for _, edit := range edits {
				edit(i)
			}
		}
	}
	for name, test := range map[string]struct {
		plant func(*imagetest.Image)
		want  string
	}{
		"a program that is not there":          {cmd("uvicorn", "app:app"), "PLD509 : the image does not start: uvicorn is not on PATH"},
		"a program outside of PATH":            {func(i *imagetest.Image) { i.Env = []string{"PATH=/usr/bin"} }, "PLD509 : the image does not start: gunicorn is not on PATH"},
		"a file that is not there":             {cmd("python", "main.py"), "PLD509 : the image does not start: /app/main.py, which Python is to run, is not there"},
		"a script without mode":                {both(add(file{Name: "start.sh", Content: "#!/bin/sh\nexec \"$@\"\n"}), cmd("/start.sh")), "PLD513|PLD509 /start.sh: the image does not start: /start.sh is not executable (mode 0644)"},
		"a script that another may execute":    {both(add(file{Name: "start.sh", Mode: 0o700, Content: "#!/bin/sh\n"}), cmd("/start.sh")), "PLD513|PLD509 /start.sh: the image does not start: the user app may not execute /start.sh (mode 0700)"},
		"a script with CRLF":                   {both(add(file{Name: "start.sh", Mode: 0o755, Content: "#!/bin/sh\r\nexec x\r\n"}), cmd("/start.sh")), "PLD513|PLD509 /start.sh: the image does not start: /start.sh has CRLF line ends: the kernel looks for an interpreter whose name ends with a carriage return"},
		"a script for bash":                    {both(add(file{Name: "start.sh", Mode: 0o755, Content: "#!/bin/bash\n"}), cmd("/start.sh")), "PLD513|PLD509 /start.sh: the image does not start: the first line of /start.sh names /bin/bash, which is not there"},
		"env bash":                             {both(add(file{Name: "start.sh", Mode: 0o755, Content: "#!/usr/bin/env bash\n"}), cmd("/start.sh")), "PLD513|PLD509 /start.sh: the image does not start: the first line of /start.sh asks for bash, which is not on PATH"},
		"text that is no script":               {both(add(file{Name: "start.sh", Mode: 0o755, Content: "exec gunicorn\n"}), cmd("/start.sh")), "PLD513|PLD509 /start.sh: the image does not start: /start.sh is neither a program nor a script with a first line that names one: it can't be executed"},
		"what a script starts":                 {both(add(file{Name: "start.sh", Mode: 0o755, Content: "#!/bin/sh\nset -e\nexec \"$@\"\n"}), func(i *imagetest.Image) { i.Entrypoint, i.Cmd = []string{"/start.sh"}, []string{"celery"} }), "PLD509 : the image does not start: celery is not on PATH"},
		"what a shell starts":                  {cmd("/bin/sh", "-c", "exec celery worker"), "PLD509 : the image does not start: celery is not on PATH"},
		"a user who is nobody":                 {func(i *imagetest.Image) { i.User = "web" }, "PLD510 : the image does not start: USER web is neither in /etc/passwd nor a number"},
		"a home of root's":                     {both(add(file{Name: "root/.local/bin/x", Mode: 0o755, Content: imagetest.Program()}), cmd("/root/.local/bin/x")), "PLD106 /root/.local/bin/x: the image does not start: the user app can't enter /root (mode 0700), where /root/.local/bin/x is"},
		"an environment without its Python":    {add(file{Name: "opt/venv/bin/python", Link: "/usr/bin/python3.12"}), "PLD109 /opt/venv/bin/python3: the image does not start: /opt/venv/bin/gunicorn runs with /opt/venv/bin/python3: /opt/venv/bin/python3 leads to /usr/bin/python3.12, which is not there"},
		"a start by a Python that is gone":     {both(add(file{Name: "opt/venv/bin/python", Link: "/usr/bin/python3.12"}), cmd("/opt/venv/bin/python", "app.py")), "PLD109 /opt/venv/bin/python: the image does not start: /opt/venv/bin/python leads to /usr/bin/python3.12, which is not there"},
		"an environment without uv's Python":   {add(file{Name: "opt/venv/bin/python", Link: "/root/.local/share/uv/python/cpython-3.12/bin/python3.12"}), "PLD607 /opt/venv/bin/python3: the image does not start: /opt/venv/bin/gunicorn runs with /opt/venv/bin/python3: /opt/venv/bin/python3 leads to /root/.local/share/uv/python/cpython-3.12/bin/python3.12, which is not there"},
		"a script of a package that is gone":   {func(i *imagetest.Image) { i.Layers[1].Files = append(i.Layers[1].Files[:4], i.Layers[1].Files[6:]...) }, "PLD117 /opt/venv/bin/gunicorn: the image does not start: /opt/venv/bin/gunicorn imports gunicorn, and none of the directories that /opt/venv/bin/python3 searches has it"},
		"a module of another environment":      {cmd("/usr/local/bin/python", "-m", "gunicorn"), "PLD128|PLD117 : the image does not start: the module gunicorn is started, and none of the directories that /usr/local/bin/python searches has it"},
		"a program for another machine":        {both(add(file{Name: "usr/bin/tool", Mode: 0o755, Content: imagetest.ELF(183)}), cmd("tool")), "PLD131|PLD108 /usr/bin/tool: the image does not start: /usr/bin/tool is for arm64, the image for linux/amd64"},
		"a requirement that is not there":      {func(i *imagetest.Image) { i.Layers[1].Files = i.Layers[1].Files[:7] }, "PLD701 /opt/venv/lib/python3.12/site-packages/gunicorn-22.0.0.dist-info: gunicorn 22.0.0 declares that it needs packaging, which /opt/venv/bin/python3 does not find"},
		"an editable without its sources":      {add(file{Name: site + "shop-1.dist-info/METADATA", Content: "Name: shop\nVersion: 1\n"}, file{Name: site + "shop-1.dist-info/direct_url.json", Content: `{"url": "file:///src/shop", "dir_info": {"editable": true}}`}), "PLD116 /opt/venv/lib/python3.12/site-packages/shop-1.dist-info: shop is an editable install of /src/shop, which is not in the image: importing it fails"},
		"a module for another Python":          {add(file{Name: site + "fast/_x.cpython-311-x86_64-linux-gnu.so", Content: imagetest.Program()}), "PLD107 /opt/venv/lib/python3.12/site-packages/fast/_x.cpython-311-x86_64-linux-gnu.so: _x.cpython-311-x86_64-linux-gnu.so was built for Python 3.11, and /opt/venv/bin/python3 is Python 3.12: importing it fails"},
		"packages for another Python":          {add(file{Name: "pyroot/lib/python3.11/site-packages/flask-3.dist-info/METADATA", Content: "Name: flask\nVersion: 3\n"}), "PLD107 /pyroot/lib/python3.11/site-packages: /pyroot/lib/python3.11/site-packages has 1 distribution for Python 3.11, which the image does not have"},
		"started packages for another Python":  {both(add(file{Name: "pyroot/lib/python3.11/site-packages/celery/__init__.py"}, file{Name: "pyroot/lib/python3.11/site-packages/celery-5.dist-info/METADATA", Content: "Name: celery\nVersion: 5\n"}), cmd("python", "-m", "celery")), "PLD107 : the image does not start: the module celery is started, and none of the directories that /opt/venv/bin/python searches has it: /pyroot/lib/python3.11/site-packages has it"},
		"packages that nobody searches":        {add(file{Name: "install/lib/python3.12/site-packages/flask-3.dist-info/METADATA", Content: "Name: flask\nVersion: 3\n"}), "PLD129|PLD117 /install/lib/python3.12/site-packages: /install/lib/python3.12/site-packages has 1 distribution, and no interpreter of the image searches it"},
		"a user base that is searched":         {both(func(i *imagetest.Image) { i.Env = append(i.Env, "PYTHONUSERBASE=/pyroot") }, add(file{Name: "pyroot/lib/python3.12/site-packages/flask-3.dist-info/METADATA", Content: "Name: flask\nVersion: 3\n"}), cmd("/usr/local/bin/python", "app.py")), ""},
		"a cache of pip's":                     {add(file{Name: "root/.cache/pip/http/x", Zeros: 3_000_000}), "PLD205 /root/.cache/pip: 3.0 MB of an installer's cache in /root/.cache/pip"},
		"a small cache":                        {add(file{Name: "root/.cache/pip/selfcheck.json", Content: "{}"}), ""},
		"lists of apt":                         {add(file{Name: "var/lib/apt/lists/deb.debian.org_main", Zeros: 20_000_000}), "PLD402 /var/lib/apt/lists: 20.0 MB of package lists and archives in /var/lib/apt/lists"},
		"a compiler of Alpine's":               {add(file{Name: "lib/apk/db/installed", Content: "P:gcc\nV:14.2\nI:61440000\n\nP:musl\nV:1.2\nI:900000\n"}), "PLD111 /lib/apk/db/installed: 61.4 MB of build tools and headers: gcc"},
		"a compiler of Fedora's":               {both(add(file{Name: "usr/bin/gcc", Content: imagetest.Program(), Mode: 0o755}), add(file{Name: "var/lib/rpm", Link: "/usr/lib/sysimage/rpm"}, rpmdb), add(file{Name: "usr/lib/sysimage/rpm/rpmdb.sqlite-wal"})), "PLD111 /var/lib/rpm/rpmdb.sqlite: 2.4 MB of build tools and headers: gcc"},
		"packages that rpm has not yet stored": {add(file{Name: "var/lib/rpm", Link: "/usr/lib/sysimage/rpm"}, rpmdb, file{Name: "usr/lib/sysimage/rpm/rpmdb.sqlite-wal", Content: "x"}), ""},
		"a compiler":                           {add(file{Name: "var/lib/dpkg/status", Content: "Package: gcc-12\nStatus: install ok installed\nInstalled-Size: 60000\nArchitecture: amd64\n\nPackage: libc6\nStatus: install ok installed\nInstalled-Size: 13000\n\nPackage: g++-12\nStatus: deinstall ok config-files\nInstalled-Size: 90000\n"}, file{Name: "var/lib/dpkg/info/gcc-12.list"}), "PLD111 /var/lib/dpkg/status: 61.4 MB of build tools and headers: gcc-12"},
		"what is deleted later":                {both(add(file{Name: "tmp/wheel.whl", Zeros: 5_000_000}), add(file{Name: "tmp/.wh.wheel.whl"})), "PLD404 /tmp/wheel.whl: 5.0 MB deleted that an earlier layer still ships: /tmp/wheel.whl"},
		"what is stored again":                 {both(add(file{Name: "app/model.bin", Zeros: 5_000_000}), add(file{Name: "app/model.bin", Zeros: 5_000_000, UID: 10001})), "PLD410|PLD404 /app/model.bin: 5.0 MB stored again only to change owner, mode or time: /app/model.bin"},
		"a health check without its program":   {health("CMD-SHELL", "curl -f http://localhost:8000/ || exit 1"), "PLD512 : the health check fails: curl is not on PATH"},
		"a health check in exec form":          {health("CMD", "wget", "-q", "http://localhost"), "PLD512 : the health check fails: wget is not on PATH"},
		"a health check with a second program": {health("CMD-SHELL", "curl -f http://localhost || wget -q http://localhost"), ""},
		"a health check by Python":             {health("CMD-SHELL", "python -c 'import urllib.request' || exit 1"), ""},
		"a health check that asks first":       {health("CMD-SHELL", "if command -v curl; then curl http://localhost; fi"), ""},
		"no health check":                      {health("NONE"), ""},
		"a repository":                         {add(file{Name: "app/.git/HEAD", Content: "ref"}, file{Name: "app/.git/objects/1", Zeros: 2_000_000}), "PLD306 /app/.git: 2.0 MB of the repository in /app/.git"},
		"a key":                                {add(file{Name: "app/deploy.pem", Content: "-----BEGIN RSA PRIVATE KEY-----\n"}), "PLD305 /app/deploy.pem: /app/deploy.pem is in the image for everybody who can pull it"},
		"an environment file":                  {add(file{Name: "app/.env", Content: "A=b\n"}, file{Name: "app/.env.example", Content: "A=\n"}), "PLD305 /app/.env: /app/.env is in the image for everybody who can pull it"},
		"tests":                                {add(file{Name: "app/tests/data.bin", Zeros: 3_000_000}), "PLD307 /app/tests: 3.0 MB of tests in /app/tests"},
		"byte code":                            {add(file{Name: "app/__pycache__/big.cpython-312.pyc", Zeros: 3_000_000}), "PLD302 /app: 3.0 MB of byte code beside the sources in /app"},
		"byte code that is stale":              {add(file{Name: "app/__pycache__/app.cpython-312.pyc", Content: "\xcb\x0d\x0d\x0a\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00"}), "PLD703|PLD302 /app: 16 bytes of byte code in /app that does not belong to the sources beside it: Python compiles them at every start"},
		"poetry":                               {add(file{Name: site + "poetry-2.dist-info/METADATA", Content: "Name: poetry\nVersion: 2\n"}, file{Name: site + "poetry-2.dist-info/RECORD", Content: "poetry/x.py,,\n"}, file{Name: site + "poetry/x.py", Zeros: 4_000_000}), "PLD608 /opt/venv/lib/python3.12/site-packages: 4.0 MB of installers that the running application does not need: poetry"},
		"pip in the environment":               {add(file{Name: site + "pip-24.dist-info/METADATA", Content: "Name: pip\nVersion: 24\n"}, file{Name: site + "pip-24.dist-info/RECORD", Content: "pip/x.py,,\n"}, file{Name: site + "pip/x.py", Zeros: 4_000_000}), "PLD127 /opt/venv/lib/python3.12/site-packages: 4.0 MB of installers beside the application's packages: pip"},
		"a library twice":                      {add(file{Name: site + "a.libs/libx.so", Content: imagetest.Program(), Zeros: 1_000_000}, file{Name: site + "b.libs/libx.so", Content: imagetest.Program(), Zeros: 1_000_000}), "PLD705 /opt/venv/lib/python3.12/site-packages/b.libs/libx.so: 1.0 MB of a library that the image has twice: /opt/venv/lib/python3.12/site-packages/b.libs/libx.so = /opt/venv/lib/python3.12/site-packages/a.libs/libx.so"},
		"an idle environment without a Python": {add(file{Name: "opt/old/pyvenv.cfg", Content: "home = /opt/gone\n"}, file{Name: "opt/old/bin/python", Link: "/opt/gone/python3.9"}), "PLD109 /opt/old/bin/python: the virtual environment /opt/old can't be used: /opt/old/bin/python leads to /opt/gone/python3.9, which is not there (advice)"},
	} {
		t.Run(name, func(t *testing.T) {
			image := healthy()
			test.plant(image)
			if got := findings(read(t, image)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// health plants a health check.
func health(test ...string) func(*imagetest.Image) {
	return func(i *imagetest.Image) { i.Health = test }
}

// shop is the image of docs/image.md.
const shop = "../../testdata/images/shop"

// The picture in the documentation is of an image that a test writes.
func TestShop(t *testing.T) {
	image := healthy()
	image.Layers = []layer{
		baseOf(9_000_000, 30_000_000),
		{CreatedBy: "RUN /bin/sh -c apt-get update && apt-get install -y gcc libpq-dev # buildkit", Files: []file{
			{Name: "usr/lib/gcc/cc1", Zeros: 62_000_000}, {Name: "var/lib/apt/lists/deb.debian.org_main_Packages", Zeros: 19_000_000}, {Name: "var/lib/dpkg/info/gcc-12.list"},
			{Name: "var/lib/dpkg/status", Content: "Package: gcc-12\nStatus: install ok installed\nInstalled-Size: 60000\nArchitecture: amd64\n"},
		}},
		venv(),
		{CreatedBy: "COPY . /app # buildkit", Files: []file{{Name: "app/app.py", Content: "print()\n"}, {Name: "app/.git/objects/pack", Zeros: 6_000_000}}},
		{CreatedBy: "RUN /bin/sh -c chown -R app /opt/venv # buildkit", Files: []file{{Name: site + "gunicorn/app/wsgiapp.py", Zeros: 2_000_000, UID: 10001}}},
	}
	image.Layers[2].Files = image.Layers[2].Files[:7]
	image.Layers = append(image.Layers, layer{CreatedBy: "USER app"}, layer{CreatedBy: `CMD ["gunicorn", "app:app"]`})
	fresh := t.TempDir()
	if err := image.Write(fresh); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.RemoveAll(shop); err != nil {
			t.Fatal(err)
		}
		if err := image.Write(shop); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(filepath.Join(fresh, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(shop, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is stale; `go test ./internal/inspect -run TestShop -update` writes it anew:\n%s", shop, diff)
	}
}
