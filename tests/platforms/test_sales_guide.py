"""Guides and templates: none is missing, and each names the headings that the reader looks for."""

import io

import openpyxl
import pytest

from tests.platforms.makers import TODAY, as_csv
from trainer.documents.sales_template import sales_template
from trainer.domain.sales import Platform
from trainer.domain.sales_guide import GUIDES, INSTEAD, TEMPLATES, chapters
from trainer.errors import UnreadableFile
from trainer.platforms.headers import PROFILES, find_header
from trainer.platforms.inspection import inspect_file
from trainer.platforms.tables import read_tables


@pytest.mark.parametrize("platform", Platform)
def test_every_kind_of_file_of_every_platform_is_spoken_of(platform):
    for chapter in chapters(platform):
        assert chapter.guides or chapter.template or chapter.instead, chapter.kind


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: f"{guide.platform}-{guide.kind}-{guide.needs[0]}")
def test_a_file_with_the_columns_a_guide_asks_for_is_known_and_as_sure_as_it_says(guide):
    match, _notes = find_header(read_tables(as_csv([guide.needs, ["1"] * len(guide.needs)])).tables, guide.platform)
    assert (match.profile.platform, match.profile.kind) == (guide.platform, guide.kind)
    assert match.profile.evidence == guide.certainty.value
    assert not match.unknown


def test_what_another_file_says_stands_in_that_file():
    for one in INSTEAD:
        read = [p.known for p in PROFILES if (p.platform, p.kind) == (one.platform, one.other)]
        assert any(one.heading.replace("(元)", "") in known for known in read), one
        asked = [guide.needs for guide in GUIDES if (guide.platform, guide.kind) == (one.platform, one.other)]
        assert any(one.heading in needs for needs in asked), one


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.platform.value)
def test_a_template_filled_in_is_read_without_a_question_and_its_example_is_not(template):
    blank = sales_template(template)
    book = openpyxl.load_workbook(io.BytesIO(blank))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    filled = template.columns | {"直播标题": "我的第一场", "开播时间": "2026-03-09 20:00"}
    sheet.append([filled[heading] for heading in headings])
    out = io.BytesIO()
    book.save(out)
    found = inspect_file(out.getvalue(), today=TODAY, platform=template.platform)
    assert (found.platform, found.kind, found.data_rows) == (template.platform, template.kind, 1)
    assert [row.title for row in found.rows] == ["我的第一场"]
    assert found.rows[0].gmv_fen == 216_000
    assert (found.rejected, [w.code for w in found.warnings]) == ((), [])
    with pytest.raises(UnreadableFile, match="no_rows"):
        inspect_file(blank, today=TODAY, platform=template.platform)
