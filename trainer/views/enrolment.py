"""One enrolment: its dated history, and what can be done with it from here."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.enrolment import EnrolmentAct, StatusCause, WhoAsked, acts_from
from trainer.errors import Conflict, NotFound, Refused
from trainer.forms.enrolment import ActForm, act_form
from trainer.permissions import Permission, can
from trainer.queries.enrolment import (
    EnrolmentHead,
    TransferTarget,
    get_enrolment_head,
    get_places,
    list_history,
    list_other_ends,
    list_transfer_targets,
)
from trainer.services import enrolment_change, transfer
from trainer.views.guards import actor, ensure, found, requires
from trainer.wording import say

pages = Blueprint("enrolment", __name__, url_prefix="/enrolments")

MANAGE = Permission.MANAGE_ENROLMENTS
A = EnrolmentAct


@pages.get("/<int:enrolment_id>")
@requires(Permission.VIEW_PEOPLE)
def show(enrolment_id: int):
    return _page(_head(enrolment_id, Permission.VIEW_PEOPLE))


def _head(enrolment_id: int, permission: Permission) -> EnrolmentHead:
    head = found(get_enrolment_head(enrolment_id))
    ensure(permission, head.scope)
    return head


def _page(head: EnrolmentHead, failed: ActForm | None = None, failed_act: A | None = None, error: str | None = None):
    """`failed`: a form that was refused, shown open with what was typed."""
    history = list_history(head.id)
    acts, targets = _acts(head, history), []
    if A.TRANSFER in acts:
        targets = list_transfer_targets(actor(), but=head.cohort_id, today=clock.today())
        acts = acts if targets else tuple(act for act in acts if act is not A.TRANSFER)
    forms = {act: act_form(act, _named(targets), formdata=None) for act in acts}
    for form in forms.values():
        form.status.data = head.status.value
    if failed_act in forms:
        forms[failed_act] = failed
    return render_template(
        "enrolment/show.html",
        **{"head": head, "history": history, "forms": forms, "failed": failed_act, "error": error},
        **{"others": list_other_ends(head), "places": get_places(head.cohort_id), "A": A},
    )


def _acts(head: EnrolmentHead, history) -> tuple[A, ...]:
    if head.is_gone or not can(actor(), MANAGE, head.scope):
        return ()
    went = bool(history) and history[-1].cause is StatusCause.TRANSFER
    return acts_from(head.status, came=head.transferred_from_id is not None, went=went)


def _named(targets: list[TransferTarget]) -> list[tuple[int, str]]:
    return [
        (
            one.id,
            _(
                "%(name)s · begins %(day)s · %(free)s places free",
                name=one.name,
                day=one.starts_on,
                free=one.places.free,
            ),
        )
        for one in targets
    ]


@pages.post("/<int:enrolment_id>/<act>")
@requires(MANAGE)
def change(enrolment_id: int, act: str):
    """One step, with its reason."""
    head = _head(enrolment_id, MANAGE)
    if act not in _DOING:
        raise NotFound()
    wanted, error, status = A(act), None, 422
    targets = list_transfer_targets(actor(), but=head.cohort_id, today=clock.today()) if wanted is A.TRANSFER else []
    form = act_form(wanted, _named(targets))
    if form.validate_on_submit():
        try:
            with transaction():
                if form.seen is None:
                    raise Conflict()
                shown = _DOING[wanted](head.id, form, {"seen": form.seen, "by": actor(), "at": clock.now()})
        except NotFound:
            raise
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("Saved. It stands in her history below."))
            return redirect(url_for("enrolment.show", enrolment_id=shown), 303)
    return _page(head, form, wanted, error), status


def _withdraw(id_: int, form, who: dict) -> int:
    enrolment_change.withdraw(id_, WhoAsked(form.asked_by.data), form.reason.data, **who)
    return id_


def _plain(service: Callable) -> Callable:
    def do(id_: int, form, who: dict) -> int:
        service(id_, form.reason.data, **who)
        return id_

    return do


def _admitting(service: Callable) -> Callable:
    def do(id_: int, form, who: dict) -> int:
        service(id_, form.reason.data, over=form.over.data, **who)
        return id_

    return do


def _transfer(id_: int, form, who: dict) -> int:
    return transfer.transfer(id_, form.reason.data, to_cohort_id=form.cohort.data, over=form.over.data, **who).id


def _transfer_back(id_: int, form, who: dict) -> int:
    """Where she came from may lie beyond the reach of whoever asks: the page stays."""
    transfer.take_transfer_back(id_, form.reason.data, over=form.over.data, **who)
    return id_


_DOING: Mapping[str, Callable] = {
    A.ADMIT: _admitting(enrolment_change.admit_one),
    A.WAITLIST: _plain(enrolment_change.put_on_waitlist),
    A.REJECT: _plain(enrolment_change.reject),
    A.WITHDRAW: _withdraw,
    A.TAKE_BACK: _admitting(enrolment_change.take_withdrawal_back),
    A.REOPEN: _plain(enrolment_change.back_into_training),
    A.TRANSFER: _transfer,
    A.TRANSFER_BACK: _transfer_back,
}
