"""Error pages: a sentence, what to do, and the request's number for whoever helps."""

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException, SecurityError

from trainer import clock
from trainer.database import BUSY, OVERTAKEN, UNFIT, broken_by, forget_broken, rollback, transaction
from trainer.domain.actors import Actor
from trainer.errors import Conflict, NotFound, Refused
from trainer.services import audit
from trainer.wording import say


def install(app: Flask) -> None:
    app.before_request(forget_broken)
    app.after_request(record_refusal)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(CSRFError, stale_form)
    for error in OVERTAKEN:
        app.register_error_handler(error, changed_meanwhile)
    for error in UNFIT:
        app.register_error_handler(error, unfit)
    app.register_error_handler(BUSY, database_busy)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, broken)


def answer(status: int, sentence: str):
    """The error page, or its sentence as JSON for a script that asked for it."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=sentence), status
    return render_template("errors/error.html", status=status, sentence=sentence, actor=g.get("actor")), status


def refused(error: Refused):
    rollback()
    g.refused = error
    return answer(error.status, say(error))


class StaleForm(Refused):
    """The request bears no form key of this session: a page left open, or a page of another site that sends it."""

    code = "stale_form"


def record_refusal(response: Response) -> Response:
    """After every request: what somebody signed in was refused stands in the trail, her words not with it.

    Also what the view itself turned into a sentence beside the form, known by the transaction that it broke.
    """
    error, who = g.get("refused") or broken_by(), _signed_in()
    if isinstance(error, Refused) and who is not None and request.endpoint:
        try:
            _record(error, who)
        except BUSY:
            current_app.logger.exception("refusal of request %s is not in the audit trail", g.get("request_id"))
    return response


def _signed_in() -> Actor | None:
    waiting = g.get("waiting")
    return g.get("actor") or (waiting[1] if waiting else None)


def _record(error: Refused, who: Actor) -> None:
    ids = {name: value for name, value in (request.view_args or {}).items() if isinstance(value, int)}
    thing = list(ids)[-1].removesuffix("_id") if ids else "page"
    action = "access.refused" if isinstance(error, NotFound) else "act.refused"
    told = {"page": request.endpoint, "method": request.method, "code": error.code, "ids": ids}
    number = list(ids.values())[-1] if ids else request.endpoint
    with transaction():
        audit.record_refusal(
            action, {"batch": "import_batch"}.get(thing, thing), number, by=who, at=clock.now(), **told
        )


def changed_meanwhile(_error: Exception):
    """A version column or a unique constraint said no: somebody was faster."""
    rollback()
    return answer(409, say(Conflict()))


def unfit(_error: Exception):
    """Something typed that no column holds; no form of ours sends it."""
    rollback()
    return http_error(BadRequest())


def database_busy(error: Exception):
    rollback()
    current_app.logger.exception("database unavailable", exc_info=error)
    return answer(503, _("The system is busy. Nothing was lost: go back and try again in a moment."))


def stale_form(_error: CSRFError):
    g.refused = StaleForm()
    return answer(400, _("This page was open for too long. Go back, open it afresh and send it again."))


def foreign_host(_error: SecurityError):
    """A host name that is not ours: no page, since no link of ours could be built for it."""
    return Response("400 Bad Request: unknown host\n", 400, mimetype="text/plain")


def http_error(error: HTTPException):
    sentences = {
        400: _("The request could not be read. Go back, open the page afresh and try again."),
        404: _("There is no such page, or it is not for you."),
        405: _("This address takes no such request. Start from the home page."),
        413: _("Too large: a file may have 20 MB, a csv of orders 120 MB, and files sent at once 120 MB together."),
    }
    if error.code and error.code < 400:
        return error
    return answer(error.code or 500, sentences.get(error.code, _("The request could not be carried out.")))


def broken(error: Exception):
    rollback()
    current_app.logger.exception("request %s failed", g.get("request_id"), exc_info=error)
    return answer(500, _("Something went wrong on our side. Nothing half done was kept. Tell us the number below."))
