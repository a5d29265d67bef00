"""The drawings of a ranking: every candidate once, the line where it belongs, nothing but shapes and words."""

import re

import pytest

from trainer.documents.rank_chart import Place, Range, chance_chart, offset_chart, rank_chart

WORDS = {"title": "名次", "about": "说明", "line": "线", "chance_title": "可能", "chance_about": "台阶"}
PLACES = [
    Place("A-001", "王秀芳", 1, 1, 2, 9900, is_grey=False),
    Place("A-002", "<b>李</b>", 2, 1, 4, 6000, is_grey=True),
    Place("A-003", "张桂兰", 3, 2, 4, 3900, is_grey=True),
    Place("A-004", "赵翠平", 4, None, None, None, is_grey=False),
]


def x_of(svg: str, pattern: str) -> list[float]:
    return [float(value) for value in re.findall(pattern, svg)]


def test_dots_go_right_with_the_rank_and_the_line_lies_between():
    svg = rank_chart(WORDS, PLACES, seats=2, of=4)
    dots, [cut] = x_of(svg, r'class="dot" cx="([\d.]+)"'), x_of(svg, r'class="cut" d="M([\d.]+)')
    assert dots == sorted(dots)
    assert dots[1] < cut < dots[2]
    assert svg.count('class="inside"') == svg.count('class="outside"') == 2
    assert svg.count('class="grey"') == 2
    assert svg.count('class="bounds"') == 3  # nothing is drawn where nothing is known
    assert "<b>" not in svg


@pytest.mark.parametrize(("seats", "of"), [(4, 4), (30, 40)])
def test_no_line_where_it_does_not_lie(seats, of):
    assert "cut" not in rank_chart(WORDS, PLACES, seats=seats, of=of)


def test_one_candidate_alone_can_be_drawn():
    assert "nan" not in rank_chart(WORDS, PLACES[:1], seats=1, of=1)


def test_steps_fall_and_an_offset_lies_on_its_side():
    steps = chance_chart(WORDS, PLACES[:3], seats=2)
    ups = x_of(re.search(r'class="steps" d="([^"]+)"', steps)[1], r"V([\d.]+)")
    assert ups == sorted(ups)
    svg = offset_chart(WORDS, [Range("评委 1", -4.0, 1.0), Range("评委 2", 4.0, 1.0)])
    [strict, mild], [cut] = x_of(svg, r'class="dot" cx="([\d.]+)"'), x_of(svg, r'class="cut" d="M([\d.]+)')
    assert strict < cut < mild
    assert "−4.0" in svg
