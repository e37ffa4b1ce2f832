package image

import (
	"slices"
	"strings"
	"testing"
)

// said gives the names that begin with '+' where the image has them, '-' where it lacks them, '?' where that is not known.
func said(words string, ask func(string) Answer) string {
	var out []string
	for _, word := range strings.Fields(words) {
		out = append(out, map[Answer]string{Yes: "+", No: "-", Unknown: "?"}[ask(word[1:])]+word[1:])
	}
	return strings.Join(out, " ")
}

func TestHas(t *testing.T) {
	tests := []struct{ image, want string }{
		{"python:3.12-slim", "+python +python3 +python3.12 -python3.11 +pip +pip3.12 -curl -wget -git -gcc -make -ps +bash +sh +useradd +adduser -gunicorn +openssl -perldoc +perl ?2to3"},
		{"python:3.12-slim-bookworm", "+adduser +useradd +groupadd -sudo +su +tar -unzip -xz -gpg +gpgv +apt-get -apk -node -uv -conda -poetry"},
		{"python:3.13-slim-trixie", "+adduser +useradd -gpgv +python3.13 +idle3.13"},
		{"python:3.12-bookworm", "+curl +wget +git +gcc +g++ +make +ps +ssh +gpg +unzip +xz +python3.12 +python3.11 -python3.10 +pg_config -psql -sqlite3 -sudo -node +hg +pkg-config -cmake -vim"},
		{"python:3.13", "+curl +git +gcc +python3.13 ?python3.11 -uv"},
		{"python:3-slim", "+python3 ?python3.14 -curl"},
		{"python:3.9-slim-buster", "+python3.9 -curl -git -gcc -make +bash +apt-get -ps"},
		{"python:2.7-slim", "+python +pip -python3 -curl"},
		{"python:3.12-alpine", "+python +pip +wget -curl -bash -gcc -git +adduser -useradd +apk -apt-get +sh +ps +nc -make"},
		{"python:3.8", "+git +curl +gcc +make +ps +python3.8 -uv -node"},
		{"debian:bookworm-slim", "-python3 -python -pip -curl +bash +perl"},
		{"debian:11", "-python3 -curl -git +useradd -ps"},
		{"debian:10", "?ps ?ping -curl"},
		{"debian:8", "?wget -curl -git"},
		{"ubuntu:22.04", "-python3 -curl -wget -git -gcc -make ?sudo ?adduser +bash +useradd -apk"},
		{"ubuntu:14.04", "?python3 ?wget ?sudo -curl -git"},
		{"alpine:3.20", "-bash -python3 +wget +adduser -useradd -curl"},
		{"scratch", "-sh -python"},
		{"ghcr.io/astral-sh/uv:latest", "-uv -sh"},
		{"ghcr.io/astral-sh/uv:python3.12-bookworm-slim", "+uv +uvx +python3.12 -curl -git -gcc"},
		{"ghcr.io/astral-sh/uv:bookworm", "+uv +git +gcc +python3"},
		{"ghcr.io/astral-sh/uv:debian-slim", "+uv -git ?adduser"},
		{"gcr.io/distroless/python3-debian13", "+python3 +python +python3.13 -pip -sh -bash -cat"},
		{"gcr.io/distroless/python3-debian12", "+python3 +python3.11 -sh -pip -bash -mkdir"},
		{"gcr.io/distroless/python3-debian12@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "+python3 ?sh -mkdir"},
		{"gcr.io/distroless/python3-debian11", "+python3 ?sh -bash"},
		{"gcr.io/distroless/static-debian13", "-python3 -sh -cat"},
		{"gcr.io/distroless/cc-debian12:debug", "+sh +cat -bash"},
		{"nvidia/cuda:12.4.1-runtime-ubuntu22.04", "-python3 -pip -git -gcc ?curl +bash +apt-get"},
		{"nvidia/cuda:12.4.1-devel-ubuntu22.04", "?python3 +gcc +make -git"},
		{"continuumio/miniconda3:24.5.0-0", "+conda +python +pip +git +wget ?curl -sudo -uv"},
		{"condaforge/miniforge3:24.3.0-0", "+conda +mamba +git +wget -uv ?sudo"},
		{"mambaorg/micromamba:2.6", "+micromamba -python -conda -curl -git"},
		{"quay.io/jupyter/base-notebook:2024-01-01", "+conda +sudo +jupyter ?git -uv"},
		{"quay.io/jupyter/scipy-notebook", "+git +gcc +make +conda"},
		{"apache/airflow:2.10.3", "+python +curl +sudo -gcc ?git"},
		{"public.ecr.aws/lambda/python:3.12", "+python3 +pip +bash -git -gcc -apt-get ?dnf"},
		{"registry.access.redhat.com/ubi9/python-312", "+python3.12 +pip +bash -apt-get ?gcc"},
		{"registry.access.redhat.com/ubi9/ubi-minimal:9.4", "+microdnf -python3 -useradd -git ?tar"},
		{"registry.access.redhat.com/ubi9:9.4", "+dnf +useradd -git ?python3 -pip"},
		{"dhi.io/python:3.13", "+python3.13 -sh -bash -curl ?pip -apt-get"},
		{"dhi.io/python:3.13-alpine3.23-dev", "+python3 +sh ?gcc ?curl"},
		{"cgr.dev/chainguard/python:latest", "+python -sh -pip -apk"},
		{"cgr.dev/chainguard/python:latest-dev", "+pip +sh +apk -apt-get"},
		{"pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime", "+python +pip ?git -uv"},
		{"tensorflow/tensorflow:2.17.0-gpu", "+python3 +pip ?git -uv"},
		{"node:20-slim", "+node +npm -python3 -git -curl"},
		{"node:20-bookworm", "+node +git +gcc ?python3"},
		{"nginx:1.27-alpine", "+nginx -python3 -bash ?curl"},
		{"buildpack-deps:bookworm-scm", "+git +curl -gcc -make +python3"},
		{"mcr.microsoft.com/devcontainers/python:3.12", "+sudo +git +python ?poetry"},
		{"tiangolo/uvicorn-gunicorn-fastapi:python3.11", "+python3.11 +pip ?uvicorn"},
		{"acme/base", "?sh ?python ?curl"},
		{"python:not-a-tag", "?sh ?curl"},
		{"python:3.12-slim-bookworm", "?usr/bin/env"},
	}
	for _, test := range tests {
		if got := said(test.want, Lookup(test.image).Has); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.image, got, test.want)
		}
	}
}

