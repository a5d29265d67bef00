"""How a file is handed out: with its type, a name that keeps its Chinese characters, and the lines above its table."""

import io
import re

from flask import Response, current_app, send_file

from trainer import clock
from trainer.documents.workbook import XLSX, export_lines
from trainer.views.guards import actor
from trainer.wording.people import UNIT

UNFIT_FOR_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def workbook_response(content: bytes, name: str) -> Response:
    """A workbook as 第三期学员名册_20261122.xlsx; `name` is without date and ending."""
    plain = UNFIT_FOR_FILE_NAME.sub(" ", name).strip()[:80]
    file_name = f"{plain}_{clock.today():%Y%m%d}.xlsx"
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=file_name)


def cohort_lines(title: str, cohort) -> tuple[str, ...]:
    """Above a table of a class: whose it is, when and by whom it was taken out."""
    unit = current_app.config["ORGANISATION"] or cohort.programme.name
    return export_lines(title, unit=unit, at=clock.local(clock.now()), by=actor().name)


def made_lines(title: str) -> tuple[str, ...]:
    """Above any other table: whose it is, when and by whom it was taken out."""
    unit = current_app.config["ORGANISATION"] or str(UNIT)
    return export_lines(title, unit=unit, at=clock.local(clock.now()), by=actor().name)


def picture_response(content: bytes, name: str) -> Response:
    """A picture to look at; drawn anew when it came in, it is always a JPEG."""
    return send_file(io.BytesIO(content), mimetype="image/jpeg", download_name=f"{name}.jpg")
