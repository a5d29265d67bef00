"""What a list of a past class says beside its women, as people write it."""

import pytest

from trainer.domain.people import Problem
from trainer.platforms.past_list import read_past
from trainer.wording.imports import field_name


def said(**cells) -> dict[str, str]:
    return read_past(cells.get)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2023.3.8—3.20", ("2023-03-08", "2023-03-20")),
        ("2023年3月8日至2023年3月20日", ("2023-03-08", "2023-03-20")),
        ("20230308-20230320", ("2023-03-08", "2023-03-20")),
        ("2023/3/8", ("2023-03-08", "2023-03-08")),
    ],
)
def test_the_days_of_a_class(text, days):
    found = said(period=text)
    assert (found["starts_on"], found["ends_on"]) == days


def test_a_row_in_full():
    cells = {"course": "第一期", "minutes": "48学时", "result": "否", "certificate": "晋妇〔2023〕第15号"}
    assert said(**cells, issued_on="2023.3.21") == {
        "course": "第一期",
        "minutes": "2880",
        "not_completed": "1",
        "certificate": "晋妇〔2023〕第15号",
        "issued_on": "2023-03-21",
    }


def test_nothing_said_is_nothing_kept():
    assert said() == {}


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("period", "春天", "past_day_unreadable"),
        ("issued_on", "2023-13-40", "past_day_unreadable"),
        ("minutes", "两天", "past_hours_unreadable"),
        ("certificate", "9" * 80, "past_certificate_too_long"),
    ],
)
def test_what_cannot_be_read_is_told(field, text, code):
    with pytest.raises(Problem) as problem:
        said(**{field: text})
    assert problem.value.code == code
    assert field_name(field) != field
