"""A woman's yearly statement as a picture to keep in her album and to show to whom she likes."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from trainer.documents.fonts import font_file
from trainer.domain.statement import MilestoneKind, ShopYear, Statement
from trainer.wording import label, platform_name
from trainer.wording.sales_figures import trust_words
from trainer.wording.statement import picture_words

WIDTH, SHORTEST, MARGIN = 1080, 1200, 72
INK, SLATE, PAPER, CARD, LINE = "#22262B", "#51606E", "#FAF8F5", "#FFFFFF", "#E4DFD8"
PRIMARY, PINE, WHEAT = "#A8243C", "#2C6E57", "#B9771A"
# A phone shows these few colours as well as millions, and the file is a third.
COLOURS = 64
MOST_SHOPS, MOST_MILESTONES = 3, 8


def statement_picture(year: Statement, name: str) -> bytes:
    """A PNG, as tall as what there is to tell; `name` as it shall be read, and no telephone number."""
    known = {"name": name, "year": year.year, "as_of": year.as_of, "points": year.service.points}
    known |= {"hours": _hours(year.lesson_minutes), "time": _time(year.broadcast_seconds or 0)}
    words = picture_words(**known)
    sheet = _Sheet(Image.new("RGB", (WIDTH, 4000), PAPER))
    _head(sheet, year, words)
    _figures(sheet, year, words)
    if year.shops:
        _sales(sheet, year, words)
    if year.milestones:
        _milestones(sheet, year, words)
    sheet.skip(16)
    sheet.line(words["project"], 34, SLATE, middle=True)
    picture = sheet.picture.crop((0, 0, WIDTH, max(SHORTEST, sheet.at + MARGIN)))
    out = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


class _Sheet:
    """What is drawn on, from the top down; `at` is where the next thing begins."""

    def __init__(self, picture: Image.Image) -> None:
        self.picture, self.draw, self.at = picture, ImageDraw.Draw(picture), 0

    def skip(self, height: int) -> None:
        self.at += height

    def line(self, text: str, size: int, colour: str, *, middle: bool = False, right: str = "") -> None:
        """One line between the margins, `right` at its end; what does not fit is cut with dots."""
        end = _width(right, size)
        text = _fitting(text, size, WIDTH - 2 * MARGIN - end - (40 if right else 0))
        x = (WIDTH - _width(text, size)) // 2 if middle else MARGIN
        self.draw.text((x, self.at), text, colour, _font(size))
        self.draw.text((WIDTH - MARGIN - end, self.at), right, INK, _font(size))
        self.at += round(size * 1.6)

    def heading(self, text: str) -> None:
        self.skip(28)
        self.draw.rectangle((MARGIN, self.at + 8, MARGIN + 10, self.at + 52), PRIMARY)
        self.draw.text((MARGIN + 30, self.at), text, INK, _font(48))
        self.at += 84


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(), size)


def _width(text: str, size: int) -> int:
    return round(_font(size).getlength(text))


def _fitting(text: str, size: int, room: int) -> str:
    if _width(text, size) <= room:
        return text
    while text and _width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def _head(sheet: _Sheet, year: Statement, words: dict[str, str]) -> None:
    sheet.draw.rectangle((0, 0, WIDTH, 330 if year.is_running else 280), PRIMARY)
    sheet.at = 64
    sheet.line(words["title"], 72, "#FFFFFF", middle=True)
    sheet.line(words["greeting"], 44, "#FFFFFF", middle=True)
    if year.is_running:
        sheet.line(words["so_far"], 38, "#FBE9EC", middle=True)
    sheet.at = (330 if year.is_running else 280) + 48


def _figures(sheet: _Sheet, year: Statement, words: dict[str, str]) -> None:
    """Up to three boxes side by side: what she learnt, gave, and showed."""
    boxes = []
    if year.lessons:
        boxes.append((PINE, str(year.lessons), words["learnt"], words["learnt_hours"]))
    if year.service.minutes:
        boxes.append((WHEAT, _hours(year.service.minutes), words["helped"], words["helped_points"]))
    if year.broadcasts:
        boxes.append(
            (PRIMARY, str(year.broadcasts), words["live"], words["live_time"] if year.broadcast_seconds else "")
        )
    room = (WIDTH - 2 * MARGIN + 24) // (len(boxes) or 1)
    for number, (colour, figure, what, more) in enumerate(boxes):
        left, right = MARGIN + number * room, MARGIN + (number + 1) * room - 24
        sheet.draw.rounded_rectangle((left, sheet.at, right, sheet.at + 260), 16, CARD, LINE, 2)
        for top, text, size, ink in ((24, figure, 88, colour), (146, what, 36, INK), (202, more, 30, SLATE)):
            text = _fitting(text, size, room - 40)
            sheet.draw.text(((left + right - _width(text, size)) // 2, sheet.at + top), text, ink, _font(size))
    sheet.skip(292 if boxes else 0)


def _sales(sheet: _Sheet, year: Statement, words: dict[str, str]) -> None:
    sheet.heading(words["sales"])
    for shop in year.shops[:MOST_SHOPS]:
        sheet.line(f"{shop.name} · {platform_name(shop.platform)}", 44, INK)
        for source, trust, figures in _sources(shop, words):
            sheet.line(f"{source} · {trust}", 34, SLATE)
            for what, fen in figures:
                sheet.line(what, 42, SLATE, right=_money(fen))
        sheet.skip(12)
    if any(shop.figures.orders and shop.figures.listed for shop in year.shops):
        sheet.line(words["apart"], 32, SLATE)


def _sources(shop: ShopYear, words: dict[str, str]) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """(source, what its figures rest on, figures): of broadcasts only what the list itself adds up to, and of typed ones
    nothing where a list or an order file speaks."""
    orders, settled = shop.figures.orders, shop.figures.settled
    found = []
    if orders:
        figures = [("gross", orders.paid_fen), ("refund", orders.refunded_fen), ("net", orders.net_fen)]
        earned = [("commission", orders.commission_fen)] if shop.figures.is_host else []
        found.append((words["orders"], orders.trust, [*figures, *earned]))
    if settled:
        found.append((words["settled"], settled[1], [("settled", settled[0])]))
    if live := shop.figures.listed or (None if orders else shop.figures.typed):
        refunds = [("refund", fen) for _basis, fen in live.refunds] if live.net_fen is not None else []
        found.append((words["broadcasts"], live.trust, [("gross", live.gmv_fen), *refunds, ("net", live.net_fen)]))
    return [
        (source, str(trust_words(trust).plain), [(words[what], fen) for what, fen in figures if fen is not None])
        for source, trust, figures in found
    ]


def _milestones(sheet: _Sheet, year: Statement, words: dict[str, str]) -> None:
    sheet.heading(words["milestones"])
    honours = [one for one in year.milestones if one.kind is MilestoneKind.HONOUR]
    days = [one for one in year.milestones if one.kind is not MilestoneKind.HONOUR]
    for one in [*days[: MOST_MILESTONES - len(honours[:MOST_MILESTONES])], *honours][:MOST_MILESTONES]:
        what = label(one.kind) + (f" · {one.words}" if one.words else "")
        sheet.line(what, 42, INK, right=one.day.isoformat() if one.day else str(year.year))


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _time(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def _money(fen: int) -> str:
    return f"¥{fen / 100:,.2f}"
