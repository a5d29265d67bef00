"""An evaluator's own work: her rounds, her files in her order, one sheet. Never another's scores, nor whom she may not judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Boolean, and_, bindparam, case, not_, null, or_, select

from trainer.database import db
from trainer.domain.actors import Scope
from trainer.domain.panel import SeatState
from trainer.domain.selection import (
    RANKED,
    ApplicationState,
    CriterionKind,
    ReviewState,
    RoundKind,
    RoundState,
    SheetDraft,
)
from trainer.models.application import Application, ApplicationFile
from trainer.models.file import StoredFile
from trainer.models.panel import PanelSeat
from trainer.models.person import Person
from trainer.models.review import Assignment, Review, ReviewVersion
from trainer.models.rubric import Criterion, CriterionLevel, Rubric
from trainer.models.selection import Round, Selection
from trainer.queries.calibration import is_uncalibrated
from trainer.queries.conflict import is_held

# A round being prepared is nothing to an evaluator yet, but for her declaration.
SHOWN = (RoundState.OPEN, *RANKED)

# Made once, over the tables: an evaluator asks for these at every sheet.
ASSIGNMENT, APPLICATION, PERSON = Assignment.__table__.c, Application.__table__.c, Person.__table__.c
ROUND, REVIEW, SEAT = Round.__table__.c, Review.__table__.c, PanelSeat.__table__.c
VERSION, SELECTION = ReviewVersion.__table__.c, Selection.__table__.c
FILE, STORED = ApplicationFile.__table__.c, StoredFile.__table__.c
# What she may read: hers still, a candidate still, no conflict; in rounds she has said yes to.
READABLE = (
    ASSIGNMENT.withdrawn_at.is_(None),
    APPLICATION.state == ApplicationState.SUBMITTED,
    ROUND.state.in_(SHOWN),
    SEAT.state == SeatState.ACCEPTED,
    ~is_held(ASSIGNMENT.application_id, ASSIGNMENT.account_id),
)
SEATED = and_(SEAT.round_id == ASSIGNMENT.round_id, SEAT.account_id == ASSIGNMENT.account_id)


@dataclass(frozen=True)
class MySheet:
    """One application in an evaluator's list; `writable`: not one of a reading that is over."""

    assignment_id: int
    round_id: int
    code: str
    title: str
    state: ReviewState
    writable: bool

    @property
    def waits(self) -> bool:
        return self.writable and self.state is not ReviewState.SUBMITTED


@dataclass(frozen=True)
class MyRound:
    """A round as its evaluator sees it, her files in her reading order; none before she has declared her conflicts."""

    id: int
    selection: str
    kind: RoundKind
    state: RoundState
    closes_at: datetime | None
    declared: bool
    # The round's calibration files come first.
    uncalibrated: bool = False
    sheets: tuple[MySheet, ...] = ()

    @property
    def submitted(self) -> int:
        return sum(sheet.state is ReviewState.SUBMITTED for sheet in self.sheets)

    @property
    def next_sheet(self) -> MySheet | None:
        return next((sheet for sheet in self.sheets if sheet.waits), None)


_MY_ROUNDS = (
    select(ROUND.id, SELECTION.name, ROUND.kind, ROUND.state, ROUND.closes_at, SEAT.declared_at)
    .add_columns(is_uncalibrated(ROUND.id, SEAT.account_id))
    .select_from(PanelSeat.__table__)
    .join(Round.__table__, ROUND.id == SEAT.round_id)
    .join(Selection.__table__, SELECTION.id == ROUND.selection_id)
    .where(
        SEAT.account_id == bindparam("account"),
        SEAT.state == SeatState.ACCEPTED,
        or_(ROUND.state.in_(SHOWN), SEAT.declared_at.is_(None)),
    )
    .order_by(ROUND.state != RoundState.OPEN, ROUND.opened_at.desc(), ROUND.id)
)
_MY_SHEETS = (
    select(
        *(ASSIGNMENT.id, ASSIGNMENT.round_id, APPLICATION.code, APPLICATION.title, APPLICATION.blind_title),
        *(ROUND.blind, REVIEW.state, ROUND.state, ASSIGNMENT.wave, ROUND.first_open_wave),
    )
    .select_from(Assignment.__table__)
    .join(Round.__table__, ROUND.id == ASSIGNMENT.round_id)
    .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
    .join(PanelSeat.__table__, SEATED)
    .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
    .where(ASSIGNMENT.account_id == bindparam("account"), SEAT.declared_at.is_not(None), *READABLE)
    .order_by(ASSIGNMENT.position)
)
_IN_ROUND = _MY_SHEETS.where(ASSIGNMENT.round_id == bindparam("round"))


