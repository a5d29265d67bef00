"""The Chinese font of PDF files and pictures: Noto Sans SC and Noto Serif SC, from their package."""

from collections.abc import Iterable
from functools import lru_cache

from pylopdf_fonts_zh_cn import sans_path, serif_path


def font_file(*, serif: bool = False) -> str:
    """Where the font lies; fpdf2 embeds of it what a file uses, Pillow draws with it."""
    return str(serif_path() if serif else sans_path())


@lru_cache
def _known(serif: bool) -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 (heavy; only files and pictures need it)

    with TTFont(font_file(serif=serif), lazy=True) as font:
        return frozenset(font.getBestCmap())


def missing_characters(texts: Iterable[str], *, serif: bool = False) -> str:
    """What of these texts the font cannot draw, each once: a person is told, and no empty box is printed silently."""
    known = _known(serif)
    return "".join(dict.fromkeys(c for text in texts for c in text if ord(c) not in known and not c.isspace()))
