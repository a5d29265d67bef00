"""Charts as SVG in the page itself: drawn by pygal, without its styles and scripts; the stylesheet colours the classes.

What is drawn comes in as frozen dataclasses with words and all, so that a chart drawn once is kept by what it says.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal
from xml.etree import ElementTree as ET

from markupsafe import Markup

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
# Of the drawing, in its own units: on a phone a unit is three quarters of a pixel.
WIDTH, HEIGHT, LETTERS, LINE_OF_TEXT = 400, 240, 15, 20
# What may stand in the drawing; all else of the library's (tooltips, their texts, its address) is taken out.
ELEMENTS = {"svg", "g", "rect", "path", "text", "a"}
ATTRIBUTES = {"class", "x", "y", "width", "height", "d", "transform", "text-anchor", "href"}
LEFT_OUT = {"tooltip-overlay", "titles", "overlay"}
MANY_DIGITS = re.compile(r"(\d+\.\d)\d+")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Unit = Literal["number", "percent", "yuan"]


@dataclass(frozen=True)
class Bar:
    """`value` None: nothing is known; `shown` is what stands above it, `link` the rows behind it."""

    label: str
    value: float | None
    shown: str = ""
    link: str = ""


@dataclass(frozen=True)
class Line:
    """Points (across, up) in order; None up breaks nothing off, the point is left out."""

    name: str
    points: tuple[tuple[float, float | None], ...]


@dataclass(frozen=True)
class Axis:
    """What an axis is of, in a few words, and how its numbers are written."""

    title: str
    unit: Unit = "number"
    first: float | None = None
    last: float | None = None


@lru_cache(maxsize=128)
def bars(title: str, about: str, drawn: tuple[Bar, ...], up: Axis) -> Markup:
    """Columns side by side with their values above them. `title` and `about` are read to who cannot see it."""
    chart = _pygal().Bar(
        **_settings(up), print_values=True, print_values_position="top", value_formatter=_writer(up.unit)
    )
    chart.x_labels = [_text(bar.label) for bar in drawn]
    # What stands above a bar is written by its formatter: of a value that may come twice, so each has its own.
    values = [
        {"value": bar.value, "formatter": _says(bar.shown)} | ({"xlink": {"href": bar.link}} if bar.link else {})
        if bar.value is not None
        else None
        for bar in drawn
    ]
    chart.add("", values)
    chart.y_labels = _ticks(up, [bar.value for bar in drawn])
    said = [f"{bar.label}: {bar.shown or '—'}" for bar in drawn]
    root = chart.render_tree()
    linked = [words for bar, words in zip(drawn, said, strict=True) if bar.link and bar.value is not None]
    return _finish(root, title, f"{about} {'; '.join(said)}", up, links=linked)


@lru_cache(maxsize=128)
def lines(title: str, about: str, drawn: tuple[Line, ...], across: Axis, up: Axis, *, steps: bool = False) -> Markup:
    """Curves, told apart by dashes as well as by colour; `steps`: a value holds until the next point."""
    chart = _pygal().XY(**_settings(up), show_dots=False, value_formatter=_writer(up.unit))
    chart.x_value_formatter = _writer(across.unit)
    for line in drawn:
        points = [(x, y) for x, y in line.points if y is not None]
        chart.add(_text(line.name), _stairs(points) if steps else points)
    known = [point for line in drawn for point in line.points]
    chart.y_labels = _ticks(up, [y for _x, y in known])
    ends = [x for x, _y in known] or [0]
    chart.xrange = (min(ends), max(ends))
    chart.x_labels = [tick for tick in _ticks(across, ends) if min(ends) <= tick <= max(ends)]
    return _finish(chart.render_tree(), title, about, up, across, names=[line.name for line in drawn])


@cache
def _pygal():
    import pygal  # noqa: PLC0415 (heavy, and few processes draw)

    # Its hook for plug-ins of former days, of which Python warns at every import from then on.
    sys.meta_path[:] = [hook for hook in sys.meta_path if type(hook).__module__ != pygal.__name__]
    return pygal


def _settings(up: Axis) -> dict[str, object]:
    from pygal.style import Style  # noqa: PLC0415 (heavy, and few processes draw)

    sizes = {f"{name}_font_size": LETTERS for name in ("label", "major_label", "value", "value_label")}
    return {
        **{"width": WIDTH, "height": HEIGHT, "style": Style(**sizes), "js": [], "css": [], "no_prefix": True},
        **{"show_legend": False, "margin": 4, "margin_top": 10, "spacing": 8, "include_x_axis": True},
        "range": (up.first, up.last) if up.first is not None and up.last is not None else None,
    }


def _stairs(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    stairs = points[:1]
    for (_before, held), (x, y) in pairwise(points):
        stairs += [(x, held), (x, y)]
    return stairs


def _ticks(axis: Axis, values: list[float | None]) -> list[float]:
    """Three to six round numbers that reach over all values; from zero where none is below."""
    known = [value for value in values if value is not None] or [0]
    low = axis.first if axis.first is not None else min(0, *known)
    high = axis.last if axis.last is not None else max(known)
    span = (high - low) or 1
    power = 10 ** (len(str(int(span))) - 1) if span >= 1 else 0.1
    step = next(step * power for step in (0.2, 0.25, 0.5, 1, 2, 2.5) if span / (step * power) <= 5)
    if axis.unit == "number":
        step = max(1, round(step))
    first = int(low // step)
    return [round((first + number) * step, 6) for number in range(int(-(-high // step)) - first + 1)] or [low]


def _writer(unit: Unit) -> Callable[[float], str]:
    return {"percent": lambda value: f"{value:.0%}", "yuan": lambda value: f"{value:,.0f}"}.get(
        unit, lambda value: f"{value:g}"
    )


def _says(words: str) -> Callable[[float], str]:
    return lambda _value: _text(words)


def _text(words: object) -> str:
    return UNWRITABLE.sub("", str(words))


def _finish(
    root: ET.Element,
    title: str,
    about: str,
    up: Axis,
    across: Axis | None = None,
    *,
    names: Sequence[str] = (),
    links: Sequence[str] = (),
) -> Markup:
    """The drawing alone, with its words for the ear, titles of its axes and a key to its curves."""
    _strip(root)
    for anchor, words in zip(root.iter("a"), links, strict=True):
        anchor.set("aria-label", _text(words))
    # To the ear a picture has nothing in it, so with links it is a group of them.
    role = "group" if links else "img"
    root.attrib = {"class": "chart", "role": role, "aria-label": _text(title)}
    root[:0] = [ET.Element("title"), ET.Element("desc")]
    root[0].text, root[1].text = _text(title), _text(about)
    _write(root, 4, -5, up.title, "axis-title")
    foot = HEIGHT
    if across:
        _write(root, WIDTH / 2, foot + 12, across.title, "axis-title middle")
        foot += LINE_OF_TEXT
    for number, name in enumerate(names if len(names) > 1 else ()):
        sample = ET.SubElement(root, "g", {"class": f"series color-{number}"})
        ET.SubElement(sample, "path", {"class": "line", "d": f"M8 {foot + 8} h36"})
        _write(sample, 52, foot + 12, name, "key")
        foot += LINE_OF_TEXT
    root.set("viewBox", f"0 {-LINE_OF_TEXT} {WIDTH} {foot + LINE_OF_TEXT}")
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 (a tree written out: its texts are escaped)


def _write(parent: ET.Element, x: float, y: float, words: str, look: str) -> None:
    ET.SubElement(parent, "text", {"x": f"{x:g}", "y": f"{y:g}", "class": look}).text = _text(words)


def _strip(node: ET.Element) -> None:
    """Leave the elements and attributes named above, in the whole tree."""
    node.tag = node.tag.rpartition("}")[2]
    if LINK in node.attrib:
        node.set("href", node.attrib[LINK])
    node.attrib = {
        name: value if name == "href" else MANY_DIGITS.sub(r"\1", value)
        for name, value in node.attrib.items()
        if name in ATTRIBUTES
    }
    for child in list(node):
        # A comment's tag is a function.
        kind = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if kind not in ELEMENTS or LEFT_OUT & set(child.get("class", "").split()):
            node.remove(child)
        else:
            _strip(child)
