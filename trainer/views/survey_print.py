"""A questionnaire on paper: a page of A4 for every woman who has not answered, and an empty one."""

from flask import Blueprint, render_template

from trainer import clock
from trainer.database import transaction
from trainer.domain.survey import Wave, questions_of
from trainer.errors import NotFound
from trainer.permissions import Permission
from trainer.queries.survey import list_open_sheets
from trainer.services import audit
from trainer.views.guards import actor, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording.survey import ASKED_WHEN, help_words, options

pages = Blueprint("survey_print", __name__)


@pages.get("/cohorts/<int:cohort_id>/surveys/<wave>/paper")
@requires(Permission.CONDUCT_SURVEYS)
def show(cohort_id: int, wave: str):
    """Names leave the house: written down."""
    cohort = cohort_in_reach(cohort_id, Permission.CONDUCT_SURVEYS)
    if wave not in set(Wave):
        raise NotFound()
    asked = Wave(wave)
    sheets = list_open_sheets(cohort_id, asked)
    with transaction():
        facts = {"wave": asked, "sheets": len(sheets)}
        audit.record("survey.print", "cohort", cohort_id, by=actor(), at=clock.now(), **facts)
    return render_template(
        "survey_print/show.html",
        cohort=cohort,
        wave=asked,
        when=ASKED_WHEN[asked],
        papers=[*sheets, None],
        questions=[(one, help_words(one), options(one)) for one in questions_of(asked)],
    )
