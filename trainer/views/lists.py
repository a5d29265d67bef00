"""What lists read from their address: the page, how many rows stand on it, what they are cut to."""

from enum import StrEnum
from typing import TypeVar

from flask import request

T = TypeVar("T", bound=StrEnum)


def paging() -> dict[str, int]:
    """As the page queries take it; they put right what cannot be."""
    return {"page": request.args.get("page", 1, int), "per_page": request.args.get("per_page", 20, int)}


def people_filters() -> dict[str, str]:
    """What the list of people and its exports are cut to."""
    return {"text": request.args.get("q", "").strip(), "region_code": request.args.get("region", "")}


def chosen(name: str, kind: type[T]) -> T | None:
    """The member that the address names; None for every other word."""
    wanted = request.args.get(name)
    return kind(wanted) if wanted in set(kind) else None
