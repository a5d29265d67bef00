"""A woman's own applications: what is open to her, one written screen by screen, handed in, taken back."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.application import Content, Lack, Step, Window, lacks, steps
from trainer.domain.eligibility import Eligibility, is_missed
from trainer.domain.selection import ApplicationState
from trainer.errors import NotFound, Refused
from trainer.forms.application import FileForm, MoneyForm, PlanForm, build_money_form
from trainer.forms.form import Form, VersionForm
from trainer.permissions import Permission
from trainer.queries.application import Written, get_file, get_written, list_referrals
from trainer.queries.eligibility import EligibilityRow, get_eligibility
from trainer.queries.own_application import (
    OwnSelection,
    get_own_round,
    get_own_selection,
    list_own_selections,
)
from trainer.queries.region import region_names
from trainer.queries.rubric import get_rubric
from trainer.queries.selection import get_stage
from trainer.services import application as applications
from trainer.services import application_file as application_files
from trainer.services.file import read_file
from trainer.services.picture import redraw_sent
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, herself, once, requires
from trainer.views.rubric import names_in
from trainer.wording import say
from trainer.wording.application import condition_words, own_state, verdict_words

pages = Blueprint("own_application", __name__, url_prefix="/me/applications")
NOTHING = Content()
SCREENS = {
    Step.PLAN: "own_application/plan.html",
    Step.MONEY: "own_application/money.html",
    Step.FILES: "own_application/files.html",
    Step.CHECK: "own_application/check.html",
}


@pages.get("")
@requires(Permission.VIEW_OWN_PROGRESS)
def index():
    """What is open to her, and what she has applied to."""
    now = clock.now()
    rows = list_own_selections(herself(), now=now)
    return render_template("own_application/index.html", rows=rows, now=now, own_state=own_state)


@pages.get("/<int:offered_id>")
@requires(Permission.VIEW_OWN_PROGRESS)
def show(offered_id: int):
    """What it is about, who may apply and how she stands, what she wrote and how far it is."""
    now = clock.now()
    own, row = _own(offered_id), None
    is_in = own.state is ApplicationState.SUBMITTED
    if not is_in and (own.may_write(now) or own.window(now) is Window.COMING):
        row = _standing(own)
    asked = Eligibility.of(own.eligibility)
    names = region_names({asked.residence, row.woman.region_code} - {None}) if row and asked.residence else {}
    return render_template(
        "own_application/show.html",
        own=own,
        own_state=own_state,
        now=now,
        row=row,
        conditions=[condition_words(one, asked, names.get(asked.residence, "")) for one in asked.asked] if row else (),
        verdict_words=lambda verdict: verdict_words(verdict, names),
        written=get_written(offered_id, herself()) if own.state else None,
        round=get_own_round(offered_id, herself()) if is_in else None,
        referrals=list_referrals(offered_id, person_id=herself()) if own.code else (),
        may_write=own.may_write(now) and (is_in or row is not None),
    )


@pages.get("/<int:offered_id>/rules")
@requires(Permission.VIEW_OWN_PROGRESS)
def rules(offered_id: int):
    """How the round that she is in, or would be, becomes a rank: in words and formula, as staff read it."""
    own, at = _own(offered_id), get_own_round(offered_id, herself())
    stage = found(get_stage(offered_id, at.number if at else 1))
    content = get_rubric(stage.round.id).content
    return render_template(
        "own_application/rules.html",
        own=own,
        stage=stage,
        criteria=content.criteria(),
        bonus=content.bonus,
        veto=content.veto,
        names=names_in(content),
    )


@pages.route("/<int:offered_id>/plan", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def plan(offered_id: int):
    """The first screen: what she wants to do."""
    own, written = _writable(offered_id)
    content = written.content if written else NOTHING
    form = PlanForm(data={"version": _version(written), "title": content.title, "plan": content.plan})
    return _screen(own, written, Step.PLAN, form)


@pages.route("/<int:offered_id>/money", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def money(offered_id: int):
    """How much, and what for: the lines come to the amount."""
    own, written = _writable(offered_id)
    if own.highest_amount_fen is None:
        raise NotFound()
    form = build_money_form(MoneyForm, _version(written), written.content if written else NOTHING)
    return _screen(own, written, Step.MONEY, form)


@pages.route("/<int:offered_id>/files", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def files(offered_id: int):
    """Pictures, one at a time."""
    own, written = _writable(offered_id)
    if written is None:
        return redirect(url_for("own_application.plan", offered_id=offered_id), 303)
    form, error = FileForm(), None
    if form.validate_on_submit():
        try:
            add_picture(offered_id, _enrolment(own), form)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The picture is kept."))
            return redirect(url_for("own_application.files", offered_id=offered_id), 303)
    page = _page(own, written, Step.FILES, form, error)
    return page, error.status if error else 422 if form.errors else 200


@pages.post("/<int:offered_id>/files/<int:position>/remove")
@requires(Permission.VIEW_OWN_PROGRESS)
def remove_file(offered_id: int, position: int):
    own, _written = _writable(offered_id)
    if Form().validate_on_submit():
        _try(lambda: remove_picture(offered_id, _enrolment(own), position), _("The picture is taken away."))
    return redirect(url_for("own_application.files", offered_id=offered_id), 303)


@pages.get("/<int:offered_id>/files/<int:position>")
@requires(Permission.VIEW_OWN_PROGRESS)
def picture(offered_id: int, position: int):
    stored = found(get_file(offered_id, herself(), position))
    return picture_response(read_file(stored), f"application-{position}")


@pages.route("/<int:offered_id>/check", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def check(offered_id: int):
    """All of it once more, and the button."""
    own, written = _writable(offered_id)
    if written is None:
        return redirect(url_for("own_application.plan", offered_id=offered_id), 303)
    form = VersionForm(data={"version": written.version})
    if form.validate_on_submit():
        act = lambda: applications.hand_in(  # noqa: E731
            offered_id, _enrolment(own), form.seen, by=actor(), at=clock.now()
        )
        if _try(act, _("Thank you, it is handed in. What comes next stands on this page.")):
            return redirect(url_for("own_application.show", offered_id=offered_id), 303)
        return redirect(url_for("own_application.check", offered_id=offered_id), 303)
    return _page(own, written, Step.CHECK, form, None)


@pages.route("/<int:offered_id>/take-back", methods=["GET", "POST"])
@requires(Permission.VIEW_OWN_PROGRESS)
def take_back(offered_id: int):
    own, written = _writable(offered_id)
    if written is None or written.state is ApplicationState.WITHDRAWN:
        return redirect(url_for("own_application.show", offered_id=offered_id), 303)
    if Form().validate_on_submit():
        act = lambda: applications.take_back(offered_id, _enrolment(own), by=actor(), at=clock.now())  # noqa: E731
        _try(act, _("Taken back. What you wrote is kept; you can hand it in again while applications are taken."))
        return redirect(url_for("own_application.show", offered_id=offered_id), 303)
    return render_template("own_application/take_back.html", own=own, written=written)


def _own(selection_id: int) -> OwnSelection:
    return found(get_own_selection(herself(), selection_id, now=clock.now()))


def _writable(selection_id: int) -> tuple[OwnSelection, Written | None]:
    """Raises LedElsewhere, ApplyingClosed where she cannot write on it (any more)."""
    own = _own(selection_id)
    if own.state is ApplicationState.REFERRED:
        raise applications.LedElsewhere()
    if not own.may_write(clock.now()):
        raise applications.ApplyingClosed()
    return own, get_written(selection_id, herself())


def _standing(own: OwnSelection) -> EligibilityRow | None:
    return get_eligibility(own.id, own.region_code, own.eligibility, herself(), at=clock.now())


def _enrolment(own: OwnSelection) -> int:
    """By which she applies; 404 where she is in no course of the area any more."""
    return found(_standing(own)).woman.enrolment_id


def _version(written: Written | None) -> int:
    return written.version if written else 0


def _screen(own: OwnSelection, written: Written | None, step: Step, form):
    """Keep what she wrote, then the next screen; this one again where something of it is missing."""
    error = None
    if form.validate_on_submit():
        try:
            with transaction():
                kept = applications.write(
                    own.id, _enrolment(own), form.seen, form.changes(), by=actor(), at=clock.now()
                )
                missing = lacks(applications.content_of(kept), own.highest_amount_fen)
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            return redirect(_after(own, step, missing), 303)
    page = _page(own, written, step, form, error)
    return page, error.status if error else 422 if form.errors else 200


def _after(own: OwnSelection, step: Step, missing: tuple[Lack, ...]) -> str:
    if here := [lack for lack in missing if lack.step is step]:
        flash(_("Kept. %(what)s", what=say(applications.ApplicationLacks(here[0]))), "bad")
        return _address(own, step)
    following = steps(own.highest_amount_fen)
    return _address(own, following[following.index(step) + 1])


def _address(own: OwnSelection, step: Step) -> str:
    return url_for(f"own_application.{step}", offered_id=own.id)


def _page(own: OwnSelection, written: Written | None, step: Step, form, error: Refused | None) -> str:
    missing = lacks(written.content if written else NOTHING, own.highest_amount_fen)
    screens = steps(own.highest_amount_fen)
    row = _standing(own) if step is Step.CHECK and own.state is not ApplicationState.SUBMITTED else None
    number = screens.index(step) + 1
    return render_template(
        SCREENS[step],
        own=own,
        written=written,
        step=step,
        number=number,
        screens=screens,
        back=_address(own, screens[number - 2]),
        form=form,
        error=say(error) if error else None,
        missing=[(_address(own, lack.step), say(applications.ApplicationLacks(lack))) for lack in missing],
        is_missed=row is not None and is_missed(row.verdicts),
    )


def _try(act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        with transaction():
            act()
    except NotFound:
        raise
    except Refused as refused:
        flash(say(refused), "bad")
        return False
    flash(done)
    return True


def add_picture(selection_id: int, enrolment_id: int, form: FileForm) -> None:
    """What a form sent, kept once however often it was tapped. Raises UnreadableFile and what the service refuses."""
    drawn = redraw_sent(form.picture.data)
    keep = current_app.config["EVIDENCE_RETENTION_YEARS"]
    once(
        form.idempotency_key.data,
        "application.add_file",
        lambda: (
            application_files.add_file(
                selection_id,
                enrolment_id,
                drawn,
                form.words.data or "",
                **{"keep_years": keep, "by": actor(), "at": clock.now()},
            ).id
        ),
    )


def remove_picture(selection_id: int, enrolment_id: int, position: int) -> None:
    application_files.remove_file(selection_id, enrolment_id, position, by=actor(), at=clock.now())