func TestHasPackage(t *testing.T) {
	tests := []struct{ image, want string }{
		{"python:3.12-bookworm", "+libpq5 +libpq-dev +ca-certificates +gcc +git -nginx +python3"},
		{"python:3.12-slim-bookworm", "-libpq5 +ca-certificates -gcc +libsqlite3-0 ?libgdbm6 -python3"},
		{"python:3.12-slim", "-libpq5 +ca-certificates +netbase"},
		{"debian:12", "-ca-certificates +apt"},
		{"python:3.6", "+libpq-dev ?nginx"},
		{"alpine:3.20", "?bash"},
		{"scratch", "-base-files"},
	}
	for _, test := range tests {
		if got := said(test.want, Lookup(test.image).HasPackage); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.image, got, test.want)
		}
	}
}

func TestUserNamed(t *testing.T) {
	tests := []struct{ image, want string }{
		{"python:3.12-slim", "+root +0 +www-data +33 +nobody -app -1000 -10001"},
		{"python:3.12", "+www-data -app -messagebus"},
		{"python:3.6-slim-buster", "+www-data +gnats -app"},
		{"python:3.6", "+www-data ?app"},
		{"python:3.12-alpine", "+nobody ?postgres ?14 -app -www-data -1000 -10001"},
		{"debian:8", "+systemd-network -app"},
		{"debian:stable", "+www-data -app"},
		{"ubuntu:24.04", "+ubuntu +1000 ?app"},
		{"ubuntu:22.04", "+www-data ?ubuntu ?1000"},
		{"ubuntu", "?ubuntu +www-data"},
		{"gcr.io/distroless/python3-debian12", "+nonroot +65532 -app -www-data"},
		{"scratch", "+root -app"},
		{"mambaorg/micromamba:2.6", "+mambauser ?app"},
		{"quay.io/jupyter/base-notebook:2024-01-01", "+jovyan +1000 ?app"},
		{"dhi.io/python:3.13", "+nonroot +65532 ?app"},
		{"registry.access.redhat.com/ubi9/python-312", "+default +1001 ?app"},
		{"node:20", "+node ?app"},
		{"acme/base", "+root +0 ?app"},
	}
	for _, test := range tests {
		ask := func(name string) Answer {
			_, answer := Lookup(test.image).UserNamed(name)
			return answer
		}
		if got := said(test.want, ask); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.image, got, test.want)
		}
	}
	if u, _ := Lookup("python:3.12-slim").UserNamed("33"); u != (User{"www-data", "33", "/var/www"}) {
		t.Errorf("user 33 is %+v", u)
	}
}

