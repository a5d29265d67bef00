"""Paper sheets: entered from the paper with its photograph, confirmed by a second person, returned or taken back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.file import FilePurpose
from trainer.domain.paper_sheet import (
    IN_FORCE,
    SheetNumberWrong,
    count_pages,
    cross_check,
    on_page,
    read_sheet_number,
    sheet_number,
)
from trainer.errors import NotFound, Refused
from trainer.forms.paper_sheet import ConfirmForm, EntryForm, PhotoForm, ReturnForm, UndoForm
from trainer.permissions import Permission
from trainer.queries.paper_sheet import (
    SheetRow,
    get_photo,
    get_sheet,
    get_sheet_in_force,
    list_sheets,
    sheets_page,
)
from trainer.queries.roll import LessonHead, RollRow, get_roll
from trainer.services import paper_sheet as sheets
from trainer.services.file import keep_sealed, read_file, seal
from trainer.services.picture import redraw_sent
from trainer.views.downloads import picture_response
from trainer.views.guards import actor, found, once, requires
from trainer.views.lists import paging
from trainer.views.reach import cohort_in_reach
from trainer.views.roll import lesson_in_reach
from trainer.wording import say

pages = Blueprint("paper_sheet", __name__)


@pages.get("/sheets")
@requires(Permission.MARK_ATTENDANCE)
def find():
    """By the number on the paper; its QR code leads to the same page."""
    number, error = request.args.get("number", "").strip()[:40], None
    if number:
        try:
            lesson_id, page = read_sheet_number(number)
            lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
            return redirect(url_for("paper_sheet.new", lesson_id=lesson_id, page=page))
        except (SheetNumberWrong, NotFound):
            error = say(SheetNumberWrong())
    return render_template("paper_sheet/find.html", number=number, error=error), 422 if error else 200


@pages.get("/lessons/<int:lesson_id>/sheets")
@requires(Permission.VIEW_ATTENDANCE)
def index(lesson_id: int):
    """The pages of a lesson: which are entered, which wait for a second person, who did it."""
    lesson = lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE)
    entered, roll = list_sheets(lesson_id), get_roll(lesson)
    in_force = {row.page: row for row in entered if row.state in IN_FORCE}
    count = max(count_pages(row.seat for row in roll.applicable), *in_force, 1)
    on_pages = [
        {"page": page, "number": sheet_number(lesson_id, page), "sheet": in_force.get(page)}
        for page in range(1, count + 1)
    ]
    earlier = [row for row in entered if row.page not in in_force or row.id != in_force[row.page].id]
    return render_template("paper_sheet/index.html", lesson=lesson, pages=on_pages, earlier=earlier)


@pages.get("/cohorts/<int:cohort_id>/sheets")
@requires(Permission.VIEW_ATTENDANCE)
def cohort(cohort_id: int):
    """Every sheet of a cohort, and a day's sheets to print."""
    of_cohort = cohort_in_reach(cohort_id, Permission.VIEW_ATTENDANCE, teaching=True)
    page = sheets_page(actor(), cohort_id, **paging())
    day = min(max(clock.today(), of_cohort.starts_on), of_cohort.ends_on)
    return render_template("paper_sheet/cohort.html", cohort=of_cohort, page=page, day=day)


@pages.route("/lessons/<int:lesson_id>/sheets/<int:page>/new", methods=["GET", "POST"])
@requires(Permission.MARK_ATTENDANCE)
def new(lesson_id: int, page: int):
    """First the photograph, then what is read off it, beside each other."""
    lesson = lesson_in_reach(lesson_id, Permission.MARK_ATTENDANCE)
    rows = get_roll(lesson).applicable
    if not 1 <= page <= count_pages(row.seat for row in rows):
        raise NotFound()
    if request.method == "GET" and not request.args.get("again"):
        there = get_sheet_in_force(lesson_id, page)
        if there is not None:
            return redirect(url_for("paper_sheet.show", sheet_id=there.id))
    photo_id = request.values.get("photo", type=int)
    if photo_id is None:
        return _photo_step(lesson, page)
    found(get_photo(lesson_id, photo_id, actor().account_id))
    return _entry_step(lesson, page, on_page(rows, page), photo_id)


def _photo_step(lesson: LessonHead, page: int):
    form, error = PhotoForm(), None
    if form.validate_on_submit():
        try:
            sealed = seal(redraw_sent(form.file.data), f"{sheet_number(lesson.id, page)}.jpg", "image/jpeg")
            with transaction():
                kept = keep_sealed(sealed, purpose=FilePurpose.SHEET_PHOTO, by=actor(), at=clock.now()).id
        except Refused as refused:
            error = say(refused)
        else:
            again = request.args.get("again")
            where = {"lesson_id": lesson.id, "page": page, "photo": kept, "again": again}
            return redirect(url_for("paper_sheet.new", **where), 303)
    return _entry_page(lesson, page, form=form, error=error, photo_id=None, rows=[])


def _entry_step(lesson: LessonHead, page: int, rows: list[RollRow], photo_id: int):
    form, error, status = EntryForm(rows), None, 422
    if form.validate_on_submit():
        try:
            sheet_id = _entered(lesson.id, page, form)
        except Refused as refused:
            error, status = say(refused), refused.status
        else:
            flash(_("The sheet is entered. It counts as soon as a second person has confirmed it."))
            return redirect(url_for("paper_sheet.show", sheet_id=sheet_id), 303)
    elif request.method == "GET":
        _fill_in(form, lesson.id, photo_id)
    form.photo.data = photo_id
    answer = _entry_page(lesson, page, form=form, error=error, photo_id=photo_id, rows=rows)
    return answer[0], status if error or form.errors else 200


