from flask import Flask
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///words.db"
db = SQLAlchemy(app)


class Word(db.Model):
    text = db.Column(db.String, primary_key=True)


@app.cli.command("init-db")
def init_db():
    db.create_all()
    db.session.add_all([Word(text=line.strip()) for line in open("words.txt")])
    db.session.commit()


@app.cli.command("count")
def count():
    print(Word.query.count())


@app.route("/")
def index():
    return " ".join(word.text for word in Word.query.order_by(Word.text))