func TestSearchDirs(t *testing.T) {
	tests := []struct{ image, want, install string }{
		{"python:3.12-slim", "/usr/local/lib/python3.12/site-packages", "/usr/local/lib/python3.12/site-packages"},
		{"python:3-slim", "?", ""},
		{"gcr.io/distroless/python3-debian13", "/usr/local/lib/python3.13/dist-packages /usr/lib/python3/dist-packages /usr/lib/python3.13/dist-packages", "/usr/local/lib/python3.13/dist-packages"},
		{"registry.access.redhat.com/ubi9/python-312", "/opt/app-root/lib64/python3.12/site-packages /opt/app-root/lib/python3.12/site-packages", "/opt/app-root/lib/python3.12/site-packages"},
		{"dhi.io/python:3.13", "/usr/lib/python3.13/site-packages", "/usr/lib/python3.13/site-packages"},
		{"dhi.io/python:3.13-alpine3.22", "/opt/python/lib/python3.13/site-packages", "/opt/python/lib/python3.13/site-packages"},
		{"public.ecr.aws/lambda/python:3.12", "/var/lang/lib/python3.12/site-packages", "/var/lang/lib/python3.12/site-packages"},
		{"debian:12", "?", ""},
	}
	for _, test := range tests {
		f := Lookup(test.image)
		dirs, ok := f.SearchDirs(f.Python)
		got := strings.Join(dirs, " ")
		if !ok {
			got = "?"
		}
		if got != test.want || f.InstallDir(f.Python) != test.install {
			t.Errorf("%s: searches %s, installs to %q", test.image, got, f.InstallDir(f.Python))
		}
	}
	f := Lookup("debian:12")
	if dirs, ok := f.SearchDirs(DistroPython("debian", "12")); !ok || dirs[0] != "/usr/local/lib/python3.11/dist-packages" {
		t.Errorf("python3 of Debian 12 searches %v", dirs)
	}
	if all := Lookup("python:3.12-bookworm").Interpreters(); len(all) != 2 || all[1].Minor != "3.11" {
		t.Errorf("python:3.12-bookworm has %v", all)
	}
}

func TestPip(t *testing.T) {
	if oldest, there := Lookup("python:3.12-slim").Pip(); oldest != "23.2.1" || there != Yes {
		t.Errorf("python:3.12-slim has pip %q, %v", oldest, there)
	}
	if _, there := Lookup("debian:12").Pip(); there != No {
		t.Errorf("debian:12 has pip: %v", there)
	}
	for release, want := range map[string]string{"12.04": "1.0", "14.04": "1.5.4", "24.04": "24.0", "99.04": ""} {
		if got := DistroPip("ubuntu", release); got != want {
			t.Errorf("Ubuntu %s has pip %q, want %q", release, got, want)
		}
	}
}

// TestInventory proves that the table holds together: sets extend sets that are there, and no set says two things of a name.
func TestInventory(t *testing.T) {
	kinds := []string{"like", "complete", "has", "lacks", "maybe", "packages", "users", "users-some"}
	for _, row := range rows(inventoryData()) {
		if len(row) > 3 || len(row) < 2 || !slices.Contains(kinds, row[1]) || row[1] != "complete" && (len(row) < 3 || row[2] == "" || strings.TrimSpace(row[2]) != row[2]) {
			t.Errorf("malformed: %q", row)
		}
		if row[1] == "like" && inventories()[row[2]] == nil {
			t.Errorf("%s is like %s, which is not there", row[0], row[2])
		}
		if row[1] == "users" || row[1] == "users-some" {
			for _, word := range strings.Fields(row[2]) {
				if other, ok := strings.CutPrefix(word, "@"); ok && inventories()[other] == nil || !ok && strings.Count(word, ":") != 2 {
					t.Errorf("%s: user %s", row[0], word)
				}
			}
		}
	}
	for name, in := range inventories() {
		seen := map[string]bool{}
		for _, word := range strings.Fields(in.has + in.lacks + in.maybe) {
			if seen[word] {
				t.Errorf("%s says two things of %s", name, word)
			}
			seen[word] = true
		}
		for depth := 0; in != nil; in, depth = inventories()[in.like], depth+1 {
			if depth > 9 {
				t.Fatalf("%s extends itself", name)
			}
		}
	}
}
