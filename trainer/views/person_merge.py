"""Likely duplicates, two records side by side, putting them together, and parting them again."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.database import transaction
from trainer.domain.people import Sex, mask_id_number, mask_phone
from trainer.domain.person_merge import GROUPS, DuplicateSign, differing, taken_over
from trainer.errors import NotFound, Refused
from trainer.forms.person_merge import MergeForm, PartForm, build_merge_form
from trainer.permissions import Permission
from trainer.queries.account import get_account
from trainer.queries.duplicate import duplicates_page
from trainer.queries.person_merge import (
    count_rows,
    foresee_undo,
    get_both_for,
    get_distinct_pair,
    get_live_merge,
    get_merge_for,
    get_pair_of,
    last_sign_ins,
    list_attended,
    list_held,
    newer_merge,
    pair_up,
    values_of,
)
from trainer.queries.region import region_names
from trainer.queries.site import site_names
from trainer.services import person_merge as merges
from trainer.views.guards import actor, found, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, label, say
from trainer.wording.data_request import yes_or_no
from trainer.wording.person_merge import GROUPS as WORDS
from trainer.wording.person_merge import counted

pages = Blueprint("person_merge", __name__, url_prefix="/people")


@dataclass(frozen=True)
class Line:
    """A group of values side by side; `state`: same, differs, taken (only the other record has it), alone."""

    group: str
    words: str
    kept: str
    gone: str
    state: str


@pages.get("/duplicates")
@requires(Permission.MERGE_PEOPLE)
def index():
    sign = chosen("sign", DuplicateSign)
    page = duplicates_page(actor(), sign=sign, **paging())
    return render_template("person_merge/index.html", page=page, signs=choices(DuplicateSign))


@pages.get("/duplicates/<int:person_id>/<int:other_id>")
@requires(Permission.MERGE_PEOPLE)
def compare(person_id: int, other_id: int):
    """Side by side; `keep` says which of the two stays."""
    return _compare(person_id, other_id, request.args.get("keep", 0, int))


@pages.post("/duplicates/<int:person_id>/<int:other_id>/merge")
@requires(Permission.MERGE_PEOPLE)
def create(person_id: int, other_id: int):
    people = get_both_for(actor(), person_id, other_id)
    if people is None:
        return _together_already(person_id, other_id)
    keep = request.form.get("keep", person_id, int)
    kept, gone = _in_order(people, keep)
    form = build_merge_form(differing(values_of(kept), values_of(gone)))
    if not form.validate_on_submit():
        return _compare(person_id, other_id, keep, form=form)
    try:
        with transaction():
            told = {"seen": form.seen, "chosen": form.chosen, "reason": form.reason.data}
            merges.merge(kept.id, gone.id, **told, by=actor(), at=clock.now())
    except NotFound:
        raise
    except Refused as refused:
        return _compare(person_id, other_id, keep, form=form, error=refused)
    flash(_("Put together. What stood under the other record stands here now."), "good")
    return redirect(url_for("person.show", person_id=kept.id), 303)


def _together_already(person_id: int, other_id: int):
    """A second click on the same button."""
    merge_id = get_live_merge(person_id, other_id)
    found(get_merge_for(actor(), merge_id) if merge_id else None)
    return redirect(url_for("person_merge.show", merge_id=merge_id), 303)


def _compare(person_id: int, other_id: int, keep: int, *, form: MergeForm | None = None, error: Refused | None = None):
    people = found(get_both_for(actor(), person_id, other_id))
    ids = [person_id, other_id]
    rows, signed_in = count_rows(ids), last_sign_ins(ids)
    if keep not in ids:  # most of what there is stands there already
        keep = max(ids, key=lambda id_: (rows[id_].get("enrolments", 0), signed_in.get(id_) is not None, -id_))
    kept, gone = _in_order(people, keep)
    attended = list_attended(ids)
    twice = pair_up(kept.id, attended)
    lines = _lines(kept, gone)
    data = {"keep": kept.id, "versions": f"{kept.version} {gone.version}"}
    form = form or build_merge_form([row.group for row in lines if row.state == "differs"], formdata=None, data=data)
    body = render_template(
        "person_merge/compare.html",
        kept=kept,
        gone=gone,
        lines=lines,
        attended=attended,
        held=list_held(ids),
        signed_in=signed_in,
        counts={id_: counted(_others(rows[id_])) for id_ in ids},
        moving=counted(_moving(rows, kept.id, gone.id, twice)),
        twice=twice,
        blocked=_blocked(kept, gone, twice),
        apart=get_distinct_pair(*ids),
        form=form,
        error=say(error) if error else None,
    )
    return body, error.status if error else 422 if form.errors else 200


def _in_order(people, keep: int):
    one, other = people
    return (other, one) if other.id == keep else (one, other)


def _blocked(kept, gone, twice) -> str | None:
    try:
        merges.refuse(kept, gone, twice)
    except Refused as refused:
        return say(refused)
    return None


def _others(rows: dict[str, int]) -> dict[str, int]:
    """What is not told by itself."""
    told = ("enrolments", "accounts", "shops", "consents")
    return {table: count for table, count in rows.items() if table not in told}


def _moving(rows, kept_id: int, gone_id: int, twice) -> dict[str, int]:
    stays = sum(pair.aside.person_id == gone_id for pair in twice)
    moving = rows[gone_id] | {"enrolments": rows[gone_id].get("enrolments", 0) - stays}
    return moving | ({"accounts": 0} if rows[kept_id].get("accounts") else {})


def _lines(kept, gone) -> list[Line]:
    """Every group that one of the two says something about, protected values masked."""
    values = values_of(kept), values_of(gone)
    regions = region_names({kept.region_code, gone.region_code})
    sites = site_names({person.site_id for person in (kept, gone) if person.site_id})
    differ, over = differing(*values), taken_over(*values, ())
    lines = []
    for group, columns in GROUPS.items():
        texts = [_text(group, person, regions, sites) for person in (kept, gone)]
        if not any(texts):
            continue
        taken = any(column in over for column in columns)
        state = "differs" if group in differ else "taken" if taken else "same" if texts[1] else "alone"
        lines.append(Line(group, str(WORDS[group]), *texts, state))
    return lines


def _text(group: str, person, regions, sites) -> str:
    if group == "place":
        return " ".join(filter(None, (regions.get(person.region_code), person.township, person.village)))
    value = getattr(person, group)
    if value is None or value == "":
        return ""
    masked = {"phone": mask_phone, "id_number": mask_id_number, "has_shop": yes_or_no, "site_id": sites.get}
    return str(masked[group](value) if group in masked else label(_kind(group, value)))


def _kind(group: str, value):
    return Sex(value) if group == "sex" else value


@pages.post("/duplicates/<int:person_id>/<int:other_id>/two-women")
@requires(Permission.MERGE_PEOPLE)
def tell_apart(person_id: int, other_id: int):
    found(get_both_for(actor(), person_id, other_id))
    with transaction():
        merges.tell_apart(person_id, other_id, by=actor(), at=clock.now())
    flash(_("Noted: these are two women. They are not offered as one any more."), "good")
    return redirect(url_for("person_merge.compare", person_id=person_id, other_id=other_id), 303)


@pages.post("/duplicates/<int:person_id>/<int:other_id>/two-women/take-back")
@requires(Permission.MERGE_PEOPLE)
def take_back(person_id: int, other_id: int):
    found(get_both_for(actor(), person_id, other_id))
    with transaction():
        merges.take_back_telling_apart(person_id, other_id, by=actor(), at=clock.now())
    flash(_("Taken back."), "good")
    return redirect(url_for("person_merge.compare", person_id=person_id, other_id=other_id), 303)


@pages.get("/merges/<int:merge_id>")
@requires(Permission.MERGE_PEOPLE)
def show(merge_id: int):
    return _show(found(get_merge_for(actor(), merge_id)))


def _show(merge, *, form: PartForm | None = None, error: Refused | None = None):
    kept, gone = get_pair_of(merge)
    body = render_template(
        "person_merge/show.html",
        merge=merge,
        kept=kept,
        gone=gone,
        went=counted({table: len(keys) for table, keys in merge.moved["rows"].items()}),
        aside=len(merge.moved["aside"]),
        by=get_account(merge.by) if merge.by else None,
        undone_by=get_account(merge.undone_by) if merge.undone_by else None,
        newer=newer_merge(merge),
        parting=_parting(merge, kept),
        form=form or PartForm(formdata=None),
        error=say(error) if error else None,
    )
    return body, error.status if error else 422 if form and form.errors else 200


def _parting(merge, kept) -> dict[str, str] | None:
    """What undoing does, in words; None where it is done or cannot be."""
    if merge.undone_at or kept.erased_at:
        return None
    foreseen = foresee_undo(merge, kept)
    return {
        "back": counted(foreseen.back),
        "since": counted(foreseen.since),
        "restored": _groups(foreseen.restored),
        "left": _groups(foreseen.left),
    }


def _groups(columns) -> str:
    return "、".join(str(WORDS[group]) for group, own in GROUPS.items() if set(own) & set(columns))


@pages.post("/merges/<int:merge_id>/undo")
@requires(Permission.MERGE_PEOPLE)
def undo(merge_id: int):
    merge = found(get_merge_for(actor(), merge_id))
    form = PartForm()
    if not form.validate_on_submit():
        return _show(merge, form=form)
    try:
        with transaction():
            left = merges.undo(merge_id, form.reason.data, by=actor(), at=clock.now())
    except Refused as refused:
        return _show(found(get_merge_for(actor(), merge_id)), form=form, error=refused)
    if left:
        flash(_("Two records again. Changed since and left as it is: %(fields)s.", fields=_groups(left)), "attention")
    else:
        flash(_("Two records again."), "good")
    return redirect(url_for("person_merge.show", merge_id=merge_id), 303)
