"""Tallies as of any day, by track, region, kind or site; the list behind a number; the workbook."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint, current_app, render_template, request, url_for
from flask_babel import gettext as _

from trainer import clock
from trainer.documents.tally import tally_title, tally_workbook
from trainer.domain.person import PersonKind
from trainer.domain.programme import Track
from trainer.domain.site import SiteKind
from trainer.domain.tally import (
    ALL,
    BROADCAST,
    CAME,
    COLUMNS,
    SHOP,
    SOLD,
    WAITING,
    Level,
    Line,
    Question,
    Tally,
    TallyBy,
    lay_out,
)
from trainer.errors import NotFound
from trainer.permissions import Permission, can
from trainer.queries.programme import list_programmes
from trainer.queries.region import region_names
from trainer.queries.site import site_names
from trainer.queries.tally import count_as_of, regions_to_tally
from trainer.queries.tally_list import places_page
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, requires
from trainer.views.lists import chosen, paging
from trainer.wording import choices, label
from trainer.wording.tally import DEFINITIONS, HEADS, ITSELF, PARTS, SHEET, UNSAID

pages = Blueprint("tally", __name__)

# Numbers with a list behind them, of tallies and of the board.
LISTED = {*COLUMNS, CAME, SHOP, BROADCAST, SOLD} - {WAITING}
OF_SALES = {SHOP, BROADCAST, SOLD}
REGIONAL = (TallyBy.REGION, TallyBy.HOME)


class Shown(NamedTuple):
    """What a page or a workbook is made of."""

    tally: Tally
    lines: list[tuple[str, Line]]
    before: date | None


@pages.get("/tallies")
@requires(Permission.VIEW_TALLIES)
def index():
    question = asked()
    shown = _count(question)
    return render_template(
        "tally/index.html",
        question=question,
        shown=shown,
        columns=[(name, HEADS[name]) for name in COLUMNS],
        link=_links(question),
        regional=question.by in REGIONAL,
        site_kinds=[(kind, open_) for kind in SiteKind if (open_ := shown.tally.sites_by_kind.get(kind))],
        bys=choices(TallyBy),
        levels=choices(Level),
        tracks=choices(Track),
        programmes=[(id_, name) for id_, name, _region in list_programmes(actor())],
        regions=regions_to_tally(actor()),
        definitions=DEFINITIONS,
        is_outsider=is_outsider(),
        today=clock.today(),
    )


def asked() -> Question:
    """As the address asks; the future is not known yet."""
    return Question(
        as_of=_day("as_of") or clock.today(),
        by=chosen("by", TallyBy) or TallyBy.TRACK,
        level=chosen("level", Level) or Level.CITY,
        programme_id=request.args.get("programme", None, int),
        region_code=request.args.get("region", "")[:6],
        track=chosen("track", Track),
        year=_year(),
    )


def _year() -> int | None:
    year = request.args.get("year", 0, int)
    return year if 1990 <= year <= 2100 else None


def _day(name: str) -> date | None:
    day = request.args.get(name, None, date.fromisoformat)
    return min(day, clock.today()) if day and day.year >= 1990 else None


def is_outsider() -> bool:
    """Whoever sees aggregates only is not told of one or two people."""
    return not can(actor(), Permission.VIEW_COHORT)


def _count(question: Question) -> Shown:
    before = _day("before")
    tally = count_as_of(actor(), question)
    earlier = count_as_of(actor(), question.on(before)) if before else None
    lines = lay_out(tally, earlier, hide_small=is_outsider())
    names = _names(question, {line.key for line in lines if line.part == "group"})
    order = list(names)
    lines.sort(key=lambda line: order.index(line.key) if line.part == "group" else len(order))
    return Shown(tally, [(str(PARTS.get(line.part) or names[line.key]), line) for line in lines], before)


def _names(question: Question, keys: set[str]) -> dict[str, str]:
    """Words of the groups, in the order in which they stand."""
    said = keys - {""}
    unsaid = {"": str(UNSAID.get(question.by, "—"))} if "" in keys else {}
    if question.by is TallyBy.TRACK:
        return {track: label(track) for track in Track if track in said} | unsaid
    if question.by is TallyBy.KIND:
        return {kind: label(kind) for kind in PersonKind if kind in said} | unsaid
    if question.by is TallyBy.SITE:
        names = {str(id_): name for id_, name in site_names({int(key) for key in said}).items()}
        return dict(sorted(names.items(), key=lambda pair: pair[1])) | unsaid
    return area_names(said, question.level) | unsaid


def area_names(codes: set[str], level: Level) -> dict[str, str]:
    """Short names by code; 大同市本级 for what is the city's own among its counties, or the province's among its cities."""
    names, end = region_names(codes), "00" if level is Level.COUNTY else "0000"
    return {c: str(ITSELF) % {"name": names[c]} if c.endswith(end) else names.get(c, c) for c in sorted(codes)}


def _links(question: Question):
    """An address for a number of the table, where she may see the people behind it."""
    if not can(actor(), Permission.VIEW_PEOPLE):
        return lambda line, column: None
    base = {"as_of": question.as_of, "by": question.by, "level": question.level}
    base |= {"programme": question.programme_id, "region": question.region_code or None, "track": question.track}

    def link(line: Line, column: str) -> str | None:
        if column == WAITING:
            return None
        group = {"group": line.key} if line.part == "group" else {"part": line.part}
        return url_for("tally.people", **base, **group, stage=column)

    return link


@pages.get("/tallies/people")
@requires(Permission.VIEW_PEOPLE)
def people():
    """Who stands behind a number of the tally."""
    question, column = asked(), request.args.get("stage", ALL)
    if column not in LISTED or (column in OF_SALES and not can(actor(), Permission.VIEW_SALES)):
        raise NotFound()
    key, part = request.args.get("group"), request.args.get("part", "")
    if key and question.by is TallyBy.SITE and not (key.isdecimal() and len(key) < 10):
        raise NotFound()
    cadre = {"cadres": True, "trainees": False}.get(part)
    page = places_page(actor(), question, key=key, cadre=cadre, column=column, **paging())
    words = _names(question, {key}).get(key, key) if key is not None else str(PARTS.get(part, PARTS["together"]))
    return render_template("tally/people.html", page=page, question=question, words=words, head=HEADS[column])


@pages.get("/tallies/export")
@requires(Permission.VIEW_TALLIES)
def export():
    question = asked()
    shown = _count(question)
    title = tally_title(question.as_of, label(question.by))
    sites = None
    if question.by in REGIONAL:
        sites = [shown.tally.sites.get(line.key, 0) if line.part == "group" else None for _words, line in shown.lines]
        sites[-1] = sum(shown.tally.sites_by_kind.values())
    rows = (title, *title_rows(question, shown.before))
    return workbook_response(tally_workbook(rows, shown.lines, sites=sites, before=shown.before), title)


def title_rows(question: Question, before: date | None = None) -> tuple[str, ...]:
    """Below the title: who made it, when, what it is cut to."""
    made = {"moment": f"{clock.local(clock.now()):%Y-%m-%d %H:%M}", "by": actor().name}
    programmes = {id_: name for id_, name, _region in list_programmes(actor())}
    cut = [programmes.get(question.programme_id), region_names({question.region_code}).get(question.region_code)]
    cut.append(label(question.track) if question.track else None)
    unit = current_app.config["ORGANISATION"] or _("She Power training")
    rows = [str(SHEET["unit"]) % {"unit": unit}, str(SHEET["made"]) % made]
    if any(cut):
        rows.append(str(SHEET["cut"]) % {"words": " · ".join(word for word in cut if word)})
    if before:
        rows.append(str(SHEET["compared"]) % {"day": before})
    return tuple(rows)