def list_my_rounds(account_id: int) -> list[MyRound]:
    """Open rounds first, then closed ones; two statements."""
    sheets: dict[int, list[MySheet]] = {}
    for row in db.session.execute(_MY_SHEETS, {"account": account_id}):
        sheet = _my_sheet(row)
        sheets.setdefault(sheet.round_id, []).append(sheet)
    rows = db.session.execute(_MY_ROUNDS, {"account": account_id})
    return [
        MyRound(*facts, declared is not None, before, tuple(sheets.get(facts[0], ())))
        for *facts, declared, before in rows
    ]


def list_my_sheets(account_id: int, round_id: int) -> list[MySheet]:
    """Her files of a round in her reading order: what her place in it is reckoned from; one statement."""
    return [_my_sheet(row) for row in db.session.execute(_IN_ROUND, {"account": account_id, "round": round_id})]


def _my_sheet(row) -> MySheet:
    assignment_id, round_id, code, title, blind_title, blind, state, round_state, wave, first_open = row
    return MySheet(
        assignment_id,
        round_id,
        code,
        blind_title if blind else title,
        state or ReviewState.NOT_STARTED,
        round_state is RoundState.OPEN and wave >= first_open,
    )


def next_to_read(sheets: Sequence[MySheet], after: int) -> MySheet | None:
    """The next that waits in her order, from the sheet `after` round to the start."""
    here = next((at for at, sheet in enumerate(sheets) if sheet.assignment_id == after), -1)
    return next((sheet for sheet in [*sheets[here + 1 :], *sheets[: here + 1]] if sheet.waits), None)


_BEFORE = Assignment.__table__.alias().c
_HERE = select(_BEFORE.position).where(_BEFORE.id == bindparam("after")).scalar_subquery()
_NEXT = (
    _IN_ROUND.with_only_columns(ASSIGNMENT.id)
    .where(ROUND.state == RoundState.OPEN, ASSIGNMENT.wave >= ROUND.first_open_wave, REVIEW.submitted_version.is_(None))
    .order_by(None)
    .order_by(ASSIGNMENT.position <= _HERE, ASSIGNMENT.position)
    .limit(1)
)


def next_assignment_id(sheet: "SheetView") -> int | None:
    """The same as `next_to_read` where the others are not wanted: asked after every submitting."""
    return db.session.scalar(_NEXT, {"account": sheet.account_id, "round": sheet.round_id, "after": sheet.id})


@dataclass(frozen=True)
class SheetView:
    """One assignment with its sheet as far as it is. In a blind round nothing that says who the candidate is but her code.

    `version` is 0 and `draft` empty where she has not begun; `counted` is what she submitted last.
    """

    id: int
    account_id: int
    round_id: int
    application_id: int
    selection: str
    kind: RoundKind
    state: RoundState
    blind: bool
    declared: bool
    uncalibrated: bool
    writable: bool
    code: str
    name: str | None
    title: str
    plan: str
    amount_fen: int | None
    uses: tuple[tuple[str, int], ...]
    draft: dict
    version: int
    counted: dict | None
    updated_at: datetime | None

    @property
    def scope(self) -> Scope:
        return Scope(account_ids=frozenset({self.account_id}))

    @property
    def is_shut(self) -> bool:
        """Something comes before its first file: her declaration, or the calibration."""
        return not self.declared or self.uncalibrated

    @property
    def is_submitted(self) -> bool:
        return self.counted is not None

    @property
    def review_state(self) -> ReviewState:
        if self.is_submitted:
            return ReviewState.SUBMITTED
        return ReviewState.DRAFT if self.version else ReviewState.NOT_STARTED


_SAID = tuple(SheetDraft({}).as_json())
_SHEET = (
    select(
        *(ASSIGNMENT.id, ASSIGNMENT.account_id, ASSIGNMENT.round_id, ASSIGNMENT.application_id, ASSIGNMENT.wave),
        *(SELECTION.name.label("selection"), ROUND.kind, ROUND.state, ROUND.blind, ROUND.first_open_wave),
        is_uncalibrated(ASSIGNMENT.round_id, ASSIGNMENT.account_id).label("uncalibrated"),
        *(SEAT.declared_at, APPLICATION.code, APPLICATION.title, APPLICATION.plan, APPLICATION.blind_title),
        *(APPLICATION.blind_plan, APPLICATION.amount_fen, APPLICATION.uses),
        *(APPLICATION.blind_uses, case((ROUND.blind, null()), else_=PERSON.name).label("name")),
        *(REVIEW.draft, REVIEW.version, REVIEW.submitted_version, REVIEW.updated_at),
        *(VERSION[name] for name in _SAID),
    )
    .select_from(Assignment.__table__)
    .join(Round.__table__, ROUND.id == ASSIGNMENT.round_id)
    .join(Selection.__table__, SELECTION.id == ROUND.selection_id)
    .join(Application.__table__, APPLICATION.id == ASSIGNMENT.application_id)
    .join(Person.__table__, PERSON.id == APPLICATION.person_id)
    .join(PanelSeat.__table__, SEATED)
    .outerjoin(Review.__table__, REVIEW.assignment_id == ASSIGNMENT.id)
    .outerjoin(
        ReviewVersion.__table__,
        and_(VERSION.assignment_id == ASSIGNMENT.id, VERSION.number == REVIEW.submitted_version),
    )
    .where(ASSIGNMENT.id == bindparam("assignment"), *READABLE)
)


