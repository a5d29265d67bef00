"""Let go what has been kept long enough, rule by rule, in small transactions."""

import logging
from collections.abc import Mapping

from trainer import clock
from trainer.database import forget_deleted, transaction
from trainer.domain.jobs import tell
from trainer.domain.retention import RULES, Rule
from trainer.services.file import delete_files
from trainer.services.retention import missing_files, purge, record_run

log = logging.getLogger(__name__)


class SomeFailed(Exception):
    """Some rules could not be carried out; the others were."""


def run(settings: Mapping[str, object]) -> str:
    """How much went by each rule; a rule that fails is logged and the others go on. Raises SomeFailed."""
    counts, failures = {}, []
    for rule in RULES:
        try:
            counts[rule.kept.value] = _carry_out(rule, settings)
        except Exception as error:
            log.exception("retention rule %s failed", rule.kept)
            failures.append(f"{rule.kept}: {type(error).__name__}")
    gone = {name: count for name, count in counts.items() if count}
    if gone:
        with transaction():
            record_run(gone, at=clock.now())
    forget_deleted()  # also for an erasure of the day, where somebody was reading just then
    if missing := missing_files():
        failures.append(f"{missing} files are missing: restore them from a backup")
    if failures:
        raise SomeFailed("; ".join([*(f"{name} {count}" for name, count in gone.items()), *failures]))
    return tell("job_let_go", {"counts": gone}) if gone else tell("job_nothing_to_do", {})


def _carry_out(rule: Rule, settings: Mapping[str, object]) -> int:
    """Portion after portion, each committed by itself."""
    done = 0
    while True:
        now = clock.now()
        with transaction():
            purged = purge(rule.kept, before=rule.before(settings, now), at=now)
        delete_files(purged.files)
        if not purged.count:
            return done
        done += purged.count
