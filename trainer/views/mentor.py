"""Mentors of a programme: postings with their progress, one with its visits, posting, ending, visits and their evidence."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.documents.mentor import mentors_title, mentors_workbook
from trainer.domain.actors import Scope
from trainer.domain.county_indicator import compare
from trainer.domain.mentor import PostingState
from trainer.errors import NotFound, Refused
from trainer.forms.form import VersionForm, options
from trainer.forms.mentor import EndPostingForm, PostingForm, VisitForm
from trainer.permissions import Permission, can
from trainer.queries.county_indicator import list_of_county
from trainer.queries.mentor import (
    PostingRow,
    get_evidence,
    get_posting,
    get_visit,
    list_postings,
    list_visits,
    list_visits_of,
)
from trainer.queries.programme import get_programme
from trainer.services import audit
from trainer.services import mentor as mentors
from trainer.views.county_indicator import counties_within, has_counties, programme_in_reach
from trainer.views.downloads import made_lines, workbook_response
from trainer.views.evidence import evidence_response, sealed
from trainer.views.form_page import form_page
from trainer.views.guards import actor, ensure, found, once, requires
from trainer.views.taking_back import programme_trail, take_back_page
from trainer.wording import say
from trainer.wording.county_indicator import NOT_BEFORE, NOTES

pages = Blueprint("mentor", __name__, url_prefix="/programmes")

VIEW, RECORD = Permission.VIEW_OUTCOME_SUMS, Permission.RECORD_OUTCOMES
MANAGE = Permission.MANAGE_MENTORS


@pages.get("/<int:programme_id>/mentors")
@requires(VIEW)
def index(programme_id: int):
    programme, today = programme_in_reach(programme_id), clock.today()
    rows = list_postings(actor(), programme_id)
    return render_template(
        "mentor/index.html",
        **{"programme": programme, "rows": rows, "today": today, "may_post": has_counties(programme, MANAGE)},
        quiet=sum(row.state(today) is PostingState.QUIET for row in rows),
    )


@pages.get("/<int:programme_id>/mentors/export")
@requires(VIEW)
def export(programme_id: int):
    """Postings and visits; what was done on them only for whoever may read of women by name."""
    programme, now = programme_in_reach(programme_id), clock.now()
    name, scope = programme.name, programme.viewing_scope
    rows, visits = list_postings(actor(), programme_id), list_visits_of(actor(), programme_id)
    with transaction():
        audit.record("mentor.export", "programme", programme_id, by=actor(), at=now)
    title = mentors_title(name)
    is_told = can(actor(), Permission.VIEW_OUTCOMES, scope)
    return workbook_response(
        mentors_workbook(made_lines(title), rows, visits, is_told=is_told, today=clock.today()), title
    )


@pages.route("/<int:programme_id>/mentors/new", methods=["GET", "POST"])
@requires(MANAGE)
def new(programme_id: int):
    programme = found(get_programme(programme_id))
    form, error = PostingForm(data={"starts_on": clock.today(), "ends_on": programme.ends_on}), None
    form.region_code.choices = options(counties_within(programme, MANAGE))
    if form.validate_on_submit():
        try:
            posting_id = once(
                form.idempotency_key.data,
                "mentor.post",
                lambda: mentors.post_mentor(programme_id, form.draft(), by=actor(), at=clock.now()),
            )
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The mentor is posted. Record each visit here."))
            return redirect(url_for("mentor.show", posting_id=posting_id), 303)
    return form_page("mentor/form.html", form, error, programme=get_programme(programme_id), one=None)


def _posting(permission: Permission, posting_id: int) -> PostingRow:
    row = found(get_posting(posting_id))
    ensure(permission, Scope(row.region_code))
    return row


@pages.get("/mentors/<int:posting_id>")
@requires(VIEW)
def show(posting_id: int):
    """Her visits, and the county's indicators beside them."""
    row = _posting(VIEW, posting_id)
    programme, scope = get_programme(row.programme_id), Scope(row.region_code)
    return render_template(
        "mentor/show.html",
        **{"programme": programme, "one": row, "state": row.state(clock.today()), "visits": list_visits(posting_id)},
        **{"notes": NOTES, "not_before": NOT_BEFORE, "version": VersionForm(data={"version": row.version})},
        pairs=compare(list_of_county(row.programme_id, row.region_code), programme.starts_on),
        may_record=can(actor(), RECORD, scope),
        may_manage=can(actor(), MANAGE, scope),
        is_told=can(actor(), Permission.VIEW_OUTCOMES, scope),
    )


