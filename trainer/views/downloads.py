"""How a file is handed out: with its type, and a name that keeps its Chinese characters."""

import io
import re

from flask import Response, send_file

from trainer import clock
from trainer.documents.workbook import XLSX

UNFIT_FOR_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def workbook_response(content: bytes, name: str) -> Response:
    """A workbook as 第三期学员名册_20261122.xlsx; `name` is without date and ending."""
    plain = UNFIT_FOR_FILE_NAME.sub(" ", name).strip()[:80]
    file_name = f"{plain}_{clock.today():%Y%m%d}.xlsx"
    return send_file(io.BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=file_name)


def picture_response(content: bytes, name: str) -> Response:
    """A picture to look at; drawn anew when it came in, it is always a JPEG."""
    return send_file(io.BytesIO(content), mimetype="image/jpeg", download_name=f"{name}.jpg")
