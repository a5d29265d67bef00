"""Walk-ins: how like somebody of the register is."""

import pytest

from trainer.domain.walk_in import Likeness, Told, likeness

WHO = Told("冯秀珍", "feng xiu zhen", "a")


@pytest.mark.parametrize(
    ("other", "like"),
    [
        (Told("冯秀珍", "feng xiu zhen", "a"), Likeness.NAME_AND_PHONE),
        (Told("冯秀珍", "feng xiu zhen", "b"), Likeness.NAME),
        (Told("李娥", "li e", "a"), Likeness.PHONE),
        (Told("冯秀贞", "feng xiu zhen", None), Likeness.SOUND),
        (Told("李娥", "li e", None), None),
    ],
)
def test_how_like_two_are(other, like):
    assert likeness(WHO, other) is like


def test_two_without_a_phone_share_none():
    one, other = Told("冯秀珍", "feng xiu zhen", None), Told("李娥", "li e", None)
    assert likeness(one, other) is None
    assert [like.weight for like in Likeness] == list(range(len(Likeness)))
