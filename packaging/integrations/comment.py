"""Runs the step of the action that writes a comment, against a stand-in for GitHub: comment.py ACTION_YML"""
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import yaml

comments = []
allowed = True


class GitHub(http.server.BaseHTTPRequestHandler):
    def answer(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
        path = self.path.split("?")[0]
        if not allowed or self.headers["Authorization"] != "Bearer secret":
            return self.reply(403, {"message": "Resource not accessible by integration"})
        if path == "/repos/acme/shop/issues/7/comments":
            if self.command == "POST":
                comments.append({"id": len(comments) + 1, "body": body["body"]})
                return self.reply(201, comments[-1])
            return self.reply(200, comments)
        if self.command == "PATCH" and (at := re.fullmatch(r"/repos/acme/shop/issues/comments/(\d+)", path)):
            comments[int(at[1]) - 1]["body"] = body["body"]
            return self.reply(200, {})
        self.reply(404, {})

    do_GET = do_POST = do_PATCH = answer

    def reply(self, code, body):
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


def main(action):
    global allowed
    steps = yaml.safe_load(pathlib.Path(action).read_text())["runs"]["steps"]
    script = next(step["run"] for step in steps if step["name"] == "Comment")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), GitHub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        summary = pathlib.Path(folder, "summary.md")

        def run(text, where="."):
            summary.write_text(text)
            env = {**os.environ, "TOKEN": "secret", "NUMBER": "7", "SUMMARY": str(summary), "WHERE": where, "GITHUB_REPOSITORY": "acme/shop",
                   "GITHUB_API_URL": f"http://127.0.0.1:{server.server_port}"}
            done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], env=env, text=True, capture_output=True)
            assert done.returncode == 0, done
            return done.stdout

        comments.append({"id": 1, "body": "what a person says of <!-- pylint-docker: . -->"})
        run("# pylint-docker\n\nNo problems: 2 files checked.\n")
        assert len(comments) == 1, "nothing was found, and there is a comment"
        run("# pylint-docker\n\n1 problem: \"quoted\" `code` \\ 漢字\n")
        assert len(comments) == 2 and comments[1]["body"].endswith('1 problem: "quoted" `code` \\ 漢字\n'), comments
        run("# pylint-docker\n\n2 problems\n")
        run("# pylint-docker\n\nNo problems: 2 files checked.\n")
        assert len(comments) == 2 and "No problems" in comments[1]["body"], comments
        run("# other\n\n3 problems\n", "services/a b$(x)")
        assert len(comments) == 3 and comments[2]["body"].startswith("<!-- pylint-docker: services/a_b__x_ -->"), comments
        run("# long\n" + "| a row of the table |\n" * 5000)
        assert len(comments[1]["body"]) < 65536 and comments[1]["body"].endswith("The log of the job has the rest.\n")
        assert "\n| a row of the\n" not in comments[1]["body"]
        allowed = False
        assert "pull-requests: write" in run("# pylint-docker\n\n2 problems\n")
    print("the comment is kept up to date")


main(sys.argv[1])
