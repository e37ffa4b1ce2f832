#!/usr/bin/env python3
"""Reads every report format with programs that others have written: consumers.py PROGRAM

PROGRAM is pylint-docker. What it says about ordinary projects and about files with hostile names and contents is written in all
formats. Each report must be well-formed, and must say to its reader what the JSON says:

- json: the keys that ruff's own JSON has, so that its readers find theirs
- gitlab: the keys that ruff's own report has, and the fields that GitLab documents, https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
- junit: junitparser and junit2html, which render what CI servers show
- checkstyle: an XML parser, and the form that Checkstyle's own reports have
- markdown: GitHub's own renderer, cmark-gfm; what it makes must hold no tag that we didn't write, and the texts unharmed
- sarif and github: well-formed here; SARIF has a validator of its own in .ci/run

The readers come from PyPI. Without them (no network, no venv) it says so and ends with 0.
"""
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import venv

READERS = ["junitparser==5.0.3", "junit2html==31.1.4", "lxml==6.1.3", "cmarkgfm==2025.10.22", "ruff==0.17.6"]

# What a file may be called and hold on Linux: bytes, but for slash and zero.
NAMES = [
    b"new\nline", b"tab\tand\x1b[31mred", b"<script>alert(1)<script>", b"<img src=x onerror=alert(1)>", b"<b>bold", b"]]>&amp;&#0;<!--", b"pipe|tick`star*_under_[link](x)",
    b"latin\xe9", b"broken\xff\xfe\xc0", "übergröße 😀".encode(), "right\u202eto left".encode(), b"\x01\x02\x7f\xc2\x85control",
    b"::error file=x::", b"quote\"'and %25 %0A", b"#heading", b"- item", b"&lt;already&gt;", b"www.example.com", b"back\\slash\\|",
    "noncharacter\uffff\ufffe".encode(), b" leading and trailing ",
]
TEXTS = [
    b"FROM python:3.13-slim\nCOPY a.py b.py %s /\nRUN pip install %s\n",
    b"FROM python:3 AS %s\nRUN pip install 'x %s'\nRUN pip install --index-url http://%s/simple y\n",
    b"FROM python:3.13-slim\nRUNN %s\n",
]


def fail(message):
    sys.exit("consumers.py: " + message)


def hostile(folder):
    for i, name in enumerate(NAMES):
        directory = os.path.join(os.fsencode(folder), b"%02d" % i + name)
        os.mkdir(directory)
        word = name.replace(b"\n", b"").replace(b" ", b"_")
        for j, text in enumerate(TEXTS):
            with open(os.path.join(directory, b"Dockerfile.%d" % j), "wb") as f:
                f.write(text.replace(b"%s", word))
        with open(os.path.join(directory, b"compose.yaml"), "w") as f:  # two Dockerfiles in one file
            for service in ("a", "b"):
                inline = "FROM python:3.13-slim\\nRUN pip install é 'x|<y>'\\n"
                f.write(("services:\n" if service == "a" else "") + f'  {service}: {{build: {{dockerfile_inline: "{inline}"}}}}\n')
        for name in (b"a.py", b"b.py"):
            open(os.path.join(directory, name), "w").close()


def reports(program, folder):
    """All reports of a folder, by format, and their common truth."""
    with tempfile.TemporaryDirectory() as out:
        formats = ["concise", "full", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "markdown"]
        outputs = [f"--output={f}={out}/{f}" for f in formats]
        done = subprocess.run([program, "check", "--isolated", "--today", "2026-11-23", *outputs], cwd=folder, capture_output=True)
        if done.returncode not in (0, 1):
            fail(f"exit code {done.returncode}: {done.stderr!r}")
        texts = {}
        for f in formats:
            with open(os.path.join(out, f), "rb") as file:
                try:
                    texts[f] = file.read().decode()
                except UnicodeDecodeError as e:
                    fail(f"{f} is not UTF-8: {e}")
    return texts


def no_controls(texts):
    for name, text in texts.items():
        found = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", text)
        if found:
            fail(f"{name} has the control character {found.group()!r} in {text[max(0, found.start() - 40):found.start() + 20]!r}")


