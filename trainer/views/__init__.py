"""Pages: one blueprint per noun; each view is a door, a question, perhaps an act, and an answer."""

from flask import Blueprint

from trainer.views import (
    account,
    attendance,
    audit,
    background_task,
    candidate,
    cohort,
    confirm,
    demo,
    home,
    job,
    lesson,
    person,
    programme,
    ranking,
    review,
    roster,
    sales,
    selection,
    session,
    shop,
    trainee,
)


def blueprints(*, demo_mode: bool) -> list[Blueprint]:
    """Every blueprint of the site; the demonstration's one-click sign-in only there."""
    pages = [
        home.pages,
        session.pages,
        account.pages,
        programme.pages,
        cohort.pages,
        lesson.pages,
        job.pages,
        background_task.pages,
        attendance.pages,
        shop.pages,
        sales.pages,
        roster.pages,
        person.pages,
        selection.pages,
        candidate.pages,
        review.pages,
        ranking.pages,
        trainee.pages,
        confirm.pages,
        audit.pages,
    ]
    return [*pages, demo.pages] if demo_mode else pages
