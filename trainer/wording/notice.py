"""A notice in the reader's language: its title and text from a code and the values it was given."""

from datetime import date, datetime

from trainer.domain.days import CHINA
from trainer.wording import LABELS, label
from trainer.wording.message import NOTICES

_KINDS = {kind.__name__: kind for kind in LABELS}


def notice_title(code: str) -> str:
    return str(NOTICES[code][0]) if code in NOTICES else code


def notice_text(code: str, values: dict[str, object]) -> str:
    """Of a code that is known no longer, nothing."""
    return str(NOTICES[code][1]) % {name: _said(value) for name, value in values.items()} if code in NOTICES else ""


def _said(value: object) -> str:
    """What `keep_values` kept, as words."""
    if not isinstance(value, dict):
        return str(value)
    kind, plain = value["kind"], value["value"]
    if kind == "moment":
        return f"{datetime.fromisoformat(plain).astimezone(CHINA):%Y-%m-%d %H:%M}"
    if kind == "day":
        return date.fromisoformat(plain).isoformat()
    return label(_KINDS[kind](plain)) if kind in _KINDS else str(plain)
