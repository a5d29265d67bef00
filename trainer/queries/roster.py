"""Rosters taken in for a cohort: the batches, their rows as staff see them (phone and ID number masked), the rejected ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from trainer.database import db
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.imports import BatchState, ImportKind, RowAction
from trainer.domain.people import mask_id_number, mask_phone
from trainer.domain.person import PersonKind
from trainer.domain.roster import Change
from trainer.domain.roster_plan import ENROLMENT, PlannedRow, from_content
from trainer.models.imports import ImportBatch, ImportRow
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.queries.import_batch import BatchHead, batch_heads
from trainer.queries.region import region_names
from trainer.queries.scoping import Page, fetch_page

# Rows worth a look that are no action of their own: with remarks, and after undoing those that stayed.
WITH_REMARKS, LEFT = "remarks", "left"
KINDS = (
    *(RowAction.NEEDS_PERSON, RowAction.REJECTED, RowAction.DUPLICATE),
    *(RowAction.UPDATE, RowAction.NEW, RowAction.SAME),
)


@dataclass(frozen=True)
class RosterBatch(BatchHead):
    """One roster of a cohort."""

    @property
    def has_work(self) -> bool:
        """Whether taking it in would change anything."""
        decided = self.count(RowAction.NEEDS_PERSON) - self.summary["undecided"]
        return bool(self.count(RowAction.NEW) or self.count(RowAction.UPDATE) or decided)


@dataclass(frozen=True)
class PersonCard:
    """Enough to tell two women apart."""

    id: int
    name: str
    region: str
    township: str | None
    village: str | None
    phone: str
    id_number: str


@dataclass(frozen=True)
class RosterLine:
    """A row of the file as staff see it; `left` is the code why undoing stopped here."""

    planned: PlannedRow
    phone: str
    id_number: str
    candidates: tuple[PersonCard, ...]
    changes: tuple[Change, ...]
    left: str | None

    @property
    def number(self) -> int:
        return self.planned.row.row

    @property
    def place(self) -> str:
        row = self.planned.row
        return " ".join(part for part in (row.county, row.township, row.village) if part)


def get_batch(batch_id: int) -> RosterBatch | None:
    row = db.session.execute(batch_heads(ImportKind.ROSTER).where(ImportBatch.id == batch_id)).one_or_none()
    return RosterBatch(*row) if row else None


def list_batches(cohort_id: int, *, most: int = 20) -> list[RosterBatch]:
    """The newest first."""
    return [
        RosterBatch(*row)
        for row in db.session.execute(
            batch_heads(ImportKind.ROSTER).where(ImportBatch.cohort_id == cohort_id).limit(most)
        )
    ]


def get_earlier(batch: RosterBatch) -> RosterBatch | None:
    """The same file, taken in for the same cohort before."""
    statement = batch_heads(ImportKind.ROSTER).where(
        *(ImportBatch.cohort_id == batch.cohort_id, ImportBatch.sha256 == batch.sha256),
        *(ImportBatch.state == BatchState.COMMITTED, ImportBatch.id < batch.id),
    )
    row = db.session.execute(statement.limit(1)).one_or_none()
    return RosterBatch(*row) if row else None


def first_lines(batch_id: int, *, most: int = 5) -> dict[RowAction, list[RosterLine]]:
    """The first rows of each kind, in the order in which staff should look at them."""
    place = func.row_number().over(partition_by=ImportRow.action, order_by=ImportRow.row_number)
    ranked = select(ImportRow.id, place.label("place")).where(ImportRow.batch_id == batch_id).subquery()
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content, ImportRow.problems)
        .join(ranked, ranked.c.id == ImportRow.id)
        .where(ranked.c.place <= most)
        .order_by(ImportRow.row_number)
    ).all()
    lines = _lines(rows)
    found = {kind: [line for line in lines if line.planned.action is kind] for kind in KINDS}
    return {kind: of_kind for kind, of_kind in found.items() if of_kind}


def lines_page(batch_id: int, kind: str, *, page: int = 1, per_page: int = 20) -> Page[RosterLine]:
    """Rows of one action, WITH_REMARKS or LEFT."""
    statement = select(ImportRow.action, ImportRow.content, ImportRow.problems).where(ImportRow.batch_id == batch_id)
    if kind == WITH_REMARKS:
        statement = statement.where(func.json_array_length(ImportRow.warnings) > 0)
    elif kind == LEFT:
        statement = statement.where(_stayed())
    else:
        statement = statement.where(ImportRow.action == RowAction(kind))
    found = fetch_page(statement.order_by(ImportRow.row_number), tuple, page=page, per_page=per_page)
    return Page(_lines(found.items), found.total, found.page, found.per_page)


def _stayed():
    return (func.json_array_length(ImportRow.problems) > 0) & (ImportRow.action != RowAction.REJECTED)


def list_bad_rows(batch_id: int) -> list[PlannedRow]:
    """What was not taken in and may be mended: rejected rows, and those for which nobody was found."""
    rows = db.session.execute(
        select(ImportRow.action, ImportRow.content)
        .where(
            ImportRow.batch_id == batch_id,
            ImportRow.action.in_([RowAction.REJECTED, RowAction.NEEDS_PERSON]),
            ImportRow.target_id.is_(None),
        )
        .order_by(ImportRow.row_number)
    )
    return [from_content(*row) for row in rows]


def _lines(rows: Iterable[tuple]) -> list[RosterLine]:
    """Two further statements whatever the number of rows: whom they might be, and the names of regions."""
    planned = [(from_content(action, content), problems) for action, content, problems in rows]
    cards = list_cards({person for line, _ in planned for person in line.might_be})
    regions = _region_names(line for line, _ in planned)
    return [
        RosterLine(
            line,
            mask_phone(line.row.phone),
            mask_id_number(line.row.id_number),
            tuple(cards[person] for person in line.might_be if person in cards),
            tuple(_masked(change, regions) for change in line.changes),
            problems[0][1] if problems and line.action is not RowAction.REJECTED else None,
        )
        for line, problems in planned
    ]


def list_cards(people: set[int]) -> dict[int, PersonCard]:
    if not people:
        return {}
    rows = db.session.execute(
        select(
            *(Person.id, Person.name, Region.name, Person.township, Person.village),
            *(Person.phone, Person.id_number),
        )
        .join(Region, Region.code == Person.region_code)
        .where(Person.id.in_(people))
    )
    return {
        row[0]: PersonCard(*row[:5], phone=mask_phone(row.phone), id_number=mask_id_number(row.id_number))
        for row in rows
    }


def _region_names(lines: Iterable[PlannedRow]) -> Mapping[str, str]:
    changes = (change for line in lines for change in line.changes if change.field == "region_code")
    return region_names({code for change in changes for code in (change.old, change.new)})


def _masked(change: Change, regions: Mapping[str, str]) -> Change:
    """As it may stand on a page."""
    show = {
        "phone": mask_phone,
        "id_number": mask_id_number,
        "birth_year": lambda year: f"{str(year)[:2]}**" if year else None,
        "region_code": lambda code: regions.get(code, code),
        "kind": lambda kind: PersonKind(kind) if kind else None,
        ENROLMENT: EnrolmentStatus,
    }.get(change.field)
    return Change(change.field, show(change.old) or None, show(change.new)) if show else change
