"""What the site needs beyond Markdown: the navigation of the rules, and links that leave docs/."""

import posixpath
import re
import shutil
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RULES = "rules/"
ICON = "images/icon.svg"

FENCE = re.compile(r"^(```+).*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
MARK = re.compile(r"^<!-- .*? -->\n", re.MULTILINE)


def on_config(config):
    """Fills the navigation: rules by group, and the pages that it does not name at its end."""
    config.nav = [rules_by_group() if entry == {"Rules": RULES} else entry for entry in config.nav]
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    left = sorted(pages - set(named(config.nav)))
    if left:
        config.nav.append({"More": left})
    return config


def named(nav):
    if isinstance(nav, str):
        yield nav
        return
    for entry in nav.values() if isinstance(nav, dict) else nav:
        yield from named(entry)


def rules_by_group():
    """Reads the groups and their pages from the list of rules, which is generated from the rules."""
    groups = []
    for line in (DOCS / RULES / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            groups.append((line[3:], []))
        row = re.match(r"\| \[(PLD\d+)\]\(([a-z0-9-]+\.md)\) ", line)
        if row:
            groups[-1][1].append((row[1], row[2]))
    if not groups or not all(pages for _, pages in groups):
        raise PluginError("docs/rules/README.md has no groups of rules, or an empty one")
    nav = [RULES + "README.md"]
    for title, pages in groups:
        series = pages[0][0][:4]
        nav.append({f"{series} {title}": [{f"{code} {name[:-3]}": RULES + name} for code, name in pages]})
    return {"Rules": nav}


def on_files(files, config):
    files.append(File.generated(config, ICON, abs_src_path=str(ROOT / "editors/vscode/icon.svg")))
    return files


def on_page_markdown(markdown, page, config, files):
    """Leads links to files outside docs/ to the repository, and takes out the marks of docs_test.go."""
    if re.match(r"# PLD\d", markdown):
        markdown = rule_page(markdown)
    parts, last = [], 0
    for fence in FENCE.finditer(markdown):
        parts += [prose(markdown[last : fence.start()], page, config), fence[0]]
        last = fence.end()
    parts.append(prose(markdown[last:], page, config))
    if page.file.src_uri == "README.md":
        page.meta["hide"] = ["navigation", "toc"]
        page.meta["title"] = config.site_name
    elif "[![" in markdown or page.file.src_uri == RULES + "README.md":
        page.meta["hide"] = ["toc"]  # wide pictures, and a wide table: see site.css
    page.meta.setdefault("description", description(markdown))
    return "".join(parts)


def rule_page(markdown):
    """Puts what is flagged and what is not beside each other, above the reason, and takes out how the page is made."""
    markdown = re.sub(r"\n---\n\n\[All rules\].*\Z", "\n[All rules](README.md)\n", markdown, flags=re.DOTALL)
    head, *sections = re.split(r"^## (?=[A-Z])", markdown, flags=re.MULTILINE)
    shown = [s for s in sections if s.startswith(("Flagged\n", "Instead\n"))]
    if len(shown) != 2:
        return markdown
    head = head.rstrip("\n").split("\n\n")
    what, why = head[:4], head[4:]  # the title, the summary, the grades, and what is found
    sides = "\n".join(f'<div markdown="1">\n\n## {section.rstrip()}\n\n</div>' for section in shown)
    reason = ["## Why is this bad?", *why] if why else []
    rest = ["## " + section.rstrip() for section in sections if section not in shown]
    return "\n\n".join([*what, f'<div class="sides" markdown="1">\n{sides}\n</div>', *reason, *rest]) + "\n"


def on_page_content(html, page, config, files):
    """Marks short code, which stays on one line: an option is not to be broken at its hyphens. Code that scrolls takes the keyboard."""
    html = re.sub(r"(<pre[^>]*>(?:<span></span>)?)<code>", r'\1<code tabindex="0">', html)
    return re.sub(r"<code>([^<\n]{1,30})</code>", r'<code class="short">\1</code>', html)


def on_post_page(output, page, config):
    """Names the search for those who hear the page."""
    return output.replace('data-md-component="search" role="dialog"', 'data-md-component="search" role="dialog" aria-label="Search"')


def prose(text, page, config):
    text = MARK.sub("", text)
    codes = [(m.start(), m.end()) for m in CODE.finditer(text)]

    def lead(m):
        if any(start <= m.start() < end for start, end in codes):
            return m[0]
        return m[1] + leave(m[2], page, config) + m[3]

    return LINK.sub(lead, text)


def leave(target, page, config):
    """Gives the address in the repository of a target outside docs/, and every other target as it is."""
    if "://" in target or target.startswith(("#", "mailto:")):
        return target
    path, hash_, anchor = target.partition("#")
    inside = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page.file.src_uri), path))
    place = ROOT / inside
    if not place.exists():
        return target  # mkdocs says so, with the page
    if inside.startswith("docs/") and not (place.is_dir() or place.suffix in (".go", ".sh")):
        return target
    return f"{config.repo_url}/{'tree' if place.is_dir() else 'blob'}/main/{inside}{hash_}{anchor}"


def description(markdown):
    """Is the first paragraph without its markup, for search engines and previews."""
    for block in markdown.split("\n\n"):
        if re.match(r"[A-Za-z`*\[]", block):
            text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[`*]", lambda m: m[1] or "", block)
            return " ".join(text.split())
    return None


def on_post_build(config):
    """Leaves out what no reader loads: source maps, and the search's rules for other languages."""
    scripts = Path(config.site_dir) / "assets" / "javascripts"
    shutil.rmtree(scripts / "lunr")
    for path in Path(config.site_dir).rglob("*.map"):
        path.unlink()
