"""Ranks with their ranges around a line, chances of a place as steps, evaluators' severity: SVG in the page itself.

The stylesheet colours the classes; beside every drawing stands a table with the same numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

# In the drawing's own units: on a phone a unit is three quarters of a pixel.
WIDTH, LEFT, LONG, ROW, TOP, FOOT = 440, 128, 258, 24, 26, 26
UP, FROM, TO = 170, 44, 428
NINETY = 1.645  # standard errors on either side of a 90 % range
BEFORE_A_STEP = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MOST_TICKS = 6


@dataclass(frozen=True)
class Place:
    """A candidate with a rank; `low` … `high` is its 90 % range, `chance` of a place in basis points, None: not known."""

    code: str
    name: str
    rank: int
    low: int | None
    high: int | None
    chance: int | None
    is_grey: bool


@dataclass(frozen=True)
class Range:
    """Something in points with its standard error."""

    label: str
    value: float
    error: float


@dataclass(frozen=True)
class _Across:
    """Numbers on their way to places between two ends of the drawing."""

    first: float
    last: float
    left: float = LEFT
    long: float = LONG

    def __call__(self, value: float) -> str:
        share = (value - self.first) / ((self.last - self.first) or 1)
        return f"{self.left + share * self.long:.1f}"

    def ticks(self) -> list[int]:
        """Round numbers between the ends."""
        wide = self.last - self.first
        step = next((s for s in BEFORE_A_STEP if wide / s <= MOST_TICKS), BEFORE_A_STEP[-1])
        start = int(-(-self.first // step)) * step
        return list(range(start, int(self.last) + 1, step))


def rank_chart(words: Mapping[str, str], places: Sequence[Place], seats: int, of: int) -> Markup:
    """A row a candidate, best first; the cut line lies after `seats` of the `of` ranks."""
    first = min(place.low or place.rank for place in places)
    last = max(place.high or place.rank for place in places)
    across = _Across(first - 0.5, max(last, first + 1) + 0.5)
    foot = TOP + ROW * len(places)
    parts = [*_ticks(across, foot, [tick or 1 for tick in across.ticks()])]
    parts += [_place(place, across, TOP + ROW * at, place.rank <= seats) for at, place in enumerate(places)]
    if across.first <= seats + 0.5 <= across.last and seats < of:
        parts.append(_line(across(seats + 0.5), foot, words["line"]))
    return _drawing("ranks", foot + FOOT, words["title"], words["about"], parts)


def _place(place: Place, across: _Across, y: int, is_inside: bool) -> Markup:
    middle, drawn = y + ROW // 2, []
    if place.is_grey:
        drawn.append(Markup('<rect class="grey" x="0" y="{}" width="{}" height="{}"/>').format(y, WIDTH, ROW))
    if place.low is not None and place.high is not None:
        drawn.append(_range(across(place.low), across(place.high), middle))
    drawn.append(Markup('<circle class="dot" cx="{}" cy="{}" r="4.5"/>').format(across(place.rank), middle))
    drawn.append(Markup('<text x="2" y="{}">{} {}</text>').format(middle + 5, place.code, _short(place.name)))
    if place.chance is not None:
        shown = Markup('<text class="shown" x="{}" y="{}" text-anchor="end">{}%</text>')
        drawn.append(shown.format(WIDTH - 2, middle + 5, f"{place.chance / 100:.0f}"))
    return Markup('<g class="{}">{}</g>').format("inside" if is_inside else "outside", Markup("").join(drawn))


def _short(name: str) -> str:
    """As much of a name as stands beside its code."""
    return name if len(name) <= 4 else f"{name[:3]}…"


def offset_chart(words: Mapping[str, str], ranges: Sequence[Range]) -> Markup:
    """How many points too high or too low each evaluator marks, with the 90 % range, around nought."""
    far = max(2.0, *(abs(r.value) + NINETY * r.error for r in ranges))
    across, foot = _Across(-far, far), TOP + ROW * len(ranges)
    parts = [*_ticks(across, foot, across.ticks()), _line(across(0), foot, words["line"])]
    for at, r in enumerate(ranges):
        middle = TOP + ROW * at + ROW // 2
        dot = Markup('<circle class="dot" cx="{}" cy="{}" r="4.5"/>').format(across(r.value), middle)
        said = Markup('<text x="2" y="{}">{}</text><text class="shown" x="{}" y="{}" text-anchor="end">{}</text>')
        parts.append(_range(across(r.value - NINETY * r.error), across(r.value + NINETY * r.error), middle) + dot)
        parts.append(said.format(middle + 5, r.label, WIDTH - 2, middle + 5, f"{r.value:+.1f}".replace("-", "−")))
    return _drawing("ranks offsets", foot + FOOT, words["title"], words["about"], parts)


def chance_chart(words: Mapping[str, str], places: Sequence[Place], seats: int) -> Markup:
    """The chance of a place as steps from the first rank to the last, with the grey zone between 10 and 90 percent."""
    across = _Across(0, len(places), FROM, TO - FROM)
    up = _Across(0, 1, TOP + UP, -UP)
    zone = Markup('<rect class="grey" x="{}" y="{}" width="{}" height="{:.1f}"/>')
    parts = [zone.format(FROM, up(0.9), TO - FROM, float(up(0.1)) - float(up(0.9)))]
    for share in (0, 10, 50, 90, 100):
        words_of = Markup(
            '<path class="guide" d="M{} {}H{}"/><text class="tick" x="{}" y="{}" text-anchor="end">{}%</text>'
        )
        y = up(share / 100)
        parts.append(words_of.format(FROM, y, TO, FROM - 5, float(y) + 5, share))
    for tick in across.ticks():
        if tick:
            at = across(tick - 0.5)
            parts.append(
                Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    at, TOP + UP + 18, tick
                )
            )
    steps = "".join(f"V{up(p.chance / 10_000)}H{across(at)}" for at, p in enumerate(places, start=1))
    parts.append(Markup('<path class="steps" d="M{} {}{}"/>').format(FROM, up(1), steps))
    if seats < len(places):
        parts.append(_line(across(seats), TOP + UP, words["line"]))
    return _drawing("ranks chances", TOP + UP + FOOT, words["chance_title"], words["chance_about"], parts)


def _range(first: str, last: str, middle: int) -> Markup:
    return Markup('<path class="bounds" d="M{0} {2}H{1}M{0} {3}v8M{1} {3}v8"/>').format(first, last, middle, middle - 4)


def _ticks(across: _Across, foot: int, values: Iterable[int]) -> Iterable[Markup]:
    for value in values:
        x = across(value)
        guide = Markup('<path class="guide" d="M{} {}V{}"/>').format(x, TOP, foot)
        yield guide + Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>').format(
            x, foot + 18, value
        )


def _line(x: str, foot: int, words: str) -> Markup:
    """The cut line with its words above, on the side where there is room."""
    anchor = "end" if float(x) > WIDTH * 0.6 else "start" if float(x) < WIDTH * 0.4 else "middle"
    text = Markup('<text class="cut-words" x="{}" y="16" text-anchor="{}">{}</text>').format(x, anchor, words)
    return Markup('<path class="cut" d="M{} 20V{}"/>').format(x, foot) + text


def _drawing(look: str, height: int, title: str, about: str, parts: Iterable[Markup]) -> Markup:
    head = Markup('<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}"><title>{}</title><desc>{}</desc>')
    return head.format(look, WIDTH, height, title, title, about) + Markup("").join(parts) + Markup("</svg>")
