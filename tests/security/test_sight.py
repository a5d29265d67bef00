"""What nobody may see by following links: evaluators no candidate, partners and administrators no woman at all."""

import io
import re
import zipfile
from collections import deque

import pytest

from tests import factories, selections
from tests.factories import DATONG
from trainer.documents.workbook import XLSX
from trainer.domain.actors import Role
from trainer.services import round as rounds

VILLAGE, PHONE = "杨家堡村", "1400000"


@pytest.fixture
def site(app):
    """A round at work, its women with phones and a village of their own; one sheet written."""
    made = selections.ready()
    made.act(rounds.open_round)
    made.submit(0, 0, 1, 2, strengths="有想法", risks="缺资金")
    person = factories.person("赵绿洲", village=VILLAGE)
    factories.enrolment(made.cohort, person)
    factories.shop(person, name="绿洲杂粮")
    factories.lesson(made.cohort)
    return made


def everything_within_reach(client) -> dict[str, str]:
    """Address → source of every page that links lead to, scripts' answers included."""
    waiting, seen = deque(["/"]), {}
    while waiting:
        path = waiting.popleft()
        if path in seen or path.startswith(("/static", "/bootstrap")):
            continue
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.mimetype == XLSX:
            book = zipfile.ZipFile(io.BytesIO(answer.data))
            seen[path] = "".join(book.read(name).decode() for name in book.namelist())
            continue
        seen[path] = answer.text
        for href in re.findall(r'href="([^"]*)"', answer.text):
            href = href.replace("&amp;", "&").split("#")[0]
            if href.startswith("/"):
                waiting.append(href)
    return seen


def secrets_of(made) -> list[str]:
    return [*selections.NAMES[:3], "赵绿洲", "绿洲杂粮", VILLAGE, "大西沟村", PHONE, "seat"]


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.PARTNER, Role.SYSTEM_ADMINISTRATOR])
def test_no_name_phone_or_village_in_any_source(site, signed_in, role):
    others = {Role.PARTNER: {"region": DATONG}}.get(role, {})
    who = site.evaluators[0] if role is Role.EVALUATOR else factories.account(role, **others)
    pages = everything_within_reach(signed_in(who))
    assert len(pages) >= 4
    told = {(path, word) for path, source in pages.items() for word in secrets_of(site) if word in source}
    assert told == set()


def test_a_sheet_names_nothing_that_leads_to_her(site, signed_in):
    """Not even by number: neither the application's nor the woman's stands in an address or a field."""
    client, assignment = signed_in(site.evaluators[0]), site.assignment(1, 0)
    source = client.get(f"/reviews/{assignment.id}").text
    assert "applications" not in source
    assert not re.search(r"(application|person|enrolment|cohort)[_-]?id", source)
    draft = client.post(f"/reviews/{assignment.id}/draft", data={"version": "0", "level_c1": "1"})
    assert set(draft.json) == {"version", "words"}


def test_one_evaluator_never_sees_the_others_points(site, signed_in):
    other = signed_in(site.evaluators[1])
    pages = everything_within_reach(other)
    assert not any("缺资金" in source for source in pages.values())
    assert other.get(f"/reviews/{site.assignment(0, 0).id}").status_code == 404
    assert other.post(f"/reviews/{site.assignment(0, 0).id}/draft", data={"version": "1"}).status_code == 404
