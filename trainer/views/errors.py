"""Error pages: a sentence, what to do, and the request's number for whoever helps."""

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, HTTPException, SecurityError

from trainer.database import BUSY, OVERTAKEN, UNFIT, rollback
from trainer.errors import Conflict, Refused
from trainer.wording import say


def install(app: Flask) -> None:
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
    return answer(error.status, say(error))


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
    return answer(400, _("This page was open for too long. Go back, open it afresh and send it again."))


def foreign_host(_error: SecurityError):
    """A host name that is not ours: no page, since no link of ours could be built for it."""
    return Response("400 Bad Request: unknown host\n", 400, mimetype="text/plain")


def http_error(error: HTTPException):
    sentences = {
        400: _("The request could not be read. Go back, open the page afresh and try again."),
        404: _("There is no such page, or it is not for you."),
        405: _("This address takes no such request. Start from the home page."),
        413: _("The file is too large: 20 MB at most, 120 MB for a csv of orders."),
    }
    if error.code and error.code < 400:
        return error
    return answer(error.code or 500, sentences.get(error.code, _("The request could not be carried out.")))


def broken(error: Exception):
    rollback()
    current_app.logger.exception("request %s failed", g.get("request_id"), exc_info=error)
    return answer(500, _("Something went wrong on our side. Nothing half done was kept. Tell us the number below."))
