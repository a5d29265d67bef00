"""Paper sheets: which page a seat is on, the number on the paper, what a reading is worth against the roll."""

from types import SimpleNamespace

import pytest

from trainer.domain.attendance import AttendanceStatus as S
from trainer.domain.paper_sheet import (
    CountDiffers,
    NotOnThePage,
    Reading,
    SheetNumberWrong,
    TwoWords,
    agrees,
    check_reading,
    count_pages,
    cross_check,
    new_statuses,
    on_page,
    page_of,
    read_sheet_number,
    sheet_number,
)


@pytest.mark.parametrize(("seat", "page"), [(1, 1), (25, 1), (26, 2), (50, 2), (51, 3), (100, 4)])
def test_a_seat_has_its_page(seat, page):
    assert page_of(seat) == page


def test_who_joins_later_shifts_nobody():
    seats = [SimpleNamespace(seat=n) for n in range(1, 60)]
    pages = [on_page(seats, n) for n in (1, 2, 3)]
    with_more = [*seats, SimpleNamespace(seat=60)]
    assert [on_page(with_more, n) for n in (1, 2)] == pages[:2]
    assert [row.seat for row in on_page(with_more, 3)] == list(range(51, 61))
    assert count_pages(row.seat for row in seats[:25]) == 1
    assert count_pages(row.seat for row in with_more) == 3
    assert count_pages([]) == 1


def test_the_number_on_the_paper_is_read_as_people_type_it():
    number = sheet_number(1208, 3)
    assert number.startswith("1208-03-")
    digits = number.replace("-", "")
    for typed in (
        number,
        digits,
        f" {number} ",
        number.replace("-", "－"),
        number.replace("-", " "),
        "".join(chr(ord(d) + 0xFEE0) for d in digits),
    ):
        assert read_sheet_number(typed) == (1208, 3)


@pytest.mark.parametrize("lesson_id", [1, 12, 907, 1208, 99_321])
def test_one_digit_misread_is_found(lesson_id):
    digits = sheet_number(lesson_id, 4).replace("-", "")
    for at, right in enumerate(digits):
        for wrong in set("0123456789") - {right}:
            with pytest.raises(SheetNumberWrong):
                read_sheet_number(digits[:at] + wrong + digits[at + 1 :])


def test_digits_that_changed_places_are_found_but_for_a_few():
    let_through = tried = 0
    for lesson_id in range(100, 400):
        digits = sheet_number(lesson_id, 2).replace("-", "")
        for at in range(len(digits) - 1):
            swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
            if swapped != digits:
                tried += 1
                try:
                    read_sheet_number(swapped)
                    let_through += 1
                except SheetNumberWrong:
                    pass
    assert let_through / tried < 0.03


@pytest.mark.parametrize("typed", ["", "12", "abc", "12-03-x", "9" * 20, "0-01-0", "1-00-0", "²²²²"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(SheetNumberWrong):
        read_sheet_number(typed)


def reading(listed=(1, 2, 3), absent=(), unsure=()) -> Reading:
    return Reading(1, list(listed), frozenset(absent), frozenset(unsure))


@pytest.mark.parametrize(
    ("read", "counted", "refused"),
    [
        (reading(), 3, None),
        (reading(absent=[1], unsure=[2]), 1, None),
        (reading(absent=[1]), 3, CountDiffers),
        (reading(absent=[1], unsure=[1]), 2, TwoWords),
        (reading(listed=(1, 2, 9)), 3, NotOnThePage),
        (reading(absent=[9]), 3, NotOnThePage),
        (reading(listed=()), 0, NotOnThePage),
    ],
)
def test_a_reading_is_checked_against_the_page_and_the_count(read, counted, refused):
    if refused is None:
        check_reading(read, counted, {1, 2, 3, 4})
    else:
        with pytest.raises(refused):
            check_reading(read, counted, {1, 2, 3, 4})


@pytest.mark.parametrize(
    ("status", "signed", "same"),
    [
        *((status, True, True) for status in (S.PRESENT, S.LATE, S.LEFT_EARLY)),
        *((status, False, True) for status in (S.ABSENT, S.EXCUSED, S.MADE_UP)),
        *((status, False, False) for status in (S.PRESENT, S.LATE, S.LEFT_EARLY)),
        *((status, True, False) for status in (S.ABSENT, S.EXCUSED, S.MADE_UP)),
        (None, True, False),
        (None, False, False),
    ],
)
def test_when_paper_and_roll_say_the_same(status, signed, same):
    assert agrees(status, signed) is same


def test_what_the_paper_adds_and_where_it_contradicts():
    page = reading(listed=range(1, 9), absent=[2, 4, 6, 8], unsure=[7])
    statuses = {1: None, 2: None, 3: S.LATE, 4: S.PRESENT, 5: S.ABSENT, 6: S.EXCUSED, 7: S.PRESENT}
    assert new_statuses(page, statuses, excused={8}) == {
        **{1: S.PRESENT, 2: S.ABSENT, 4: S.ABSENT, 5: S.PRESENT, 8: S.EXCUSED},
    }
    check = cross_check(page, statuses)
    assert (check.present_without_signature, check.signed_but_absent) == ([4], [5])
