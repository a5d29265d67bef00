"""Sign-in sheets as a printer gets them."""

import re

from tests import factories
from tests.factories import DATONG
from trainer.domain.actors import Role


def test_every_sheet_fits_its_page_of_paper(app, open_page):
    cohort = factories.cohort(name="大同市云州区妇女电子商务与短视频直播普惠培训班（第一期）")
    names = ("阿依古丽·买买提·吐尔逊", "王秀芳", "乌兰其其格")
    for number in range(50):
        factories.enrolment(cohort, factories.person(names[number % 3]))
    lesson = factories.lesson(cohort)
    page = open_page(factories.account(Role.COHORT_STAFF, region=DATONG))
    page.goto(f"/lessons/{lesson.id}/sheets/print")
    page.emulate_media(media="print")
    sheets = page.locator(".sheet")
    fits = "sheets => sheets.map(s => s.scrollHeight <= s.clientHeight && s.scrollWidth <= s.clientWidth)"
    assert sheets.evaluate_all(fits) == [True, True]
    whole = "cells => cells.every(c => c.scrollHeight <= c.clientHeight + 1 && c.scrollWidth <= c.clientWidth + 1)"
    assert page.locator(".sheet td").evaluate_all(whole)
    assert page.locator("header.top, .breadcrumb, h1").evaluate_all("all => all.every(e => !e.offsetParent)")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) == 2
    assert re.search(rb"/MediaBox \[0 0 841\.\d+ 59\d", paper)  # A4, landscape
