"""Honours: entered, published, taken from the list; the public list names whom it may."""

import pytest

from tests import factories
from tests.factories import AT, DATONG
from trainer.database import db, transaction
from trainer.domain.actors import Role
from trainer.domain.consent import ConsentScope
from trainer.domain.honour import HonourDraft
from trainer.errors import Conflict, NotFound
from trainer.models import Consent, Honour
from trainer.queries.honour import list_public_honours, list_public_years
from trainer.services import honour

pytestmark = pytest.mark.sqlite_is_enough


@pytest.fixture
def manager(app):
    return factories.actor_of(factories.account(Role.MANAGER, region=DATONG))


def act(verb, *facts, by, **more):
    with transaction():
        return verb(*facts, by=by, at=AT, **more)


def draft(**values) -> HonourDraft:
    return HonourDraft(
        **{"year": 2026, "title": "年度带头人", "region_code": DATONG, "project": "黄花菜直播", **values}
    )


def test_it_is_public_from_the_publishing_to_the_withdrawal(manager):
    number = act(honour.enter, draft(), by=manager)
    assert list_public_years() == []
    act(honour.publish, number, by=manager)
    act(honour.publish, number, by=manager)
    assert [(year.year, year.people, year.projects) for year in list_public_years()] == [(2026, 0, 1)]
    with pytest.raises(honour.HonourReasonMissing):
        act(honour.withdraw, number, "", by=manager)
    act(honour.withdraw, number, "材料不实", by=manager)
    assert list_public_honours(2026) == []
    for verb, more in ((honour.publish, ()), (honour.withdraw, ("再撤",))):
        with pytest.raises(honour.HonourWithdrawn):
            act(verb, number, *more, by=manager)


def test_words_change_before_it_is_published_only(manager):
    number = act(honour.enter, draft(), by=manager)
    act(honour.change, number, draft(citation="助农"), by=manager, seen=1)
    assert db.session.get(Honour, number).citation == "助农"
    with pytest.raises(Conflict):
        act(honour.change, number, draft(), by=manager, seen=1)
    act(honour.publish, number, by=manager)
    with pytest.raises(honour.HonourNotDraft):
        act(honour.change, number, draft(), by=manager, seen=3)


def test_the_same_honour_twice_and_whoever_is_gone_are_refused(manager):
    act(honour.enter, draft(), by=manager)
    with pytest.raises(honour.HonourStands):
        act(honour.enter, draft(), by=manager)
    act(honour.enter, draft(year=2025), by=manager)
    with pytest.raises(NotFound):
        act(honour.enter, draft(person_id=factories.person(erased_at=AT).id, project=""), by=manager)


def test_a_woman_is_named_only_as_long_as_she_agrees(manager):
    woman = factories.person(name="王秀芳")
    given = factories.consent(woman.id, ConsentScope.PUBLICATION)
    factories.honour(woman.id, citation="王秀芳带动同村姐妹。")
    [row] = list_public_honours(2026)
    assert (row.public_name, row.public_citation) == ("王秀芳", "王秀芳带动同村姐妹。")
    with transaction():
        db.session.get(Consent, given.id).withdrawn_at = AT
    [row] = list_public_honours(2026)
    assert (row.public_name, row.public_citation) == ("王*芳", "王*芳带动同村姐妹。")


def test_an_erased_woman_is_neither_shown_nor_counted(manager):
    factories.honour(factories.person(erased_at=AT).id)
    assert (list_public_honours(2026), list_public_years()) == ([], [])


def test_people_are_counted_once_and_stand_by_title_then_by_sound(manager):
    twice, other = (
        factories.person(name="赵玉", name_pinyin="zhao yu"),
        factories.person(name="安琴", name_pinyin="an qin"),
    )
    for woman, title in ((twice, "B"), (other, "B"), (twice, "A")):
        factories.honour(woman.id, title)
    factories.honour(None, "A", project="项目")
    assert [(row.title, row.name) for row in list_public_honours(2026)] == [
        ("A", "赵玉"),
        ("B", "安琴"),
        ("B", "赵玉"),
        ("A", "项目"),
    ]
    assert [(year.people, year.projects) for year in list_public_years()] == [(2, 1)]
