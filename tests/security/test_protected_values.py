"""Field level: whoever chooses, pays, partners or keeps the system receives no phone, ID number or card, in any answer."""

import io
import re
import zipfile

import pytest

from tests import factories, selections
from tests.factories import DATONG
from tests.security.test_sight import everything_within_reach
from trainer.domain.actors import Role
from trainer.services import round as rounds

WOMEN = {"14000001234": "140299199311028401", "14000005678": "140299197002140708"}
CARD = "6222021234567890128"


@pytest.fixture
def site(app):
    """A ranked selection whose women have everything on record; one wrote a number of hers into her plan."""
    made = selections.ready()
    for phone, number in WOMEN.items():
        factories.enrolment(made.cohort, factories.person("赵绿洲", phone=phone, id_number=number, note="无"))
    made.act(rounds.open_round)
    for woman in range(len(made.enrolments)):
        for evaluator in range(len(made.evaluators)):
            made.submit(woman, evaluator, 1, 2)
    return made


def text_of(answer_data: bytes) -> str:
    """What a page or a workbook says."""
    if not zipfile.is_zipfile(io.BytesIO(answer_data)):
        return answer_data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(answer_data)) as book:
        return "".join(book.read(name).decode(errors="replace") for name in book.namelist())


ALL_FIGURES = re.compile(r"(?<![0-9A-Za-z])1400000[0-9]{4}(?![0-9])|(?<![0-9A-Za-z])140299[0-9]{11}[0-9X]")


@pytest.mark.parametrize(
    "role", [Role.EVALUATOR, Role.FINANCE, Role.PARTNER, Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR, Role.INSTRUCTOR]
)
def test_no_answer_holds_a_full_number(site, signed_in, role):
    who = site.evaluators[0] if role is Role.EVALUATOR else factories.account(role, region=DATONG)
    if role in (Role.SYSTEM_ADMINISTRATOR, Role.AUDITOR):
        who = factories.account(role)
    client = signed_in(who)
    teacher = site.cohort.teacher_phone
    told = []
    for path in everything_within_reach(client):
        text = text_of(client.get(path, follow_redirects=True).data)
        told += [(path, number) for number in ALL_FIGURES.findall(text) if number != teacher]
        told += [(path, number) for number in (*WOMEN, *WOMEN.values(), CARD) if number in text]
    assert told == []


def test_the_search_itself_would_find_one(site, signed_in):
    staff = signed_in(factories.account(Role.COHORT_STAFF, region=DATONG))
    woman = factories.person("马桂花", phone="14000001235")
    shown = staff.post(f"/people/{woman.id}/reveal", data={"field": "phone", "reason": "call_her"})
    assert ALL_FIGURES.findall(text_of(shown.data))
