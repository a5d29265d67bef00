"""The board: county by county, how far training has come; the way from signing up to the first sale."""

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for

from trainer import clock
from trainer.documents.board import board_title, board_workbook
from trainer.domain.board import PEOPLE, SORTS, SUMS, BoardLine, city_of, lay_out
from trainer.domain.tally import FEWEST, Level, TallyBy
from trainer.permissions import Permission, can
from trainer.queries.board import get_board
from trainer.queries.programme import list_programmes
from trainer.queries.region import region_names
from trainer.views.downloads import workbook_response
from trainer.views.guards import actor, requires
from trainer.views.tally import OF_SALES, asked, is_outsider, title_rows
from trainer.wording.tally import BOARD_HEADS, HEADS, ITSELF

pages = Blueprint("board", __name__, url_prefix="/board")

FIRST_YEAR = 2020


@pages.get("")
@requires(Permission.VIEW_TALLIES)
def index():
    question, board, lines = _board()
    return render_template(
        "board/index.html",
        question=question,
        lines=lines,
        together=board.together,
        funnel=_steps(question, board),
        people=[(name, HEADS[name]) for name in PEOPLE],
        sums=[(name, BOARD_HEADS[name]) for name in SUMS],
        heads=BOARD_HEADS,
        link=lambda line, column: _link(question, line, column),
        sorts=[(name, HEADS.get(name) or BOARD_HEADS[name]) for name in SORTS],
        programmes=[(id_, name) for id_, name, _region in list_programmes(actor())],
        years=[(year, year) for year in range(clock.today().year, FIRST_YEAR - 1, -1)],
        is_outsider=is_outsider(),
    )


def _board():
    """County by county as of today; the filters are the programme and the year."""
    today = clock.today()
    question = replace(asked(), as_of=today, by=TallyBy.REGION, level=Level.COUNTY, region_code="", track=None)
    if question.year is not None and not FIRST_YEAR <= question.year <= today.year + 1:
        question = replace(question, year=None)
    board = get_board(actor(), question)
    lines = lay_out(board, sort=request.args.get("sort", ""), hide_small=is_outsider())
    names = region_names({line.code for line in lines} | {city_of(line.code) for line in lines})
    return question, board, [(_name(line, names), line) for line in lines]


def _name(line: BoardLine, names: dict[str, str]) -> str:
    """大同市本级 for what the city holds itself among its counties, 山西省本级 for what the province does."""
    own = line.code.endswith("0000") if line.is_city else line.code.endswith("00")
    name = names.get(line.code, line.code)
    return str(ITSELF) % {"name": name} if own else name


def _link(question, line: BoardLine | None, column: str) -> str | None:
    """The list behind a number, where she may see people; of a city all its cohorts, of a county those held there."""
    if not can(actor(), Permission.VIEW_PEOPLE) or (column in OF_SALES and not can(actor(), Permission.VIEW_SALES)):
        return None
    where = {"by": TallyBy.REGION, "level": Level.COUNTY}
    if line is not None:
        where |= {"level": Level.CITY if line.is_city else Level.COUNTY, "group": line.code}
    cut = {"programme": question.programme_id, "year": question.year}
    return url_for("tally.people", as_of=question.as_of, **where, **cut, stage=column)


def _steps(question, board) -> list[tuple[str, int | None, float, str | None]]:
    """(words, people, share of the first step, list behind it)."""
    first = board.funnel[0][1] or 1
    return [
        (
            str(HEADS[name]),
            *((None, 0) if is_outsider() and 0 < number < FEWEST else (number, number / first)),
            _link(question, None, name),
        )
        for name, number in board.funnel
    ]


@pages.get("/export")
@requires(Permission.VIEW_TALLIES)
def export():
    question, _found, lines = _board()
    names = {line.code: words for words, line in lines if line.is_city}
    rows = [(names[city_of(line.code)], "" if line.is_city else words, line) for words, line in lines]
    title = board_title(question.as_of)
    return workbook_response(board_workbook((title, *title_rows(question)), rows), title)
