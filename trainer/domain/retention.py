"""How long what is kept, and why: the rules as data. The nightly job carries them out, docs/privacy.md lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A year as the longest: nothing goes a day too early.
YEAR = 366


class Kept(StrEnum):
    """What a rule is about."""

    SIGN_INS = "sign_ins"
    DEVICES = "devices"
    WAYS_IN = "ways_in"
    DOUBLE_CLICKS = "double_clicks"
    STAGED_ROWS = "staged_rows"
    PRODUCTS = "products"
    SALES_FILES = "sales_files"
    UPLOADS = "uploads"
    TASKS = "tasks"
    MESSAGES = "messages"
    JOB_RUNS = "job_runs"
    REQUEST_WORDS = "request_words"
    CONSENT_SCANS = "consent_scans"
    LESSON_PICTURES = "lesson_pictures"
    WALK_INS = "walk_ins"
    SIGN_UPS = "sign_ups"
    PEOPLE = "people"
    LOOSE_FILES = "loose_files"


@dataclass(frozen=True)
class Rule:
    """`days` of every unit of `setting`; without a setting, days as they are. `basis`: why so long and no longer."""

    kept: Kept
    basis: str
    setting: str | None = None
    days: int = 1

    def before(self, settings: Mapping[str, object], at: datetime) -> datetime:
        """What ended earlier than this goes."""
        units = int(settings[self.setting]) if self.setting else 1
        return at - timedelta(days=units * self.days)


LOGS = "records of who was signed in: at least six months (Cybersecurity Law, art. 21)"
MINIMUM = "no longer than its purpose takes (PIPL art. 19)"
RULES = (
    Rule(Kept.SIGN_INS, LOGS, "SESSION_RETENTION_DAYS"),
    Rule(Kept.DEVICES, LOGS, "SESSION_RETENTION_DAYS"),
    Rule(Kept.WAYS_IN, LOGS, "SESSION_RETENTION_DAYS"),
    Rule(Kept.DOUBLE_CLICKS, MINIMUM, days=30),
    Rule(Kept.STAGED_ROWS, "long enough to undo a list by mistake; then " + MINIMUM, "IMPORT_RETENTION_DAYS"),
    # A product carries the day of its end itself (PRODUCT_RETENTION_DAYS when it was made).
    Rule(Kept.PRODUCTS, "made anew at any time; " + MINIMUM, days=0),
    # A file that waits for a person carries the moment of its end itself (domain/sales_upload.KEPT_FOR).
    Rule(Kept.SALES_FILES, "nobody said what to do with it; buyers stand in it; " + MINIMUM, days=0),
    # Before the tasks that read them.
    Rule(Kept.UPLOADS, "what a file was read into stays; " + MINIMUM, days=90),
    Rule(Kept.TASKS, MINIMUM, days=90),
    Rule(Kept.MESSAGES, MINIMUM, "MESSAGE_RETENTION_DAYS"),
    Rule(Kept.JOB_RUNS, MINIMUM, days=90),
    Rule(
        Kept.REQUEST_WORDS,
        "proof that a request was answered: three years (PIPL art. 56)",
        "CONSENT_RETENTION_YEARS",
        YEAR,
    ),
    Rule(
        Kept.CONSENT_SCANS,
        "proof of a consent for as long after its end (PIPL art. 56)",
        "CONSENT_RETENTION_YEARS",
        YEAR,
    ),
    Rule(
        Kept.LESSON_PICTURES,
        "evidence of a roll or a task while the training can be audited: three years; faces and signatures are on it",
        "EVIDENCE_RETENTION_YEARS",
        YEAR,
    ),
    # Of whoever was matched they are her own, and go with her.
    Rule(Kept.WALK_INS, "who they were can hardly be found out any more; " + MINIMUM, days=YEAR),
    # Struck out, taken back, or never answered though the class ended; of whoever came of one it is her own.
    Rule(Kept.SIGN_UPS, "nobody came of them; " + MINIMUM, days=YEAR),
    Rule(Kept.PEOPLE, "archives of training paid for by the public: ten years", "TRAINING_RETENTION_YEARS", YEAR),
    # A day, so that no file is taken from an act that is not committed yet.
    Rule(Kept.LOOSE_FILES, "left behind by an act that was given up", days=1),
)
