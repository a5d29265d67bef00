"""Charts: nothing in them that the page's policy forbids, whatever they are told, and they say what they show."""

import re
import sys
from xml.etree import ElementTree as ET

import pytest

from tests.outcome_figures import sample_figures
from trainer.documents.chart import Axis, Bar, Line, bars, lines
from trainer.documents.outcome_charts import outcome_charts

HOSTILE = '"><script>alert(1)</script><b style="x" onload=y>\x00 & 甲'
UP = Axis("女学员人数")
CURVE = tuple((float(week), (week * 7 % 11) / 11) for week in range(-4, 34))
DRAWN = {
    "bars": lambda words: bars(words, words, (Bar(words, 3, words, "/x?a=1&b=2"), Bar(words, None)), Axis(words)),
    "lines": lambda words: lines(words, words, (Line(words, CURVE), Line("乙", CURVE)), Axis(words), Axis(words)),
    "nothing": lambda words: lines(words, words, (Line(words, ()),), Axis(words), Axis(words)),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_hostile_words_stay_words(kind):
    drawing = str(DRAWN[kind](HOSTILE))
    root = ET.fromstring(drawing)
    assert {node.tag for node in root.iter()} <= {"svg", "g", "rect", "path", "text", "title", "desc", "a"}
    names = {name for node in root.iter() for name in node.attrib}
    assert not {name for name in names if name == "style" or name == "id" or name.startswith(("on", "xlink", "{"))}
    assert {node.get("href") for node in root.iter("a")} <= {"/x?a=1&b=2"}
    assert "http" not in drawing
    assert "<!--" not in drawing
    assert root.get("aria-label") == root.findtext("title") == HOSTILE.replace("\x00", "")


def test_a_bar_says_its_value_and_leads_to_its_rows():
    drawing = bars("漏斗", "到达各阶段的人数。", (Bar("结业", 86, "86 人", "/w"), Bar("开播", 0.5, "12.345")), UP)
    root = ET.fromstring(str(drawing))
    said = [node.text for node in root.iter("text")]
    assert {"结业", "开播", "86 人", "12.345", UP.title} <= set(said)
    assert root.findtext("desc") == "到达各阶段的人数。 结业: 86 人; 开播: 12.345"
    assert [(node.get("href"), node.get("aria-label")) for node in root.iter("a")] == [("/w", "结业: 86 人")]
    assert root.get("role") == "group"  # a picture would hide its links from the ear


def test_a_picture_without_links_is_one():
    drawing = lines("曲线", "按周。", (Line("甲", CURVE), Line("乙", CURVE)), Axis("周"), Axis("占比", "percent", 0, 1))
    root = ET.fromstring(str(drawing))
    assert root.get("role") == "img"
    said = [node.text for node in root.iter("text")]
    assert {"0%", "100%", "0", "30", "周", "占比", "甲", "乙"} <= set(said)


def test_a_step_holds_until_the_next_point():
    points = ((0.0, 1.0), (10.0, 0.5), (20.0, None), (30.0, 0.25))
    drawing = lines("s", "s", (Line("a", points),), Axis("日"), Axis("占比", "percent", 0, 1), steps=True)
    path = next(node.get("d") for node in ET.fromstring(str(drawing)).iter("path") if "reactive" in node.get("class"))
    heights = [y for _x, y in re.findall(r"([\d.]+) ([\d.]+)", path)]
    # 1, held to day 10, down to a half, held to day 30, down to a quarter.
    assert [heights[0] == heights[1], heights[2] == heights[3], len(heights), len(set(heights))] == [True, True, 5, 3]


def test_the_library_leaves_no_hook_behind_in_the_imports():
    DRAWN["bars"]("甲")
    assert all(hasattr(hook, "find_spec") for hook in sys.meta_path)


@pytest.mark.parametrize(
    ("up", "values", "ticks"),
    [
        (UP, [0], ["0"]),
        (UP, [3], ["0", "1", "2", "3"]),
        (UP, [86], ["0", "20", "40", "60", "80", "100"]),
        (Axis("元", "yuan"), [1_234_567], ["0", "250,000", "500,000", "750,000", "1,000,000", "1,250,000"]),
        (Axis("元", "yuan"), [-4_000, 12_000], ["-5,000", "0", "5,000", "10,000", "15,000"]),
    ],
)
def test_scales_stand_at_round_numbers(up, values, ticks):
    drawing = bars("b", "b", tuple(Bar(f"#{value}", value) for value in values), up)
    axis = next(node for node in ET.fromstring(str(drawing)).iter("g") if "axis y" in node.get("class", ""))
    assert [node.text for node in axis.iter("text")] == ticks


def test_the_curve_of_sales_ends_where_orders_may_yet_come_back(app):
    figures = sample_figures()  # 33 weeks; the last four end within thirty days
    with app.test_request_context():
        drawn = outcome_charts(figures)
    points = {name: len(re.findall(r"[\d.]+ [\d.]+", _curve(drawing))) for name, drawing in drawn.items()}
    assert (points["broadcasting"], points["sales"]) == (38, 34)


def _curve(drawing) -> str:
    return next(node.get("d") for node in ET.fromstring(str(drawing)).iter("path") if "reactive" in node.get("class"))
