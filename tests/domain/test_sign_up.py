"""When women can sign up for a cohort, and how a list loses its ID numbers."""

from datetime import date, timedelta

import pytest

from trainer.domain.people import without_id_numbers
from trainer.domain.sign_up import Door, door, grouped, last_day

STARTS, ENDS = date(2026, 3, 9), date(2026, 3, 13)
OPENS = date(2026, 2, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("opens", "today", "taken", "told"),
    [
        (None, STARTS, 0, Door.SHUT),
        (OPENS, OPENS - DAY, 0, Door.NOT_YET),
        (OPENS, OPENS, 0, Door.OPEN),
        (OPENS, STARTS, 99, Door.OPEN),
        (OPENS, STARTS, 100, Door.FULL),
        (OPENS, STARTS, 101, Door.FULL),
        (OPENS, STARTS + DAY, 0, Door.OVER),
        (OPENS, STARTS + DAY, 100, Door.OVER),
    ],
)
def test_the_door(opens, today, taken, told):
    assert door(opens, STARTS, today, places=100, taken=taken) is told


@pytest.mark.parametrize(
    ("closes", "last"), [(None, STARTS), (OPENS, OPENS), (ENDS, ENDS), (ENDS + DAY, ENDS)], ids=str
)
def test_the_last_day(closes, last):
    assert last_day(closes, STARTS, ENDS) == last


def test_a_code_is_read_in_groups():
    assert grouped("00123456") == "0012 3456"


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        ("140299199311028401", ""),
        ("14029919931102840x", ""),
        ("１４０２９９１９９３１１０２８４０１", ""),
        ("证号140299 19931102 8401补", "证号补"),
        ("140299931102840", ""),
        (140299199311028401, None),
        (1.402991993110284e17, None),
        ("14000001234", "14000001234"),
        (14000001234, 14000001234),
        ("14000001234 6512345", "14000001234 6512345"),
        (None, None),
        (True, True),
    ],
)
def test_what_is_left_of_a_cell(cell, left):
    assert without_id_numbers(cell) == left
