"""The audit trail for whoever checks what was done: read, filtered, taken away with its proof, never changed."""

from datetime import MAXYEAR, MINYEAR, datetime

from flask import Blueprint, redirect, render_template, request, url_for

from trainer import clock
from trainer.database import transaction
from trainer.domain.audit import Filter, changes, state_of, visible
from trainer.domain.background_task import TaskKind
from trainer.permissions import Permission
from trainer.queries.audit import (
    events_page,
    get_event,
    get_sealed_end,
    list_actions,
    list_events_of,
    list_object_types,
)
from trainer.services.background_task import ask_for_task
from trainer.views.guards import actor, found, requires
from trainer.views.lists import paging
from trainer.wording.audit import act_name, field_name, thing_name, value_text, who_name

pages = Blueprint("audit", __name__, url_prefix="/audit")


@pages.context_processor
def words() -> dict[str, object]:
    return {
        **{"act_name": act_name, "thing_name": thing_name, "field_name": field_name, "value_text": value_text},
        **{"visible": visible, "who_name": who_name, "changes": changes},
    }


@pages.get("")
@requires(Permission.VIEW_AUDIT)
def index():
    wanted = Filter.of({**request.args, "who": request.args.get("q", "")})
    acts = sorted(((name, act_name(name)) for name in list_actions()), key=lambda pair: pair[0])
    return render_template(
        "audit/index.html",
        page=events_page(wanted, **paging()),
        wanted=wanted,
        acts=acts,
        things=[(name, thing_name(name)) for name in list_object_types()],
    )


@pages.get("/<int:seq>")
@requires(Permission.VIEW_AUDIT)
def show(seq: int):
    """One event, whole, with the links of the chain."""
    return render_template("audit/show.html", event=found(get_event(seq)))


@pages.get("/<thing>/<thing_number>")
@requires(Permission.VIEW_AUDIT)
def thing(thing: str, thing_number: str):
    """What the trail tells of one thing: as it then stood at a moment, and everything that was done to it."""
    at = _moment(request.args.get("at", ""))
    events = list_events_of(thing, thing_number, until=at)
    return render_template(
        "audit/thing.html",
        thing=thing,
        number=thing_number,
        at=at,
        state=state_of(events),
        events=events[::-1],
        sealed=get_sealed_end().seq,
    )


def _moment(typed: str) -> datetime | None:
    """A moment as typed, China time; the end of its minute, so that what happened in it counts."""
    try:
        moment = datetime.fromisoformat(typed).replace(second=59, microsecond=999_999)
    except ValueError:
        return None
    if not MINYEAR < moment.year < MAXYEAR:  # elsewhere on earth it is another year, which may be none
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.SHANGHAI)


@pages.post("/bundle")
@requires(Permission.VIEW_AUDIT)
def bundle():
    """What the filter takes, to take away, with the proof that it belongs to the chain."""
    wanted = Filter.of(request.form).words()
    with transaction():
        key = f"{actor().account_id} " + "&".join(f"{name}={value}" for name, value in wanted.items())
        task_id = ask_for_task(TaskKind.AUDIT_BUNDLE, key[:120], {"filter": wanted}, by=actor(), at=clock.now())
    return redirect(url_for("background_task.show", task_id=task_id), 303)
