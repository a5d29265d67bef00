"""Sign-in slips on paper: eight on a sheet of A4, each with its QR code, in one file that needs no other."""

import io
from collections.abc import Sequence
from pathlib import Path

import segno
from markupsafe import Markup

from trainer.domain.days import CHINA
from trainer.domain.slip import Slip
from trainer.wording.slip import SLIP_WORDS

STYLES = Path(__file__).resolve().parents[1] / "static" / "slips.css"
# Printed 34 mm wide and scanned with a cheap phone in a dim room: a quarter of the code may be unreadable.
CORRECTION = "q"


def qr_code(text: str, correction: str = CORRECTION) -> Markup:
    """A picture in the page itself, without a word of style."""
    drawing = io.BytesIO()
    segno.make(text, error=correction, micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=False, omitsize=True, nl=False, border=2
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 (drawn by the library from modules, no text of ours in it)


def slip_html(slip: Slip) -> Markup:
    """One slip, to be cut out along its border."""
    until = f"{slip.expires_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    words = {name: str(said) for name, said in SLIP_WORDS.items()}
    return Markup(
        '<article class="slip"><div class="slip-code">{code}</div><div class="slip-text">'
        '<p class="slip-name">{name}</p><p>{village}</p><p>{cohort}</p>'
        '<p class="slip-do">{do}</p><p class="slip-until">{until}</p><p class="slip-once">{once}</p></div></article>'
    ).format(
        code=qr_code(slip.url),
        name=slip.name,
        village=slip.village,
        cohort=slip.cohort,
        do=words["do"],
        until=words["until"] % {"moment": until},
        once=words["once"],
    )


def write_slips(title: str, slips: Sequence[Slip], left_out: Sequence[str]) -> bytes:
    """The printable file; `left_out` are the women for whom no slip could be made, on a last sheet for the teacher."""
    words = {name: str(said) for name, said in SLIP_WORDS.items()}
    sheet = Markup("").join(slip_html(slip) for slip in slips)
    names = Markup("").join(Markup("<li>{}</li>").format(name) for name in left_out)
    rest = (
        Markup('<section class="left-out"><h2>{}</h2><ul>{}</ul></section>').format(words["left_out"], names)
        if left_out
        else ""
    )
    head = Markup('<meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>{}</title>').format(title)
    styles = Markup(STYLES.read_text())  # noqa: S704 (our own file)
    body = Markup('<h1 class="on-screen">{}</h1><p class="on-screen">{}</p><div class="slips">{}</div>{}').format(
        title, words["print"], sheet, rest
    )
    page = Markup('<!doctype html><html lang="zh-CN"><head>{}<style>{}</style></head><body>{}</body></html>')
    return page.format(head, styles, body).encode()
