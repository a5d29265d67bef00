"""What the script of a roll asks and sends: others' marks every few seconds, its own as they come, and its worker."""

from pathlib import Path

from flask import Blueprint, Response, current_app, g, jsonify, request
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from trainer import clock
from trainer.database import transaction
from trainer.domain.attendance import AttendanceStatus, NewMark
from trainer.domain.roll_queue import MOST, UnreadableMark, read_mark
from trainer.errors import Refused
from trainer.permissions import Permission
from trainer.queries.roll import LessonHead
from trainer.queries.roll_changes import ChangedRow, Saying, list_changes
from trainer.services.roll_queue import Taken, take_marks
from trainer.views.guards import actor, public, requires
from trainer.views.roll import lesson_in_reach
from trainer.wording import label, say, tone

pages = Blueprint("roll_queue", __name__)


class SomebodyElse(Refused):
    """The page, or the marks kept on this phone, are of another account than the one signed in."""

    code = "roll_somebody_else"
    status = 409


@pages.get("/lessons/<int:lesson_id>/roll/changes")
@requires(Permission.MARK_ATTENDANCE)
def show(lesson_id: int):
    """What was said since the mark `since`, for a page that is open."""
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    return jsonify(_news(lesson, _number(request.args.get("since", 0, int))))


@pages.post("/lessons/<int:lesson_id>/roll/marks")
@requires(Permission.MARK_ATTENDANCE)
def create(lesson_id: int):
    """Marks of one phone, {account, since, marks: […]}: each is answered on its own, and the roll's news with them."""
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    sent = _sent()
    marks = sent.get("marks") if isinstance(sent, dict) else None
    if not isinstance(marks, list) or len(marks) > MOST:
        raise UnreadableMark()
    if sent.get("account") != actor().account_id:
        raise SomebodyElse()
    now = clock.now()
    read = [_read(raw, now) for raw in marks]
    good = [mark for mark in read if isinstance(mark, NewMark)]
    with transaction():
        taken = {one.nonce: one for one in take_marks(lesson_id, good, by=actor(), at=now)}
    g.refused = next((one.refused for one in taken.values() if one.refused), None)  # stands in the trail
    answers = [_told(taken[mark.nonce]) if isinstance(mark, NewMark) else mark for mark in read]
    return jsonify(answers=answers, **_news(lesson, _number(sent.get("since"))))


def _sent() -> object:
    """What the body says; None where it is no JSON."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # a hundred thousand brackets
        return None


def _read(raw: object, now) -> NewMark | dict[str, object]:
    """The mark, or what is answered about something that is none."""
    try:
        return read_mark(raw, at=now)
    except UnreadableMark as refused:
        nonce = raw.get("nonce") if isinstance(raw, dict) else None
        return {"nonce": nonce, "outcome": "refused", "code": refused.code, "sentence": say(refused)}


def _told(taken: Taken) -> dict[str, object]:
    said = {"nonce": taken.nonce, "outcome": taken.outcome}
    if taken.refused:
        said |= {"code": taken.refused.code, "sentence": say(taken.refused)}
    return said


def _number(value: object) -> int:
    """A mark's number, or 0: everything."""
    return value if type(value) is int and 0 <= value < 2**31 else 0


def _news(lesson: LessonHead, since: int) -> dict[str, object]:
    """How the roll stands, with a form key of the session that asks: the page may be older than that."""
    changes = list_changes(lesson, since)
    counts = {name: getattr(changes.tally, name) for name in ("attended", "excused", "absent", "unmarked")}
    return {
        "account": actor().account_id,
        "token": generate_csrf(),
        "state": lesson.state,
        "seen": changes.seen,
        "counts": counts | {"conflicts": changes.conflicts},
        "rows": {row.enrolment_id: _row(row) for row in changes.rows},
    }


def _row(row: ChangedRow) -> dict[str, object]:
    said = {"status": row.status, **_words(row.status)}
    if row.marked_by != actor().account_id:
        said["by"] = row.marker or (_("herself") if row.status else "")
    if row.said:
        said["said"] = [_saying(row.said.ruling), _saying(row.said.other)]
    return said


def _words(status: AttendanceStatus | None) -> dict[str, str]:
    return {"label": label(status), "tone": tone(status)} if status else {}


def _saying(saying: Saying) -> dict[str, object]:
    """As the row of a contradiction shows it."""
    at, said_at = (clock.local(moment).strftime("%H:%M") if moment else "" for moment in (saying.at, saying.said_at))
    return {
        "status": saying.status,
        "by": saying.by or _("herself"),
        "at": at,
        "said_at": said_at,
        **_words(saying.status),
    }


@pages.get("/roll-worker.js")
@public
def worker():
    """The service worker: at the root, where it may serve the pages of rolls when there is no connection."""
    return Response((Path(current_app.static_folder) / "roll-worker.js").read_bytes(), mimetype="text/javascript")
