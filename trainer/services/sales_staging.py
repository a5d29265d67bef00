"""What a file says, put into its versions: plain rows of the reader to columns, through the database's driver."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from trainer.crypto import keyring
from trainer.database import db, on_postgresql
from trainer.domain.imports import RowAction
from trainer.domain.sales import BROADCAST_TRUST, MATURE_AFTER, OrderStatus, Problem, SalesKind
from trainer.domain.sales_import import product_key, start_key
from trainer.models.sales import LivestreamFacts, SettlementFacts
from trainer.platforms.plain import FIELDS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEAR_OPEN = "year_assumed"
MANY_PRODUCTS = 1 << 16

Plain = tuple[object, ...]
Told = Mapping[int, list[tuple[str, str, dict]]]


def stage(
    kind: SalesKind, into: str, batch_id: int, chunks: Iterable[list[Plain]], told: Told, *, shop_id: int, at: datetime
) -> set[int]:
    """Every accepted row into the table `into`, a chunk at a time in memory; `told`: row number → warnings.

    Answers the rows among them that a warning is about.
    """
    made = _COLUMNS[kind](shop_id, at)
    names = ("batch_id", "row_number", "action", "problems", "warnings", *made)
    warned: set[int] = set()

    def columns(chunk: list[Plain]) -> list[Sequence[object]]:
        """Column by column: a few short loops for a chunk instead of one long one for every row."""
        said = dict(zip(FIELDS[kind], zip(*chunk, strict=True), strict=True))
        numbers = said["row"]
        odd = [(place, told[number]) for place, number in enumerate(numbers) if number in told] if told else []
        verdicts = _verdicts(len(numbers), odd)
        warned.update(numbers[place] for place, _problems in odd)
        return [[batch_id] * len(numbers), numbers, *verdicts, *(_values(said, maker) for maker in made.values())]

    write(into, names, (zip(*columns(chunk), strict=True) for chunk in chunks))
    return warned


def _values(said: Mapping[str, Sequence[object]], maker: str | tuple) -> Iterable[object]:
    """A field as it is, or what a function makes of some fields."""
    if isinstance(maker, str):
        return said[maker]
    function, *fields = maker
    if len(fields) == 1 and not any(said[fields[0]]):
        return said[fields[0]]  # a column that the file does not have
    return list(map(function, *(said[name] for name in fields)))


def _verdicts(many: int, odd: list[tuple[int, list]]) -> tuple[list, list, list]:
    """Actions, problems and warnings, by what the file alone says: a year that is not printed needs a person, the rest
    is to be looked at."""
    actions: list[str] = [RowAction.NEW.value] * many
    problems: list[str | None] = [None] * many
    warnings: list[str | None] = [None] * many
    for place, told in odd:
        open_years = [problem for problem in told if problem[1] == YEAR_OPEN]
        if open_years:
            actions[place], problems[place] = RowAction.NEEDS_PERSON.value, _json(open_years)
        warnings[place] = _json([problem for problem in told if problem[1] != YEAR_OPEN])
    return actions, problems, warnings


def _json(problems: list) -> str | None:
    return json.dumps([list(problem) for problem in problems], ensure_ascii=False) if problems else None


def write(table: str, names: tuple[str, ...], chunks: Iterable[Iterable[Plain]]) -> None:
    """Rows as the driver takes them: by COPY on PostgreSQL, by one prepared statement on SQLite."""
    listed = ", ".join(names)
    driver = db.session.connection().connection.driver_connection
    if on_postgresql():
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for rows in chunks:
                for row in rows:
                    copy.write_row(row)
        return
    statement = f"INSERT INTO {table} ({listed}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 (our own names)
    for rows in chunks:
        driver.executemany(statement, rows)


def _speller() -> Callable[[int | None], str | None]:
    """Seconds since 1970 as the database writes moments. Days and clocks repeat: each is spelled once."""
    days: dict[int, str] = {}
    clocks: dict[int, str] = {}
    zone = "+00" if on_postgresql() else ""

    def spell(seconds: int | None) -> str | None:
        if seconds is None:
            return None
        day, clock = divmod(seconds, 86_400)
        try:
            return days[day] + clocks[clock]
        except KeyError:
            days[day] = f"{EPOCH + timedelta(days=day):%Y-%m-%d}"
            clocks[clock] = f" {clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}.000000{zone}"
            return days[day] + clocks[clock]

    return spell


def _short(said: str | None) -> str | None:
    return said[:80] if said else None


def _order_columns(_shop_id: int, at: datetime) -> dict[str, object]:
    moment = _speller()
    mature, settled = round((at - MATURE_AFTER).timestamp()), OrderStatus.SETTLED.value
    keys: dict[tuple, str] = {}

    def trust(paid_at: int | None, settled_fen: int | None, status: str) -> int:
        # As domain.sales.trust_of_order, of whole columns.
        return 3 if settled_fen or status == settled or (paid_at is not None and paid_at <= mature) else 2

    def key(number: str | None, name: str) -> str:
        found = keys.get((number, name))
        if found is None:
            found = product_key(number, name)
            if len(keys) < MANY_PRODUCTS:
                keys[number, name] = found
        return found

    def parcel(number: str | None) -> str | None:
        return keyring().blind_index("parcel", number)[:32] if number else None

    same = ("natural_key", "order_key", "product", "quantity", "paid_fen", "refunded_fen", "settled_fen")
    same += ("commission_fen", "status", "is_gift", "is_live", "province", "empty_parcel")
    moments = ("ordered_at", "paid_at", "shipped_at", "received_at")
    return {
        **{name: name for name in same},
        **{name: (moment, name) for name in moments},
        "session_key": "session_id",
        "sku": (_short, "sku"),
        "host": (_short, "host"),
        "product_key": (key, "product_id", "product"),
        "parcel": (parcel, "parcel"),
        "trust": (trust, "paid_at", "settled_fen", "status"),
    }


def _livestream_columns(shop_id: int, _at: datetime) -> dict[str, object]:
    moment = _speller()

    def key(session_id: str | None, started_at: int) -> str:
        return session_id or start_key(shop_id, EPOCH + timedelta(seconds=started_at))

    def basis(said: str | None, refund_fen: int | None) -> str | None:
        return said if refund_fen is not None else None

    renamed = ("natural_key", "session_key", "started_at", "ended_at", "refund_basis", "trust")
    return {
        **{name: name for name in LivestreamFacts.__annotations__ if name not in renamed},
        "natural_key": (key, "session_id", "started_at"),
        "session_key": "session_id",
        "started_at": (moment, "started_at"),
        "ended_at": (moment, "ended_at"),
        "refund_basis": (basis, "refund_basis", "refund_fen"),
        "trust": (lambda _started_at: BROADCAST_TRUST, "started_at"),
    }


def _settlement_columns(_shop_id: int, _at: datetime) -> dict[str, object]:
    moment = _speller()
    same = [name for name in SettlementFacts.__annotations__ if name != "settled_at"]
    return {**{name: name for name in same}, "settled_at": (moment, "settled_at")}


_COLUMNS: dict[SalesKind, Callable[[int, datetime], dict[str, object]]] = {
    SalesKind.LIVE_SESSION: _livestream_columns,
    SalesKind.ORDER: _order_columns,
    SalesKind.SETTLEMENT: _settlement_columns,
}


def by_row(problems: Iterable[Problem]) -> dict[int, list[tuple[str, str, dict]]]:
    """Row number → [(heading, code, values)…]."""
    found: dict[int, list] = {}
    for problem in problems:
        found.setdefault(problem.row, []).append((problem.field, problem.code, dict(problem.values)))
    return found
