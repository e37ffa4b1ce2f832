package pypi

import (
	"regexp"
	"strings"
	"testing"
)

// TestTable: the rows are sorted, and each cell is what it should be.
func TestTable(t *testing.T) {
	word := regexp.MustCompile(`^\??[a-z0-9][a-z0-9-]*(\[[a-z0-9,-]+\])?((>=|<|@)[0-9]+(\.[0-9]+)?)?$`)
	programs := regexp.MustCompile(`^\??[\w.+-]+((>=|<|@)[0-9]+(\.[0-9]+)?)?$`)
	last := ""
	for _, row := range table() {
		cells := strings.Split(row, "\t")
		if len(cells) < 4 || cells[0] <= last {
			t.Fatalf("%.100s: a row has a name, a series, programs and requirements, and comes behind %s", row, last)
		}
		last = cells[0]
		for _, cell := range cells[3:] {
			_, requires, extra := strings.Cut(cell, ":")
			if !extra {
				requires = cell
			}
			for _, name := range strings.Fields(requires) {
				if !word.MatchString(name) {
					t.Errorf("%s: %q is no requirement", last, name)
				}
			}
		}
		for _, name := range strings.Fields(cells[2]) {
			if name != "*" && !programs.MatchString(name) {
				t.Errorf("%s: %q is no program", last, name)
			}
		}
	}
	if last == "" {
		t.Fatal("the table is empty")
	}
}

// TestClosure looks at some of what comes: ? stands before what may come, ! before what does not.
func TestClosure(t *testing.T) {
	for _, test := range []struct {
		requirement, specifier string
		packages, programs     string
		whole, known           bool
	}{
		{"flask", "==3.1.0", "flask werkzeug jinja2 markupsafe ?importlib-metadata !gunicorn", "flask !gunicorn", true, true},
		{"celery", "", "celery kombu", "celery !kombu", true, true},
		{"django", "==1.8", "django", "?django-admin ?django-admin.py", true, true},
		{"django", ">=4", "django asgiref", "django-admin !django-admin.py", true, true},
		{"fastapi", "", "starlette !uvicorn", "fastapi !uvicorn", true, true},
		{"fastapi", "==0.111.1", "starlette ?uvicorn", "?uvicorn ?fastapi", true, true},
		{"fastapi", "==0.110.0", "starlette !uvicorn", "!uvicorn ?fastapi", true, true},
		{"fastapi", ">=0.110", "?uvicorn", "?uvicorn", true, true},
		{"uvicorn[standard]", "", "uvicorn httptools", "uvicorn", true, true},
		{"uvicorn", "", "uvicorn !httptools", "uvicorn", true, true},
		{"uvicorn[absent]", "", "uvicorn", "uvicorn", false, true},
		{"flower", "==0.9.7", "flower celery", "?flower celery", true, true},
		{"flower", "", "flower celery", "!flower celery", true, true},
		{"flower", "==0.5", "flower !celery", "!flower", false, false},
		{"flower", "<0.9", "flower !celery", "!flower", false, false},
		{"pip", "", "pip", "pip ?pip3.12 !pip2.7", true, true},
		{"stem", "", "stem", "", true, false},
		{"there-is-none", "", "there-is-none", "!there-is-none", false, false},
	} {
		name, extra, _ := strings.Cut(strings.TrimSuffix(test.requirement, "]"), "[")
		r := Requirement{Name: name, Specifier: test.specifier, Always: true}
		if extra != "" {
			r.Extras = []string{extra}
		}
		c := Close([]Requirement{r}, true)
		what := test.requirement + test.specifier
		if c.Whole != test.whole || c.Known != test.known {
			t.Errorf("%s: whole %v, known %v", what, c.Whole, c.Known)
		}
		check := func(words string, ask func(name string) (always, may bool)) {
			for _, word := range strings.Fields(words) {
				name := strings.TrimLeft(word, "?!")
				always, may := ask(name)
				if want := [2]bool{word == name, word[0] != '!'}; [2]bool{always, may} != want {
					t.Errorf("%s: %s comes always %v, may come %v", what, name, always, may)
				}
			}
		}
		check(test.packages, func(name string) (always, may bool) { always, may = c.Packages[name]; return always, may })
		check(test.programs, c.Program)
	}
}

// TestCertain: what is first required for some platforms and then for all is certain with all that it requires.
func TestCertain(t *testing.T) {
	c := Close([]Requirement{{Name: "flask"}, {Name: "flask", Always: true}}, true)
	if !c.Packages["werkzeug"] || !c.Programs["flask"] {
		t.Errorf("werkzeug %v, flask %v", c.Packages["werkzeug"], c.Programs["flask"])
	}
	c = Close([]Requirement{{Name: "fastapi", Specifier: "==0.115.0", Always: true, Conda: true}}, false)
	if certain, may := c.Program("uvicorn"); certain || !may {
		t.Errorf("uvicorn %v %v", certain, may)
	}
	c = Close([]Requirement{{Name: "celery", Specifier: "==5.4.0", Always: true, Alone: true}}, true)
	if _, comes := c.Packages["kombu"]; comes || !c.Programs["celery"] {
		t.Error("a package that is named alone brings its program, and none that it requires")
	}
}

// TestNewest: flower has had no program of its name since 1.0, and requires celery. An older one may come wherever something holds it back.
func TestNewest(t *testing.T) {
	flower := Requirement{Name: "flower", Always: true}
	with := func(name, specifier string) []Requirement {
		return []Requirement{flower, {Name: name, Specifier: specifier, Always: true}}
	}
	for _, test := range []struct {
		what   string
		named  []Requirement
		newest bool
		may    bool
	}{
		{"alone", []Requirement{flower}, true, false},
		{"by an old interpreter", []Requirement{flower}, false, true},
		{"exactly, by an old interpreter", []Requirement{{Name: "flower", Specifier: "==2.0.1"}}, false, false},
		{"from a release on, by an old interpreter", []Requirement{{Name: "flower", Specifier: ">=0.9"}}, false, true},
		{"but not the newer ones", []Requirement{{Name: "flower", Specifier: "!=1.*,!=2.*"}}, true, true},
		{"and again with a bound", with("flower", "<1"), true, true},
		{"and an old celery", with("celery", "==4.4.7"), true, true},
		{"and an old kombu, which celery requires", with("kombu", "<5"), true, true},
		{"and a new celery", with("celery", ">=5"), true, false},
		{"and an old package that it does not require", with("flask", "==1.0"), true, false},
	} {
		c := Close(test.named, test.newest)
		if _, may := c.Program("flower"); may != test.may {
			t.Errorf("%s: %v", test.what, may)
		}
	}
}

func TestOlder(t *testing.T) {
	for specifier, want := range map[string]bool{
		"": false, ">=1.0": false, ">1,!=1.1": false, "==1.9": true, "==2.0": false, "==2.*": false, "==1.*": true, "~=1.4": true, "~=2.1": false, "<2": true, "<2.1": false,
		"<=1.9": true, "<=2.0": false, ">=1,<2.0": true, "===1.0": true, "==2.0.1": false,
	} {
		if got := older(specifier, "2.0"); got != want {
			t.Errorf("%s: %v", specifier, got)
		}
	}
}
