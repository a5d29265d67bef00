"""Who reads what: dealing out with a look before, filling gaps, one by hand, and further readers near the line."""

from collections.abc import Callable, Iterable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.adaptive import sha256_of
from trainer.domain.assignment import Deal, links_of
from trainer.domain.selection import RoundState
from trainer.errors import Refused
from trainer.forms.dealing import DealingForm, FillForm, FurtherForm, GiveForm, TakeForm
from trainer.forms.form import VersionForm
from trainer.permissions import Permission
from trainer.queries.conflict import list_held
from trainer.queries.dealing import (
    Member,
    files_page,
    get_file,
    list_files,
    list_members,
    list_readings,
    member_lines,
    planned_readers,
)
from trainer.queries.selection import Stage
from trainer.services import dealing
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.lists import paging
from trainer.views.selection import pages as selections
from trainer.views.selection import stage_for
from trainer.wording import say

pages = Blueprint("dealing", __name__, url_prefix="/selections/<int:selection_id>")
MOVING = (RoundState.DRAFT, RoundState.OPEN)


# The selection's own page of evaluators stands here, with the rest of who reads what.
@selections.route("/<int:selection_id>/evaluators", methods=["GET", "POST"])
@requires(Permission.VIEW_SELECTION)
def evaluators(selection_id: int):
    """Who reads how much and how they hang together; while the round is being prepared, dealing out."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    members, refused = list_members(stage.round.id), None
    form = _dealing_form(stage, members)
    if request.method == "POST":
        ensure(Permission.MANAGE_SELECTION, stage.scope)
        if form.validate():
            try:
                return _deal(stage, form) if request.form.get("act") == "deal" else _preview(stage, form, members)
            except Refused as error:
                refused = error
    page = render_template(
        "dealing/evaluators.html", stage=stage, form=form, error=refused and say(refused), **_standing(stage, members)
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _dealing_form(stage: Stage, members: list[Member]) -> DealingForm:
    round_ = stage.round
    form = DealingForm(
        data={
            "version": round_.version,
            "account_ids": [member.account_id for member in members],
            "readers": round_.readers,
            "anchors": round_.anchors,
            "cross": round_.cross_share_bp // 100,
        }
    )
    form.offer(members)
    return form


def _terms(form: DealingForm) -> dict:
    return {"anchors": form.anchors.data, "cross_bp": form.cross.data * 100}


def _deal(stage: Stage, form: DealingForm):
    with transaction():
        dealing.deal_applications(
            stage.round.id,
            form.seen,
            form.account_ids.data,
            form.asked_readers,
            **_terms(form),
            seen=form.looked_at.data or None,
            by=actor(),
            at=clock.now(),
        )
    flash(_("The applications are dealt out."))
    return redirect(url_for("selection.evaluators", selection_id=stage.id, **stage.link))


def _preview(stage: Stage, form: DealingForm, members: list[Member]) -> str:
    deal = dealing.propose_deal(stage.round, form.account_ids.data, form.asked_readers, **_terms(form))
    form.looked_at.data = deal.sha256
    chosen = [member for member in members if member.account_id in form.account_ids.data]
    return render_template("dealing/preview.html", stage=stage, form=form, deal=deal, **_proposed(stage, deal, chosen))


def _proposed(stage: Stage, deal: Deal, members: list[Member]) -> dict:
    """What a page shows of a deal before it counts."""
    files, held = list_files(stage.round.id), list_held(stage.round.id)
    accounts = {member.account_id for member in members}
    codes = {file.application_id: file.code for file in files}
    return {
        "lines": member_lines(members, files, [(r.candidate, r.judge) for r in deal.everything]),
        "conflicts": sum(account in accounts for _application, account in held),
        "anchors": [codes[key] for key in deal.anchors],
        "short": [codes[key] for key in deal.short],
        "new": [(codes[r.candidate], r.judge) for r in sorted(deal.readings, key=lambda r: codes[r.candidate])],
    }


def _standing(stage: Stage, members: list[Member]) -> dict:
    """How it stands now: the lines, the links, and which candidates lack readers. Two statements."""
    files, readings = list_files(stage.round.id), list_readings(stage.round.id)
    pairs = [(r.application_id, r.account_id) for r in readings if r.counts]
    wanted = planned_readers(stage.round.readers, members)
    return {
        "members": members,
        "lines": member_lines(members, files, pairs, readings),
        "links": links_of(pairs),
        "short": _short(files, pairs, wanted) if pairs else [],
        "moving": stage.round.state in MOVING,
    }


def _short(files: Iterable, pairs: list[tuple[int, int]], wanted: int) -> list[str]:
    read = [application for application, _account in pairs]
    return [file.code for file in files if read.count(file.application_id) < wanted]


@pages.route("/evaluators/fill", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def fill(selection_id: int):
    """Readers for whoever lacks some; `?leaving=`: in place of an evaluator who drops out. First to look at."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    members, leaving = list_members(stage.round.id), request.args.get("leaving", None, int)
    gone = found(next((m for m in members if m.account_id == leaving), None)) if leaving is not None else None
    form = FillForm(data={"version": stage.round.version})
    act = lambda: dealing.fill_up(  # noqa: E731
        stage.round.id,
        form.seen,
        leaving,
        form.reason.data or "",
        seen=form.looked_at.data or "",
        by=actor(),
        at=clock.now(),
    )
    refused = _done(form, act)
    if refused is None and form.is_submitted() and not form.errors:
        flash(_("The gaps are filled; everything else stays as it was."))
        return redirect(url_for("selection.evaluators", selection_id=stage.id, **stage.link))
    shown, hindrance = _look(lambda: dealing.propose_filling(stage.round, leaving))
    if shown:
        form.looked_at.data = shown.sha256
    stay = [member for member in members if member is not gone]
    page = render_template(
        "dealing/fill.html",
        stage=stage,
        form=form,
        gone=gone,
        deal=shown,
        names={member.account_id: member.name for member in stay},
        error=(refused and say(refused)) or (hindrance and say(hindrance)),
        **(_proposed(stage, shown, stay) if shown else {}),
    )
    return page, refused.status if refused else 422 if form.errors else 200