def shown(text):
    """What XML and pages show of a text: a stand-in for each control character, and for those that XML 1.0 has not."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "\ufffd", text)


def pictured(text):
    """What a page for people shows: pictures of control characters, and a stand-in for those that turn the reading direction."""
    text = re.sub("[\x00-\x1f]", lambda m: chr(0x2400 + ord(m.group())), text).replace("\x7f", "\u2421")
    return re.sub("[\x80-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", "\ufffd", text)


def gitlab(text, truth):
    found = json.loads(text)
    if len(found) != len(truth):
        fail(f"gitlab has {len(found)} findings, not {len(truth)}")
    fingerprints = set()
    for f, t in zip(found, truth):
        for key in ("description", "check_name", "fingerprint"):
            if not (isinstance(f[key], str) and f[key]):
                fail(f"gitlab: {key} is {f[key]!r}")
        if f["severity"] not in ("info", "minor", "major", "critical", "blocker"):
            fail(f"gitlab: severity {f['severity']!r}")
        path = f["location"]["path"]
        # GitLab wants paths from the root of the repository, whoever stands where.
        if path.startswith(("/", "./")) or not ("/" + path).endswith("/" + t["filename"]):
            fail(f"gitlab: path {path!r}")
        begin = f["location"]["positions"]["begin"]
        if (begin["line"], begin["column"]) != (t["location"]["row"], t["location"]["column"]):
            fail(f"gitlab: {begin} is not {t['location']}")
        if f["check_name"] != t["code"] or t["message"] not in f["description"]:
            fail(f"gitlab: {f} is not {t}")
        if f["fingerprint"] in fingerprints:
            fail(f"gitlab: fingerprint {f['fingerprint']} is there twice, and GitLab shows one of them")
        fingerprints.add(f["fingerprint"])
    # An entry that lacks something must be refused, or this proves nothing.
    return len(found)


def junit(text, truth, folder):
    from junitparser import JUnitXml, Failure
    from lxml import etree
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    tests = failures = 0
    for suite in root:
        if suite.tag != "testsuite" or int(suite.get("tests")) != len(suite) or int(suite.get("failures")) != len(suite.findall(".//failure")):
            fail(f"junit: suite {suite.get('name')!r} does not count right")
        tests, failures = tests + len(suite), failures + int(suite.get("failures"))
    if (int(root.get("tests")), int(root.get("failures"))) != (tests, failures) or failures != len(truth):
        fail(f"junit: {root.get('failures')} failures, {failures} counted, {len(truth)} found")
    xml = os.path.join(folder, "junit.xml")
    with open(xml, "w") as f:
        f.write(text)
    read = [(case.name, failure.message) for suite in JUnitXml.fromfile(xml) for case in suite for failure in case.result
            if isinstance(failure, Failure)]
    said = sorted((f"{t['code']} {t['name']}", shown(t["message"])) for t in truth)
    if sorted(read) != said:
        fail(f"junit: junitparser reads {[x for x in zip(sorted(read), said) if x[0] != x[1]][:3]}")
    page = os.path.join(folder, "junit.html")
    subprocess.run([sys.executable, "-m", "junit2htmlreport", xml, page], check=True, capture_output=True)
    with open(page) as f:
        page = Tags(f.read())
    if any(tag == "script" and "alert" in data for tag, data in page.texts):
        fail("junit2html: a file name became a script")
    for _, message in said:
        if squeeze(message) not in squeeze(page.text):
            fail(f"junit2html does not show {message!r}")
    return failures


def checkstyle(text, truth):
    from lxml import etree
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    if root.tag != "checkstyle" or not root.get("version"):
        fail("checkstyle: no root")
    names, found = [], []
    for file in root:
        names.append(file.get("name"))
        for e in file:
            if e.tag != "error" or e.get("severity") not in ("ignore", "info", "warning", "error"):
                fail(f"checkstyle: {etree.tostring(e)!r}")
            found.append((file.get("name"), int(e.get("line")), int(e.get("column")), e.get("severity"), e.get("source"), e.get("message")))
    if len(names) != len(set(names)):
        fail(f"checkstyle: a file is there twice: {sorted(n for n in names if names.count(n) > 1)[:2]}")
    said = [(shown(t["filename"]), t["location"]["row"], t["location"]["column"], t["severity"], "pylint-docker." + t["code"], f"{t['name']}: {shown(t['message'])}")
            for t in truth]
    if sorted(found) != sorted(said):
        fail(f"checkstyle: {[x for x in zip(sorted(found), sorted(said)) if x[0] != x[1]][:2]}")
    return len(found)


class Tags(html.parser.HTMLParser):
    """The tags and texts of a page."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self.rows, self.open = [], [], [], ""
        self.feed(page)
        self.close()

    @property
    def text(self):
        return " ".join(data for _, data in self.texts)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.open = tag
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data):
        self.texts.append((self.open, data))
        if self.rows and self.rows[-1] and self.open in ("td", "th", "a", "code"):
            self.rows[-1][-1] += data

    def handle_endtag(self, tag):
        if tag in ("a", "code"):
            self.open = "td"


def squeeze(text):
    # What stands between backticks is code, which has none.
    return re.sub(r"[\s`]+", "", text)


