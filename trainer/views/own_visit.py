"""A visitor's own visit on her phone: arrived, fact by fact, pictures, signed; also from a phone that had no network."""

import secrets
from collections.abc import Callable

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from trainer import clock
from trainer.database import transaction
from trainer.domain.field_visit import (
    MOST_PICTURES,
    MOST_SAYINGS,
    FactKind,
    Saying,
    SayingOutcome,
    UnreadableSaying,
    read_saying,
)
from trainer.domain.selection import RoundState
from trainer.errors import NotFound, Refused
from trainer.forms.field_visit import VisitPictureForm
from trainer.forms.form import Form
from trainer.permissions import Permission
from trainer.queries.field_visit import QuestionRow, get_picture, list_findings, list_pictures, list_questions
from trainer.queries.own_visit import OwnVisit, find_own_visit, get_own_visit, list_own_answers
from trainer.services import visit_fact as facts
from trainer.services.file import read_stored, seal
from trainer.services.picture import redraw_sent
from trainer.services.visit_fact import Taken
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, ensure, found, requires
from trainer.views.roll import KEEP
from trainer.views.roll_queue import SomebodyElse
from trainer.wording import say
from trainer.wording.field_visit import fact_words

pages = Blueprint("own_visit", __name__, url_prefix="/reviews")


@pages.get("/<int:assignment_id>/visit")
@requires(Permission.SCORE)
def from_sheet(assignment_id: int):
    """From her score sheet to her visit."""
    field_visit_id = found(find_own_visit(assignment_id, actor().account_id))
    return redirect(url_for("own_visit.show", field_visit_id=field_visit_id))


@pages.get("/visits/<int:field_visit_id>")
@requires(Permission.SCORE)
def show(field_visit_id: int):
    visit = _mine(field_visit_id)
    # Her phone may keep the page for where there is no network, as long as there is something to find out.
    return _page(visit), {KEEP: str(actor().account_id) if visit.writable else "no"}


@pages.post("/visits/<int:field_visit_id>")
@requires(Permission.SCORE)
def update(field_visit_id: int):
    """The facts of the whole form, where there is no script; only what is new is kept."""
    visit, questions = _mine(field_visit_id), {}
    for question in list_questions(visit.round_id):
        if (value := _typed(question)) is not None:
            questions[question.id] = value
    before = list_own_answers(field_visit_id, visit.account_id)
    new = [Saying(secrets.token_hex(16), None, id_, v) for id_, v in questions.items() if before.get(id_) != v.strip()]
    taken = _take(field_visit_id, new)
    refused = {
        saying.question_id: one.refused for saying, one in zip(new, taken, strict=True) if one.refused is not None
    }
    if refused:
        errors = {id_: say(why) for id_, why in refused.items()}
        first = next(iter(refused.values()))
        if not visit.writable:  # no form to write beside
            return _page(visit, error=say(first)), first.status
        return _page(visit, typed=questions, errors=errors), first.status
    flash(_("What you found is kept."))
    return _back(field_visit_id)


@pages.post("/visits/<int:field_visit_id>/arrival")
@requires(Permission.SCORE)
def arrive(field_visit_id: int):
    """That she is there, where there is no script; the place only a script can ask for."""
    _mine(field_visit_id)
    for one in _take(field_visit_id, [Saying(secrets.token_hex(16), None)]):
        if one.refused:
            flash(say(one.refused), "bad")
    return _back(field_visit_id)


@pages.get("/visits/<int:field_visit_id>/sayings")
@requires(Permission.SCORE)
def token(field_visit_id: int):
    """A form key of the session that asks: the page may be older than that."""
    _mine(field_visit_id)
    return jsonify(account=actor().account_id, token=generate_csrf())


@pages.post("/visits/<int:field_visit_id>/sayings")
@requires(Permission.SCORE)
def create(field_visit_id: int):
    """What one phone found, {account, sayings: […]}: each is answered on its own."""
    _mine(field_visit_id)
    sent = _sent()
    raw = sent.get("sayings") if isinstance(sent, dict) else None
    if not isinstance(raw, list) or len(raw) > MOST_SAYINGS:
        raise UnreadableSaying()
    if sent.get("account") != actor().account_id:
        raise SomebodyElse()
    now, answers, good = clock.now(), [], []
    for one in raw:
        try:
            good.append(read_saying(one, at=now))
        except UnreadableSaying as refused:
            nonce = one.get("nonce") if isinstance(one, dict) else None
            answers.append({"nonce": nonce, "outcome": SayingOutcome.REFUSED, "sentence": say(refused)})
    taken = _take(field_visit_id, good)
    g.refused = next((one.refused for one in taken if one.refused), None)  # stands in the trail
    answers += [
        {"nonce": one.nonce, "outcome": one.outcome, **({"sentence": say(one.refused)} if one.refused else {})}
        for one in taken
    ]
    return jsonify(account=actor().account_id, token=generate_csrf(), now=now.timestamp() * 1000, answers=answers)