@pages.get("/readings")
@requires(Permission.VIEW_SELECTION)
def index(selection_id: int):
    """Every candidate with her readers."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    page = files_page(stage.round.id, text=request.args.get("q", "").strip(), **paging())
    readers: dict[int, list] = {file.application_id: [] for file in page.items}
    for reading in list_readings(stage.round.id, list(readers)):
        readers[reading.application_id].append(reading)
    return render_template("dealing/index.html", stage=stage, page=page, readers=readers)


@pages.route("/readings/<int:application_id>", methods=["GET", "POST"])
@requires(Permission.VIEW_SELECTION)
def show(selection_id: int, application_id: int):
    """One candidate's readers, why each; given and taken by hand."""
    stage = stage_for(selection_id, Permission.VIEW_SELECTION)
    file = found(get_file(stage.round.id, application_id))
    taking = request.form.get("act") == "take"
    give, take = GiveForm(data={"version": stage.round.version}), TakeForm(data={"version": stage.round.version})
    give.offer(members := list_members(stage.round.id))
    form, refused = take if taking else give, None
    if request.method == "POST":
        ensure(Permission.MANAGE_SELECTION, stage.scope)
        refused = _done(form, lambda: _by_hand(stage, application_id, form))
        if refused is None and not form.errors:
            flash(_("The readers are changed."))
            return redirect(url_for("dealing.show", selection_id=stage.id, application_id=application_id, **stage.link))
    page = render_template(
        "dealing/show.html",
        stage=stage,
        file=file,
        readings=list_readings(stage.round.id, [application_id]),
        give=give,
        take=take,
        form=form,
        members=members,
        moving=stage.round.state in MOVING,
        error=refused and say(refused),
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _by_hand(stage: Stage, application_id: int, form: GiveForm | TakeForm) -> None:
    who = {"by": actor(), "at": clock.now()}
    if isinstance(form, TakeForm):
        dealing.take_reading(stage.round.id, form.seen, form.chosen, form.reason.data, **who)
    else:
        dealing.give_reading(stage.round.id, form.seen, application_id, form.account_id.data, form.reason.data, **who)


@pages.route("/further", methods=["GET", "POST"])
@requires(Permission.MANAGE_SELECTION)
def further(selection_id: int):
    """After the closing: which files get one more reader, whom, and why. First to look at."""
    stage = stage_for(selection_id, Permission.MANAGE_SELECTION)
    count = request.args.get("count", 10, int)
    form = FurtherForm(data={"version": stage.round.version, "count": min(max(count, 1), 500)})
    act = lambda: dealing.ask_further(  # noqa: E731
        stage.round.id, form.seen, form.count.data, seen=form.looked_at.data or "", by=actor(), at=clock.now()
    )
    refused = _done(form, act)
    if refused is None and form.is_submitted() and not form.errors:
        flash(_("The further readers can begin; everybody else's sheets stand still."))
        return redirect(url_for("selection.evaluators", selection_id=stage.id, **stage.link))
    closed, wanted = stage.round.state is RoundState.CLOSED, form.count.data or 10
    shown, hindrance = _look(lambda: dealing.propose_further(stage.round, wanted)) if closed else ([], None)
    form.looked_at.data = sha256_of(shown or ())
    page = render_template(
        "dealing/further.html",
        stage=stage,
        form=form,
        closed=closed,
        further=shown or (),
        files={file.application_id: file for file in list_files(stage.round.id)},
        members={member.account_id: member for member in list_members(stage.round.id)},
        error=(refused and say(refused)) or (hindrance and say(hindrance)),
    )
    return page, refused.status if refused else 422 if form.errors else 200


def _look(propose: Callable) -> tuple:
    """What would be done, or why it cannot."""
    try:
        return propose(), None
    except Refused as refused:
        return None, refused


def _done(form: VersionForm, act: Callable[[], object]) -> Refused | None:
    """Do it where the form was sent and is right; or say why not."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            act()
    except Refused as refused:
        return refused
    return None