def markdown(text, truth):
    import cmarkgfm
    from cmarkgfm.cmark import Options
    # Raw HTML is let through, so that it would be seen.
    page = Tags(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    allowed = {"h1", "h2", "p", "table", "thead", "tbody", "tr", "th", "td", "a", "code"}
    for tag, attributes in page.tags:
        if tag not in allowed or set(attributes) - {"href", "align"}:
            fail(f"markdown: <{tag} {attributes}> is none of ours")
        if tag == "a" and not attributes["href"].startswith("https://github.com/pylint-docker/pylint-docker/"):
            fail(f"markdown: a text became a link to {attributes['href']!r}")
    rows = [row for row in page.rows if row and row[0].strip() != "Place"]
    if [len(row) for row in rows] != [5] * len(truth):
        fail(f"markdown: {len(rows)} rows for {len(truth)} findings, or not of five cells")
    # A report for people has the gravest first.
    said = sorted((squeeze(row[1]), squeeze(row[3])) for row in rows)
    for got, want in zip(said, sorted((squeeze(t["code"] + t["name"]), squeeze(pictured(t["message"]))) for t in truth)):
        if got != want:
            fail(f"markdown: {got} does not say {want}")
    return len(rows)


def as_ruff(name, own, ours):
    """Fails when something of ruff's report has no counterpart of the same kind in ours. What only notebooks and noqa comments need is left out."""
    if isinstance(own, list) and own:
        for item in ours:
            as_ruff(name, own[0], item)
    elif isinstance(own, dict):
        for key in set(own) - {"cell", "noqa_row"}:
            if key not in ours:
                fail(f"{name}: ruff has {key}, we have {sorted(ours)}")
            if own[key] is not None and ours[key] is not None:
                as_ruff(f"{name}.{key}", own[key], ours[key])
    elif type(own) is not type(ours):
        fail(f"{name}: ruff has {own!r}, we have {ours!r}")


def readers_of_ruff(texts, tmp):
    with open(os.path.join(tmp, "x.py"), "w") as f:
        f.write("import os\n")
    for name in ("json", "gitlab"):
        ruff = [os.path.join(os.path.dirname(sys.executable), "ruff"), "check", "--isolated", "--no-cache", "--output-format", name, f.name]
        own = json.loads(subprocess.run(ruff, capture_output=True, text=True).stdout)
        if not own:
            fail("ruff found nothing")
        as_ruff(name, own, json.loads(texts[name]))


def check(program, folder, tmp, least):
    texts = reports(program, folder)
    no_controls(texts)
    truth = json.loads(texts["json"])
    json.loads(texts["sarif"])
    for t in truth:
        # What readers of ruff's JSON look at: https://docs.astral.sh/ruff/settings/#output-format
        for key in ("code", "message", "filename", "location", "end_location", "fix", "url"):
            if key not in t:
                fail(f"json: no {key} in {t}")
        if t["fix"] and not all({"content", "location", "end_location"} <= set(e) for e in t["fix"]["edits"]):
            fail(f"json: fix {t['fix']}")
    if len(truth) < least:
        fail(f"only {len(truth)} findings: this proves little")
    # The last line of a long report says how many annotations GitHub will show.
    lines = [line for line in texts["github"].splitlines() if not line.startswith("GitHub shows ")]
    if len(lines) != len(truth) or not all(re.match(r"::(error|warning|notice) title=[^:,]*,file=[^:,]*,line=\d+", line) for line in lines):
        fail("github: a finding is not one command")
    done = [gitlab(texts["gitlab"], truth), junit(texts["junit"], truth, tmp), checkstyle(texts["checkstyle"], truth), markdown(texts["markdown"], truth)]
    readers_of_ruff(texts, tmp)
    print(f"{done[0]} findings: gitlab, junit, checkstyle and markdown say the same to their readers")
    return texts, truth


def must_refuse(what, function, *arguments):
    try:
        function(*arguments)
    except (SystemExit, Exception):  # noqa: BLE001 - whatever it says, it has refused
        return
    fail(f"a broken report passes for {what}")


def main(program):
    repository = os.path.dirname(os.path.abspath(__file__)) + "/../../.."
    program = os.path.abspath(program)
    with tempfile.TemporaryDirectory() as tmp:
        folder = os.path.join(tmp, "hostile")
        os.mkdir(folder)
        hostile(folder)
        check(program, os.path.join(repository, "testdata", "projects"), tmp, 20)
        texts, truth = check(program, folder, tmp, 50)
        must_refuse("ruff's JSON", readers_of_ruff, {**texts, "json": texts["json"].replace('"end_location"', '"end"')}, tmp)
        must_refuse("gitlab", gitlab, texts["gitlab"].replace('"minor"', '"warning"'), truth)
        must_refuse("junit", junit, texts["junit"].replace("&lt;", "<"), truth, tmp)
        must_refuse("checkstyle", checkstyle, texts["checkstyle"].replace('severity="', 'severity="x'), truth)
        must_refuse("markdown", markdown, texts["markdown"].replace("&lt;", "<").replace("&gt;", ">"), truth)
        must_refuse("markdown", markdown, texts["markdown"].replace("\\|", "|"), truth)


def readers():
    """Starts anew with the readers, in a venv of its own."""
    with tempfile.TemporaryDirectory() as tmp:
        try:
            venv.create(tmp, with_pip=True)
            python = os.path.join(tmp, "bin", "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *READERS], check=True)
        except (subprocess.CalledProcessError, OSError) as e:
            print(f"skipped: the readers of the formats are not to be had ({e})")
            return 0
        return subprocess.run([python, *sys.argv], env={**os.environ, "PYLINT_DOCKER_READERS": "1"}).returncode


if __name__ == "__main__":
    if len(sys.argv) != 2:
        fail("usage: consumers.py PROGRAM")
    if os.environ.get("PYLINT_DOCKER_READERS"):
        main(sys.argv[1])
    else:
        sys.exit(readers())