def _fill_in(form: EntryForm, lesson_id: int, photo_id: int) -> None:
    """What was read off this photograph before, to be corrected."""
    before = next((sheet for sheet in list_sheets(lesson_id) if sheet.photo_id == photo_id), None)
    if before is not None:
        form.absent.data, form.unsure.data = before.absent, before.unsure


def _entered(lesson_id: int, page: int, form: EntryForm) -> str:
    reading = form.reading(page, request.form.getlist("listed", int))

    def enter() -> int:
        facts = (lesson_id, reading, form.signatures.data, form.photo_id)
        return sheets.enter_sheet(*facts, by=actor(), at=clock.now()).id

    return once(form.idempotency_key.data, "paper_sheet.enter", enter)


def _entry_page(lesson: LessonHead, page: int, **what):
    number = sheet_number(lesson.id, page)
    html = render_template("paper_sheet/new.html", lesson=lesson, page=page, number=number, **what)
    return html, 422 if what["error"] or what["form"].errors else 200


@pages.get("/sheets/<int:sheet_id>")
@requires(Permission.VIEW_ATTENDANCE)
def show(sheet_id: int):
    """Photograph and list side by side; what contradicts the roll; the buttons of the second person."""
    return _sheet_page(*_sheet_in_reach(sheet_id, Permission.VIEW_ATTENDANCE))


def _sheet_in_reach(sheet_id: int, permission: Permission) -> tuple[SheetRow, LessonHead]:
    sheet = found(get_sheet(sheet_id))
    return sheet, lesson_in_reach(sheet.lesson_id, permission)


def _sheet_page(sheet: SheetRow, lesson: LessonHead, *, error: str | None = None, forms: tuple = (), status: int = 422):
    rows = {row.enrolment_id: row for row in get_roll(lesson).rows if row.enrolment_id in set(sheet.listed)}
    check = cross_check(sheet.reading, {id_: row.status for id_, row in rows.items()})
    given = {type(form): form for form in forms}
    confirm, turn_back, undo = (
        given.get(kind) or kind(formdata=None, version=sheet.version) for kind in (ConfirmForm, ReturnForm, UndoForm)
    )
    page = render_template(
        "paper_sheet/show.html",
        **{"sheet": sheet, "lesson": lesson, "rows": list(rows.values()), "error": error},
        number=sheet_number(lesson.id, sheet.page),
        without_signature=[rows[id_] for id_ in check.present_without_signature if id_ in rows],
        signed_but_absent=[rows[id_] for id_ in check.signed_but_absent if id_ in rows],
        to_clear_up=[
            row for row in rows.values() if row.in_conflict or (row.enrolment_id in sheet.unsure and not row.status)
        ],
        confirm_form=confirm,
        return_form=turn_back,
        undo_form=undo,
        is_mine=sheet.entered_by_id == actor().account_id,
    )
    return page, status if error or any(form.errors for form in forms) else 200


@pages.post("/sheets/<int:sheet_id>/confirm")
@requires(Permission.MARK_ATTENDANCE)
def confirm(sheet_id: int):
    """The second person: what was read becomes marks."""
    form = ConfirmForm()

    def act() -> str:
        given = {"seen": form.seen, "reason": form.reason.data or ""}
        done = sheets.confirm_sheet(sheet_id, **given, by=actor(), at=clock.now())
        if done.contradicted:
            return _(
                "The sheet is confirmed: %(marked)s women marked. About %(count)s the roll says something else: decide there.",
                marked=done.marked,
                count=done.contradicted,
            )
        return _("The sheet is confirmed: %(marked)s women marked.", marked=done.marked)

    return _act(sheet_id, form, act)


@pages.post("/sheets/<int:sheet_id>/return")
@requires(Permission.MARK_ATTENDANCE)
def turn_back(sheet_id: int):
    """It was read wrongly: back to whoever entered it, with the reason."""
    form = ReturnForm()

    def act() -> str:
        sheets.return_sheet(sheet_id, form.reason.data, seen=form.seen, by=actor(), at=clock.now())
        return _("The sheet is returned. Nobody was marked.")

    return _act(sheet_id, form, act)


@pages.post("/sheets/<int:sheet_id>/undo")
@requires(Permission.MARK_ATTENDANCE)
def undo(sheet_id: int):
    """Exactly its marks go; the page can be entered anew."""
    form = UndoForm()

    def act() -> str:
        count = sheets.undo_sheet(sheet_id, form.reason.data, seen=form.seen, by=actor(), at=clock.now())
        return _("The sheet is taken back, with its marks of %(count)s women.", count=count)

    return _act(sheet_id, form, act)


def _act(sheet_id: int, form, act):
    sheet, lesson = _sheet_in_reach(sheet_id, Permission.MARK_ATTENDANCE)
    error, status = None, 422
    if form.validate_on_submit():
        try:
            with transaction():
                done = act()
        except Refused as refused:
            error, status = say(refused), refused.status
            sheet, lesson = _sheet_in_reach(sheet_id, Permission.MARK_ATTENDANCE)
        else:
            flash(done)
            return redirect(url_for("paper_sheet.show", sheet_id=sheet_id), 303)
    return _sheet_page(sheet, lesson, error=error, forms=(form,), status=status)


@pages.get("/lessons/<int:lesson_id>/sheets/photos/<int:file_id>")
@requires(Permission.VIEW_ATTENDANCE)
def photo(lesson_id: int, file_id: int):
    lesson_in_reach(lesson_id, Permission.VIEW_ATTENDANCE)
    return picture_response(read_file(found(get_photo(lesson_id, file_id, actor().account_id))), f"sheet-{file_id}")
