"""What the women of a class answered, questionnaire by questionnaire, in sums: on a page to be printed, and as a workbook."""

from datetime import date

from flask import Blueprint, render_template
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.survey_sums import lines_of, sums_title, sums_workbook
from trainer.domain.outcomes import FEWEST
from trainer.domain.survey import Wave
from trainer.domain.survey_sums import Asking, WaveSums, sum_up
from trainer.errors import NotFound
from trainer.permissions import Permission, can
from trainer.queries.survey_sums import list_askings
from trainer.services import audit
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, requires
from trainer.views.reach import cohort_in_reach
from trainer.wording.survey_sums import DEFINITION

pages = Blueprint("survey_sums", __name__, url_prefix="/cohorts/<int:cohort_id>/surveys/<wave>")


@pages.get("/answers")
@requires(Permission.VIEW_OUTCOME_SUMS)
def show(cohort_id: int, wave: str):
    """Each question in order; whoever may not see the women is told nothing of a few of them."""
    cohort, sums, waves = _summed(cohort_id, wave)
    return render_template(
        "survey_sums/show.html",
        **{"cohort": cohort, "sums": sums, "waves": waves, "last_on": _last_on(cohort, sums.wave)},
        tables=[(one, lines_of(one)) for one in sums.questions],
        **{"names": _sees_women(cohort), "today": clock.today(), "FEWEST": FEWEST, "definition": DEFINITION},
    )


@pages.get("/answers.xlsx")
@requires(Permission.VIEW_OUTCOME_SUMS)
def export(cohort_id: int, wave: str):
    cohort, sums, _waves = _summed(cohort_id, wave)
    title = sums_title(cohort.name, sums.wave)
    dated = _("As of %(today)s; answers until %(last)s.", today=clock.today(), last=_last_on(cohort, sums.wave))
    content = sums_workbook((*cohort_lines(title, cohort), dated), sums, is_cut=not _sees_women(cohort))
    with transaction():
        audit.record("survey.export_sums", "cohort", cohort_id, by=actor(), at=clock.now(), wave=sums.wave)
    return workbook_response(content, title)


def _summed(cohort_id: int, wave: str) -> tuple[object, WaveSums, list[Wave]]:
    """The class, the sums as far as she may be told them, and the waves that were asked."""
    cohort = cohort_in_reach(cohort_id, Permission.VIEW_OUTCOME_SUMS)
    if wave not in set(Wave):
        raise NotFound()
    askings = list_askings(cohort_id)
    nobody = Asking(Wave(wave), due=0, declined=0, said={})
    sums = sum_up({nobody.wave: nobody} | askings, nobody.wave, in_full=_sees_women(cohort))
    return cohort, sums, list(askings)


def _sees_women(cohort) -> bool:
    return can(actor(), Permission.VIEW_OUTCOMES, cohort.scope)


def _last_on(cohort, wave: Wave) -> date:
    return wave.span(cohort.starts_on, cohort.ends_on)[1]
