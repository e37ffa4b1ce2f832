package project

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestModule(t *testing.T) {
	tests := []struct {
		name, text string
		want       Module
	}{
		{
			"flask", "from flask import Flask\napp = Flask(__name__)\n\n@app.get('/')\ndef index():\n    return ''\n",
			Module{Imports: map[string]string{"Flask": "flask.Flask"}, Calls: []ModuleCall{{"app", "flask.Flask"}}, Functions: []string{"index"}, Factories: []string{"index"}},
		},
		{
			"names and types", "import fastapi as f, os.path\napi: f.FastAPI = f.FastAPI(\n    title='x',\n)\n",
			Module{Imports: map[string]string{"f": "fastapi", "os": "os"}, Calls: []ModuleCall{{"api", "fastapi.FastAPI"}}},
		},
		{
			"relative imports", "from . import create\nfrom .web import (make as m,\n  other)\napp = m()\n",
			Module{Imports: map[string]string{"create": ".create", "m": ".web.make", "other": ".web.other"}, Calls: []ModuleCall{{"app", ".web.make"}}},
		},
		{
			"factories", "def a(): ...\ndef b(x): ...\ndef c(x=1, *, y: dict[str, int] = {}): ...\ndef d(*args, **kw): ...\nasync def e(): ...\nclass C:\n    def f(): ...\ndef g(x, y=1): ...\n",
			Module{Functions: []string{"a", "b", "c", "d", "e", "g"}, Factories: []string{"a", "c", "d"}},
		},
		{"main", "import sys\nif __name__ == '__main__':\n    sys.exit(main())\n", Module{Imports: map[string]string{"sys": "sys"}, Main: true}},
		{"no main", "x = '''\nif __name__ == '__main__':\n'''\n# if __name__ == '__main__':\ndef f():\n    if __name__ == '__main__': pass\n", Module{Functions: []string{"f"}, Factories: []string{"f"}}},
		{
			"django", "import os\ndef main():\n    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site.settings')\n",
			Module{Imports: map[string]string{"os": "os"}, Functions: []string{"main"}, Factories: []string{"main"}, DjangoSettings: "site.settings"},
		},
		{
			"not an assignment of a call", "x = Flask\ny.app = Flask()\nz, app = Flask(), 1\nd['a'] = Flask()\nw += Flask()\nif Flask(): pass\nv = 1 + Flask()\n",
			Module{},
		},
		{"broken", "from\nimport\ndef\nif\napp = Flask(\n)))((", Module{Calls: []ModuleCall{{"app", "Flask"}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := Open(fstest.MapFS{"m.py": {Data: []byte(test.text)}}, "Dockerfile")
			got, ok := c.Module("m.py")
			if !ok {
				t.Fatal("not read")
			}
			test.want.Path = "m.py"
			if test.want.Imports == nil {
				test.want.Imports = map[string]string{}
			}
			if diff := cmp.Diff(&test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzModule(f *testing.F) {
	for _, seed := range []string{"from . import (a as b, c)", "app: X = a.b(", "def f(x=1, *", "if __name__ == '__main__", "import a.b as", "from .. import"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) { readModule("m.py", text) })
}

func TestCondaEnvironment(t *testing.T) {
	c := Open(fstest.MapFS{
		"environment.yml": {Data: []byte("name: stars\nchannels: [conda-forge]\ndependencies:\n  - python=3.11.*\n  - conda-forge::numpy>=1.26\n  - pip\n  - pip:\n    - -r requirements.txt\n")},
		"other.yml":       {Data: []byte("services: {}\n")},
	}, "Dockerfile")
	got, ok := c.CondaEnvironment("environment.yml")
	want := &CondaEnvironment{Name: "stars", Python: "3.11", Packages: []string{"python", "numpy", "pip"}, Local: true}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, ok := c.CondaEnvironment("other.yml"); ok {
		t.Error("a compose file is no environment")
	}
}
