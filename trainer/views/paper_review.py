"""Score sheets on paper: printed for an evaluator, typed by one person, typed again by another, settled where they differ."""

from collections.abc import Callable, Mapping
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.selection import Recommendation, RoundState, SheetDraft, SheetSource
from trainer.errors import NotFound, Refused
from trainer.forms.paper_review import build_paper_form, is_asked
from trainer.forms.review import SheetForm
from trainer.permissions import Permission
from trainer.queries.blinding import judges_in
from trainer.queries.paper_review import PaperHead, get_paper, list_entries, list_papers, list_readers, list_waiting
from trainer.queries.review import list_judged_criteria
from trainer.queries.selection import Stage
from trainer.services import audit, paper_review
from trainer.services.round import RoundNotOpen
from trainer.views.form_page import form_page
from trainer.views.guards import actor, found, requires
from trainer.views.selection import stage_for
from trainer.wording import choices, say

pages = Blueprint("paper_review", __name__, url_prefix="/selections/<int:selection_id>/paper")


@pages.get("")
@requires(Permission.MANAGE_SELECTION)
def index(selection_id: int):
    """What waits for a second person; whose sheets can be printed and typed."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    readers = list_readers(stage.round.id)
    chosen = next((one for one in readers if one.account_id == request.args.get("evaluator", None, int)), None)
    refusal = _refusal(stage)
    return render_template(
        "paper_review/index.html",
        stage=stage,
        readers=readers,
        chosen=chosen,
        papers=list_papers(stage.round.id, chosen.account_id) if chosen else (),
        waiting=list_waiting(stage.round.id),
        refusal=say(refusal) if refusal else None,
    )


@pages.get("/print", endpoint="print")
@requires(Permission.MANAGE_SELECTION)
def print_(selection_id: int):
    """A page of A4 for every application of an evaluator; an empty one where nobody is chosen."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    evaluator = request.args.get("evaluator", None, int)
    papers = list_papers(stage.round.id, evaluator) if evaluator else [None]
    if not papers:
        raise NotFound()
    with transaction():
        facts = {"evaluator": evaluator, "sheets": len(papers)}
        audit.record("paper_review.print", "round", stage.round.id, by=actor(), at=clock.now(), **facts)
    criteria = list_judged_criteria(stage.round.id)
    return render_template(
        "paper_review/print.html",
        stage=stage,
        papers=papers,
        criteria=criteria,
        advice=[words for _value, words in choices(Recommendation)],
    )


@pages.route("/<int:assignment_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def enter(selection_id: int, assignment_id: int):
    """The step that is next, by how far the paper is typed and who looks."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    paper = found(get_paper(stage.round.id, assignment_id))
    refusal = _refusal(stage) or (paper_review.SheetOnScreen() if paper.submitted is SheetSource.SCREEN else None)
    if refusal:
        return _shut(stage, paper, refusal)
    if paper.first_by is None or (not paper.waits_for(actor().account_id) and _anew(paper)):
        return _take(stage, paper, "first", paper_review.enter_first)
    if not paper.waits_for(actor().account_id):
        return _shut(stage, paper, paper_review.CopiedHerself())
    return _settle(stage, paper) if paper.second_by is not None else _second(stage, paper)


def _anew(paper: PaperHead) -> bool:
    return paper.second_by is None and request.args.get("anew") == "1"


def _refusal(stage: Stage) -> Refused | None:
    """Why this person cannot type here now."""
    if stage.round.state is not RoundState.OPEN:
        return RoundNotOpen()
    return paper_review.TypistJudges() if judges_in(stage.id, actor().account_id) else None


def _shut(stage: Stage, paper: PaperHead, refusal: Refused):
    may_retype = isinstance(refusal, paper_review.CopiedHerself) and paper.second_by is None
    page = render_template(
        "paper_review/shut.html", stage=stage, paper=paper, sentence=say(refusal), may_retype=may_retype
    )
    return page, refusal.status if request.method == "POST" else 200


def _second(stage: Stage, paper: PaperHead):
    return _take(stage, paper, "second", paper_review.enter_second)


def _settle(stage: Stage, paper: PaperHead):
    first, second = list_entries(paper.id)
    differs = paper_review.differing(first, second)
    return _take(stage, paper, "settle", paper_review.settle, differs=differs, first=first, second=second)


def _take(stage: Stage, paper: PaperHead, step: str, act: Callable, **shown):
    """What was typed is taken in by `act`; where the copies differ, they are settled next."""
    form, error = build_paper_form(list_judged_criteria(stage.round.id), _before(shown)), None
    if form.validate_on_submit():
        try:
            differs = _type(stage, paper, form, act if step == "first" else partial(act, reason=form.reason.data or ""))
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            return _on(stage, paper, step, differs)
    asked = is_asked(form, shown.get("differs"))
    return form_page("paper_review/enter.html", form, error, stage=stage, paper=paper, step=step, asked=asked, **shown)


def _before(shown: Mapping) -> dict | None:
    """To settle, reasons for abstaining stand as the first copy has them; nothing else is filled in."""
    if "first" not in shown:
        return None
    return {**SheetDraft({}).as_json(), "abstentions": shown["first"]["abstentions"]}


def _type(stage: Stage, paper: PaperHead, form: SheetForm, act: Callable):
    with transaction():
        return act(stage.round.id, paper.id, form.draft(), by=actor(), at=clock.now())


def _on(stage: Stage, paper: PaperHead, step: str, differs: tuple[str, ...] | None):
    if differs:
        flash(_("The two copies of %(code)s differ. Take the paper once more.", code=paper.code))
        return redirect(url_for("paper_review.enter", selection_id=stage.id, assignment_id=paper.id, **stage.link), 303)
    if step == "first":
        flash(
            _("The sheet on %(code)s is typed. Somebody else now types it too; put it aside for her.", code=paper.code)
        )
    else:
        flash(_("The sheet on %(code)s is submitted.", code=paper.code))
    here = {"selection_id": stage.id, "evaluator": paper.account_id, **stage.link}
    return redirect(url_for("paper_review.index", **here), 303)
