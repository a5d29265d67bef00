"""Quotas of a round: stated with the paper that demands them before it opens, never after."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select

from trainer.database import db
from trainer.domain.actors import Actor
from trainer.domain.round_inputs import QuotaRule
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.models.selection import Quota
from trainer.services import audit
from trainer.services.round import RoundNotDraft, take_round


class QuotaTwice(Refused):
    code = "quota_twice"


class QuotaUpsideDown(Refused):
    """More at least than at most, or neither."""

    code = "quota_upside_down"


class QuotaAboveLine(Refused):
    """More are demanded than go on."""

    code = "quota_above_line"


def add_quota(round_id: int, version: int, rule: QuotaRule, *, by: Actor, at: datetime) -> Quota:
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    low, high = rule.at_least, rule.at_most
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        raise QuotaUpsideDown()
    if low is not None and low > round_.advances:
        raise QuotaAboveLine(line=round_.advances)
    same = Quota.round_id == round_id, Quota.attribute == rule.attribute, Quota.value == rule.value
    if db.session.scalar(select(Quota.id).where(*same)):
        raise QuotaTwice(value=rule.value)
    quota = Quota(round_id=round_id, **asdict(rule))
    db.session.add(quota)
    audit.record("quota.add", "round", round_id, by=by, at=at, **asdict(rule))
    return quota


def remove_quota(round_id: int, version: int, quota_id: int, *, by: Actor, at: datetime) -> None:
    take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if not db.session.execute(delete(Quota).where(Quota.id == quota_id, Quota.round_id == round_id)).rowcount:
        raise NotFound()
    audit.record("quota.remove", "round", round_id, by=by, at=at, quota=quota_id)