def get_sheet(assignment_id: int) -> SheetView | None:
    """None too where the round is not open yet, the candidate has withdrawn, or a conflict keeps the two apart."""
    row = db.session.execute(_SHEET, {"assignment": assignment_id}).one_or_none()
    if row is None:
        return None
    return SheetView(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        declared=row.declared_at is not None,
        uncalibrated=row.uncalibrated and row.state is RoundState.OPEN,
        writable=row.state is RoundState.OPEN and row.wave >= row.first_open_wave,
        title=row.blind_title if row.blind else row.title,
        plan=(row.blind_plan or "") if row.blind else row.plan,
        uses=tuple((use["item"], use["amount_fen"]) for use in (row.blind_uses if row.blind else row.uses)),
        draft={**SheetDraft({}).as_json(), **(row.draft or {})},
        version=row.version or 0,
        counted=dict(zip(_SAID, row[-len(_SAID) :], strict=True)) if row.submitted_version else None,
    )


_AS_THEY_ARE = (
    *(
        "id",
        "account_id",
        "round_id",
        "application_id",
        "selection",
        "kind",
        "state",
        "blind",
        "code",
        "name",
        "amount_fen",
    ),
    "updated_at",
)


@dataclass(frozen=True)
class SheetFile:
    """An attachment under a name that says nothing; its own words only where the round is not blind."""

    position: int
    words: str
    mime: str


_FILES = (
    select(FILE.position, FILE.words, STORED.mime, STORED.stored_as)
    .select_from(ApplicationFile.__table__)
    .join(StoredFile.__table__, STORED.id == FILE.file_id)
    .where(
        FILE.application_id == bindparam("application"),
        FILE.removed_at.is_(None),
        or_(not_(bindparam("blind", type_=Boolean)), FILE.is_blind),
    )
    .order_by(FILE.position)
)


def list_files(sheet: SheetView) -> list[SheetFile]:
    rows = db.session.execute(_FILES, {"application": sheet.application_id, "blind": sheet.blind})
    return [SheetFile(row.position, "" if sheet.blind else row.words, row.mime) for row in rows]


def get_file(sheet: SheetView, position: int) -> tuple[str, str] | None:
    """(its name in the storage, its type) of an attachment she may look at."""
    row = db.session.execute(
        _FILES.where(FILE.position == position), {"application": sheet.application_id, "blind": sheet.blind}
    ).one_or_none()
    return row and (row.stored_as, row.mime)


@dataclass(frozen=True)
class JudgedCriterion:
    """What a sheet asks: the words of the levels by value."""

    code: str
    name: str
    weight_bp: int
    levels: tuple[tuple[int, str], ...]


CRITERION, RUBRIC, LEVEL = Criterion.__table__.c, Rubric.__table__.c, CriterionLevel.__table__.c
_JUDGED = (
    select(CRITERION.code, CRITERION.name, CRITERION.weight_bp, LEVEL.value, LEVEL.words)
    .select_from(Criterion.__table__)
    .join(Rubric.__table__, RUBRIC.id == CRITERION.rubric_id)
    .outerjoin(CriterionLevel.__table__, LEVEL.criterion_id == CRITERION.id)
    .where(
        RUBRIC.round_id == bindparam("round"), RUBRIC.superseded_at.is_(None), CRITERION.kind == CriterionKind.JUDGED
    )
    .order_by(CRITERION.position, LEVEL.value)
)


def list_judged_criteria(round_id: int) -> tuple[JudgedCriterion, ...]:
    """The criteria she scores, with the words of their levels; one statement."""
    rows = db.session.execute(_JUDGED, {"round": round_id})
    return tuple(
        JudgedCriterion(*about, tuple((value, words) for *_, value, words in levels if value is not None))
        for about, levels in groupby(rows, key=lambda row: row[:3])
    )


@dataclass(frozen=True)
class VersionRow:
    """A submitted sheet: when, why it was changed, and what it was."""

    number: int
    submitted_at: datetime
    reason: str
    levels: Mapping[str, int | None]


def list_versions(assignment_id: int) -> list[VersionRow]:
    """What she submitted and when, the last first."""
    rows = db.session.execute(
        select(VERSION.number, VERSION.submitted_at, VERSION.reason, VERSION.levels)
        .where(VERSION.assignment_id == assignment_id)
        .order_by(VERSION.number.desc())
    )
    return [VersionRow(*row) for row in rows]
