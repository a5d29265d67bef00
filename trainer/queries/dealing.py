"""Who may read in a round, what there is to read, and who reads what already."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from trainer.database import db
from trainer.domain.actors import Role
from trainer.domain.assignment import Links, links_of
from trainer.domain.panel import SeatState
from trainer.domain.selection import ApplicationState, AssignmentOrigin
from trainer.models.account import Account, RoleGrant
from trainer.models.application import Application
from trainer.models.panel import PanelSeat
from trainer.models.person import Person
from trainer.models.region import Region
from trainer.models.review import Assignment, Review
from trainer.models.selection import Candidacy
from trainer.queries.conflict import is_held
from trainer.queries.scoping import Page, fetch_page


@dataclass(frozen=True)
class Member:
    """An evaluator who has accepted; `region_code`: where she is from, `most`: she reads no more."""

    account_id: int
    name: str
    organisation: str | None
    region_code: str | None
    region: str | None
    most: int | None
    declared: bool


def list_members(round_id: int) -> list[Member]:
    """In the order of their numbers."""
    is_evaluator = exists().where(
        RoleGrant.account_id == Account.id, RoleGrant.role == Role.EVALUATOR, RoleGrant.revoked_at.is_(None)
    )
    rows = db.session.execute(
        select(
            *(Account.id, Account.name, Account.organisation, PanelSeat.region_code, Region.name),
            *(PanelSeat.max_load, PanelSeat.declared_at.is_not(None)),
        )
        .join(PanelSeat, PanelSeat.account_id == Account.id)
        .outerjoin(Region, Region.code == PanelSeat.region_code)
        .where(PanelSeat.round_id == round_id, PanelSeat.state == SeatState.ACCEPTED, Account.active, is_evaluator)
        .order_by(Account.id)
    )
    return [Member(*row) for row in rows]


@dataclass(frozen=True)
class FileRow:
    """A live candidate of a round, by her code and county."""

    application_id: int
    code: str
    region_code: str
    region: str


def _files(round_id: int):
    return (
        select(Application.id, Application.code, Person.region_code, Region.name)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .join(Person, Person.id == Application.person_id)
        .join(Region, Region.code == Person.region_code)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.code)
    )


def list_files(round_id: int) -> list[FileRow]:
    return [FileRow(*row) for row in db.session.execute(_files(round_id))]


def files_page(round_id: int, *, text: str = "", page: int = 1, per_page: int = 20) -> Page[FileRow]:
    statement = _files(round_id)
    if text:
        statement = statement.where(Application.code == text.upper())
    return fetch_page(statement, lambda row: FileRow(*row), page=page, per_page=per_page)


def get_file(round_id: int, application_id: int) -> FileRow | None:
    row = db.session.execute(_files(round_id).where(Application.id == application_id)).one_or_none()
    return FileRow(*row) if row else None


@dataclass(frozen=True)
class ReadingRow:
    """One evaluator's reading of one application. `counts`: not withdrawn, and no conflict holds."""

    id: int
    application_id: int
    account_id: int
    name: str
    region_code: str | None
    position: int
    origin: AssignmentOrigin
    wave: int
    reason: str
    withdrawn: bool
    withdrawn_reason: str
    held: bool
    submitted: bool
    begun: bool

    @property
    def counts(self) -> bool:
        return not self.withdrawn and not self.held


def list_readings(round_id: int, application_ids: list[int] | None = None) -> list[ReadingRow]:
    """Of live candidates, withdrawn ones too; `application_ids`: of these alone. One statement."""
    seat = aliased(PanelSeat)
    statement = (
        select(
            *(Assignment.id, Assignment.application_id, Assignment.account_id, Account.name, seat.region_code),
            *(Assignment.position, Assignment.origin, Assignment.wave, Assignment.reason),
            *(Assignment.withdrawn_at.is_not(None), Assignment.withdrawn_reason),
            is_held(Assignment.application_id, Assignment.account_id),
            Review.submitted_version.is_not(None),
            Review.assignment_id.is_not(None),
        )
        .join(Account, Account.id == Assignment.account_id)
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(seat, (seat.round_id == Assignment.round_id) & (seat.account_id == Assignment.account_id))
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(Assignment.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Assignment.application_id, Assignment.account_id)
    )
    if application_ids is not None:
        statement = statement.where(Assignment.application_id.in_(application_ids))
    return [ReadingRow(*row) for row in db.session.execute(statement)]


def round_links(round_id: int) -> Links:
    """How the round's evaluators hang together as it is dealt now."""
    rows = db.session.execute(
        select(Assignment.application_id, Assignment.account_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.round_id == round_id,
            Assignment.withdrawn_at.is_(None),
            Application.state == ApplicationState.SUBMITTED,
            ~is_held(Assignment.application_id, Assignment.account_id),
        )
    )
    return links_of([tuple(row) for row in rows])


def last_positions(round_id: int) -> dict[int, int]:
    """Account → the last place in her order of reading."""
    rows = db.session.execute(
        select(Assignment.account_id, func.max(Assignment.position))
        .where(Assignment.round_id == round_id)
        .group_by(Assignment.account_id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class MemberLine:
    """An evaluator with what she reads: how many of them in her own county, and how many from which county.

    `on_panel` False: she has left, and what she submitted counts.
    """

    member: Member
    reads: int
    submitted: int
    own: int
    counties: tuple[tuple[str, int], ...]
    on_panel: bool = True


def member_lines(
    members: list[Member],
    files: list[FileRow],
    pairs: Collection[tuple[int, int]],
    readings: Collection[ReadingRow] = (),
) -> list[MemberLine]:
    """Of (application, account) pairs, as they stand or as they would; no statement."""
    known = {member.account_id for member in members}
    reading = {account for _, account in pairs}
    gone = {r.account_id: r.name for r in readings if r.counts and r.account_id in reading - known}
    others = [Member(account, name, None, None, None, None, False) for account, name in sorted(gone.items())]
    done = {(r.application_id, r.account_id) for r in readings if r.submitted}
    by_id = {file.application_id: file for file in files}
    lines = []
    for member in (*members, *others):
        own = [by_id[application] for application, account in pairs if account == member.account_id]
        lines.append(
            MemberLine(
                member,
                len(own),
                sum((file.application_id, member.account_id) in done for file in own),
                sum(file.region_code == member.region_code for file in own),
                tuple(sorted(Counter(file.region for file in own).items(), key=lambda pair: (-pair[1], pair[0]))),
                member.account_id in known,
            )
        )
    return lines


def planned_readers(readers: int, members: list[Member]) -> int:
    """How many a candidate should have: as dealt, or as many as are left."""
    return min(readers, len(members)) or readers
