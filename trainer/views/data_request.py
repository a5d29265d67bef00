"""The queue of requests about personal data: looked at, answered, refused, carried out; recorded and printed for her."""

from collections.abc import Callable

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import forget_deleted, transaction
from trainer.documents.personal_copy import in_words
from trainer.domain.data_request import CORRECTABLE, RequestKind, RequestState
from trainer.domain.people import mask_phone
from trainer.errors import NotFound, Refused
from trainer.forms.data_request import AnswerForm, TakenDownCorrectionForm, TakenDownWordsForm
from trainer.forms.form import Form, VersionForm
from trainer.permissions import Permission
from trainer.queries.data_request import (
    get_correctable,
    get_footprint,
    get_names,
    get_request_for,
    list_blocks,
    requests_page,
)
from trainer.queries.person import get_person_for
from trainer.queries.personal_data import collect
from trainer.services import data_request as requests
from trainer.services.file import delete_files
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, say
from trainer.wording.data_request import field_word

pages = Blueprint("data_request", __name__)


@pages.get("/data-requests")
@requires(Permission.HANDLE_DATA_REQUESTS)
def index():
    """Open ones by their deadline, unless others are asked for."""
    kind, state = chosen("kind", RequestKind), chosen("state", RequestState)
    page = requests_page(actor(), kind=kind, state=state or RequestState.OPEN, **paging())
    return render_template(
        "data_request/index.html", page=page, kinds=choices(RequestKind), states=choices(RequestState)
    )


@pages.get("/data-requests/<int:request_id>")
@requires(Permission.HANDLE_DATA_REQUESTS)
def show(request_id: int):
    return _page(_request(request_id))


def _page(one, *, answer: AnswerForm | None = None, error: Refused | None = None):
    present = get_correctable(one.person_id)
    body = render_template(
        "data_request/show.html",
        asked=one,
        person=get_person_for(actor(), Permission.HANDLE_DATA_REQUESTS, one.person_id),
        lines=_lines(one, present),
        names=get_names(one.recorded_by, one.prepared_by, one.handled_by),
        footprint=get_footprint(one.person_id) if one.kind is RequestKind.ERASE else None,
        blocks=list_blocks(one.person_id, at=clock.now()) if one.kind is RequestKind.ERASE else [],
        answer=answer or AnswerForm(formdata=None, data={"version": one.version}),
        version=VersionForm(formdata=None, data={"version": one.version}),
        error=say(error) if error else None,
        today=clock.today(),
    )
    return body, error.status if error else 422 if answer and answer.errors else 200


def _lines(one, present) -> list[tuple[str, object, object]]:
    """(field, what the record says, what she wishes), the phone masked."""
    if one.wished is None:
        return []
    wished = requests.read_wish(one, today=clock.today())
    show = {"phone": mask_phone}
    return [
        (field_word(name), show.get(name, str)(present[name] or ""), show.get(name, str)(wished[name] or ""))
        for name in CORRECTABLE
        if name in wished
    ]


@pages.post("/data-requests/<int:request_id>/accept")
@requires(Permission.HANDLE_DATA_REQUESTS)
def accept(request_id: int):
    """The correction is right: the record says so from now on."""
    return _act(request_id, requests.accept_correction, _("The record is corrected."))


@pages.post("/data-requests/<int:request_id>/prepare")
@requires(Permission.HANDLE_DATA_REQUESTS)
def prepare(request_id: int):
    return _act(request_id, requests.prepare_erasure, _("Prepared. Somebody else has to carry it out."))


@pages.post("/data-requests/<int:request_id>/erase")
@requires(Permission.HANDLE_DATA_REQUESTS)
def erase(request_id: int):
    """The second person's word; the files go once the rows are gone for good."""

    def carry_out(*args, **kwargs) -> None:
        erased.append(requests.carry_out_erasure(*args, **kwargs))

    erased: list = []
    answer = _act(request_id, carry_out, _("Her data are erased."))
    for done in erased:
        delete_files(done.files)
        forget_deleted()
    return answer


