"""Letters: written from a template or anew, looked at as they will read, sent, followed, taken back."""

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.channel import Channel, UnreadableQuietHours, parse_channels, parse_quiet_hours
from trainer.domain.message import NAME, TAKE_BACK_WITHIN, Circle, fill
from trainer.domain.people import mask_name
from trainer.errors import Refused
from trainer.forms.message import ChannelForm, LetterForm, NameList
from trainer.permissions import Permission
from trainer.queries.letter import (
    COLLEAGUES,
    Letter,
    cohorts_to_write_to,
    count_on_channels,
    get_letter,
    letters_page,
    prepare,
)
from trainer.queries.message_template import get_template_for, list_templates
from trainer.services import letter as letters
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import chosen, paging
from trainer.wording import say
from trainer.wording.message import EVERYBODY

pages = Blueprint("letter", __name__, url_prefix="/messages")

# As they will read: enough to see that names and places stand where they should.
SHOWN = 3


@pages.get("")
@requires(Permission.SEND_MESSAGES)
def index():
    """Letters sent: hers, and those to the cohorts she works with."""
    return render_template("letter/index.html", page=letters_page(actor(), **paging()))


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.SEND_MESSAGES)
def new():
    """Write; a POST shows what it comes to and sends nothing."""
    form, error = _form(), None
    if form.validate_on_submit() and "change" not in request.form:
        try:
            letter = prepare(actor(), form.draft, at=clock.now())
        except Refused as refused:
            error = say(refused)
        else:
            group_text = _group_text(letter, form.names.data)
            return render_template("letter/preview.html", form=form, letter=letter, shown=SHOWN, group_text=group_text)
    return _new_page(form, error)


def _new_page(form: LetterForm, error: str | None = None):
    page = render_template("letter/new.html", form=form, error=error, templates=list_templates(actor()))
    return page, 422 if error or form.errors else 200


def _form() -> LetterForm:
    """Empty, or begun from a template, a cohort and a circle that the address names."""
    template = get_template_for(actor(), request.args.get("template", 0, int))
    begun = {"subject": template.subject, "body": template.body} if template else {}
    begun |= {"cohort_id": request.args.get("cohort", ""), "circle": chosen("circle", Circle)}
    form = LetterForm(data={name: value for name, value in begun.items() if value})
    form.offer(cohorts_to_write_to(actor()), COLLEAGUES, [channel.name for channel in _channels()])
    return form


def check_channels(settings: Mapping[str, object]) -> None:
    """At start: channels and quiet hours can be read. Raises SystemExit; never with an address, which holds secrets."""
    try:
        parse_channels(settings["MESSAGE_CHANNELS"])
        parse_quiet_hours(settings["QUIET_HOURS"])
    except Refused as refused:
        number = refused.values.get("number", "")
        name = "QUIET_HOURS" if isinstance(refused, UnreadableQuietHours) else "MESSAGE_CHANNELS, entry"
        raise SystemExit(f"The setting {name} {number} cannot be read: see docs/operations.md.") from None


def _channels() -> tuple[Channel, ...]:
    return parse_channels(current_app.config["MESSAGE_CHANNELS"])


def _group_text(letter: Letter, names: NameList) -> str:
    """To paste into a WeChat group: everybody there reads it."""
    text = fill(letter.body, {NAME: str(EVERYBODY)})
    if names is NameList.NONE:
        return text
    said = [r.name if names is NameList.FULL else mask_name(r.name) for r in letter.recipients]
    return text + "\n" + "、".join(said)


@pages.post("")
@requires(Permission.SEND_MESSAGES)
def create():
    """Send what was looked at; a second click finds the first one's letter."""
    form = _form()
    if not form.validate():
        return _new_page(form)
    try:
        letter_id = once(form.idempotency_key.data, "letter.send", lambda: _send(form))
    except Refused as refused:
        return _new_page(form, say(refused))
    flash(_("The letter is on its way. This page shows how many have it and how many have opened it."))
    return redirect(url_for("letter.show", message_id=letter_id))


def _send(form: LetterForm) -> int:
    return letters.send_letter(form.draft, by=actor(), at=clock.now())


@pages.get("/<int:message_id>")
@requires(Permission.SEND_MESSAGES)
def show(message_id: int):
    letter = found(get_letter(actor(), message_id))
    age = clock.now() - letter.created_at
    return render_template(
        "letter/show.html",
        letter=letter,
        channels=count_on_channels(message_id),
        group_text=fill(letter.body, {NAME: str(EVERYBODY)}),
        may_take_back=letter.withdrawn_at is None and age <= TAKE_BACK_WITHIN,
    )


@pages.post("/<int:message_id>/take-back")
@requires(Permission.SEND_MESSAGES)
def take_back(message_id: int):
    found(get_letter(actor(), message_id))
    try:
        with transaction():
            letters.take_back(message_id, by=actor(), at=clock.now())
    except letters.TooLateToTakeBack as refused:
        flash(say(refused), "bad")
    else:
        flash(_("The letter was taken back from everybody who had not opened it."))
    return redirect(url_for("letter.show", message_id=message_id))


@pages.post("/<int:message_id>/again")
@requires(Permission.SEND_MESSAGES)
def send_again(message_id: int):
    """Copies on one channel that failed, or of which nobody knows."""
    found(get_letter(actor(), message_id))
    form = ChannelForm()
    if form.validate():
        with transaction():
            count = letters.send_again(message_id, form.channel.data, by=actor(), at=clock.now())
        flash(_("Copies that will be sent again: %(count)s", count=count))
    return redirect(url_for("letter.show", message_id=message_id))
