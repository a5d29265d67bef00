"""What is fixed before a round opens: how many go on, what ranks, how sheets are put together, blind, until when."""

from dataclasses import asdict, dataclass
from datetime import datetime

from trainer.domain.actors import Actor
from trainer.domain.selection import Aggregate, RankedBy, RoundState
from trainer.errors import Refused
from trainer.services import audit
from trainer.services.round import RoundNotDraft, take_round


class ClosesInThePast(Refused):
    code = "closes_in_the_past"


@dataclass(frozen=True)
class RoundRules:
    advances: int
    ranked_by: RankedBy
    aggregate: Aggregate
    blind: bool
    seed: int
    closes_at: datetime | None


def set_round_rules(round_id: int, version: int, rules: RoundRules, *, by: Actor, at: datetime) -> None:
    round_ = take_round(round_id, version, RoundState.DRAFT, RoundNotDraft)
    if rules.closes_at and rules.closes_at <= at and rules.closes_at != round_.closes_at:
        raise ClosesInThePast()
    after = asdict(rules)
    before = {name: getattr(round_, name) for name in after}
    for name, value in after.items():
        setattr(round_, name, value)
    changed = [name for name in after if before[name] != after[name]]
    audit.record(
        "round.set_rules",
        "round",
        round_id,
        by=by,
        at=at,
        before={name: str(before[name]) for name in changed},
        after={name: str(after[name]) for name in changed},
    )
