package program

import "strings"

// Sole tells of the name of a program that a Python package of PyPI brings, and no other than the one that Lookup names, or that has the name
// itself. jupyter, ansible, airflow and mlflow come with several, and uwsgi, supervisord and aws often from the operating system.
func Sole(name string) bool { return strings.Contains(sole, " "+name+" ") }

const sole = " gunicorn uvicorn hypercorn daphne celery flask alembic waitress-serve streamlit dramatiq rq scrapy django-admin fastapi granian mkdocs " +
	"sanic taskiq arq uv poetry pipenv pdm "

// OfSystem tells of a program that no package on PyPI brings.
func OfSystem(name string) bool {
	f, _ := Lookup(name)
	return OfDistribution(name) || f.OfSystem()
}

// OfDistribution tells of a program that packages of conda bring only by name, and of package managers.
func OfDistribution(name string) bool { return strings.Contains(distribution, " "+name+" ") }

const distribution = " curl wget git bash sh nc useradd adduser groupadd addgroup apt-get apt-key apk conda mamba micromamba "