@pages.post("/data-requests/<int:request_id>/take-back")
@requires(Permission.HANDLE_DATA_REQUESTS)
def take_back(request_id: int):
    """She told staff that she no longer wants it."""
    return _act(request_id, lambda id_, _seen, **who: requests.take_back(id_, **who), _("The request is taken back."))


@pages.post("/data-requests/<int:request_id>/refuse")
@requires(Permission.HANDLE_DATA_REQUESTS)
def refuse(request_id: int):
    return _answer(request_id, requests.refuse, _("The request is refused; she reads your reason."))


@pages.post("/data-requests/<int:request_id>/explain")
@requires(Permission.HANDLE_DATA_REQUESTS)
def explain(request_id: int):
    return _answer(request_id, requests.explain, _("Your explanation is sent to her."))


@pages.route("/people/<int:person_id>/data-requests/new", methods=["GET", "POST"])
@requires(Permission.HANDLE_DATA_REQUESTS)
def new(person_id: int):
    """Taken down for a woman who asks by telephone or on paper; her phone number is not shown in the form."""
    person = _living(person_id)
    kind = chosen("kind", RequestKind) or RequestKind.CORRECT
    if kind is RequestKind.CORRECT:
        form = TakenDownCorrectionForm(get_correctable(person.id), today=clock.today(), shows_phone=False)
    else:
        form = TakenDownWordsForm()
    if form.validate_on_submit():
        wished = form.changed if kind is RequestKind.CORRECT else None
        with transaction():
            made = requests.ask(
                *(kind, person_id),
                **{"words": form.words.data, "wished": wished, "channel": form.channel.data},
                **{"by": actor(), "at": clock.now(), "due_in_days": current_app.config["DATA_REQUEST_DAYS"]},
            )
        if made.channel is not form.channel.data or made.words != (form.words.data or None):
            flash(
                _("A request of this kind is open for her already; look at it first. Nothing new was recorded."), "bad"
            )
        return redirect(url_for("data_request.show", request_id=made.id), 303)
    return render_template("data_request/new.html", person=person, kind=kind, form=form), 422 if form.errors else 200


@pages.route("/people/<int:person_id>/data", methods=["GET", "POST"])
@requires(Permission.HANDLE_DATA_REQUESTS)
def print_copy(person_id: int):
    """All that is held about her, to be printed for her; she sees afterwards that it was done."""
    person = _living(person_id)
    sections = None
    if Form().validate_on_submit():
        with transaction():
            requests.note_copy(person_id, by=actor(), at=clock.now())
        sections = in_words(collect(person_id), most=None)
    return render_template("data_request/print_copy.html", person=person, sections=sections, now=clock.now())


def _living(person_id: int):
    """Whoever was erased asks for nothing any more."""
    person = found(get_person_for(actor(), Permission.HANDLE_DATA_REQUESTS, person_id))
    return found(None if person.erased_at else person)


def _answer(request_id: int, service: Callable, done: str):
    """An act with words that she reads."""
    form = AnswerForm()
    one = _request(request_id)
    if not form.validate_on_submit():
        return _page(one, answer=form)
    return _act(request_id, lambda id_, seen, **who: service(id_, seen, form.answer.data, **who), done, form)


def _act(request_id: int, service: Callable, done: str, answer: AnswerForm | None = None):
    """One act on a request within her reach, on the version she saw."""
    _request(request_id)
    form = VersionForm()
    if not form.validate_on_submit():
        return redirect(url_for("data_request.show", request_id=request_id), 303)
    try:
        with transaction():
            service(request_id, form.seen, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _page(_request(request_id), answer=answer, error=refused)
    flash(done)
    return redirect(url_for("data_request.show", request_id=request_id), 303)


def _request(request_id: int):
    return found(get_request_for(actor(), request_id))
