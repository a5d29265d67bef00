"""Rubrics as pages read them: a round's versions, the figures its rules may ask for, and the table that was brought along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from trainer.database import db
from trainer.domain.figures import ASSESSMENT, RECORDED, ROUND, SHEETS, SURVEY, SURVEY_UNITS, TABLE
from trainer.domain.rubric_file import RubricContent
from trainer.domain.selection import ApplicationState, CriterionDraft, CriterionKind
from trainer.domain.survey import Wave, questions_of
from trainer.models.account import Account
from trainer.models.application import Application
from trainer.models.assessment import Assessment
from trainer.models.enrolment import Enrolment
from trainer.models.person import Person
from trainer.models.ranking import RankingRun
from trainer.models.rubric import Criterion, Rubric
from trainer.models.selection import Candidacy, RoundTable
from trainer.queries.selection import RoundRow, Stage


@dataclass(frozen=True)
class RubricVersion:
    """A version with who made it; `content` is what it says."""

    number: int
    created_at: datetime | None
    created_by: str | None
    superseded_at: datetime | None
    locked_at: datetime | None
    sha256: str | None
    content: RubricContent


def get_rubric(round_id: int) -> RubricVersion:
    """The version in force; three statements."""
    return _versions(Rubric.round_id == round_id, Rubric.superseded_at.is_(None))[0]


def get_rubric_version(round_id: int, number: int) -> RubricVersion | None:
    return next(iter(_versions(Rubric.round_id == round_id, Rubric.number == number)), None)


def list_rubric_versions(round_id: int) -> list[RubricVersion]:
    """The newest first; three statements, however many."""
    return _versions(Rubric.round_id == round_id)


def _versions(*where: ColumnElement[bool]) -> list[RubricVersion]:
    rows = db.session.execute(
        select(Rubric, Account.name)
        .outerjoin(Account, Account.id == Rubric.created_by)
        .where(*where)
        .order_by(Rubric.number.desc())
        .options(selectinload(Rubric.criteria).selectinload(Criterion.levels))
        .execution_options(populate_existing=True)
    )
    return [
        RubricVersion(
            *(rubric.number, rubric.created_at, name, rubric.superseded_at, rubric.locked_at, rubric.sha256),
            content=_content(rubric),
        )
        for rubric, name in rows
    ]


def _content(rubric: Rubric) -> RubricContent:
    lines = tuple(
        CriterionDraft(c.name, c.kind, c.weight_bp, tuple(level.words for level in c.levels), dict(c.rule), c.code)
        for c in rubric.criteria
    )
    return RubricContent(lines, tuple(rubric.bonus), tuple(rubric.veto))


@dataclass(frozen=True)
class Offered:
    """What rules may ask for in a round. `names`: what only the records call so, such as an assessment."""

    codes: tuple[str, ...]
    names: dict[str, str]


def list_offered(stage: Stage, content: RubricContent = RubricContent()) -> Offered:  # noqa: B008 (frozen)
    """Recorded figures, assessments of the candidates' cohorts, questionnaires, the table's columns, earlier rounds, and
    the judged criteria of `content`; two statements."""
    assessments = list_assessments(stage.round.id)
    columns = db.session.scalar(
        select(RoundTable.columns).where(RoundTable.round_id == stage.round.id, RoundTable.superseded_at.is_(None))
    )
    names = {f"{ASSESSMENT}{id_}": name for id_, name in assessments}
    surveys = [f"{SURVEY}{w}.{q.code}" for w in Wave for q in questions_of(w) if q.kind in SURVEY_UNITS]
    earlier = [f"{ROUND}{r.number}" for r in stage.rounds if r.number < stage.round.number]
    judged = {f"{SHEETS}{line.code}": line.name for line in content.lines if line.kind is CriterionKind.JUDGED}
    own = [f"{TABLE}{column}" for column in columns or ()]
    codes = (*own, *(field.code for field in RECORDED), *names, *earlier, *surveys, *judged)
    return Offered(codes, names | judged)


def list_assessments(round_id: int) -> list[tuple[int, str]]:
    """Of the cohorts that the candidates come from."""
    rows = db.session.execute(
        select(Assessment.id, Assessment.name)
        .join(Enrolment, Enrolment.cohort_id == Assessment.cohort_id)
        .join(Application, Application.enrolment_id == Enrolment.id)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .where(Candidacy.round_id == round_id, Assessment.dropped_at.is_(None))
        .group_by(Assessment.id, Assessment.name)
        .order_by(Assessment.id)
    )
    return [tuple(row) for row in rows]


def name_assessments(ids: Sequence[int]) -> dict[str, str]:
    """What assessments that rules ask for are called."""
    if not ids:
        return {}
    rows = db.session.execute(select(Assessment.id, Assessment.name).where(Assessment.id.in_(ids)))
    return {f"{ASSESSMENT}{id_}": name for id_, name in rows}


@dataclass(frozen=True)
class TableRow:
    """A table that was sent; the one in force has not been superseded."""

    id: int
    file_name: str
    sha256: str
    columns: list[str]
    cells: dict[str, dict[str, str]]
    uploaded_at: datetime
    uploaded_by: str | None
    superseded_at: datetime | None

    @property
    def in_force(self) -> bool:
        return self.superseded_at is None


def list_round_tables(round_id: int) -> list[TableRow]:
    """The newest first."""
    return _tables(RoundTable.round_id == round_id)


def get_round_table(round_id: int, table_id: int) -> TableRow | None:
    return next(iter(_tables(RoundTable.round_id == round_id, RoundTable.id == table_id)), None)


def _tables(*where: ColumnElement[bool]) -> list[TableRow]:
    rows = db.session.execute(
        select(
            *(RoundTable.id, RoundTable.file_name, RoundTable.sha256, RoundTable.columns, RoundTable.cells),
            *(RoundTable.uploaded_at, Account.name, RoundTable.superseded_at),
        )
        .outerjoin(Account, Account.id == RoundTable.uploaded_by)
        .where(*where)
        .order_by(RoundTable.id.desc())
    )
    return [TableRow(*row) for row in rows]


def list_codes(round_id: int) -> list[tuple[str, str]]:
    """(code, name) of the live candidates of a round."""
    rows = db.session.execute(
        select(Application.code, Person.name)
        .join(Candidacy, Candidacy.application_id == Application.id)
        .join(Person, Person.id == Application.person_id)
        .where(Candidacy.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
        .order_by(Application.code)
    )
    return [tuple(row) for row in rows]


def get_last_inputs(round_: RoundRow) -> dict | None:
    """What the last ranking of a round was made of; nothing while there is none."""
    return db.session.scalar(
        select(RankingRun.inputs).where(
            RankingRun.id == select(func.max(RankingRun.id)).where(RankingRun.round_id == round_.id).scalar_subquery()
        )
    )
