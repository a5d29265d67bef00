"""Certificates on paper (PDF, a page each) and as a picture for a phone; the same words, drawn in one hand."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

import segno
from PIL import Image, ImageDraw, ImageFont

from trainer.documents.fonts import font_file, missing_characters
from trainer.domain.certificate import CertificateFacts, Printable, check_address
from trainer.wording.certificate import PAPER, printed_day, printed_evidence, printed_words


class Issued(Protocol):
    """A certificate that is to be printed."""

    id: int
    number: str
    issued_on: date
    facts: CertificateFacts


PDF, PNG = "application/pdf", "image/png"
INK, RED, GREY = (34, 38, 43), (168, 36, 60), (81, 96, 110)
PAPER_WHITE = (255, 255, 255)
# No line begins with one of these, none ends with one of those.
NOT_FIRST, NOT_LAST = "，。、；：）”》！？", "（“《"


def undrawable(printable: Printable) -> str:
    """Characters of its texts that our font lacks, each once."""
    return missing_characters(printable.texts, serif=True)


def wrap(text: str, width_of: Callable[[str], float], most: float) -> Iterator[str]:
    """Lines no wider than `most`, broken anywhere but around punctuation and inside figures."""
    line = ""
    for piece in _pieces(text):
        if line and width_of(line + piece) > most:
            yield line
            line = ""
        line += piece
    if line:
        yield line


def _pieces(text: str) -> list[str]:
    """What must not be torn apart: figures, letters, a character with the punctuation that goes with it."""
    pieces: list[str] = []
    for character in text:
        sticks = pieces and (
            character in NOT_FIRST
            or pieces[-1][-1] in NOT_LAST
            or (character.isascii() and character.isalnum() and pieces[-1][-1].isascii() and pieces[-1][-1].isalnum())
        )
        if sticks:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _code(address: str, scale: int, ground: tuple[int, int, int] = PAPER_WHITE) -> Image.Image:
    """The QR code: on paper and from a screen a quarter of it may be unreadable."""
    drawing = io.BytesIO()
    segno.make(address, error="q", micro=False).save(drawing, kind="png", scale=scale, border=2, dark=INK, light=ground)
    return Image.open(drawing)


# --- on paper: A4 landscape, in millimetres ------------------------------------------------------------------------

WIDE, HIGH = 297, 210
TEXT_WIDTH = 214


class Sheets:
    """Many certificates in one file: the font is read once, and embedded with the characters that are used."""

    def __init__(self) -> None:
        from fpdf import FPDF  # noqa: PLC0415 (slow to load, and few processes print)

        self.pdf = FPDF(orientation="landscape", format="A4")
        self.pdf.add_font("serif", fname=font_file(serif=True))
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.set_title(PAPER["title"])
        self.pdf.set_lang("zh-CN")
        self.pages = 0

    def add(self, printable: Printable) -> None:
        """A page. The caller has asked `undrawable`."""
        self.pages += 1
        self.pdf.add_page()
        self._frame()
        facts = printable.facts
        self._centred(PAPER["title"], 44, 40, RED, spacing=6, bold=0.35)
        self._centred(PAPER["certify"], 64, 17, INK, spacing=1)
        self._name(facts.name)
        self._words(printed_words(facts))
        self._seal(facts.organisation, printed_day(printable.issued_on))
        self._proof(printable, printed_evidence(facts))

    def add_left_out(self, lines: Sequence[str]) -> None:
        """A last page for the office: what could not be printed, and why."""
        self.pdf.add_page()
        self._centred(PAPER["left_out"], 30, 20, INK)
        self._font(12, INK)
        more = [f"…… {len(lines)}"] if len(lines) > 40 else []
        for number, line in enumerate([*lines[:40], *more]):
            self.pdf.text(25 + number % 2 * 130, 45 + number // 2 * 7.5, line)

    def add_all(
        self, issued: Sequence[Issued], base_url: str, *, report: Callable[[int, int], None] = lambda _done, _all: None
    ) -> list[int]:
        """A page for each, and one more that names what our font cannot draw; the ids of those that are printed."""
        printed, left_out = [], []
        for done, one in enumerate(issued):
            printable = Printable(one.number, one.issued_on, one.facts, check_address(base_url, one.number))
            if missing := undrawable(printable):
                left_out.append(f"{one.number}  {' '.join(f'U+{ord(c):04X}' for c in missing)}")
            else:
                self.add(printable)
                printed.append(one.id)
            report(done, len(issued))
        if left_out:
            self.add_left_out(left_out)
        return printed

    def finish(self) -> bytes:
        return bytes(self.pdf.output())

    def _font(self, size: float, colour: tuple[int, int, int], *, spacing: float = 0, bold: float = 0) -> None:
        self.pdf.set_font("serif", size=size)
        self.pdf.set_text_color(*colour)
        self.pdf.set_char_spacing(spacing / 25.4 * 72)
        # The family comes in one weight: a hairline around the letters makes it stronger.
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(bold or 0.2)
        self.pdf.text_mode = "FILL_STROKE" if bold else "FILL"

    def _centred(
        self,
        text: str,
        y: float,
        size: float,
        colour: tuple[int, int, int],
        *,
        spacing: float = 0,
        bold: float = 0,
        around: float = WIDE / 2,
    ) -> None:
        self._font(size, colour, spacing=spacing, bold=bold)
        # The blank after the last letter is none of the text.
        width = self.pdf.get_string_width(text) - (spacing if len(text) > 1 else 0)
        self.pdf.text(around - width / 2, y, text)

    def _frame(self) -> None:
        self.pdf.set_draw_color(*RED)
        for margin, line in ((10, 0.9), (12.2, 0.2)):
            self.pdf.set_line_width(line)
            self.pdf.rect(margin, margin, WIDE - 2 * margin, HIGH - 2 * margin)

    def _name(self, name: str) -> None:
        size = 36.0
        self._font(size, INK)
        while self.pdf.get_string_width(name) > TEXT_WIDTH - 40 and size > 12:
            size -= 2
            self._font(size, INK)
        spacing = 3 if len(name) <= 4 else 0
        self._centred(name, 85, size, INK, spacing=spacing, bold=0.2)
        self.pdf.set_draw_color(*RED)
        self.pdf.set_line_width(0.2)
        half = max(40, min(TEXT_WIDTH, self.pdf.get_string_width(name) + 24) / 2)
        self.pdf.line(WIDE / 2 - half, 91, WIDE / 2 + half, 91)

    def _words(self, words: str) -> None:
        """Set in two or three lines; long names of programmes in smaller type."""
        for size in (17, 15, 13, 11):
            self._font(size, INK)
            lines = list(wrap("　　" + words, self.pdf.get_string_width, TEXT_WIDTH))
            if len(lines) <= 3 and len(lines[-1]) > 3:  # nor a word alone on the last line
                break
        for number, line in enumerate(lines):
            self.pdf.text((WIDE - TEXT_WIDTH) / 2, 107 + number * size * 0.68, line)

    def _seal(self, organisation: str, day: str) -> None:
        """Who issues it, and the day; the seal goes over both."""
        around, lines = 218, [line for line in organisation.split("\n") if line][:3]
        y = 162 - 8 * (len(lines) - 1)
        for line in lines:
            self._centred(line, y, min(16, 16 * 100 / max(100, self._width(line, 16))), INK, around=around)
            y += 8
        self._centred(day, y + 3, 15, INK, around=around)

    def _width(self, text: str, size: float) -> float:
        self._font(size, INK)
        return self.pdf.get_string_width(text)

    def _proof(self, printable: Printable, evidence: str) -> None:
        self.pdf.image(_code(printable.address, 4), x=36, y=146, w=26, h=26)
        self._font(10.5, INK)
        self.pdf.text(66, 157, f"{PAPER['number']}{printable.number}")
        self._font(9, GREY)
        self.pdf.text(66, 163.5, PAPER["scan"])
        self._centred(evidence, 190, 9, GREY)


# --- as a picture: kept from WeChat by a long press ----------------------------------------------------------------

PICTURE = (1080, 1440)
COLOURS = 32


@lru_cache(maxsize=16)
def _type(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(serif=True), size)


def certificate_picture(printable: Printable) -> bytes:
    """A PNG of few colours: sharp letters, some tens of kilobytes. The caller has asked `undrawable`."""
    picture = Image.new("RGB", PICTURE, PAPER_WHITE)
    draw, (wide, high), facts = ImageDraw.Draw(picture), PICTURE, printable.facts
    draw.rectangle((30, 30, wide - 31, high - 31), outline=RED, width=6)
    draw.rectangle((46, 46, wide - 47, high - 47), outline=RED, width=1)
    _middle(draw, PAPER["title"], 150, 92, RED, spacing=28, bold=2)
    _middle(draw, PAPER["certify"], 320, 40, INK)
    _middle(draw, facts.name, 395, _fitting(facts.name, 96, 860), INK, bold=1)
    draw.line((240, 525, wide - 240, 525), fill=RED, width=2)
    _paragraph(draw, "　　" + printed_words(facts), 570)
    lines = [line for line in facts.organisation.split("\n") if line][:3]
    for number, line in enumerate([*lines, printed_day(printable.issued_on)]):
        size = _fitting(line, 38, 860)
        draw.text((wide - 110 - _type(size).getlength(line), 930 + 60 * number), line, INK, _type(size))
    code = _code(printable.address, 5)
    picture.paste(code, (90, high - 90 - code.height))
    left, below = 120 + code.width, high - 90 - code.height
    draw.text((left, below + 16), PAPER["number"], INK, _type(30))
    draw.text((left, below + 56), printable.number, INK, _type(_fitting(printable.number, 40, wide - left - 80)))
    draw.text((left, below + 112), PAPER["scan"], GREY, _type(26))
    for number, line in enumerate(wrap(printed_evidence(facts), _type(26).getlength, wide - left - 80)):
        draw.text((left, below + 152 + 36 * number), line, GREY, _type(26))
    out = io.BytesIO()
    picture.quantize(COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fitting(text: str, size: int, most: int) -> int:
    return min(size, int(size * most / max(1, _type(size).getlength(text))))


def _middle(
    draw: ImageDraw.ImageDraw,
    text: str,
    y: int,
    size: int,
    colour: tuple[int, int, int],
    *,
    spacing: int = 0,
    bold: int = 0,
) -> None:
    font = _type(size)
    widths = [font.getlength(character) for character in text] if spacing else [font.getlength(text)]
    x = (PICTURE[0] - sum(widths) - spacing * (len(widths) - 1)) / 2
    for part, width in zip(text if spacing else [text], widths, strict=True):
        draw.text((x, y), part, colour, font, stroke_width=bold, stroke_fill=colour)
        x += width + spacing


def _paragraph(draw: ImageDraw.ImageDraw, text: str, y: int) -> None:
    for size in (42, 36, 30):
        lines = list(wrap(text, _type(size).getlength, 860))
        if len(lines) * size * 1.6 <= 380:
            break
    for number, line in enumerate(lines):
        draw.text((110, y + int(number * size * 1.6)), line, INK, _type(size))
