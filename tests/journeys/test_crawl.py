"""Every page that each role can reach by following links, in both languages: it answers, and obeys the content policy."""

import fcntl
import os
import shutil
from collections import Counter, defaultdict, deque
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import pytest

from tests.house.test_templates import inline_faults
from tests.journeys.markup import Markup, parse_errors
from trainer import clock
from trainer.app import create_app
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.demonstration import Size
from trainer.queries.demo import list_demo_accounts
from trainer.services import demonstration

# Pages of one endpoint that are enough to know it; in English the same pages only say other words.
A_KIND = {"zh": 3, "en": 1}


# Kinds of pages; a crawl that sees fewer has lost its way.
LEAST = {Role.MANAGER: 25, Role.COHORT_STAFF: 20, Role.AUDITOR: 15, Role.SYSTEM_ADMINISTRATOR: 8}


@pytest.fixture(scope="module")
def demo_app(tmp_path_factory):
    """The demonstration on a copy of its own; whoever of a run's processes comes first fills it for all."""
    root = tmp_path_factory.getbasetemp()
    shared = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "demonstration"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            filled = tmp_path_factory.mktemp("filling") / "demonstration"
            fill(demo_app_in(filled))
            filled.rename(shared)
    folder = tmp_path_factory.mktemp("crawl") / "demonstration"
    return demo_app_in(shutil.copytree(shared, folder))


def demo_app_in(folder: Path):
    settings = {"MODE": "demo", "TESTING": True, "INSTANCE_PATH": folder, "WTF_CSRF_ENABLED": False}
    settings["REQUIRE_2FA_ROLES"] = ()  # as in the demonstration: every role sees its pages
    return create_app({**settings, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'crawl.sqlite3'}"})


def fill(app) -> None:
    with app.app_context():
        app.test_cli_runner().invoke(app.cli.commands["upgrade"])
        with transaction():
            demonstration.fill(Size.SMALL, at=clock.now())
        db.session.remove()
        db.engine.dispose()  # the last connection that closes empties the log into the file


def enter(app, role: Role):
    with app.app_context():
        account = next(a for a in list_demo_accounts() if a.role is role)
        db.session.remove()
    client = app.test_client()
    assert client.post(f"/demonstration/enter/{account.id}").status_code == 302
    return client


def crawl(app, client, language: str) -> Counter:
    """Follow every link from the home page; returns how many pages of each endpoint were opened."""
    adapter = app.url_map.bind("localhost")
    waiting, seen, opened, titles = deque(["/"]), {"/"}, Counter(), defaultdict(set)
    while waiting:
        address = waiting.popleft()
        parts = urlsplit(address)
        endpoint = adapter.match(parts.path)[0]
        if opened[endpoint] >= A_KIND[language]:
            continue
        opened[endpoint] += 1
        query = urlencode([*parse_qsl(parts.query), ("lang", language)])
        answer = client.get(f"{parts.path}?{query}", follow_redirects=True)
        assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        if answer.mimetype != "text/html":
            continue
        assert inline_faults(answer.text) == [], address
        page = Markup(answer.text)
        assert [*parse_errors(answer.text), *page.faults] == [], address
        titles[page.title].add(adapter.match(answer.request.path)[0])
        assert page.language == {"zh": "zh-CN", "en": "en"}[language], address
        assert page.headings == 1, f"{address} has {page.headings} main headings"
        for href in page.hrefs:
            target = urlsplit(urljoin(address, href))
            if target.netloc or target.scheme not in ("", "http") or href.startswith(("tel:", "#")):
                continue
            arguments = [(k, v) for k, v in parse_qsl(target.query) if k not in ("lang", "text")]
            plain = target.path + (f"?{urlencode(arguments)}" if arguments else "")
            if plain not in seen and not target.path.startswith(("/static", "/bootstrap")):
                seen.add(plain)
                waiting.append(plain)
    alike = {title: pages for title, pages in titles.items() if len(pages - {"home.index"}) > 1}
    assert alike == {}, "pages that a tab or a reader cannot tell apart"
    return opened


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_every_page_a_role_can_reach(demo_app, role, language):
    opened = crawl(demo_app, enter(demo_app, role), language)
    assert len(opened) >= LEAST.get(role, 5)


def test_a_stranger_reaches_only_the_doors(demo_app):
    opened = crawl(demo_app, demo_app.test_client(), "zh")
    assert set(opened) <= {"home.index", "consent.notice", "session.new", "session.code"}
