"""Shares with their intervals one below another, as SVG in the page; the stylesheet colours the classes."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

# In the drawing's own units, as documents/chart.py: on a phone a unit is three quarters of a pixel.
WIDTH, LEFT, LONG, ROW, TOP, FOOT = 440, 14, 310, 42, 8, 26
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Interval:
    """A share 0–1 with its bounds; `low` … `high` is where it would lie whatever those without data did. None: not shown."""

    label: str
    rate: float | None
    shown: str
    bounds: tuple[float, float] | None = None
    low: float | None = None
    high: float | None = None
    is_sum: bool = False
    is_few: bool = False


def intervals(title: str, about: str, rows: Sequence[Interval]) -> Markup:
    """A row each: its name, the range as a band, the interval as a line, the share as a dot. `about` is read aloud."""
    height = TOP + ROW * len(rows) + FOOT
    said = "; ".join(f"{row.label}: {row.shown}" for row in rows)
    parts = [
        Markup('<svg class="intervals" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, height, title),
        Markup("<title>{}</title><desc>{} {}</desc>").format(title, about, said),
        *(_tick(share, height) for share in TICKS),
        *(_row(row, TOP + ROW * number) for number, row in enumerate(rows)),
        Markup("</svg>"),
    ]
    return Markup("").join(parts)


def _across(share: float) -> str:
    return f"{LEFT + share * LONG:.1f}"


def _tick(share: int, height: int) -> Markup:
    x = _across(share / 100)
    line = Markup('<path class="guide" d="M{} {}V{}"/>').format(x, TOP, height - FOOT)
    return line + Markup('<text class="tick" x="{}" y="{}" text-anchor="middle">{}%</text>').format(
        x, height - 8, share
    )


def _row(row: Interval, y: int) -> Markup:
    look = " ".join(["share", *(["sum"] if row.is_sum else []), *(["few"] if row.is_few else [])])
    middle, drawn = y + 27, []
    if row.low is not None and row.high is not None:
        wide = f"{(row.high - row.low) * LONG:.1f}"
        drawn.append(
            Markup('<rect class="range" x="{}" y="{}" width="{}" height="10"/>').format(
                _across(row.low), middle - 5, wide
            )
        )
    if row.bounds:
        first, last = (_across(bound) for bound in row.bounds)
        ends = Markup("M{0} {2}H{1}M{0} {3}v8M{1} {3}v8").format(first, last, middle, middle - 4)
        drawn.append(Markup('<path class="bounds" d="{}"/>').format(ends))
    if row.rate is not None:
        drawn.append(Markup('<circle class="dot" cx="{}" cy="{}" r="5"/>').format(_across(row.rate), middle))
    words = Markup('<text x="{}" y="{}">{}</text><text class="shown" x="{}" y="{}" text-anchor="end">{}</text>')
    said = words.format(LEFT, y + 14, row.label, WIDTH, middle + 5, row.shown)
    return Markup('<g class="{}">{}{}</g>').format(look, Markup("").join(drawn), escape(said))
