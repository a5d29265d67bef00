"""What a hostile hand types: every field of every form and every question of every list gets it, and nothing breaks."""

import re
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from tests import factories
from tests.factories import DATONG
from tests.security.test_matrix import TABLE, actor_of, address, side
from trainer.domain.actors import Role
from trainer.domain.programme import TargetKind

MARK = "zq9"
SCRIPT = f"\"'><script>{MARK}</script><img src=x onerror={MARK}>"
HOSTILE = (
    SCRIPT,
    "nul\x00byte",
    "9" * 30,
    "9" * 5000,
    "sNaN",
    "Infinity",
    "%_\\'\";--",
    "0001-01-01",
    "9999-12-31",
    '=HYPERLINK("http://evil.example")',
    "\ud7ff\ufffe\u202e𠀀" * 40,
)
# Each question and each field gets every second of them, its neighbour the others: they are read by the same few ways.
TURNS = range(0, len(HOSTILE), 2)
# Of fields that hold one of a few values or a number, day or key: what breaks the reading of these.
HOSTILE_TO_CHOICES = (SCRIPT, "nul\x00byte", "9" * 5000, "sNaN", "9999-12-31")
TARGET_AFTER_THE_FIRST = re.compile(rf"targets-(?!{next(iter(TargetKind))}-)")
WRITTEN = {"text", "search", "tel", "password", "url", "textarea"}
QUESTIONS = (
    *(
        "q",
        "page",
        "per_page",
        "sort",
        "region",
        "programme",
        "role",
        "track",
        "state",
        "plan",
        "cohort",
        "run",
        "kind",
    ),
    *("action", "thing", "number", "show", "standing", "in_a_row", "platform", "person_id", "from", "change", "next"),
    *("lang", "text", "as_of", "before", "by", "level", "year", "group", "part", "stage", "person", "entry", "keep"),
    *(
        "parent",
        "sign",
        "tab",
        "name",
        "day",
        "age",
        "known",
        "month",
        "band",
        "reach",
        "county",
        "source",
        "way",
        "sold",
    ),
    *("wave", "sheet", "screen", "hold", "open", "purpose", "who", "enrolment"),
)


