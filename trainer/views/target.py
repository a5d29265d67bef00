"""Targets of a programme against what was reached, each with its definition, what stands behind it and its day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.target import Evidence, targets_title, targets_workbook
from trainer.domain.programme import TargetKind, Track
from trainer.domain.target import TargetRow
from trainer.permissions import Permission, can
from trainer.queries.county_indicator import list_readings
from trainer.queries.mentor import list_postings
from trainer.queries.target import (
    MEASURED,
    CohortShare,
    Reached,
    get_reached,
    list_cohort_shares,
    list_county_jobs,
)
from trainer.services import audit
from trainer.views.county_indicator import programme_in_reach
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.guards import actor, requires
from trainer.wording.programme import TARGET_MEANINGS
from trainer.wording.target import NOTES, TOO_FEW

pages = Blueprint("target", __name__, url_prefix="/programmes")

K = TargetKind
VIEW = Permission.VIEW_OUTCOME_SUMS
AFTER = (K.COMPLETED, K.BROADCASTING, K.SELLING, K.SUSTAINED_SELLERS)
OF_COHORTS = (K.PEOPLE_TRAINED, K.SHOPS_OPENED, K.COHORTS_RUN, K.ADVANCED_TRAINED, K.NET_SALES_YUAN, *AFTER)


def target_rows(programme, reached: Reached) -> list[TargetRow]:
    """The programme's targets in the order of their kinds; to outsiders without what would tell of few women."""
    sees_few = can(actor(), Permission.VIEW_OUTCOMES, programme.viewing_scope)
    rows = []
    for target in sorted(programme.targets, key=lambda one: list(TargetKind).index(one.kind)):
        actual = reached.actual(target.kind)
        shown = actual if sees_few or not actual.is_telling else None
        rows.append(TargetRow(target.kind, target.value, target.due_on, target.source, shown))
    return rows


@pages.get("/<int:programme_id>/targets")
@requires(VIEW)
def show(programme_id: int):
    programme, today = programme_in_reach(programme_id), clock.today()
    rows = target_rows(programme, get_reached(programme_id, today))
    return render_template(
        "target/show.html",
        **{"programme": programme, "rows": rows, "today": today, "meanings": TARGET_MEANINGS},
        **{"evidence": _evidence(programme_id, rows, today), "notes": NOTES, "too_few": TOO_FEW},
    )


@pages.get("/<int:programme_id>/targets/export")
@requires(VIEW)
def export(programme_id: int):
    """The results sheet; who took it out is written down."""
    programme, now, today = programme_in_reach(programme_id), clock.now(), clock.today()
    name = programme.name
    rows = target_rows(programme, get_reached(programme_id, today))
    behind = _evidence(programme_id, rows, today)
    with transaction():
        audit.record("programme.export_targets", "programme", programme_id, by=actor(), at=now)
    title = targets_title(name)
    return workbook_response(targets_workbook(made_lines(title), rows, behind, today=today), title)


@dataclass(frozen=True)
class _Source:
    """Where the rows behind some kinds of target come from: asked once, and only where one of them was promised."""

    kinds: frozenset[TargetKind]
    ask: Callable[[int, date], dict[TargetKind, list[Evidence]]]


def _evidence(programme_id: int, rows: list[TargetRow], today: date) -> dict[TargetKind, list[Evidence]]:
    """What stands behind each target, of her own area; nothing behind what she is not shown."""
    wanted, found = {row.kind for row in rows if row.actual}, {}
    for source in SOURCES:
        if wanted & source.kinds:
            found |= source.ask(programme_id, today)
    return {kind: lines for kind, lines in found.items() if kind in wanted}


def _of_cohorts(programme_id: int, today: date) -> dict[TargetKind, list[Evidence]]:
    """Of what is counted today the cohort's page, of what came after the course its outcomes."""
    shares = list_cohort_shares(actor(), programme_id)

    def today_of(kind: TargetKind, some=shares) -> list[Evidence]:
        return [_of_cohort("cohort.show", one, one.women[kind], today) for one in some]

    found = {kind: today_of(kind) for kind in (K.PEOPLE_TRAINED, K.SHOPS_OPENED)}
    found[K.ADVANCED_TRAINED] = today_of(K.PEOPLE_TRAINED, [one for one in shares if one.track is Track.ADVANCED])
    found[K.COHORTS_RUN] = [_of_cohort("cohort.show", one, 1, today) for one in shares if one.begun]
    for kind in AFTER:
        found[kind] = [_of_cohort("outcomes.show", one, one.women[kind], one.as_of) for one in shares]
    found[K.NET_SALES_YUAN] = [
        _of_cohort("outcomes.show", one, int(one.net_fen / 100), one.as_of) for one in shares if one.net_fen is not None
    ]
    return found


def _of_cohort(endpoint: str, share: CohortShare, figure: float, as_of: date | None) -> Evidence:
    return Evidence(share.name, figure, as_of, "", url_for(endpoint, cohort_id=share.cohort_id))


def _of_jobs(programme_id: int, today: date) -> dict[TargetKind, list[Evidence]]:
    """By county; the names stand in each cohort's list."""
    found = []
    for one in list_county_jobs(actor(), programme_id):
        note = _("%(workers)s name-list rows, %(days)s paid days", workers=one.workers, days=one.paid_days)
        found.append(Evidence(one.region, one.fte, today, note, ""))
    return {K.JOBS_FTE: found}


def _of_mentors(programme_id: int, today: date) -> dict[TargetKind, list[Evidence]]:
    begun = (one for one in list_postings(actor(), programme_id) if one.has_begun(today))
    return {
        K.MENTORS_POSTED: [
            Evidence(
                f"{one.name} · {one.region}",
                1,
                one.starts_on,
                _("%(done)s of %(planned)s visits", done=one.visits, planned=one.planned_visits),
                url_for("mentor.show", posting_id=one.id),
            )
            for one in begun
        ]
    }


def _of_counties(programme_id: int, _today: date) -> dict[TargetKind, list[Evidence]]:
    newest = {(one.region_code, one.kind, one.subject): one for one in list_readings(actor(), programme_id)}
    return {
        target: [
            Evidence(
                *(one.region, one.value_hundredths // 100, one.measured_on, one.source),
                url_for("county_indicator.show", reading_id=one.id),
            )
            for one in newest.values()
            if one.kind is kind
        ]
        for target, kind in MEASURED.items()
    }


SOURCES = (
    _Source(frozenset(OF_COHORTS), _of_cohorts),
    _Source(frozenset({K.JOBS_FTE}), _of_jobs),
    _Source(frozenset({K.MENTORS_POSTED}), _of_mentors),
    _Source(frozenset(MEASURED), _of_counties),
)
