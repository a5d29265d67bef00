"""How far the women of a class have come by the whole rule, what each still needs, and what cancelling lessons costs."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from trainer import clock
from trainer.database import transaction
from trainer.documents.completion import progress_title, progress_workbook
from trainer.domain.attendance import is_meant
from trainer.domain.completion import ProgressState, WomanProgress, is_lost_without
from trainer.permissions import Permission
from trainer.queries.attendance import CountingLesson, list_lessons_that_count
from trainer.queries.completion import list_progress, requirements_of
from trainer.queries.scoping import page_of
from trainer.services import audit
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, requires
from trainer.views.lists import paging
from trainer.views.reach import cohort_in_reach
from trainer.wording import choices
from trainer.wording.completion import LACKS, missing_sentence

pages = Blueprint("progress", __name__)


@pages.get("/cohorts/<int:cohort_id>/progress")
@requires(Permission.VIEW_ATTENDANCE)
def index(cohort_id: int):
    """The women with what each still needs; with lessons ticked, whom cancelling them would cost the rule."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_ATTENDANCE, teaching=True)
    requirements = requirements_of([cohort_id])[cohort_id]
    women = list_progress(cohort_id, requirements)
    planned = [lesson for lesson in list_lessons_that_count([cohort_id]) if lesson.planned]
    cancelled = _cancelled(planned)
    ids = {lesson.id for lesson in cancelled}
    return render_template(
        "progress/index.html",
        cohort=cohort,
        requirements=requirements,
        page=page_of(_filtered(women), **paging()),
        counts={state: sum(1 for w in women if w.progress.state is state) for state in ProgressState},
        women=len(women),
        states=choices(ProgressState),
        lacks=[(name, words) for name, (words, _kinds) in LACKS.items()],
        days=_by_day(planned),
        cancelled=cancelled,
        lost=[w for w in women if is_lost_without(w.facts, ids, requirements)] if ids else [],
        sentence=missing_sentence,
    )


@pages.get("/cohorts/<int:cohort_id>/progress.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def export(cohort_id: int):
    """The page's women under the same filters; written down, because names leave the house."""
    cohort = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE)
    women, title = _filtered(list_progress(cohort_id)), progress_title(cohort.name)
    content = progress_workbook(cohort_lines(title, cohort), women)
    with transaction():
        audit.record("completion.export", "cohort", cohort_id, by=actor(), at=clock.now(), rows=len(women))
    return workbook_response(content, title)


def _filtered(women: Sequence[WomanProgress]) -> list[WomanProgress]:
    """Cut by name or seat, by where they stand, and by what they lack."""
    typed, state = request.args.get("q", "").strip(), request.args.get("state")
    kinds = LACKS.get(request.args.get("lacks", ""), (None, None))[1]
    return [
        woman
        for woman in women
        if (not typed or is_meant(typed, seat=woman.seat, initials=woman.initials, name=woman.name))
        and (not state or woman.progress.state == state)
        and (kinds is None or any(one.kind in kinds for one in woman.progress.missing))
    ]


def _cancelled(planned: Sequence[CountingLesson]) -> list[CountingLesson]:
    """The lessons that the address asks about, one by one or a day at a time."""
    ids, days = set(request.args.getlist("lesson")), set(request.args.getlist("day"))
    return [lesson for lesson in planned if str(lesson.id) in ids or lesson.day.isoformat() in days]


def _by_day(planned: Sequence[CountingLesson]) -> list[tuple[object, list[CountingLesson]]]:
    days: dict[object, list[CountingLesson]] = {}
    for lesson in planned:
        days.setdefault(lesson.day, []).append(lesson)
    return list(days.items())
