"""A guest book that keeps its entries in PostgreSQL."""

import os

import psycopg2
from flask import Flask, redirect, render_template, request, url_for

app = Flask(__name__)


def connect():
    return psycopg2.connect(os.environ["DATABASE_URL"])


@app.get("/")
def entries():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT author, text FROM entry ORDER BY id DESC LIMIT 50")
        return render_template("entries.html", entries=cursor.fetchall())


@app.post("/")
def sign():
    with connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO entry (author, text) VALUES (%s, %s)",
            (request.form["author"], request.form["text"]),
        )
    return redirect(url_for("entries"))
