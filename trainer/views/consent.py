"""The notice in its versions; consents given and withdrawn by herself, or taken down by staff with her paper."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.consent import NOTICE_VERSION, NOTICES, ConsentChannel, ConsentScope, newer_versions, standings
from trainer.errors import NotFound, Refused
from trainer.forms.consent import OwnConsentForm, PaperForm, TakenDownForm
from trainer.permissions import Permission
from trainer.queries.consent import get_scan, list_consents_of
from trainer.queries.person import get_person_for
from trainer.services import audit
from trainer.services import consent as consents
from trainer.services.file import read_file
from trainer.services.picture import redraw_sent
from trainer.views.confirm import freshly_confirmed
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, herself, once, public, requires
from trainer.wording import consent as words
from trainer.wording import label, say

pages = Blueprint("consent", __name__)

NOTICE_TEMPLATES = {
    "2026-11": "consent/notices/2026-11.html",
    "2026-11-22": "consent/notices/2026-11-22.html",
    "2026-11-23": "consent/notices/2026-11-23.html",
    "2026-11-24": "consent/notices/2026-11-24.html",
}


@pages.get("/privacy")
@pages.get("/privacy/<version>")
@public
def notice(version: str = NOTICE_VERSION):
    """What is kept of whom, why, how long: today's version, or one that somebody agreed to earlier."""
    this = found(next((one for one in NOTICES if one.version == version), None))
    return render_template(
        "consent/notice.html",
        notice=this,
        template=NOTICE_TEMPLATES[version],
        notices=NOTICES[::-1],
        changes=words.NOTICE_CHANGES,
        newest=NOTICE_VERSION,
    )


@pages.get("/me/consents")
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def mine():
    """What she agreed to, a button each to agree or to withdraw; beside it what follows."""
    stand = standings(list_consents_of(herself()))
    return render_template(
        "consent/mine.html",
        standings=stand,
        newer=newer_versions(stand),
        days=current_app.config["DATA_REQUEST_DAYS"],
        **_explained(),
    )


def _explained() -> dict[str, object]:
    return {
        "purposes": words.PURPOSES,
        "without": words.WITHOUT,
        "on_withdrawal": words.ON_WITHDRAWAL,
        "changes": words.NOTICE_CHANGES,
    }


@pages.post("/me/consents/give")
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def give():
    scope = _own_scope()
    with transaction():
        consents.give(herself(), scope, by=actor(), at=clock.now())
    flash(_("Thank you. You agree to: %(scope)s.", scope=label(scope)))
    return redirect(url_for("consent.mine"), 303)


@pages.post("/me/consents/withdraw")
@requires(Permission.VIEW_OWN_PROGRESS)
@freshly_confirmed
def withdraw_own():
    scope = _own_scope()
    with transaction():
        consents.withdraw(
            *(herself(), scope),
            channel=ConsentChannel.ONLINE,
            by=actor(),
            at=clock.now(),
            due_in_days=current_app.config["DATA_REQUEST_DAYS"],
        )
    flash(_("Withdrawn: %(scope)s.", scope=label(scope)))
    return redirect(url_for("consent.mine"), 303)


class NoSuchScope(Refused):
    """The button did not say what it is about."""

    code = "consent_scope_missing"


def _own_scope() -> ConsentScope:
    form = OwnConsentForm()
    if not form.validate_on_submit():
        raise NoSuchScope()
    return form.scope.data


@pages.route("/people/<int:person_id>/consents/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def new(person_id: int):
    """The paper she signed: what she ticked on it, when, and its picture."""
    person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
    form, error = PaperForm(), None
    if form.validate_on_submit():
        try:
            _record_paper(person.id, form)
            flash(_("The paper is on record."))
            return redirect(url_for("person.show", person_id=person.id, _anchor="consents"), 303)
        except NotFound:
            raise
        except Refused as refused:
            error = say(refused)
    page = render_template("consent/new.html", person=person, form=form, error=error, today=clock.today())
    return page, 422 if form.errors or error else 200


def _record_paper(person_id: int, form: PaperForm) -> None:
    picture, at = redraw_sent(form.file.data), clock.now()

    def record() -> int:
        found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
        consents.record_paper(person_id, form.scopes.data, picture, signed_on=form.signed_on.data, by=actor(), at=at)
        return person_id

    once(form.idempotency_key.data, "consent.record_paper", record)


@pages.route("/people/<int:person_id>/consents/<int:consent_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def withdraw(person_id: int, consent_id: int):
    """She said on the telephone, or in a letter, that she does not agree any more."""
    person = found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
    given = found(next((c for c in list_consents_of(person.id) if c.id == consent_id and c.in_force), None))
    form = TakenDownForm()
    if form.validate_on_submit():
        with transaction():
            found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
            consents.withdraw(
                *(person_id, given.scope),
                channel=form.channel.data,
                reason=form.reason.data,
                by=actor(),
                at=clock.now(),
                due_in_days=current_app.config["DATA_REQUEST_DAYS"],
            )
        flash(_("Withdrawn: %(scope)s.", scope=label(given.scope)))
        return redirect(url_for("person.show", person_id=person_id, _anchor="consents"), 303)
    page = render_template(
        "consent/withdraw.html",
        person=person,
        given=given,
        form=form,
        days=current_app.config["DATA_REQUEST_DAYS"],
        **_explained(),
    )
    return page, 422 if form.errors else 200


@pages.get("/people/<int:person_id>/consents/<int:consent_id>/scan")
@requires(Permission.MANAGE_PEOPLE)
def scan(person_id: int, consent_id: int):
    """The picture of the paper; that it was looked at is written down."""
    found(get_person_for(actor(), Permission.MANAGE_PEOPLE, person_id))
    picture = picture_response(read_file(found(get_scan(person_id, consent_id))), f"consent-{consent_id}")
    with transaction():
        audit.record("consent.show_scan", "consent", consent_id, by=actor(), at=clock.now(), person=person_id)
    return picture
