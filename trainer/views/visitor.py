"""The browser behind a request: its address, the long-lived cookie that tells it again, and the rules it meets."""

from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_network

from flask import Response, current_app, request

from trainer import clock
from trainer.domain.actors import Role
from trainer.domain.password import POLICIES
from trainer.domain.sign_in import SignInRules
from trainer.domain.visitor import Visitor, plain_address
from trainer.services import device


def cookie_name() -> str:
    return "__Host-device" if current_app.config["HTTPS"] else "device"


def visitor(*, afresh: bool = False) -> Visitor:
    """Who asks to be let in; an unknown browser gets the token that its cookie will hold once somebody is in.

    `afresh`: as one that is unknown, whatever its cookie says.
    """
    token, known = device.recognise("" if afresh else request.cookies.get(cookie_name(), ""), at=clock.now())
    return Visitor(
        address=plain_address(request.remote_addr),
        user_agent=request.user_agent.string,
        device_token=token,
        device_id=known,
    )


def browser_key() -> str:
    """By which marks from this browser are known to be from one."""
    return device.device_key(request.cookies.get(cookie_name(), ""))


def keep_browser(response: Response, seen: Visitor) -> None:
    """Let the browser be known from now on: it carries no right, only whose slips are counted apart."""
    response.set_cookie(cookie_name(), seen.device_token, max_age=device.LIFE, **guarded())


def guarded() -> dict[str, object]:
    """How a cookie that lets somebody in, or tells a browser again, is set and taken away."""
    return {"httponly": True, "samesite": "Lax", "secure": current_app.config["HTTPS"]}


def read_rules(settings: Mapping[str, object]) -> SignInRules:
    """The rules of signing in as the settings have them. Raises SystemExit for a name that is none."""
    try:
        for network in settings["ADMIN_ALLOWED_NETS"]:
            ip_network(network, strict=False)
        days = settings["PASSWORD_MAX_AGE_DAYS"]
        return SignInRules(
            policy=POLICIES[settings["PASSWORD_POLICY"]],
            # The demonstration's passwords are known to everybody: no use in renewing them.
            max_age=timedelta(days=days) if days and settings["MODE"] != "demo" else None,
            second_factor_roles=frozenset(map(Role, settings["REQUIRE_2FA_ROLES"])),
            admin_networks=settings["ADMIN_ALLOWED_NETS"],
            life=timedelta(hours=settings["SESSION_ABSOLUTE_HOURS"]),
        )
    except (KeyError, ValueError) as error:
        names = "PASSWORD_POLICY, REQUIRE_2FA_ROLES, ADMIN_ALLOWED_NETS"
        raise SystemExit(f"One of the settings {names} cannot be read: {error}.") from None


def rules() -> SignInRules:
    return current_app.config["SIGN_IN_RULES"]
