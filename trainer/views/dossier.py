"""A cohort's papers: its lists in the federation's forms one by one, and all of them as one archive."""

from flask import Blueprint, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.documents.cohort_register import completion_title, completion_workbook, register_title, register_workbook
from trainer.domain.background_task import TaskKind
from trainer.domain.dossier import DossierPart
from trainer.forms.dossier import DossierForm
from trainer.permissions import Permission
from trainer.queries.cohort_register import list_completions, list_register
from trainer.queries.dossier import count_contents
from trainer.services import audit
from trainer.services.background_task import ask_for_task
from trainer.views.downloads import cohort_lines, workbook_response
from trainer.views.guards import actor, requires
from trainer.views.reach import cohort_in_reach

pages = Blueprint("dossier", __name__, url_prefix="/cohorts/<int:cohort_id>")


@pages.route("/papers", methods=["GET", "POST"])
@requires(Permission.EXPORT_PEOPLE)
def show(cohort_id: int):
    """The lists one by one, and what goes into the archive, which is made in the background."""
    cohort, form = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE), DossierForm()
    if form.validate_on_submit():
        parts = [part.value for part in DossierPart if part in form.parts.data]
        key = f"{cohort_id} {actor().account_id} {' '.join(parts)}"
        with transaction():
            params = {"cohort_id": cohort_id, "parts": parts}
            task_id = ask_for_task(TaskKind.DOSSIER, key[:120], params, by=actor(), at=clock.now())
            audit.record("dossier.ask", "cohort", cohort_id, by=actor(), at=clock.now(), parts=parts)
        return redirect(url_for("background_task.show", task_id=task_id), 303)
    page = render_template("dossier/show.html", cohort=cohort, form=form, contents=count_contents(cohort_id))
    return page, 422 if request.method == "POST" else 200


@pages.get("/register.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def register(cohort_id: int):
    """花名册, numbers masked: in full it leaves with a reason (`disclosure.export`)."""
    cohort = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE)
    women, title = list_register(cohort_id), register_title(cohort.name)
    content = register_workbook(cohort_lines(title, cohort), women, with_id_numbers=cohort.collects_id_numbers)
    _written_down("register", cohort_id, len(women))
    return workbook_response(content, title)


@pages.get("/completions.xlsx")
@requires(Permission.EXPORT_PEOPLE)
def completions(cohort_id: int):
    """结业名册: what each woman reached, and her certificate."""
    cohort = cohort_in_reach(cohort_id, Permission.EXPORT_PEOPLE)
    (assessments, women), title = list_completions(cohort_id), completion_title(cohort.name)
    content = completion_workbook(cohort_lines(title, cohort), women, assessments)
    _written_down("completions", cohort_id, len(women))
    return workbook_response(content, title)


def _written_down(what: str, cohort_id: int, rows: int) -> None:
    with transaction():
        audit.record("cohort.export_list", "cohort", cohort_id, by=actor(), at=clock.now(), list=what, rows=rows)
