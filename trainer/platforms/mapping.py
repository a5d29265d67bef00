"""Files that no profile knows: what a person is shown of their columns, and what she says each of them is."""

import io
import re
import unicodedata
from collections.abc import Mapping as Columns
from dataclasses import dataclass, replace
from typing import BinaryIO, NamedTuple

from trainer.domain.sales import Platform, SalesKind
from trainer.errors import Refused, UnreadableFile
from trainer.platforms import aliases
from trainer.platforms.catalogue import PROFILES
from trainer.platforms.headings import Column, by_label, fingerprint, likeliest
from trainer.platforms.normalise import heading, text
from trainer.platforms.profile import MAPPED, NEVER_SHOWN, QUIET_LABELS, Profile, labels
from trainer.platforms.tables import open_tables

MOST_HEADINGS = 300
SAMPLES = 3
SAMPLE_LENGTH = 20
# Words in headings nobody has seen before, under which a person may stand.
OF_A_PERSON = re.compile(
    r"姓名|电话|手机|地址|留言|备注|描述|身份证|证件|收货人|收件|联系|签收|昵称|会员|账号|支付宝|微信|买家(?!实|应)|客户|街道|定制"
)
NUMBER_OF_A_PERSON = re.compile(r"(?<!\d)(?:1\d{10}|\d{17}[\dxX])(?!\d)")


class Mappable(NamedTuple):
    """`fields` may be mapped; of each group in `required` one must be."""

    fields: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]


FIELDS = {
    SalesKind.ORDER: Mappable(
        fields=(
            *("order_id", "sub_order_id", "paid", "paid_at", "status", "ordered_at", "refund", "after_sale", "settled"),
            *("product", "product_id", "spec", "sku_id", "quantity", "unit_price", "shipped_at", "received_at"),
            *("live_source", "session_id", "host", "commission", "province"),
        ),
        required=(("order_id",), ("paid",), ("paid_at", "status")),
    ),
    SalesKind.LIVE_SESSION: Mappable(
        fields=(
            *("started_at", "ended_at", "duration", "session_id", "title", "gmv", "gmv_incl_abnormal", "refund"),
            *("orders", "items", "buyers", "viewers", "views", "peak_online", "avg_online", "product_exposed"),
            *("product_clickers", "new_followers", "ad_spend", "gpm", "per_buyer", "buyer_rate"),
        ),
        required=(("started_at",), ("gmv",)),
    ),
    SalesKind.SETTLEMENT: Mappable(
        fields=("settled", "settled_at", "flow_id", "order_id", "direction", "income", "refund", "expense"),
        required=(("settled",), ("flow_id", "order_id")),
    ),
}
# Columns about a person, remarks and numbers of parcels: not shown, and never another figure.
UNSHOWN = QUIET_LABELS.union(*(labels(aliases.ORDER[name]) for name in NEVER_SHOWN))
GENERAL = {SalesKind.ORDER: aliases.ORDER, SalesKind.LIVE_SESSION: aliases.LIVE, SalesKind.SETTLEMENT: {}}


