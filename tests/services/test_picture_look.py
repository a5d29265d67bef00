"""How pictures look: other figures on the same screen are other pictures."""

from tests.factories import screen
from trainer.services.picture_look import KeptLook, find_twins, look_at


def test_screens_of_one_app_with_other_figures_are_told_apart():
    looks = [look_at(screen(seed)) for seed in range(12)]
    kept = [KeptLook(number, look.far, look.near) for number, look in enumerate(looks)]
    assert [find_twins(look, kept) for look in looks] == [[number] for number in range(12)]
