"""Checks the built site: python3 packaging/site/check.py FOLDER

Every link within it leads to a file and an anchor that are there, every link to the repository to a file that is in
this clone, other links are well-formed, and no page or style sheet loads anything from elsewhere.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ROOT = Path(__file__).resolve().parents[2]
SITE = "https://pylint-docker.github.io/pylint-docker/"
REPOSITORY = "https://github.com/pylint-docker/pylint-docker/"

# Attributes that load what they name; all other addresses are links that a reader follows.
LOADS = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("object", "data")}
LOADING_RELATIONS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}


class Page(HTMLParser):
    """The anchors of a page, and the addresses that it names: (address, whether it is loaded)."""

    def __init__(self, text):
        super().__init__()
        self.anchors, self.addresses = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        for name in ("id", "name"):
            if tag != "meta" and attributes.get(name):
                self.anchors.add(attributes[name])
        for name in ("href", "src", "data"):
            address = attributes.get(name)
            if address is None:
                continue
            relations = set((attributes.get("rel") or "").split()) if tag == "link" else set()
            self.addresses.append((address, (tag, name) in LOADS or bool(relations & LOADING_RELATIONS)))
        for part in (attributes.get("srcset") or "").split(","):
            if part.strip():
                self.addresses.append((part.split()[0], True))


def main(folder):
    site = Path(folder).resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    problems, links, external = [], 0, set()
    if len(pages) < 2:
        problems.append(f"{folder} has no pages")
    for path, page in pages.items():
        base = SITE + path.relative_to(site).as_posix()
        for address, loaded in page.addresses:
            links += 1
            target = urljoin(base, address)
            problem = None
            if target.startswith(SITE + "playground/") and not (site / "playground").exists():
                continue  # built without it
            if target.startswith(SITE):
                problem = within(site, pages, target)
            elif target.startswith(("data:", "mailto:")):
                continue
            elif loaded:
                problem = "is loaded from elsewhere"
            else:
                external.add(target)
                problem = outside(target)
            if problem:
                problems.append(f"{path.relative_to(site)}: {address} {problem}")
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)", path.read_text(encoding="utf-8")):
            if urlsplit(address[0] or address[1]).netloc:
                problems.append(f"{path.relative_to(site)}: {address} is loaded from elsewhere")
    for problem in problems:
        print(problem)
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    print(f"{len(pages)} pages, {links} links ({len(external)} different ones to elsewhere), {size} bytes: {len(problems)} problems")
    return 1 if problems else 0


def within(site, pages, target):
    """Says what is wrong with a link to this site, or gives None."""
    parts = urlsplit(target)
    path = site / unquote(parts.path.removeprefix(urlsplit(SITE).path))
    if path.is_dir():
        path /= "index.html"
    if not path.is_file():
        return "leads nowhere"
    # #:~:text= and the theme's own #__search and the like are no anchors of ours, but ids all the same.
    if parts.fragment and path in pages and unquote(parts.fragment) not in pages[path].anchors:
        return "names an anchor that is not there"
    return None


def outside(target):
    """Says what is wrong with a link to elsewhere without following it, or gives None."""
    parts = urlsplit(target)
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?", parts.netloc):
        return "is not an address"
    if re.search(r"[\s<>\"`]", target):
        return "has characters that an address can't have"
    in_repository = re.match(re.escape(REPOSITORY) + r"(?:blob|tree|raw|edit)/main/([^#?]*)", target)
    if in_repository and not (ROOT / unquote(in_repository[1])).exists():
        return "names a file that is not in the repository"
    return None


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: check.py FOLDER")
    sys.exit(main(sys.argv[1]))