class UnfitMapping(Refused):
    """What was said of the columns cannot be; its code says why.

    mapping_unknown_field (field), mapping_unknown_heading (heading), mapping_personal_heading (heading),
    mapping_heading_twice (heading, fields), mapping_field_missing (fields: one of them is needed).
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        super().__init__(**values)


@dataclass(frozen=True)
class Mapping:
    """What a person said once: in files with these headings, `columns` says field → heading as written."""

    platform: Platform
    kind: SalesKind
    fingerprint: str
    columns: Columns[str, str]

    def check(self, headings: Columns[str, object] | None = None) -> None:
        """Raises UnfitMapping where it makes no sense; `headings` are the written ones of the file, if at hand."""
        known = FIELDS[self.kind]
        held: dict[str, str] = {}
        there = None if headings is None else set(labels(tuple(headings)))
        for field, written in self.columns.items():
            label = next(iter(labels((written,))), "")
            if field not in known.fields:
                raise UnfitMapping("mapping_unknown_field", field=field)
            if not label or (there is not None and label not in there):
                raise UnfitMapping("mapping_unknown_heading", heading=written)
            if label in UNSHOWN:
                raise UnfitMapping("mapping_personal_heading", heading=written)
            if label in held:
                raise UnfitMapping("mapping_heading_twice", heading=written, fields=(held[label], field))
            held[label] = field
        for group in known.required:
            if not any(field in self.columns for field in group):
                raise UnfitMapping("mapping_field_missing", fields=group)

    def added_to(self, profile: Profile) -> Profile:
        """A profile that knew the file as far as it went, with what the person said of its columns."""
        said = {name: (written,) for name, written in self.columns.items()}
        taken = set(labels(tuple(self.columns.values())))
        kept = {
            name: tuple(one for one in written if taken.isdisjoint(labels((one,))))
            for name, written in profile.columns.items()
        }
        overruled = tuple(one for written in profile.columns.values() for one in written)
        return replace(profile, columns={**kept, **said}, also=(*profile.also, *overruled))

    def alone(self, like: Profile | None) -> Profile:
        """Nothing but what the person said; the states, keys and bases are those of `like`, another of the kind."""
        like = like or Profile(self.platform, self.kind, "", "", (), {})
        return replace(
            like,
            variant="mapped",
            evidence=MAPPED,
            required=FIELDS[self.kind].required,
            columns={name: (written,) for name, written in self.columns.items()},
            also=(),
            incomes=(),
            expenses=(),
            aliases={},
            **self._key(like),
        )

    def _key(self, like: Profile) -> dict[str, object]:
        """The platform's own natural key where its parts are there: another export of the order then meets it."""
        if self.kind is SalesKind.SETTLEMENT:
            by_flow = "flow_id" in self.columns
            return {"key": ("flow_id",) if by_flow else ("order_id", "settled_at"), "key_is_counted": not by_flow}
        if self.kind is SalesKind.LIVE_SESSION:
            return {}
        if "sub_order_id" in self.columns:
            return {"key": ("sub_order_id",), "key_is_counted": False}
        by_order = ("order_id", "product_id", "sku_id|spec|product")
        return {"key": by_order if "sub_order_id" in like.key else like.key, "paid_scope": "unknown"}


@dataclass(frozen=True)
class FoundHeadings:
    """A row of headings as a person is shown it; `row` counts from 1, as she sees it.

    `samples`: heading → up to three cells below it; none for columns that may be about a person. To be shown to
    whoever brought the file, and kept nowhere.
    """

    sheet: str | None
    row: int
    headings: tuple[str, ...]
    samples: dict[str, tuple[str, ...]]
    fingerprint: str


def headings_of(content: bytes | BinaryIO) -> FoundHeadings:
    """The row that looks most like headings. Raises UnreadableFile. Run through `limits.run_limited`."""
    found = likeliest(open_tables(io.BytesIO(content) if isinstance(content, bytes) else content).tables)
    if found is None:
        raise UnreadableFile("unknown_columns", columns="")
    table, at, columns = found
    first = by_label(columns)
    shown = list(first.values())[:MOST_HEADINGS]
    below = table.rows[at + 1 :]
    return FoundHeadings(
        sheet=table.name,
        row=at + 1,
        headings=tuple(column.heading.written for column in shown),
        samples={column.heading.written: _samples(column, below) for column in shown},
        fingerprint=fingerprint(first),
    )


def _samples(column: Column, rows: list[tuple[object, ...]]) -> tuple[str, ...]:
    label = column.heading.label
    if label in UNSHOWN or OF_A_PERSON.search(label):
        return ()
    cells = (text(row[column.index], most=100) for row in rows if column.index < len(row))
    found = dict.fromkeys(_masked(cell) for cell in cells if cell)
    return tuple(found)[:SAMPLES]


def _masked(cell: str) -> str:
    """No number of a phone or an identity card, whatever the column is called."""
    plain = unicodedata.normalize("NFKC", cell)
    return NUMBER_OF_A_PERSON.sub(lambda found: found[0][0] + "*" * (len(found[0]) - 1), plain)[:SAMPLE_LENGTH]


def suggested(headings: tuple[str, ...], kind: SalesKind, platform: Platform | None = None) -> dict[str, str]:
    """Field → heading, as far as the profiles of the kind and general use tell: what a person is offered first."""
    left = {found.label: written for written in headings if (found := heading(written))}
    profiles = [one for one in PROFILES if one.kind is kind and platform in (None, one.platform)]
    profiles.sort(key=lambda one: -len(one.known & left.keys()))
    fields: dict[str, str] = {}
    general = {name: labels(written) for name, written in GENERAL[kind].items()}
    for source in (*(profile.own for profile in profiles[:1]), general, *(profile.own for profile in profiles[1:])):
        for name in FIELDS[kind].fields:
            label = next((label for label in source.get(name, ()) if label in left), None)
            if label and name not in fields:
                fields[name] = left.pop(label)
    return fields
