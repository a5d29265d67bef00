"""What every list reads from its address: the page, and how many rows stand on it."""

from flask import request


def paging() -> dict[str, int]:
    """As the page queries take it; they put right what cannot be."""
    return {"page": request.args.get("page", 1, int), "per_page": request.args.get("per_page", 20, int)}


def people_filters() -> dict[str, str]:
    """What the list of people and its exports are cut to."""
    return {"text": request.args.get("q", "").strip(), "region_code": request.args.get("region", "")}
