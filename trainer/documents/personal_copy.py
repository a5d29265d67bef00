"""A copy of one person's data: every part in words for the page and for a file to read, and as JSON to take elsewhere."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape

from trainer.domain.days import CHINA
from trainer.domain.disclosure import ProtectedField
from trainer.domain.people import Sex
from trainer.domain.personal_data import Part, PartName, json_ready
from trainer.domain.sales import OrderStatus
from trainer.wording import label, platform_name
from trainer.wording.data_request import field_word, yes_or_no
from trainer.wording.notice import notice_text, notice_title

# A long list is shown by its newest lines; the file has them all.
MOST_SHOWN = 10
STYLE = (
    "body{font-family:sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2rem}th,td{border:1px solid #999;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eee}"
)


@dataclass(frozen=True)
class Section:
    """A part in words: (field, value) pairs row by row; `total` rows there are, `rows` those that are shown."""

    title: str
    rows: Sequence[Sequence[tuple[str, str]]]
    total: int

    @property
    def words(self) -> list[str]:
        """The fields of all rows, for the head of a table."""
        return list(dict.fromkeys(word for row in self.rows for word, _text in row))


def in_words(parts: Sequence[Part], *, most: int | None = MOST_SHOWN) -> list[Section]:
    """What the parts say; a part without rows is left out."""
    return [
        Section(label(part.name), [_row(part.name, row) for row in _newest(part.rows, most)], len(part.rows))
        for part in parts
        if part.rows
    ]


def _newest(rows: Sequence[Mapping[str, object]], most: int | None) -> Sequence[Mapping[str, object]]:
    return rows if most is None else rows[-most:]


def _row(part: PartName, row: Mapping[str, object]) -> list[tuple[str, str]]:
    if part is PartName.MESSAGES and row["code"]:
        said = {"subject": notice_title(row["code"]), "body": notice_text(row["code"], row["values"])}
        row = {name: value for name, value in row.items() if name not in ("code", "values")} | said
    said = [(field_word(name), _said(name, value)) for name, value in row.items() if value not in (None, "", {}, [])]
    return [(word, text) for word, text in said if text]


def _said(name: str, value: object) -> str:
    """One value as people in China read it."""
    if isinstance(value, bool):
        return yes_or_no(value)
    if name.endswith("_fen"):
        return f"¥{Decimal(value) / 100:,.2f}"
    if name.endswith("_hundredths"):
        return f"{Decimal(value) / 100:.2f}"
    if name == "weight_bp":
        return f"{Decimal(value) / 100:g}%"
    if isinstance(value, datetime):
        return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return _words(name, value)


def _words(name: str, value: object) -> str:
    if name == "fields":
        return "、".join(label(ProtectedField(field)) for field in value)
    if name == "wished":
        return "；".join(f"{field_word(field)}：{wish}" for field, wish in json.loads(str(value)).items() if wish)
    if name == "uses":
        return "；".join(f"{use['item']} {_said('_fen', use['amount_fen'])}" for use in value)
    if name == "platform":
        return platform_name(str(value))
    if name == "sex":
        return label(Sex(value))
    if name == "order_status":
        return label(OrderStatus(value))
    return label(value)


def write_copy(parts: Sequence[Part], *, title: str, made_on: str, file_stem: str, language: str) -> bytes:
    """A zip with the page to read and the JSON to take elsewhere."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{file_stem}.html", _page(in_words(parts, most=None), title, made_on, language))
        archive.writestr(f"{file_stem}.json", write_json(parts))
    return content.getvalue()


def write_json(parts: Sequence[Part]) -> str:
    data = {part.name.value: [{name: json_ready(v) for name, v in row.items()} for row in part.rows] for part in parts}
    return json.dumps(data, ensure_ascii=False, indent=1)


def _page(sections: Sequence[Section], title: str, made_on: str, language: str) -> str:
    body = "".join(f"<h2>{escape(section.title)}</h2>{_table(section)}" for section in sections)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1><p>{escape(made_on)}</p>{body}</body></html>"
    )


def _table(section: Section) -> str:
    """One row stands upright; many stand side by side under their fields."""
    if len(section.rows) == 1:
        lines = "".join(f"<tr><th>{escape(w)}</th><td>{escape(text)}</td></tr>" for w, text in section.rows[0])
        return f"<table>{lines}</table>"
    head = "".join(f"<th>{escape(word)}</th>" for word in section.words)
    rows = [dict(row) for row in section.rows]
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(row.get(w, ''))}</td>" for w in section.words) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{lines}</table>"
