package image

import "testing"

func TestHasLocal(t *testing.T) {
	full := Facts{Official: true, Python: &Interpreter{Prefix: "/usr/local", Minor: "3.12"}}
	slim := full
	slim.Slim = true
	for p, want := range map[string][2]Answer{ // in the full and in the slim image
		"/usr/local/lib/python3.12":                            {Yes, Yes},
		"/usr/local/lib/python3.12/site-packages":              {Yes, Yes},
		"/usr/local/lib/python3.12/site-packages/pip":          {Unknown, Unknown},
		"/usr/local/lib/python3.12/site-packages/wheel-0.45.1": {Unknown, Unknown},
		"/usr/local/lib/python3.12/site-packages/flask/app.py": {No, No},
		"/usr/local/lib/python3.12/dist-packages":              {Unknown, No},
		"/usr/local/lib/python3.12/os.py":                      {Unknown, Unknown},
		"/usr/local/lib/python3.11/site-packages":              {No, No},
		"/usr/local/lib/libpython3.12.so.1.0":                  {Unknown, Unknown},
		"/usr/local/local/lib":                                 {No, No},
		"/usr/local/app":                                       {No, No},
		"/usr/local/bin/flask":                                 {Unknown, Unknown},
		"/usr/lib/python3.12":                                  {Unknown, Unknown},
		"/usr/local/lib/python3.11":                            {Unknown, No},
		"/usr/local/lib/python3.11/dist-packages":              {Unknown, No},
	} {
		if got := [2]Answer{full.HasLocal(p), slim.HasLocal(p)}; got != want {
			t.Errorf("%s: %v, not %v", p, got, want)
		}
	}
	bookworm := full
	bookworm.Distro, bookworm.Release = "debian", "12" // whose own Python is 3.11
	for p, want := range map[string]Answer{
		"/usr/local/lib/python3.12/dist-packages": No, "/usr/local/lib/python3.11/dist-packages": Yes, "/usr/local/lib/python3.11": Yes,
		"/usr/local/lib/python3.11/dist-packages/flask": No, "/usr/local/lib/python3.10": No, "/usr/local/lib/python3.12/site-packages": Yes,
	} {
		if got := bookworm.HasLocal(p); got != want {
			t.Errorf("%s in bookworm: %v, not %v", p, got, want)
		}
	}
	for _, f := range []Facts{{}, {Official: true}, {Python: full.Python}, {Official: true, Python: &Interpreter{Prefix: "/usr", Minor: "3.12"}}} {
		if got := f.HasLocal("/usr/local/app"); got != Unknown {
			t.Errorf("%+v: %v", f, got)
		}
	}
}
