"""A real browser and the site served to it; skipped, with the reason shown, where there is none."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from waitress.server import create_server
from waitress.wasyncore import close_all

from tests import factories
from trainer.database import db

SKIP_REASON = "no browser: install the Python package playwright and Chromium (apt-get install chromium)"
PLACES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """Chromium, from `CHROMIUM` or the path."""
    playwright = pytest.importorskip("playwright.sync_api", reason=SKIP_REASON)
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PLACES)), None)
    if found is None:
        pytest.skip(SKIP_REASON)
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of an application, served in threads."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # Connections too: one that the browser broke off may stay behind, and the loop with it.
    server.trigger.pull_trigger(partial(close_all, server._map, ignore_all=True))
    thread.join()
    server.task_dispatcher.shutdown()


@contextmanager
def late(page, pattern: str, **answer) -> Iterator[None]:
    """Inside, what the page asks for by that pattern is still on its way; then it arrives, or another answer does."""
    held = []
    page.route(pattern, lambda route: held.append(route), times=1)
    with page.expect_request(pattern):
        yield
    while not held:
        page.wait_for_timeout(10)
    held[0].fulfill(**answer) if answer else held[0].continue_()


@pytest.fixture
def live_site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the site over the test's own database, protected against forgery as always."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    with served(app) as address:
        yield address


@pytest.fixture
def open_page(browser, live_site: str) -> Iterator[Callable]:
    """`open_page(account, **context)`: a page of a fresh profile with a session of that account.

    A message on the console (a script that broke, something the content policy stopped) fails the test, unless it has
    one of the words `expected`.
    """
    contexts, messages = [], []

    def open_one(account, *, expected: tuple[str, ...] = (), **values):
        context = browser.new_context(base_url=live_site, **values)
        contexts.append(context)
        context.add_cookies([{"name": "sid", "value": factories.session_token(account), "url": live_site}])
        db.session.rollback()
        page = context.new_page()

        def note(message) -> None:
            if message.type == "error" and not any(part in message.text for part in expected):
                messages.append(message.text)

        page.on("console", note)
        page.on("pageerror", lambda error: messages.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert messages == []
