"""What a fact is, what a phone may send, and what stands where visitors say different things."""

import pytest

from tests.factories import AT
from trainer.domain.field_visit import (
    STANDARD,
    FactKind,
    Place,
    Standing,
    UnfitFact,
    UnreadableSaying,
    neighbour,
    read_place,
    read_saying,
    read_value,
    weigh,
)

YES_NO, NUMBER, WORDS = FactKind.YES_NO, FactKind.NUMBER, FactKind.WORDS


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (YES_NO, "yes", "yes"),
        (YES_NO, " no ", "no"),
        (YES_NO, "", ""),
        (YES_NO, "maybe", None),
        (NUMBER, "0", "0"),
        (NUMBER, "035.50", "35.5"),
        (NUMBER, "100", "100"),
        (NUMBER, "1e3", "1000"),
        (NUMBER, "-1", None),
        (NUMBER, "1.234", None),
        (NUMBER, "NaN", None),
        (NUMBER, "sNaN", None),
        (NUMBER, "1e30", None),
        (NUMBER, "三十", None),
        (WORDS, " 门面 ", "门面"),
        (WORDS, "长" * 200, "长" * 200),
        (WORDS, "长" * 201, None),
        (WORDS, "a\x00b", None),
    ],
)
def test_a_fact_is_kept_in_one_way_of_writing(kind, text, kept):
    if kept is None:
        with pytest.raises(UnfitFact):
            read_value(kind, text)
    else:
        assert read_value(kind, text) == kept


@pytest.mark.parametrize(
    ("kind", "said", "settled", "stands"),
    [
        (YES_NO, [], None, Standing(None)),
        (YES_NO, ["yes"], None, Standing("yes")),
        (YES_NO, ["yes", "yes"], None, Standing("yes")),
        (YES_NO, ["yes", ""], None, Standing("yes")),  # not found out contradicts nobody
        (YES_NO, ["", ""], None, Standing(None)),
        (YES_NO, ["no", "no"], None, Standing("no", is_veto=True)),
        (YES_NO, ["yes", "no"], None, Standing(None, contradicted=True, is_veto=True)),
        (YES_NO, ["yes", "no"], "yes", Standing("yes", settled=True)),
        (YES_NO, ["yes", "no"], "no", Standing("no", settled=True, is_veto=True)),
        (YES_NO, ["yes", "no"], "", Standing(None, settled=True, is_veto=True)),
        (NUMBER, ["3", "4"], None, Standing(None, contradicted=True)),
        (NUMBER, ["3", "4"], "4", Standing("4", settled=True)),
        (WORDS, ["街口", "村头"], None, Standing("街口；村头")),
    ],
)
def test_what_stands_of_what_was_said(kind, said, settled, stands):
    assert weigh(kind, said, settled=settled, asks_veto=kind is YES_NO) == stands


def test_a_no_to_a_plain_question_is_no_veto():
    assert weigh(YES_NO, ["no"]) == Standing("no")


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {"nonce": ""},
        {"nonce": "x" * 37},
        {"nonce": "a b"},
        {"nonce": "a", "question": "1"},
        {"nonce": "a", "question": True},
        {"nonce": "a", "question": 2**31},
        {"nonce": "a", "question": 1, "value": 5},
    ],
)
def test_what_is_no_saying_is_refused(raw):
    with pytest.raises(UnreadableSaying):
        read_saying(raw, at=AT)


def test_a_phone_with_an_absurd_clock_is_believed_but_for_its_time():
    assert read_saying({"nonce": "a", "question": 1, "value": "yes", "said_at": 1}, at=AT).said_at is None
    assert read_saying({"nonce": "a", "said_at": AT.timestamp() * 1000}, at=AT).said_at == AT


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({"latitude": 40.07681234, "longitude": 113.3, "accuracy": 12.6}, Place(40.076812, 113.3, 13)),
        ({"latitude": 91, "longitude": 0, "accuracy": 1}, None),
        ({"latitude": 0, "longitude": 181, "accuracy": 1}, None),
        ({"latitude": 0, "longitude": 0, "accuracy": -1}, None),
        ({"latitude": float("nan"), "longitude": 0, "accuracy": 1}, None),
        ({"latitude": True, "longitude": 0, "accuracy": 1}, None),
        ({"latitude": 1, "longitude": 2}, None),
        ("here", None),
    ],
)
def test_a_place_is_one_on_earth(raw, place):
    assert read_place(raw) == place


def test_the_ready_list_has_a_veto_and_fits_its_columns():
    assert any(is_veto for _words, _kind, is_veto in STANDARD)
    assert all(kind is YES_NO for _words, kind, is_veto in STANDARD if is_veto)
    assert max(len(words) for words, *_ in STANDARD) <= 120
    assert len({words for words, *_ in STANDARD}) == len(STANDARD)


@pytest.mark.parametrize(("position", "up", "there"), [(1, True, None), (4, True, 1), (4, False, 6), (6, False, None)])
def test_a_line_changes_with_its_neighbour(position, up, there):
    assert neighbour([6, 1, 4], position, up=up) == there
