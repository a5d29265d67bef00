"""A page with a form on it: the refusal in words above it, and the status that says how it went."""

from flask import render_template

from trainer.errors import Refused
from trainer.wording import say


def form_page(template: str, form, error: Refused | None, **values) -> tuple[str, int]:
    page = render_template(template, form=form, error=say(error) if error else None, **values)
    return page, error.status if error else 422 if form.errors else 200
