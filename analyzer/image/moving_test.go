package image

import "testing"

func TestNewestRelease(t *testing.T) {
	for text, want := range map[string]string{
		"python": "13", "python:slim": "13", "python:3": "13", "python:3.12-slim": "13", "python:3.12-slim-bookworm": "12",
		"python:3.8-slim": "12", "python:3.12.4-slim": "12", "python:3.12-alpine": "", "debian:12": "12", "debian": "",
		"python:3.12-slim@sha256:0123456789012345678901234567890123456789012345678901234567890123": "", "python:3.15-rc": "",
		"ghcr.io/acme/python:3.12": "", "python:2.7": "10", "nonsense": "",
	} {
		if got := Lookup(text).NewestRelease(); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
