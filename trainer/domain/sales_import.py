"""What a file says against what is known of a broadcast, an order line or a settlement: newer, older, or for a person
to say."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from trainer.domain.sales import OrderStatus, SalesKind

# The columns of a broadcast or an order line that a file fills.
Facts = dict[str, object]

MOMENTS = ("started_at", "ended_at", "ordered_at", "paid_at", "shipped_at", "received_at", "settled_at")
# Said once and for all: a later file only fills what was blank.
DESCRIBING = (
    *("title", "started_at", "session_key", "product", "product_key", "sku", "quantity", "ordered_at", "is_live"),
    *("host", "province", "parcel"),
)
# Seen once, it stays: a file without that column says nothing.
FLAGS = ("is_gift", "empty_parcel")
# Money and its moment: where these differ and nothing tells which file is newer, a person is asked.
DECISIVE = (
    *("gmv_fen", "gmv_incl_abnormal_fen", "gmv_measure", "refund_basis", "duration_s", "paid_fen", "paid_at"),
    *("income_fen", "fees_fen", "settled_at"),
)
ABNORMAL_NOTE = 0.05
EXACT_OF = {"viewers_exact": "viewers", "gmv_exact": "gmv_fen"}


class Standing(StrEnum):
    """What a file's row is against the row that is known."""

    SAME = "same"
    NEWER = "newer"
    OLDER = "older"
    UNCLEAR = "unclear"


def product_key(number: str | None, name: str) -> str:
    """What tells a product from the shop's others: the platform's number, else a digest of its name."""
    if number:
        return number
    return "name:" + hashlib.sha256(name.encode()).hexdigest()[:32] if name else ""


def start_key(shop_id: int, started_at: datetime) -> str:
    """The key of a broadcast whose file names no id."""
    return f"shop:{shop_id}/start:{started_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def in_other_year(facts: Facts, shop_id: int, years_back: int) -> Facts | None:
    """A broadcast's facts moved back by whole years; None where that year has no such day."""
    started_at, ended_at = facts["started_at"], facts.get("ended_at")
    try:
        moved = started_at.replace(year=started_at.year - years_back)
    except ValueError:
        return None
    own_id = facts["natural_key"] != start_key(shop_id, started_at)
    key = facts["natural_key"] if own_id else start_key(shop_id, moved)
    ended = {} if ended_at is None else {"ended_at": moved + (ended_at - started_at)}
    return {**facts, **ended, "started_at": moved, "natural_key": key}


def compare(kind: SalesKind, known: Facts, said: Facts) -> tuple[Standing, Facts]:
    """How `said` stands to `known`, and what is known after taking it in.

    An order moves forward through its states, refunds, viewers and orders only grow: that tells which file is the
    newer one. Where it tells both ways, or not at all though money differs, the standing is UNCLEAR and the facts
    are those if the file is taken as the newer one.
    """
    signs = set(_signs(kind, known, said)) - {0}
    if signs == {-1}:
        return Standing.OLDER, known
    merged = {column: _chosen(column, known[column], said[column], said) for column in known}
    if "trust" in known:
        merged["trust"] = max(known["trust"], said["trust"])
    if not said.get("viewers_exact", True) and known.get("viewers_exact") and known.get("viewers") is not None:
        merged |= {"viewers": known["viewers"], "viewers_exact": True}
    if merged == known:
        return Standing.SAME, known
    differs = any(known.get(name) is not None and merged.get(name) != known[name] for name in DECISIVE if name in known)
    if len(signs) == 2 or (not signs and differs):
        return Standing.UNCLEAR, merged
    return Standing.NEWER, merged


def _signs(kind: SalesKind, known: Facts, said: Facts) -> Iterable[int]:
    if kind is SalesKind.ORDER:
        yield _sign(_rank(known["status"]), _rank(said["status"]))
        yield _sign(known["refunded_fen"], said["refunded_fen"])
        yield _sign(known["paid_at"] is not None, said["paid_at"] is not None)
        if known["refunded_fen"] == said["refunded_fen"]:
            yield _sign(known["settled_fen"], said["settled_fen"])
        return
    if kind is SalesKind.SETTLEMENT:
        return  # a flow of money is what it is
    yield _sign(known["orders"], said["orders"])
    if known["refund_basis"] == said["refund_basis"]:
        yield _sign(known["refund_fen"], said["refund_fen"])
    if known["viewers_exact"] and said["viewers_exact"]:
        yield _sign(known["viewers"], said["viewers"])


def _sign(before: int | None, after: int | None) -> int:
    if before is None or after is None:
        return 0
    return (after > before) - (after < before)


def _rank(status: str) -> int | None:
    """None where the file's word was not understood: that says nothing about which is newer."""
    return OrderStatus(status).rank or None


def _chosen(column: str, known: object, said: object, file: Facts) -> object:
    if column in DESCRIBING:
        return said if known in (None, "") else known
    if column in FLAGS:
        return bool(known or said)
    if said is None or (column == "status" and said == OrderStatus.UNKNOWN):
        return known
    if column.endswith("_exact") and file.get(EXACT_OF[column]) is None:
        return known
    return said


def abnormal_share(facts: Facts) -> float | None:
    """Share of a broadcast's amount that the platform counts as abnormal trades, from 5 % on."""
    whole, plain = facts.get("gmv_incl_abnormal_fen"), facts.get("gmv_fen")
    if not whole or plain is None or (share := (whole - plain) / whole) < ABNORMAL_NOTE:
        return None
    return share


def changes(before: Facts, after: Facts) -> list[tuple[str, object, object]]:
    """(column, old, new) of what differs."""
    return [(name, before.get(name), value) for name, value in after.items() if before.get(name) != value]


def write_facts(facts: Mapping[str, object]) -> str:
    """As kept with a staged row."""
    return json.dumps(facts, ensure_ascii=False, default=datetime.isoformat)


def read_facts(text: str) -> Facts:
    facts = json.loads(text)
    return {
        name: datetime.fromisoformat(value) if name in MOMENTS and value else value for name, value in facts.items()
    }
