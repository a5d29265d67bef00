"""What would happen to each row of a roster: reckoned for the preview and again, the same way, before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trainer.domain.consent import ConsentScope
from trainer.domain.enrolment import ON_THE_ROLL, EnrolmentStatus
from trainer.domain.imports import RowAction
from trainer.domain.past_cohort import CERTIFICATE
from trainer.domain.roster import (
    Change,
    KnownPerson,
    Match,
    Register,
    Remark,
    RosterRow,
    changes_for,
    find_county,
    find_duplicates,
    match_row,
)
from trainer.domain.roster_plan import ENROLMENT, LEAVE_OUT, NEW_WOMAN, SAME_WOMAN, TAKEN_IN, PlannedRow
from trainer.errors import Refused
from trainer.models.programme import Cohort
from trainer.queries.certificate import numbers_taken
from trainer.queries.register import Known, get_known, indexes_of


class PersonTaken(Refused):
    """Two rows of the file cannot be the same person of the register."""

    code = "person_taken_by_row"


class IdNumberTaken(Refused):
    """Somebody new cannot have an ID number that is somebody else's."""

    code = "id_number_taken"


@dataclass(frozen=True)
class Taking:
    """A row that is to be taken in: for somebody new (`person` None) or somebody of the register."""

    planned: PlannedRow
    person: KnownPerson | None
    changes: tuple[Change, ...] = field(repr=False)


@dataclass(frozen=True)
class Plan:
    rows: tuple[PlannedRow, ...]
    known: Known

    def count(self, action: RowAction) -> int:
        return sum(planned.action is action for planned in self.rows)

    @property
    def duplicates(self) -> list[tuple[int, int]]:
        return [(p.of_row, p.row.row) for p in self.rows if p.action is RowAction.DUPLICATE and p.of_row]


def make_plan(cohort: Cohort, rows: Sequence[RosterRow], decisions: Mapping[int, str] | None = None) -> Plan:
    """Reads only; the number of statements does not depend on the number of rows."""
    known, rows = get_known(cohort, rows), _with_free_numbers(rows)
    register = Register(known.people)
    found = find_duplicates(rows)
    dropped = {later: first for first, later in found.pairs}
    planned: list[PlannedRow] = []
    taken: dict[int, int] = {}
    for row in rows:
        line = _plan_row(row, register, known, dropped.get(row.row), found.needs_a_person.get(row.row))
        if line.person_id in taken and line.action in TAKEN_IN:
            line = PlannedRow(row, RowAction.DUPLICATE, of_row=taken[line.person_id])
        elif line.person_id and line.action in TAKEN_IN:
            taken[line.person_id] = row.row
        planned.append(replace(line, decision=(decisions or {}).get(row.row, "")))
    return Plan(tuple(planned), known)


def _with_free_numbers(rows: Sequence[RosterRow]) -> Sequence[RosterRow]:
    """Of a class that is over: a certificate's number that is somebody's already refuses its row."""
    taken = numbers_taken({row.past[CERTIFICATE] for row in rows if CERTIFICATE in row.past})
    return [_refused(row) if row.past.get(CERTIFICATE) in taken else row for row in rows] if taken else rows


def _refused(row: RosterRow) -> RosterRow:
    taken = Remark(CERTIFICATE, "certificate_number_taken", {"number": row.past[CERTIFICATE]})
    return row if taken in row.problems else replace(row, problems=(*row.problems, taken))


def _plan_row(row: RosterRow, register: Register, known: Known, first: int | None, conflict: str | None) -> PlannedRow:
    if row.problems:
        return PlannedRow(row, RowAction.REJECTED, remarks=row.warnings)
    if first:
        return PlannedRow(row, RowAction.DUPLICATE, of_row=first, remarks=row.warnings)
    region_code = find_county(row.county, known.counties) if row.county else None
    index = indexes_of(row)
    near = register.near(row, index.id_number)
    match = match_row(
        row, near, id_index=index.id_number, phone_index=index.phone, resolved={"region_code": region_code}
    )
    match = _without_withdrawn(match, known)
    conflict = conflict or _left(match.person_id, known)
    if conflict or match.action is RowAction.NEEDS_PERSON:
        match = _for_a_person(match, conflict, near)
    accounts, remarks = _accounts(row, match.person_id, known)
    joining = _onto_the_roll(match.person_id, known)
    return PlannedRow(
        row,
        _action(match, bool(accounts or joining), known),
        match.person_id,
        (*match.changes, *accounts, *joining),
        match.reason,
        match.might_be,
        region_code=region_code,
        remarks=(*row.warnings, *_remarks(row, region_code, match, known), *remarks),
    )


def _without_withdrawn(match: Match, known: Known) -> Match:
    """A roster does not bring back an ID number that she had erased: only she herself, or a paper of hers, does."""
    changes = _heeded(match.changes, match.person_id, known)
    is_same = match.action is RowAction.UPDATE and not changes
    return replace(match, changes=changes, action=RowAction.SAME if is_same else match.action)