@pages.route("/mentors/<int:posting_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(posting_id: int):
    """All but the county: that would be another posting."""
    row = _posting(MANAGE, posting_id)
    form = PostingForm(obj=row)
    form.region_code.choices = options([(row.region_code, row.region)])
    return _change(
        form, lambda facts: mentors.change_posting(posting_id, form.draft(), **facts), "mentor/form.html", row
    )


@pages.route("/mentors/<int:posting_id>/end", methods=["GET", "POST"])
@requires(MANAGE)
def end(posting_id: int):
    row = _posting(MANAGE, posting_id)
    form = EndPostingForm(data={"day": clock.today(), "version": row.version})
    act = lambda facts: mentors.end_posting(posting_id, form.day.data, form.reason.data, **facts)  # noqa: E731
    return _change(form, act, "mentor/end.html", row)


def _change(form, act, template: str, row: PostingRow):
    """A form about one posting: done it leads back to it."""
    error = None
    if form.validate_on_submit():
        try:
            with transaction():
                act({"seen": form.seen, "by": actor(), "at": clock.now()})
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("Saved."))
            return redirect(url_for("mentor.show", posting_id=row.id), 303)
    return form_page(template, form, error, programme=get_programme(row.programme_id), one=row)


@pages.post("/mentors/<int:posting_id>/reopen")
@requires(MANAGE)
def reopen(posting_id: int):
    _posting(MANAGE, posting_id)
    try:
        with transaction():
            mentors.reopen_posting(posting_id, seen=VersionForm().seen, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        flash(say(refused), "bad")
    else:
        flash(_("The posting runs to its planned last day again."))
    return redirect(url_for("mentor.show", posting_id=posting_id), 303)


@pages.route("/mentors/<int:posting_id>/visits/new", methods=["GET", "POST"])
@requires(RECORD)
def new_visit(posting_id: int):
    row = _posting(RECORD, posting_id)
    form, error = VisitForm(data={"day": clock.today()}), None
    if form.validate_on_submit():
        try:
            said = {"nonce": form.idempotency_key.data, "evidence": sealed(form.evidence.data)}
            with transaction():
                mentors.record_visit(posting_id, form.draft(), **said, by=actor(), at=clock.now())
        except NotFound:
            raise
        except Refused as refused:
            error = refused
        else:
            flash(_("The visit is recorded."))
            return redirect(url_for("mentor.show", posting_id=posting_id), 303)
    return form_page("mentor/visit.html", form, error, programme=get_programme(row.programme_id), one=row)


def _visit(permission: Permission, visit_id: int):
    visit = found(get_visit(visit_id))
    return visit, _posting(permission, visit.posting_id)


@pages.route("/mentors/visits/<int:visit_id>/take-back", methods=["GET", "POST"])
@requires(RECORD)
def take_back(visit_id: int):
    visit, row = _visit(RECORD, visit_id)
    programme = get_programme(row.programme_id)
    return take_back_page(
        *(mentors.take_visit_back, visit_id),
        title=_("Take back the visit of %(day)s", day=visit.day),
        thing=f"{row.name} · {row.region} · {visit.place}",
        trail=programme_trail(
            programme,
            (_("Mentors"), url_for("mentor.index", programme_id=programme.id)),
            (f"{row.name} · {row.region}", url_for("mentor.show", posting_id=row.id)),
        ),
    )


@pages.get("/mentors/visits/<int:visit_id>/evidence")
@requires(Permission.VIEW_OUTCOMES)
def evidence(visit_id: int):
    """A picture or a PDF, on which women may be seen: not for outsiders; that it was looked at is written down."""
    _visit(Permission.VIEW_OUTCOMES, visit_id)
    return evidence_response(found(get_evidence(visit_id)), "mentor_visit", visit_id)
