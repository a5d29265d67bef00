"""Certificates on paper and as pictures: the words, the lines, and no character that the font cannot draw."""

import io
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from trainer.documents.certificate import Sheets, certificate_picture, undrawable, wrap
from trainer.domain.attendance import Evidence
from trainer.domain.certificate import CertificateFacts, Printable
from trainer.domain.programme import Track
from trainer.wording.certificate import evidence_sentence, printed_evidence, printed_words

FACTS = CertificateFacts(
    *("欧阳晓娜", "她力量乡村振兴帮扶计划", "大同市第三期电商直播培训班", "大同市", Track.FOUNDATION),
    *("山西省妇女联合会\n大同市妇女联合会", 1410, date(2026, 3, 9), date(2026, 3, 13)),
    lessons=8,
    evidence={Evidence.SEEN_BY_STAFF: 7, Evidence.CLAIM: 1},
)
PRINTABLE = Printable("JY2026-000123-8", date(2026, 3, 20), FACTS, "https://example.org/check/JY2026-000123-8")


@pytest.fixture(autouse=True)
def _words(app):
    """Chinese, as anywhere outside a page."""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {},
            "于2026年3月9日至3月13日参加“她力量乡村振兴帮扶计划”大同市第三期电商直播培训班学习，共23.5学时，经考核合格，",
        ),
        ({"minutes": 1440}, "共24学时，"),
        ({"minutes": 0}, "学习，经考核合格，准予结业。特发此证。"),
        ({"last_day": date(2026, 3, 9)}, "于2026年3月9日参加"),
        ({"last_day": date(2027, 1, 2)}, "于2026年3月9日至2027年1月2日参加"),
    ],
)
def test_the_words_under_the_name(changes, words):
    assert words in printed_words(replace(FACTS, **changes))


def test_the_evidence_in_words(app):
    assert printed_evidence(FACTS) == "共 8 次课：7 次由工作人员当面确认，1 次事后申报"
    with app.test_request_context("/?lang=en"):
        assert evidence_sentence(FACTS) == "8 sessions: 7 seen by staff, 1 late claim"
        assert printed_evidence(FACTS).startswith("共 8 次课")
        assert evidence_sentence(replace(FACTS, evidence={})) == "Issued before this system; hours as recorded."


def test_no_line_begins_with_punctuation_and_no_figure_is_torn():
    lines = list(wrap("一二三四五，六七（八）2026年", len, 5))
    assert lines == ["一二三四", "五，六七", "（八）", "2026年"]


def test_a_page_each_and_one_for_what_could_not_be_printed():
    sheets = Sheets()
    for _ in range(2):
        sheets.add(PRINTABLE)
    sheets.add_left_out(["JY2026-000009-9  U+2B820"])
    content = sheets.finish()
    assert (content[:5], sheets.pages) == (b"%PDF-", 2)
    assert content.count(b"/Type /Page\n") == 3
    assert len(content) < 200_000


def test_the_picture_is_small_and_wide_enough_for_a_phone():
    content = certificate_picture(PRINTABLE)
    assert len(content) < 150_000
    assert Image.open(io.BytesIO(content)).size == (1080, 1440)
    long = replace(FACTS, name="阿依古丽·买买提江·努尔", programme="很长的名称" * 12, organisation="很长的单位名称" * 9)
    assert certificate_picture(replace(PRINTABLE, facts=long))


def test_what_the_font_lacks_is_known_beforehand():
    assert undrawable(PRINTABLE) == ""
    assert undrawable(replace(PRINTABLE, facts=replace(FACTS, name="王\U0003106c芳"))) == "\U0003106c"
