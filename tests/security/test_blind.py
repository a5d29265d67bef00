"""Nothing tells an evaluator of a blind round who a candidate is: marks planted in every field that names her, every
address walked as that evaluator, and no mark in a page, header, file name, file or message."""

import io
import re

import pytest
from PIL import Image

from tests import factories, selections
from tests.factories import AT, version
from trainer.database import db, transaction
from trainer.domain.panel import ConflictKind
from trainer.models import Person, RankingRun, ReviewVersion
from trainer.permissions import Permission
from trainer.queries.account import get_actor
from trainer.services import blinding, picture
from trainer.services import conflict as conflicts
from trainer.services import round as rounds
from trainer.services.blinding import BlindText

pytestmark = pytest.mark.sqlite_is_enough

NAME = "隗玥莹"
# Each stands in one field alone.
MARKS = {
    "name": NAME,
    "pinyin": "wei yue ying",
    "initials": "wyyqz",
    "village": "裂霰村",
    "township": "蓝霰镇",
    "phone": "13977778888",
    "ID number": "140215199001018822",
    "business": "霰业",
    "note": "霰注",
    "shop": "霰铺子",
    "account": "kxleak9931",
    "cohort": "霰培训班",
    "cohort code": "XLEAK-77",
    "teacher": "霰老师",
    "title": "霰题",
    "plan": "霰文",
    "use": "霰用",
    "caption": "霰图",
    "metadata": "XIANMETA",
    "her picture": "霰藏",
}
# Whom she may not judge she says by name, and disputes by name: without code, title or text.
NAMES_ON_PURPOSE = {"declaration.show", "declaration.dispute"}


def photograph() -> bytes:
    """With the camera's owner in it, as phones write it."""
    exif = Image.Exif()
    exif[0x010E] = exif[0x013B] = MARKS["metadata"]
    return factories.picture("JPEG", exif=exif, comment=MARKS["metadata"].encode())


class Leak:
    """A blind round of three candidates, the first of whom is marked; an evaluator, and what she was sent."""

    def __init__(self, signed_in):
        self.made = made = selections.make(women=2)
        who = factories.person(NAME, phone=MARKS["phone"], id_number=MARKS["ID number"])
        with transaction() as session:
            row = session.get(Person, who.id)
            row.name_pinyin, row.name_initials = MARKS["pinyin"], MARKS["initials"]
            row.village, row.township = MARKS["village"], MARKS["township"]
            row.business, row.note = MARKS["business"], MARKS["note"]
            cohort = session.merge(made.cohort)
            cohort.name, cohort.code = MARKS["cohort"], MARKS["cohort code"]
            cohort.teacher_name = MARKS["teacher"]
        self.shop = factories.shop(who, name=MARKS["shop"], account_uid=MARKS["account"])
        made.enrolments.insert(0, factories.enrolment(made.cohort, who))
        made.evaluators = [factories.account(factories.Role.EVALUATOR) for _ in range(2)]
        made.act(selections.selections.add_candidates, made.cohort.id, None)
        self._apply()
        selections.prepare(made)
        self.judge = made.evaluators[0]
        self.client = signed_in(self.judge)
        self.marks = [*MARKS.values(), *(word for word in MARKS["pinyin"].split() if len(word) > 3)]

    def _apply(self) -> None:
        made = self.made
        uses = [{"item": MARKS["use"], "amount_fen": 77_700}]
        row = selections.write(made, 0, MARKS["title"], f"{NAME}{MARKS['plan']}", uses, amount_fen=77_700)
        self.shown = selections.attachment(made, 0, MARKS["caption"], photograph(), is_blind=True)
        selections.attachment(made, 0, MARKS["her picture"], position=2)
        text = BlindText("公开的题", "【姓名】公开的文", ("公开的用途",))
        with transaction():
            version = made.applications()[0].version
            blinding.confirm_blind(made.round_id, row.id, version, text, [self.shown], by=made.by, at=AT)

    def ids(self) -> dict[str, object]:
        application = self.made.applications()[0]
        assignment = self.made.assignment(0, 0).id
        return {
            "selection_id": self.made.selection_id,
            "round_id": self.made.round_id,
            "application_id": application.id,
            "assignment_id": assignment,
            "attachment_id": self.shown,
            "file_id": self.shown,
            "position": 1,
            "person_id": application.person_id,
            "enrolment_id": application.enrolment_id,
            "cohort_id": self.made.cohort.id,
            "shop_id": self.shop.id,
            "conflict_id": 1,
            "calibration_id": 1,
            "code": application.code,
            "seat_id": 1,
            "run_id": 1,
            "account_id": self.judge.id,
        }

    def addresses(self, app, whole: bool) -> list[tuple[str, str]]:
        """(endpoint, address) of everything that may be asked for with what is known of her, or of an evaluator's own."""
        ids, found = self.ids(), []
        with app.test_request_context():
            for rule in app.url_map.iter_rules():
                door = getattr(app.view_functions[rule.endpoint], "door", None)
                if not (whole or door in (Permission.SCORE, "signed_in")) or rule.endpoint == "static":
                    continue
                if "GET" in rule.methods and rule.arguments <= ids.keys():
                    values = {name: ids[name] for name in rule.arguments}
                    found.append((rule.endpoint, app.url_for(rule.endpoint, **values)))
        sheet = ids["assignment_id"]
        found += [("search.index", f"/search?q={word}") for word in ("A-001", "公开")]
        return [*found, ("review.show", f"/reviews/{sheet}?change=1"), ("review.show", f"/reviews/{sheet}?lang=en")]

    def check(self, response, where: str) -> None:
        """Status line, headers and body; a picture by its bytes and by what a reader finds in it."""
        content = response.get_data()
        sent = content.decode("utf-8", "replace") + str(response.headers)
        leaks = [name for name, mark in MARKS.items() if mark in sent]
        assert leaks == [], (where, leaks)
        assert not re.search(r"weiyueying|yueying", sent, re.IGNORECASE), where
        if response.mimetype.startswith("image/") and response.mimetype != "image/svg+xml":
            with Image.open(io.BytesIO(content)) as shown:
                assert not shown.getexif(), where
                assert "comment" not in shown.info, where

    def walk(self, app, *, whole: bool = False) -> dict[str, list[int]]:
        """Every address once; what each answered."""
        answers: dict[str, list[int]] = {}
        for endpoint, address in self.addresses(app, whole):
            response = self.client.get(address)
            answers.setdefault(endpoint, []).append(response.status_code)
            if endpoint not in NAMES_ON_PURPOSE:
                self.check(response, address)
        return answers