def _heeded(changes: tuple[Change, ...], person_id: int | None, known: Known) -> tuple[Change, ...]:
    if ConsentScope.ID_NUMBER not in known.withdrawn.get(person_id, ()):
        return changes
    return tuple(change for change in changes if change.field != "id_number")


def _for_a_person(match: Match, conflict: str | None, near: Iterable[KnownPerson]) -> Match:
    """Whom it might be: those the match names, else every namesake near by."""
    might_be = match.might_be or ((match.person_id,) if match.person_id else tuple(p.person_id for p in near))
    return Match(RowAction.NEEDS_PERSON, reason=conflict or match.reason, might_be=might_be)


def _left(person_id: int | None, known: Known) -> str | None:
    """That she left or was not admitted was somebody's decision: a list alone does not undo it."""
    _enrolment, status = known.enrolments.get(person_id, (None, None))
    return "left_the_cohort" if status in (EnrolmentStatus.WITHDRAWN, EnrolmentStatus.REJECTED) else None


def _onto_the_roll(person_id: int | None, known: Known) -> tuple[Change, ...]:
    """Who has a place in the cohort without being on its roll, and stands on the county's list: she is in training."""
    _enrolment, status = known.enrolments.get(person_id, (None, None))
    return () if status is None or status in ON_THE_ROLL else (Change(ENROLMENT, status, EnrolmentStatus.ACTIVE),)


def _action(match: Match, has_more: bool, known: Known) -> RowAction:
    if match.action is RowAction.NEEDS_PERSON or match.person_id is None:
        return match.action
    if match.person_id not in known.enrolments:
        return RowAction.NEW
    return RowAction.UPDATE if has_more else match.action


def _accounts(row: RosterRow, person_id: int | None, known: Known) -> tuple[list[Change], list[Remark]]:
    """The shop accounts that would be made, and those that are somebody else's."""
    new, remarks = [], []
    for platform, account in row.accounts.items():
        owner = known.account_owners.get((platform, account))
        if owner is None:
            new.append(Change(f"accounts.{platform}", None, account))
        elif owner != person_id:
            remarks.append(Remark(platform, "account_of_another", {}))
    return new, remarks


def _remarks(row: RosterRow, region_code: str | None, match: Match, known: Known) -> Iterable[Remark]:
    if row.county and not region_code:
        yield Remark("county", "county_unknown", {"text": row.county[:20]})
    withdrawn = known.withdrawn.get(match.person_id, frozenset())
    if ConsentScope.BASIC in withdrawn:
        yield Remark("name", "basic_withdrawn", {})
    if ConsentScope.ID_NUMBER in withdrawn and row.id_number:
        yield Remark("id_number", "id_number_withdrawn", {})


def settle(plan: Plan) -> list[Taking]:
    """The rows to take in, decisions carried out; raises PersonTaken or IdNumberTaken where two of them clash."""
    people = {person.person_id: person for person in plan.known.people}
    holders = {person.id_index: person.person_id for person in plan.known.people if person.id_index}
    rows_of: dict[int, int] = {}
    ids_of: dict[str, int] = {}
    takings = []
    # What is settled by itself goes before what somebody decided.
    for planned in sorted(plan.rows, key=lambda p: (p.action is RowAction.NEEDS_PERSON, p.row.row)):
        taking = _taking(planned, people, plan.known)
        if taking is None:
            continue
        if taking.person and rows_of.setdefault(taking.person.person_id, planned.row.row) != planned.row.row:
            raise PersonTaken(row=planned.row.row, other=rows_of[taking.person.person_id])
        _check_id_number(taking, holders, ids_of)
        takings.append(taking)
    return sorted(takings, key=lambda taking: taking.planned.row.row)


def _taking(planned: PlannedRow, people: Mapping[int, KnownPerson], known: Known) -> Taking | None:
    if planned.action in TAKEN_IN:
        return Taking(planned, people.get(planned.person_id), planned.changes)
    if planned.action is not RowAction.NEEDS_PERSON or planned.decision in ("", LEAVE_OUT):
        return None
    if planned.decision == NEW_WOMAN:
        return Taking(planned, None, tuple(c for c in planned.changes if c.field.startswith("accounts.")))
    person = people[int(planned.decision.removeprefix(SAME_WOMAN))]
    index = indexes_of(planned.row)
    changes = changes_for(
        planned.row,
        person,
        id_index=index.id_number,
        phone_index=index.phone,
        resolved={"region_code": planned.region_code},
    )
    accounts = (change for change in planned.changes if change.field.startswith("accounts."))
    joining = _onto_the_roll(person.person_id, known)
    return Taking(planned, person, (*_heeded(changes, person.person_id, known), *accounts, *joining))


def _check_id_number(taking: Taking, holders: Mapping[str, int], ids_of: dict[str, int]) -> None:
    row = taking.planned.row
    index = indexes_of(row).id_number
    if index is None:
        return
    person_id = taking.person.person_id if taking.person else None
    if holders.get(index, person_id) != person_id or ids_of.setdefault(index, row.row) != row.row:
        raise IdNumberTaken(row=row.row)
