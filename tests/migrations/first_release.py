"""A database as the first release left it, with somebody and something in every table that a later migration touches."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta

import flask_migrate
from sqlalchemy import MetaData, insert

from tests.factories import PASSWORD
from trainer import clock
from trainer.crypto import hash_password, hash_token, keyring
from trainer.database import db, transaction
from trainer.domain.audit import FIRST_HASH, Event

REVISION = "e4f9eeb131cd"
AT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
PHONE, ID_NUMBER, TOKEN = "14000005555", "140299199002140044", "the cookie of a session from before"


@dataclass
class Old:
    """Rows by what they are called here."""

    tables: MetaData
    ids: dict[str, int]

    def put(self, table: str, called: str = "", **values: object) -> int:
        """One row by plain SQL; the model's classes are of today."""
        found = self.tables.tables[table]
        moments = {name: _as_stored(value) for name, value in values.items()}
        made = db.session.execute(insert(found).values(**moments).returning(next(iter(found.primary_key.columns))))
        self.ids[called or table] = made.scalar_one()
        return self.ids[called or table]


def _as_stored(value: object) -> object:
    if isinstance(value, datetime) and db.session.get_bind().dialect.name == "sqlite":
        return value.astimezone(UTC).replace(tzinfo=None)
    return value


def build() -> Old:
    """From nothing to the first release, then its rows."""
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    flask_migrate.upgrade(revision=REVISION)
    tables = MetaData()
    tables.reflect(db.engine)
    old = Old(tables, {})
    with transaction():
        _programme(old)
        _people(old)
        _accounts(old)
        _roster(old)
        _audit_chain(old)
    db.session.remove()
    return old


def _programme(old: Old) -> None:
    for code, name, level, parent in (("140000", "山西省", 1, None), ("140200", "大同市", 2, "140000")):
        old.put("regions", code=code, name=name, level=level, parent_code=parent)
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    made = {"region_code": "140200", "created_at": AT, "version": 1}
    programme = old.put("programmes", name="帮扶计划", description="", **days, **made)
    place = {"place": "云州区", "capacity": 50, "teacher_name": "李老师", "teacher_phone": "14000009999"}
    named = {"code": "DT-01", "name": "第一期", "track": "foundation", "programme_id": programme}
    old.put("cohorts", **named, **place, **days, **made)


def _people(old: Old) -> None:
    keys = keyring()
    for called, phone, id_number in (("woman", PHONE, ID_NUMBER), ("other", "14000006666", None)):
        person = old.put(
            "people",
            called,
            name="王秀芳",
            name_pinyin="wangxiufang",
            name_initials="wxf",
            phone=keys.encrypt(phone),
            phone_index=keys.blind_index("phone", phone),
            id_number=keys.encrypt(id_number) if id_number else None,
            id_number_index=keys.blind_index("id_number", id_number) if id_number else None,
            region_code="140200",
            created_at=AT,
            updated_at=AT,
            version=3,
        )
        seat = {"seat_number": person, "status": "active", "joined_on": date(2026, 3, 9)}
        old.put("enrolments", cohort_id=old.ids["cohorts"], person_id=person, **seat)
    given = {"person_id": old.ids["woman"], "notice_version": "1", "channel": "paper", "given_at": AT}
    old.put("consents", "in force", scope="basic", **given)
    old.put("consents", "withdrawn", scope="publication", withdrawn_at=AT + timedelta(days=2), **given)


def _accounts(old: Old) -> None:
    made = {"active": True, "created_at": AT, "version": 1}
    old.put("accounts", "manager", username="manager", name="张经理", password_hash=hash_password(PASSWORD), **made)
    old.put("accounts", "trainee", name="王秀芳", person_id=old.ids["woman"], **made)
    grant = {"granted_at": AT, "granted_by": old.ids["manager"]}
    old.put("role_grants", account_id=old.ids["manager"], role="manager", region_code="140200", **grant)
    old.put("role_grants", account_id=old.ids["trainee"], role="trainee", **grant)
    times = {"created_at": clock.now(), "last_seen_at": clock.now(), "expires_at": clock.now() + timedelta(hours=12)}
    kind = {"is_device": False, "user_agent": "Mozilla/5.0"}
    old.put("sessions", account_id=old.ids["manager"], token_hash=hash_token(TOKEN), **times, **kind)


def _roster(old: Old) -> None:
    told = {"kind": "roster", "filename": "名单.xlsx", "sha256": "0" * 64, "state": "committed", "summary": {"new": 2}}
    made = {"created_at": AT, "created_by": old.ids["manager"], "committed_at": AT, "version": 2}
    batch = old.put("import_batches", cohort_id=old.ids["cohorts"], **told, **made)
    row = {"row_number": 2, "action": "new", "problems": [], "warnings": [], "target_id": old.ids["enrolments"]}
    old.put("import_rows", batch_id=batch, content=keyring().encrypt('{"phone": "14000005555"}'), **row)


def _audit_chain(old: Old) -> None:
    previous = FIRST_HASH
    for seq in range(1, 6):
        event = Event(
            seq=seq,
            at=AT + timedelta(minutes=seq),
            account_id=old.ids["manager"],
            actor_name="张经理",
            action="roster.commit",
            object_type="cohort",
            object_id=str(old.ids["cohorts"]),
            success=seq != 3,
            details={"after": {"new": seq}},
            previous_hash=previous,
        )
        previous = event.reckon()
        values = asdict(replace(event, hash=previous))
        values.pop("address")
        old.put("audit_events", f"event {seq}", **values)


def everything() -> dict[str, list[tuple]]:
    """Every row of every table of the first release, in its own columns, as the database holds it."""
    found = {}
    with db.engine.connect() as connection:
        old = MetaData()
        old.reflect(connection)
        for table in old.sorted_tables:
            if table.name not in ("alembic_version", "regions"):
                rows = connection.execute(table.select().order_by(*table.primary_key.columns)).mappings()
                found[table.name] = [dict(row) for row in rows]
    return found
