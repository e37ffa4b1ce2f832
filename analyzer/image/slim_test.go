package image

import "testing"

func TestSlimVariant(t *testing.T) {
	for _, tc := range []struct {
		written, means, want string
	}{
		{"python:3.12", "python:3.12", "python:3.12-slim"},
		{"python:3.12.4-bookworm", "python:3.12.4-bookworm", "python:3.12.4-slim-bookworm"},
		{"docker.io/library/python:3.13", "docker.io/library/python:3.13", "docker.io/library/python:3.13-slim"},
		{"python:${PYTHON_VERSION}", "python:3.12", "python:${PYTHON_VERSION}-slim"},
		{"python:$V-trixie", "python:3.12-trixie", "python:$V-slim-trixie"},
		{"python:3.15.0b1-trixie", "python:3.15.0b1-trixie", "python:3.15.0b1-slim-trixie"},
		{"python:3.15-rc", "python:3.15-rc", "python:3.15-rc-slim"},
		{"python", "python", "python:slim"},
		{"python:latest", "python:latest", "python:slim"},
		{"python:bookworm", "python:bookworm", "python:slim-bookworm"},
		{"$IMAGE", "python", ""},
		{"python:3.12-slim", "python:3.12-slim", ""},
		{"python:3.12-alpine", "python:3.12-alpine", ""},
		{"python:3.12@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "python:3.12@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ""},
		{"me/python:3.12", "me/python:3.12", ""},
		{"node:20", "node:20", ""},
	} {
		got, ok := Lookup(tc.means).SlimVariant(tc.written)
		if got != tc.want || ok != (tc.want != "") {
			t.Errorf("SlimVariant(%q) = %q, %v; want %q", tc.written, got, ok, tc.want)
		}
	}
}