@pytest.fixture
def leak(app, signed_in):
    return Leak(signed_in)


def test_no_page_of_hers_says_who_a_candidate_is_at_any_stage(app, leak):
    made = leak.made
    sheet = f"/reviews/{made.assignment(0, 0).id}"
    assert leak.walk(app)["review.show"] == [404, 404, 404]
    made.act(rounds.open_round)
    answers = leak.walk(app, whole=True)
    assert answers["review.show"] == [200, 200, 200]
    assert (answers["review.file"], answers["review.index"], answers["message.inbox"]) == ([200], [200], [200])
    assert {status for name in ("candidate.edit", "blinding.edit", "person.show") for status in answers[name]} == {404}
    assert "公开的文" in leak.client.get(sheet).text
    assert leak.client.get(f"{sheet}/files/2").status_code == 404
    typed = {"level_c1": "2", "level_c2": "2", "confidence": "2", "recommendation": "support"}
    for act, path in (("save", ""), ("", "/draft"), ("submit", "")):
        for seen in (version(leak.client, f"{sheet}?change=1"), "77"):
            data = {**typed, "version": seen, "act": act}
            leak.check(leak.client.post(sheet + path, data=data), f"POST {path} {act}")
    leak.check(leak.client.post(sheet, data={"level_c1": "99"}), "POST nonsense")
    assert db.session.scalar(db.select(db.func.count()).select_from(ReviewVersion)) == 1
    for woman in range(3):
        made.submit(woman, 1, 2, 2)
    for woman in (1, 2):
        made.submit(woman, 0, 1, 3)
    leak.walk(app)
    made.act(rounds.close_round)
    leak.walk(app)
    run = db.session.scalar(db.select(db.func.max(RankingRun.id)))
    made.act(rounds.freeze_round, run)
    assert leak.walk(app)["review.feedback"] == [200]


def test_the_names_she_declares_about_stand_without_code_or_file(leak):
    page = leak.client.get(f"/reviews/rounds/{leak.made.round_id}/declaration").text
    assert NAME in page
    theirs = [application.code for application in leak.made.applications()]
    hidden = [mark for name, mark in MARKS.items() if name not in ("name", "village")]
    assert not any(word in page for word in [*theirs, *hidden, "公开的题"])


def test_a_conflict_tells_nothing_more_than_that_there_is_none_to_read(app, leak):
    leak.made.act(rounds.open_round)
    application = leak.made.applications()[0]
    with transaction():
        conflicts.raise_conflict(
            application.id, leak.judge.id, ConflictKind.FAMILY, "亲戚", by=get_actor(leak.made.manager), at=AT
        )
    answers = leak.walk(app)
    assert set(answers["review.show"]) == {404}
    assert "2" in leak.client.get("/reviews").text
    assert application.code not in leak.client.get("/reviews").text


def test_the_marks_are_where_staff_see_them(signed_in, leak):
    """Else their absence would say nothing."""
    staff = signed_in(leak.made.manager)
    application = leak.made.applications()[0]
    page = staff.get(f"{leak.made.url}/blinding/{application.id}").text
    for name in ("name", "cohort", "title", "plan", "use", "caption", "her picture"):
        assert MARKS[name] in page, name
    assert MARKS["metadata"].encode() in photograph()
    assert MARKS["metadata"].encode() not in picture.redraw(photograph())