class Fields(HTMLParser):
    """The forms of a page: (action, method, [(name, value)]), and the names of fields that people write into."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.written: set[str] = set()
        self._open: list[tuple[str, str]] | None = None
        self._select: str | None = None
        self.feed(source)

    def handle_starttag(self, tag, attributes):
        names = dict(attributes)
        if tag == "form":
            self._open = []
            self.forms.append((names.get("action") or "", (names.get("method") or "get").lower(), self._open))
        elif self._open is None:
            return
        elif tag in ("input", "textarea", "button") and names.get("name"):
            if tag == "textarea" or (tag == "input" and names.get("type", "text") in WRITTEN):
                self.written.add(names["name"])
            if names.get("type") not in ("checkbox", "radio") or "checked" in names:
                self._open.append((names["name"], names.get("value") or ""))
        elif tag == "select":
            self._select = names.get("name")
        elif tag == "option" and self._select and ("selected" in names or self._select not in dict(self._open)):
            self._open[:] = [pair for pair in self._open if pair[0] != self._select]
            self._open.append((self._select, names.get("value") or ""))

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None


def is_broken(answer) -> bool:
    """An error of ours, or a page in which what was typed became a tag."""
    if answer.status_code >= 500:
        return True
    return answer.mimetype == "text/html" and (
        f"<script>{MARK}" in answer.text or f"<img src=x onerror={MARK}" in answer.text
    )


def pages(app, own) -> list[str]:
    return [
        address(rule, own.ids)
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and TABLE.get(rule.endpoint) and rule.endpoint != "session.set_up"
    ]


class Asked(ImmutableMultiDict):
    """The questions of an address; remembers which of them a page has looked at."""

    names: ClassVar[set[str]] = set()

    def __getitem__(self, key):
        self.names.add(key)
        return super().__getitem__(key)

    def get(self, key, *rest, **named):
        self.names.add(key)
        return super().get(key, *rest, **named)

    def getlist(self, key, *rest, **named):
        self.names.add(key)
        return super().getlist(key, *rest, **named)

    def __contains__(self, key):
        self.names.add(key)
        return super().__contains__(key)

    def to_dict(self, *rest, **named):
        self.names.update(self.keys() or {"all of them"})
        return super().to_dict(*rest, **named)


@pytest.fixture
def _watched(app, monkeypatch):
    monkeypatch.setattr(app.request_class, "parameter_storage_class", Asked)


@pytest.mark.usefixtures("_watched")
@pytest.mark.parametrize("letter", "AMEWT")
def test_hostile_questions_never_break_a_page(app, signed_in, letter):
    own = side(DATONG)
    client, broken, addresses = signed_in(actor_of(letter, own)), [], app.url_map.bind("localhost")
    for path in pages(app, own):
        # What a manager may open too is asked by her: the same view reads the same questions.
        if letter != "M" and "M" in TABLE[addresses.match(path)[0]].get:
            continue
        Asked.names.clear()
        if client.get(path).status_code == 404:
            continue
        # A page that asks nothing of its address but the language is the same whatever stands there.
        for turn in TURNS if Asked.names - {"lang", "text"} else TURNS[:1]:
            typed = {question: HOSTILE[(at + turn) % len(HOSTILE)] for at, question in enumerate(QUESTIONS)}
            answer = client.get(path, query_string=typed)
            if is_broken(answer):
                broken.append((path, turn, answer.status_code))
    assert broken == []


@pytest.mark.parametrize("letter", "AME")
def test_hostile_fields_never_break_a_form(app, signed_in, letter):
    own = side(DATONG)
    factories.account(Role.EVALUATOR)
    client, broken, tried = signed_in(actor_of(letter, own)), [], set()
    for path in [*pages(app, own), f"/shops/new?person_id={own.ids['person_id']}"]:
        page = client.get(path)
        if page.status_code != 200 or page.mimetype != "text/html":
            continue
        found = Fields(page.text)
        for action, method, fields in found.forms:
            target = action or path
            if method != "post" or target.endswith(("/sign-out", "/discard", "/withdraw", "/cancel")):
                continue
            # Of lines that repeat, the first stands for all.
            names = {name for name, _ in fields if not re.search(r"-[1-9]\d*-", name)} - {"csrf_token", "act"}
            if (target, frozenset(names)) in tried:  # the box in the head stands on every page
                continue
            tried.add((target, frozenset(names)))
            for at, name in enumerate(sorted(names)):
                turns = [HOSTILE[(at + turn) % len(HOSTILE)] for turn in TURNS]
                values = turns if name in found.written else HOSTILE_TO_CHOICES
                # The targets of a programme are one form for each kind: the first gets all of them, the others one in turn.
                if TARGET_AFTER_THE_FIRST.match(name):
                    values = [values[at % len(values)]]
                for value in values:
                    typed = MultiDict([(n, value if n == name else v) for n, v in fields])
                    answer = client.post(target, data=typed)
                    if is_broken(answer):
                        broken.append((target, name, value[:20], answer.status_code))
    assert broken == []


def test_a_question_cannot_bend_the_links_of_a_page(signed_in):
    cohort = factories.cohort()
    client = signed_in(factories.account(Role.MANAGER))
    asked = {
        "_scheme": "javascript",
        "_external": "1",
        "_anchor": "x",
        "_method": "POST",
        "cohort_id": "7",
        "endpoint": "x",
    }
    for path in (f"/cohorts/{cohort.id}", f"/cohorts/{cohort.id}/attendance", "/people", "/shops", "/cohorts"):
        answer = client.get(path, query_string=asked)
        assert answer.status_code == 200
        assert "javascript://" not in answer.text
        assert "localhost" not in answer.text


def test_a_page_that_is_not_there_links_to_no_other_site(client):
    answer = client.get("/", environ_overrides={"PATH_INFO": "//evil.example/x"})
    assert answer.status_code == 404
    assert 'href="//' not in answer.text


@pytest.mark.parametrize("number", ["99999999999", "9" * 30, "9" * 5000])
def test_a_number_no_database_holds_is_nothing(app, signed_in, number):
    client = signed_in(factories.account(Role.MANAGER))
    for path in ("/people/{}", "/cohorts/{}", "/lessons/{}/roll", "/selections/{}", "/shops/{}", "/programmes/{}"):
        assert client.get(path.format(number)).status_code == 404
