"""Templates: they compile, link to real pages, and hold no inline script or style."""

import re
from html.parser import HTMLParser

from jinja2 import nodes

from tests.house.floors import PACKAGE, ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]
ENDPOINT = re.compile(r"url_for\(\s*[\"']([\w.]+)[\"']")


def dead_links(source: str, endpoints: set[str]) -> list[str]:
    return [name for name in ENDPOINT.findall(source) if name not in endpoints]


class InlineFinder(HTMLParser):
    """Collects what the content security policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        self.faults += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.faults.append(f"<{tag}>")


def inline_faults(source: str) -> list[str]:
    finder = InlineFinder()
    finder.feed(source)
    return finder.faults


def missing_files(app, name: str) -> list[str]:
    """Compile a template; the static files it names that are not there."""
    tree = app.jinja_env.parse(app.jinja_env.loader.get_source(app.jinja_env, name)[0])
    app.jinja_env.get_template(name)
    files = {
        call.kwargs[i].value.value
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "url_for"
        for i, keyword in enumerate(call.kwargs)
        if keyword.key == "filename" and isinstance(keyword.value, nodes.Const)
    }
    return [f for f in files if not (PACKAGE / "static" / f).exists()]


def test_templates_compile_and_name_files_that_are_there(whole_app):
    assert {name: missing for name in NAMES if (missing := missing_files(whole_app, name))} == {}


def test_templates_link_to_real_pages(whole_app):
    endpoints = set(whole_app.view_functions) | {"demo.create"}
    assert {path: dead for path in TEMPLATES if (dead := dead_links(path.read_text(), endpoints))} == {}


def test_templates_have_no_inline_script_or_style():
    assert {path: faults for path in TEMPLATES if (faults := inline_faults(path.read_text()))} == {}


def test_views_link_to_real_pages(whole_app):
    endpoints = set(whole_app.view_functions)
    dead = {str(p): dead_links(p.read_text(), endpoints) for p in (PACKAGE / "views").glob("*.py")}
    assert {p: links for p, links in dead.items() if links} == {}


def test_every_template_is_used():
    sources = "".join(p.read_text() for p in [*TEMPLATES, *(PACKAGE / "views").glob("*.py")])
    assert [name for name in NAMES if f'"{name}"' not in sources and f"'{name}'" not in sources] == []


def test_planted_faults_are_found():
    assert dead_links('<a href="{{ url_for("no.such") }}">', {"home.index"}) == ["no.such"]
    assert inline_faults('<p style="x">')
    assert inline_faults("<script>1</script>")
    assert inline_faults('<a onclick="x">')
    assert not inline_faults('<script src="/x.js"></script>')
