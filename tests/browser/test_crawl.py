"""Every kind of page of each role in a real browser: nothing to scroll sideways at 320 px, nothing that axe-core faults."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.conftest import served
from tests.journeys.test_crawl import LEAST, demo_app, enter  # noqa: F401 (a fixture)
from trainer.domain.actors import Role

NARROW = {"width": 320, "height": 640}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Where they stick out, so that the message says what to mend.
STICKING_OUT = """() => {
  const wide = document.scrollingElement.scrollWidth - innerWidth;
  if (wide <= 0) return null;
  const out = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  return wide + " px: " + out.slice(-3).map(e => e.outerHTML.slice(0, 90)).join(" | ");
}"""
VIOLATIONS = """rules => axe.run(document, rules).then(found => found.violations.map(
  v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + " " + ([...n.any, ...n.all, ...n.none][0] || {}).message)
))"""


@pytest.fixture(scope="module")
def demo_site(demo_app) -> Iterator[str]:  # noqa: F811
    """The demonstration, served to the browser."""
    with served(demo_app) as address:
        yield address


# A page without scripts is shown by changing the document for it: opening an address would render the page once more
# on the server, and axe-core would have to be read anew, which together is half of the time.
SHOW = """async source => {
  const page = new DOMParser().parseFromString(source, "text/html").documentElement;
  document.documentElement.replaceWith(document.adoptNode(page));
  scrollTo(0, 0);
  const sheets = [...document.querySelectorAll("link[rel=stylesheet]")];
  await Promise.all(sheets.map(link => link.sheet || new Promise(done => { link.onload = link.onerror = done; })));
}"""
# Of rows, items and options that are made of the same, one is enough for axe-core: its time goes by the element.
ONE_OF_A_KIND = """() => document.querySelectorAll("tbody, ul, ol, dl, select").forEach(list => {
  const seen = new Set();
  [...list.children].forEach(one => {
    const kinds = [one, ...one.querySelectorAll("*")].map(e => e.tagName + "." + e.getAttribute("class"));
    const kind = kinds.join(" ");
    if (seen.has(kind)) one.remove(); else seen.add(kind);
  });
})"""


class Making(HTMLParser):
    """What kinds of element the content of a page is made of, and where its links lead."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.kinds: set[tuple[object, ...]] = set()
        self.hrefs: list[str] = []
        self._in_main = False
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        self._in_main = self._in_main or tag == "main"
        if tag == "a" and names.get("href"):
            self.hrefs.append(names["href"])
        if self._in_main:
            self.kinds.add((tag, names.get("class"), names.get("type"), names.get("role")))

    def handle_endtag(self, tag):
        self._in_main = self._in_main and tag != "main"


# What pages of an endpoint that were looked at are made of: another that is made of no more than one of them, whoever
# opens it, is not opened in the browser again.
_looked_at: defaultdict[str, list[set]] = defaultdict(list)


def crawl(app, client, page, site: str) -> Counter:
    """One page of each endpoint, the languages by turns; returns how many pages were looked at or known."""
    adapter, opened, faults = app.url_map.bind("localhost"), Counter(), []
    waiting, seen = deque(["/"]), {"/"}
    while waiting:
        address = waiting.popleft()
        endpoint = adapter.match(urlsplit(address).path)[0]
        if opened[endpoint]:
            continue
        opened[endpoint] += 1
        asked = f"{address}?lang={('zh', 'en')[opened.total() % 2]}&text=large"
        answer = client.get(asked, follow_redirects=True)
        if answer.mimetype != "text/html":  # downloaded, not shown
            continue
        making = Making(answer.text)
        if not any(making.kinds <= kinds for kinds in _looked_at[endpoint]):
            _looked_at[endpoint].append(making.kinds)
            show(page, f"{site}{asked}", answer.text)
            faults += [f"{address} ({endpoint}): {fault}" for fault in look_at(page)]
        waiting += [link for link in links_from(making, site, address) if link not in seen]
        seen.update(waiting)
    assert not faults, "\n".join(faults)
    return opened


def show(page, address: str, source: str) -> None:
    """The page in the browser, with axe-core beside it."""
    if "<script" not in source and page.url.startswith("http"):
        page.evaluate(SHOW, source)
    else:
        page.goto(address)
        page.evaluate(AXE_SCRIPT)


def links_from(making: Making, site: str, address: str) -> list[str]:
    """Where the page leads to on this site."""
    targets = [urlsplit(urljoin(f"{site}{address}", href)) for href in making.hrefs]
    ours = [
        t for t in targets if f"{t.scheme}://{t.netloc}" == site and not t.path.startswith(("/static", "/bootstrap"))
    ]
    return [t.path for t in ours]


def look_at(page) -> list[str]:
    """In large text and in normal: what sticks out; and what axe-core says."""
    found = [f"large text, {out}" for out in [page.evaluate(STICKING_OUT)] if out]
    page.evaluate("() => document.documentElement.classList.remove('large-text')")
    found += [f"normal text, {out}" for out in [page.evaluate(STICKING_OUT)] if out]
    page.evaluate(ONE_OF_A_KIND)
    return found + page.evaluate(VIOLATIONS, RULES)


@pytest.fixture
def fresh_page(browser, demo_site):
    """A page of a narrow window, where the content policy lets axe-core in."""
    context = browser.new_context(viewport=NARROW, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("role", list(Role))
def test_every_kind_of_page_of_a_role(demo_app, demo_site, fresh_page, role):  # noqa: F811
    client = enter(demo_app, role)
    cookie = client.get_cookie("sid")
    fresh_page.context.add_cookies([{"name": "sid", "value": cookie.value, "url": demo_site}])
    fresh_page.emulate_media(reduced_motion="reduce")  # a button that still changes its colour has no contrast yet
    opened = crawl(demo_app, client, fresh_page, demo_site)
    print(f"{role}: {opened.total()} pages")  # noqa: T201
    assert opened.total() >= LEAST.get(role, 5)


def test_the_pages_of_a_stranger(demo_app, demo_site, fresh_page):  # noqa: F811
    opened = crawl(demo_app, demo_app.test_client(), fresh_page, demo_site)
    assert {"home.index", "session.code"} <= set(opened)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p style='width:400px'>x</p>", "px: <p style"),
        ("<p style='color:#aaa;background:#fff'>pale</p>", "color-contrast"),
        ("<input name='q'>", "label"),
    ],
)
def test_a_planted_fault_is_found(fresh_page, demo_site, body, fault):
    show(fresh_page, f"{demo_site}/privacy", "")
    show(fresh_page, "", f"<!doctype html><html lang=en><title>x</title><main><h1>x</h1>{body}</main>")
    assert any(fault in found for found in look_at(fresh_page))
