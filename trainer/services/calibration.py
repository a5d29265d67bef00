"""Calibration: invented applications with a reference, written before the round opens; each evaluator scores them once."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.models.review import CalibrationFile, CalibrationSheet
from trainer.models.selection import Round
from trainer.queries.calibration import fits, get_calibration_round
from trainer.queries.selection import round_criteria
from trainer.services import audit
from trainer.services.round import RoundNotDraft, RoundNotOpen, RubricMissing, take_round

MOST_FILES = 5


class TooManyCalibrations(Refused):
    """Evaluators come to score the real ones."""

    code = "too_many_calibrations"


class LevelsIncomplete(Refused):
    """A level for every judged criterion, and no other."""

    code = "calibration_incomplete"


class AlreadyCalibrated(Refused):
    """Given once: she has seen the reference since."""

    code = "already_calibrated"
    status = 409


def add_calibration(
    round_id: int, version: int, text: str, levels: Mapping[str, int], words: str, *, by: Actor, at: datetime
) -> CalibrationFile:
    """Raises Conflict, RoundNotDraft, RubricMissing, LevelsIncomplete, TooManyCalibrations."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    _check(round_id, levels)
    positions = db.session.scalars(select(CalibrationFile.position).where(CalibrationFile.round_id == round_id)).all()
    if len(positions) >= MOST_FILES:
        raise TooManyCalibrations(most=MOST_FILES)
    file = CalibrationFile(
        round_id=round_id, position=max(positions, default=0) + 1, text=text, levels=dict(levels), words=words
    )
    db.session.add(file)
    db.session.flush()
    audit.record("calibration.create", "round", round_id, by=by, at=at, position=file.position, levels=file.levels)
    return file


def update_calibration(
    round_id: int,
    version: int,
    calibration_id: int,
    text: str,
    levels: Mapping[str, int],
    words: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Raises Conflict, RoundNotDraft, NotFound, RubricMissing, LevelsIncomplete."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    _check(round_id, levels)
    file = _file(round_id, calibration_id)
    before, file.text, file.levels, file.words = file.levels, text, dict(levels), words
    facts = {"position": file.position, "before": before, "after": file.levels}
    audit.record("calibration.update", "round", round_id, by=by, at=at, **facts)


def delete_calibration(round_id: int, version: int, calibration_id: int, *, by: Actor, at: datetime) -> None:
    """Raises Conflict, RoundNotDraft, NotFound."""
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    file = _file(round_id, calibration_id)
    # A round that was taken back into preparation may have some.
    db.session.execute(delete(CalibrationSheet).where(CalibrationSheet.calibration_id == file.id))
    db.session.delete(file)
    audit.record("calibration.delete", "round", round_id, by=by, at=at, position=file.position)


def give_levels(round_id: int, calibration_id: int, levels: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    """An evaluator's own levels, before she sees the reference. Raises NotFound, RoundNotOpen, LevelsIncomplete,
    AlreadyCalibrated."""
    round_ = db.session.scalar(select(Round).where(Round.id == round_id).with_for_update(read=True, of=Round))
    mine = get_calibration_round(round_id, by.account_id)
    if round_ is None or mine is None:
        raise NotFound()
    _file(round_id, calibration_id)
    if round_.state is not RoundState.OPEN:
        raise RoundNotOpen()
    if calibration_id in mine.given:
        raise AlreadyCalibrated()
    _check(round_id, levels)
    row = {"calibration_id": calibration_id, "account_id": by.account_id, "levels": dict(levels), "at": at}
    db.session.execute(insert(CalibrationSheet.__table__), row)
    audit.record("calibration.give", "round", round_id, by=by, at=at, calibration=calibration_id)


def _check(round_id: int, levels: Mapping[str, int]) -> None:
    asked = {c.code: range(c.minimum, c.maximum + 1) for c in round_criteria(round_id) if c.judged}
    if not asked:
        raise RubricMissing()
    if not fits(levels, asked):
        raise LevelsIncomplete()


def _file(round_id: int, calibration_id: int) -> CalibrationFile:
    here = (CalibrationFile.id == calibration_id, CalibrationFile.round_id == round_id)
    file = db.session.scalar(select(CalibrationFile).where(*here))
    if file is None:
        raise NotFound()
    return file
