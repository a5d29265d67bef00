"""The browser behind a request: its address, and the long-lived cookie that tells it again."""

from flask import Response, current_app, request

from trainer import clock
from trainer.domain.visitor import Visitor
from trainer.services import device


def cookie_name() -> str:
    return "__Host-device" if current_app.config["HTTPS"] else "device"


def visitor() -> Visitor:
    """Who asks to be let in; an unknown browser gets the token that its cookie will hold once somebody is in."""
    token, known = device.recognise(request.cookies.get(cookie_name(), ""), at=clock.now())
    return Visitor(
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        device_token=token,
        device_id=known,
    )


def keep_browser(response: Response, seen: Visitor) -> None:
    """Let the browser be known from now on: it carries no right, only whose slips are counted apart."""
    response.set_cookie(
        cookie_name(),
        seen.device_token,
        max_age=device.LIFE,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["HTTPS"],
        path="/",
    )