def _sent() -> object:
    """What the body says; None where it is no JSON."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # a hundred thousand brackets
        return None


@pages.route("/visits/<int:field_visit_id>/signature", methods=["GET", "POST"])
@requires(Permission.SCORE)
def sign(field_visit_id: int):
    """All she found once more, and “I was there and stand by these facts”."""
    visit, form = _mine(field_visit_id), Form()
    if not visit.writable:
        return _back(field_visit_id)
    if form.validate_on_submit():
        if _try(lambda facts_: facts.sign(field_visit_id, **facts_), _("Signed. Now you see what the others found.")):
            return _back(field_visit_id)
        return redirect(url_for("own_visit.sign", field_visit_id=field_visit_id), 303)
    answers, questions = list_own_answers(field_visit_id, visit.account_id), list_questions(visit.round_id)
    missing = sum(question.id not in answers for question in questions)
    about = {"questions": questions, "answers": answers, "missing": missing, "fact_words": fact_words}
    return render_template("own_visit/sign.html", visit=visit, form=form, **about)


@pages.post("/visits/<int:field_visit_id>/pictures")
@requires(Permission.SCORE)
def add_picture(field_visit_id: int):
    """One picture, drawn anew: what the camera wrote into it, the place too, is gone."""
    visit, form = _mine(field_visit_id), VisitPictureForm()
    if not form.validate_on_submit():
        return _page(visit, form=form), 422
    try:
        drawn = seal(redraw_sent(form.picture.data), f"visit-{field_visit_id}.jpg", "image/jpeg")
        said = (drawn, form.words.data or "", form.idempotency_key.data[:36])
        keep = current_app.config["EVIDENCE_RETENTION_YEARS"]
        with transaction():
            facts.add_picture(field_visit_id, *said, keep_years=keep, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(visit, form=form, error=say(refused)), refused.status
    flash(_("The picture is kept."))
    return _back(field_visit_id, "pictures")


@pages.get("/visits/<int:field_visit_id>/pictures/<int:picture_id>")
@requires(Permission.SCORE)
def picture(field_visit_id: int, picture_id: int):
    visit = _mine(field_visit_id)
    stored_as = found(get_picture(field_visit_id, picture_id, shown=_pictures(visit)))
    return picture_response(read_stored(stored_as), f"{visit.code}-{picture_id}")


@pages.post("/visits/<int:field_visit_id>/pictures/<int:picture_id>/remove")
@requires(Permission.SCORE)
def remove_picture(field_visit_id: int, picture_id: int):
    _mine(field_visit_id)
    _try(lambda facts_: facts.remove_picture(field_visit_id, picture_id, **facts_), _("The picture is taken away."))
    return _back(field_visit_id, "pictures")


def _mine(field_visit_id: int) -> OwnVisit:
    visit = found(get_own_visit(field_visit_id, actor().account_id))
    ensure(Permission.SCORE, visit.scope)
    return visit


def _take(field_visit_id: int, sayings: list[Saying]) -> list[Taken]:
    with transaction():
        return facts.take_sayings(field_visit_id, sayings, by=actor(), at=clock.now())


def _typed(question: QuestionRow) -> str | None:
    """What the form says to a question; None: nothing."""
    value = request.form.get(f"q{question.id}", "").strip()
    if question.kind is FactKind.YES_NO:
        return {"": None, "none": ""}.get(value, value)
    return "" if f"none{question.id}" in request.form else value or None


def _pictures(visit: OwnVisit) -> list:
    """Her own; with those of the others once she has signed."""
    if visit.signed_at is None:
        return list_pictures(visit.id, of=visit.account_id)
    return list_pictures(visit.id, while_open=visit.state is RoundState.OPEN)


def _page(visit: OwnVisit, *, typed=None, errors=None, form: VisitPictureForm | None = None, error: str | None = None):
    """The page; what others found only where she has signed."""
    while_open, others = visit.state is RoundState.OPEN, []
    if visit.signed_at:
        others = list_findings(visit.round_id, while_open=while_open, visit_id=visit.id).get(visit.id, [])
    return render_template(
        "own_visit/show.html",
        **{"visit": visit, "findings": others, "errors": errors or {}, "error": error, "fact_words": fact_words},
        questions=list_questions(visit.round_id),
        answers={**list_own_answers(visit.id, visit.account_id), **(typed or {})},
        pictures=_pictures(visit),
        form=form or VisitPictureForm(),
        most=MOST_PICTURES,
        now=clock.now().timestamp() * 1000,
    )


def _try(act: Callable[[dict], object], done: str) -> bool:
    try:
        with transaction():
            act({"by": actor(), "at": clock.now()})
    except NotFound:
        raise
    except Refused as refused:
        flash(say(refused), "bad")
        return False
    flash(done)
    return True


def _back(field_visit_id: int, anchor: str | None = None):
    return redirect(url_for("own_visit.show", field_visit_id=field_visit_id, _anchor=anchor), 303)
