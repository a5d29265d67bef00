"""A previewed roster taken in: people, enrolments, consents and shop accounts, set-wise and all or nothing."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from trainer.crypto import keyring
from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.consent import NOTICE_VERSION, ConsentChannel, ConsentScope
from trainer.domain.days import china_day, day_begins
from trainer.domain.enrolment import EnrolmentStatus, StatusCause
from trainer.domain.imports import BatchClosed, BatchState, ImportKind
from trainer.domain.past_cohort import CERTIFICATE, ISSUED_ON, MINUTES, NOT_COMPLETED
from trainer.domain.people import mask_id_number, mask_phone
from trainer.domain.roster import Change
from trainer.domain.roster_plan import ENROLMENT
from trainer.errors import Conflict
from trainer.models.enrolment import Enrolment, EnrolmentEvent
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.person import Consent, Person
from trainer.models.programme import Cohort
from trainer.models.sales import Shop
from trainer.pinyin import name_initials, name_pinyin
from trainer.queries.certificate_facts import past_facts
from trainer.queries.register import KEPT
from trainer.services import audit
from trainer.services.certificate import take_over
from trainer.services.enrolment import move_enrolment
from trainer.services.idempotency import dialect_insert
from trainer.services.import_batch import hold_batch
from trainer.services.outcomes import touch_cohort
from trainer.services.phone_tails import tail_index
from trainer.services.roster import list_staged
from trainer.services.roster_plan import Plan, Taking, make_plan, settle

# Values the trail of acts may hold, for it is never blanked; of the others it says only that they changed.
SHOWN_IN_AUDIT: dict[str, Callable[[object], object]] = {
    "phone": mask_phone,
    "id_number": mask_id_number,
    **{name: lambda value: value for name in ("sex", "education", "region_code", "has_shop")},
}
# Two new people alike in all of this are alike in everything that is stored.
LIKENESS = ("name", "id_number_index", "phone_index", *(name for name in KEPT if name not in ("id_number", "phone")))


class RegisterChanged(Conflict):
    """Rows of the preview would do something else now; it has to be looked at again."""

    code = "register_changed"


def joining_day(cohort: Cohort, at: datetime) -> date:
    """From when lessons count for women added now: today for latecomers, else the first day (also where the class is
    over and is entered afterwards)."""
    today = china_day(at)
    return today if cohort.starts_on < today <= cohort.ends_on else cohort.starts_on


def commit(batch_id: int, *, by: Actor, at: datetime, joined_on: date | None = None) -> ImportBatch:
    """Take the batch in; lessons before `joined_on` (see joining_day) are none of the new ones' business.

    Doing it twice is harmless. Raises RegisterChanged(rows=…), BatchClosed.
    """
    batch = hold_batch(batch_id, ImportKind.ROSTER)
    if batch.state is BatchState.COMMITTED:
        return batch
    if batch.state is not BatchState.PREVIEWED:
        raise BatchClosed()
    cohort = db.session.get(Cohort, batch.cohort_id)
    plan = _same_plan(cohort, batch.id)
    takings = settle(plan)
    people = _Writer(cohort, plan, takings, joined_on or joining_day(cohort, at), by, at).write()
    _keep_for_undo(batch.id, people)
    batch.state, batch.committed_at = BatchState.COMMITTED, at
    batch.summary = batch.summary | {
        "taken_in": len(takings),
        "enrolled": sum(done["enrolment_made"] or "was" in done for done in people),
        "left_out": len(plan.rows) - len(takings),
    }
    audit.record("roster.commit", "import_batch", batch.id, by=by, at=at, cohort=cohort.id, **_told(takings, people))
    return batch


def _same_plan(cohort: Cohort, batch_id: int) -> Plan:
    staged = list_staged(batch_id)
    plan = make_plan(cohort, [p.row for p in staged], {p.row.row: p.decision for p in staged})
    stale = sum(now.outcome != then.outcome for now, then in zip(plan.rows, staged, strict=True))
    if stale:
        raise RegisterChanged(rows=stale)
    return plan


class _Writer:
    """One statement a table, whatever the number of rows; `done[i]` is what was made or changed for `takings[i]`."""

    def __init__(
        self, cohort: Cohort, plan: Plan, takings: Sequence[Taking], joined_on: date, by: Actor, at: datetime
    ) -> None:
        self.cohort, self.plan, self.takings = cohort, plan, takings
        self.joined_on, self.by, self.at = joined_on, by, at
        self.done: list[dict] = [
            {
                "row": taking.planned.row.row,
                "person_id": taking.person.person_id if taking.person else None,
                "person_made": taking.person is None,
                "enrolment_made": False,
                "version": None,
                "old": None,
                "shops": [],
            }
            for taking in takings
        ]

    def write(self) -> list[dict]:
        self._insert_people()
        self._update_people()
        self._insert_shops()
        self._enrol()
        self._record_consents()
        if self.cohort.is_taken_over:
            self._take_certificates_over()
        if joining := [done for done in self.done if "was" in done]:
            self._put_on_the_roll(joining)
        return self.done

    def _pairs(self):
        return zip(self.takings, self.done, strict=True)

    def _insert_people(self) -> None:
        new = [(taking, done) for taking, done in self._pairs() if taking.person is None]
        if not new:
            return
        values = [
            _new_values(taking, self.cohort) | {"created_at": self.at, "updated_at": self.at} for taking, _ in new
        ]
        made = _insert_people(values)
        for (_taking, done), row in zip(new, values, strict=True):
            done["person_id"], done["version"] = made[_likeness(row)].pop(), 1

    def _update_people(self) -> None:
        changed = [
            (taking, done)
            for taking, done in self._pairs()
            if taking.person and any("." not in change.field for change in taking.changes)
        ]
        values = []
        for taking, done in changed:
            old = {name: taking.person.values[name] for name in KEPT} | {"name": taking.person.name}
            done["old"], done["version"] = old, self.plan.known.versions[taking.person.person_id] + 1
            new = old | {change.field: change.new for change in taking.changes if "." not in change.field}
            values.append({"person": taking.person.person_id, "to": done["version"]} | stored_values(new))
        update_people(values, at=self.at)

    def _insert_shops(self) -> None:
        wanted = [
            (done, {"platform": change.field.removeprefix("accounts."), "account_uid": change.new})
            for taking, done in self._pairs()
            for change in taking.changes
            if change.field.startswith("accounts.")
        ]
        if not wanted:
            return
        rows = [
            {"person_id": done["person_id"], "name": shop["account_uid"], "created_at": self.at} | shop
            for done, shop in wanted
        ]
        made = db.session.execute(
            _insert_missing(Shop).returning(Shop.id, Shop.person_id, Shop.platform, Shop.account_uid), rows
        )
        shops: dict[int, list[int]] = {}
        for shop_id, person_id, *_account in made:
            shops.setdefault(person_id, []).append(shop_id)
        for done in self.done:
            done["shops"] = shops.get(done["person_id"], [])

    def _enrol(self) -> None:
        enrolments = self.plan.known.enrolments
        joining = [done for done in self.done if done["person_id"] not in enrolments]
        for taking, done in self._pairs():
            done["enrolment_id"], before = enrolments.get(done["person_id"], (None, None))
            if any(change.field == ENROLMENT for change in taking.changes):
                done["was"] = before
        if joining:
            self._enrol_new(joining)

    def _enrol_new(self, joining: list[dict]) -> None:
        first = self.plan.known.last_seat + 1
        step = self._how_it_ended() if self.cohort.is_taken_over else lambda _done: self._joins()
        rows = [
            {
                "cohort_id": self.cohort.id,
                "person_id": done["person_id"],
                "seat_number": seat,
                "status": step(done)["status"],
                "joined_on": self.joined_on,
            }
            for seat, done in enumerate(joining, first)
        ]
        made = dict(db.session.execute(insert(Enrolment).returning(Enrolment.person_id, Enrolment.id), rows).all())
        for done in joining:
            done["enrolment_id"], done["enrolment_made"] = made[done["person_id"]], True
        events = [step(done) | {"enrolment_id": done["enrolment_id"], "by": self.by.account_id} for done in joining]
        db.session.execute(insert(EnrolmentEvent), events)
        touch_cohort(self.cohort.id, at=self.at)

    def _joins(self) -> dict[str, object]:
        return {"status": EnrolmentStatus.ACTIVE, "at": self.at, "cause": StatusCause.ROSTER}

    def _how_it_ended(self) -> Callable[[dict], dict[str, object]]:
        """Of a class that was over before this system: dated on its last day, so that tallies of that time hold it."""
        failed = {taking.planned.row.row for taking in self.takings if NOT_COMPLETED in taking.planned.row.past}
        step = {"at": day_begins(self.cohort.ends_on) + timedelta(hours=18), "cause": StatusCause.TAKEN_OVER}
        ended = {True: EnrolmentStatus.NOT_COMPLETED, False: EnrolmentStatus.COMPLETED}
        return lambda done: step | {"status": ended[done["row"] in failed]}

    def _take_certificates_over(self) -> None:
        """With the numbers they had; `certificate` of what is done is kept for undoing."""
        facts = past_facts(self.cohort)
        for taking, done in self._pairs():
            row = taking.planned.row
            if CERTIFICATE not in row.past or not done["enrolment_made"]:
                continue
            hers = replace(facts, name=row.name, minutes=int(row.past.get(MINUTES, facts.minutes)))
            day = date.fromisoformat(row.past.get(ISSUED_ON, self.cohort.ends_on.isoformat()))
            facts_and_day = (row.past[CERTIFICATE], day, hers)
            done["certificate"] = take_over(done["enrolment_id"], *facts_and_day, by=self.by, at=self.at)

    def _put_on_the_roll(self, joining: list[dict]) -> None:
        """Who had a place in the cohort without being on its roll; lessons before today are none of hers where she
        never was on it."""
        ids = [done["enrolment_id"] for done in joining]
        for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)).order_by(Enrolment.id)):
            if enrolment.seat_number is None:
                enrolment.joined_on = self.joined_on
            move_enrolment(enrolment, EnrolmentStatus.ACTIVE, cause=StatusCause.ROSTER, by=self.by, at=self.at)

    def _record_consents(self) -> None:
        """The county's list says that she agreed; where an ID number is kept, to that as well. What she withdrew
        herself it does not give back."""
        withdrawn = self.plan.known.withdrawn
        given = {
            "notice_version": NOTICE_VERSION,
            "channel": ConsentChannel.ROSTER,
            "recorded_by": self.by.account_id,
            "given_at": self.at,
        }
        rows = [
            given | {"person_id": done["person_id"], "scope": scope}
            for taking, done in self._pairs()
            for scope in (ConsentScope.BASIC, *([ConsentScope.ID_NUMBER] if taking.planned.row.id_number else []))
            if scope not in withdrawn.get(done["person_id"], ())
        ]
        if rows:
            db.session.execute(_insert_missing(Consent), rows)


def _insert_people(rows: list[dict]) -> dict[tuple, list[int]]:
    """The new ids by likeness. In order they would come back only from an insert a row (on SQLite)."""
    columns = [Person.id, *(getattr(Person, name) for name in LIKENESS)]
    made: dict[tuple, list[int]] = {}
    for person_id, *said in db.session.execute(insert(Person).returning(*columns), rows):
        made.setdefault(tuple(said), []).append(person_id)
    return made


def _likeness(row: dict) -> tuple:
    return tuple(row[name] for name in LIKENESS)


def _insert_missing(model):
    return dialect_insert()(model).on_conflict_do_nothing()


def _new_values(taking: Taking, cohort: Cohort) -> dict[str, object]:
    row = taking.planned.row
    said = {name: getattr(row, name) for name in KEPT if name != "region_code"}
    region = {"region_code": taking.planned.region_code or cohort.region_code}
    return stored_values(said | region | {"name": row.name})


def stored_values(values: dict[str, object]) -> dict[str, object]:
    """The columns of a person for `values` (name and those of KEPT), with what follows from them."""
    keys, name = keyring(), str(values["name"])
    number, phone = values["id_number"], values["phone"]
    return values | {
        "name_pinyin": name_pinyin(name),
        "name_initials": name_initials(name),
        "id_number_index": keys.blind_index("id_number", str(number)) if number else None,
        "phone_index": keys.blind_index("phone", str(phone)) if phone else None,
        "phone_tail_index": tail_index(phone),
    }


def update_people(values: list[dict[str, object]], *, at: datetime) -> None:
    """Write whole records: `person`, `to` (the version this makes) and the columns of `stored_values`.

    Raises Conflict where one of them is not at the version before.
    """
    if not values:
        return
    columns = [name for name in values[0] if name not in ("person", "to")]
    table = Person.__table__
    statement = (
        update(table)
        .where(table.c.id == bindparam("person"), table.c.version == bindparam("to") - 1)
        .values({name: bindparam(f"new_{name}") for name in columns} | {"version": bindparam("to"), "updated_at": at})
    )
    rows = [
        {"person": row["person"], "to": row["to"]} | {f"new_{name}": row[name] for name in columns} for row in values
    ]
    if db.session.connection().execute(statement, rows).rowcount != len(rows):
        raise Conflict()


def _keep_for_undo(batch_id: int, people: list[dict]) -> None:
    if not people:
        return
    table = ImportRow.__table__
    statement = (
        update(table)
        .where(table.c.batch_id == batch_id, table.c.row_number == bindparam("of_row"))
        .values(target_id=bindparam("enrolment"), before=bindparam("kept"))
    )
    rows = [
        {"of_row": done["row"], "enrolment": done["enrolment_id"], "kept": json.dumps(done, ensure_ascii=False)}
        for done in people
    ]
    db.session.connection().execute(statement, rows)


def _told(takings: Sequence[Taking], people: list[dict]) -> dict[str, object]:
    """What the trail of acts keeps: who is new, who changed in what; phone and ID number only masked."""
    return {
        "people_made": [done["person_id"] for done in people if done["person_made"]],
        "enrolled": [done["enrolment_id"] for done in people if done["enrolment_made"]],
        "people_changed": {
            done["person_id"]: [_told_change(change) for change in taking.changes]
            for taking, done in zip(takings, people, strict=True)
            if taking.person and taking.changes
        },
    }


def _told_change(change: Change) -> list[object]:
    show = SHOWN_IN_AUDIT.get(change.field, lambda _value: "…")
    return [change.field, show(change.old), show(change.new)]
