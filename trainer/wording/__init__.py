"""Words people read: names of states and roles, and the sentence for each refusal; a module a stem."""

from enum import StrEnum

from flask_babel import gettext

from trainer.errors import Refused, UnreadableFile
from trainer.wording import (
    account,
    advice,
    anomaly,
    application,
    assessment,
    at_risk,
    attendance,
    audit,
    background_task,
    backup,
    blinding,
    browsers,
    certificate,
    check_in,
    closing,
    completion,
    completion_exception,
    consent,
    cost,
    county_indicator,
    course_task,
    data_request,
    demonstration,
    deployment,
    disclosure,
    donation,
    dossier,
    enrolment,
    feedback,
    field_visit,
    figures,
    follow_up,
    handover,
    honour,
    imports,
    job,
    lesson,
    mark_import,
    mentor,
    message,
    need,
    outcome_comparison,
    outcomes,
    own_outcomes,
    paid_work,
    panel,
    paper_sheet,
    past_cohort,
    person,
    person_merge,
    product,
    programme,
    reporting,
    roll_check,
    sales,
    sales_entry,
    sales_figures,
    sales_guide,
    sales_mapping,
    sales_period,
    sales_upload,
    selection,
    service_hours,
    sign_up,
    sign_up_review,
    site,
    slip,
    spot_check,
    statement,
    survey,
    survey_call,
    tally,
    target,
    timetable,
    walk_in,
)
from trainer.wording.sales import PLATFORMS
from trainer.wording.scoring_rules import formula_sentence

__all__ = ["PLATFORMS", "choices", "formula_sentence", "label", "platform_name", "say", "sentence_for", "told", "tone"]

_STEMS = (
    account,
    advice,
    anomaly,
    application,
    assessment,
    at_risk,
    attendance,
    audit,
    background_task,
    backup,
    blinding,
    browsers,
    certificate,
    check_in,
    closing,
    completion,
    completion_exception,
    consent,
    cost,
    county_indicator,
    course_task,
    data_request,
    demonstration,
    deployment,
    disclosure,
    donation,
    dossier,
    enrolment,
    feedback,
    field_visit,
    figures,
    follow_up,
    handover,
    honour,
    imports,
    job,
    lesson,
    mark_import,
    mentor,
    message,
    need,
    own_outcomes,
    outcome_comparison,
    outcomes,
    paid_work,
    panel,
    paper_sheet,
    past_cohort,
    person,
    person_merge,
    product,
    programme,
    reporting,
    roll_check,
    sales,
    sales_entry,
    sales_figures,
    sales_guide,
    sales_mapping,
    sales_upload,
    sales_period,
    selection,
    service_hours,
    sign_up,
    sign_up_review,
    site,
    slip,
    spot_check,
    tally,
    target,
    statement,
    survey,
    survey_call,
    timetable,
    walk_in,
)
# Words by kind, then by member: a lesson and a round may both be "open", in other words.
LABELS = {kind: words for stem in _STEMS for kind, words in stem.LABELS.items()}
# What a pill looks like: a shape beside the word, so that colour is never the only sign.
TONES = {kind: tones for stem in _STEMS for kind, tones in stem.TONES.items()}
SENTENCES = {code: words for stem in _STEMS for code, words in stem.SENTENCES.items()}


def label(value: object) -> str:
    """The word for a state, a role, a kind; the same everywhere."""
    return str(LABELS.get(type(value), {}).get(value, value))


def tone(value: object) -> str:
    """good, attention, bad, quiet or plain."""
    return TONES.get(type(value), {}).get(value, "plain")


def platform_name(code: str) -> str:
    return str(PLATFORMS.get(code, code))


def choices(kind: type[StrEnum]) -> list[tuple[str, object]]:
    """(value, word) of every member, for a select field."""
    return [(member.value, LABELS[kind][member]) for member in kind]


def say(refused: Refused) -> str:
    """The sentence for a refusal: what is wrong and what to do."""
    code = refused.reason if isinstance(refused, UnreadableFile) else refused.code
    sentence = sentence_for(code, refused.values)
    return sentence or gettext("This cannot be done now (%(code)s).", code=code)


def sentence_for(code: str, values: dict[str, object]) -> str | None:
    """The sentence for a code with its values; None for an unknown code."""
    words = SENTENCES.get(code)
    if words is None:
        return None
    return str(words) % {name: label(value) for name, value in values.items()} if values else str(words)


def problem_sentence(problem: dict | None) -> str:
    """Why a file was not read, kept as plain values: a platform stands there by its code."""
    if not problem:
        return ""
    values = {name: PLATFORMS.get(value, value) for name, value in problem["values"].items()}
    unknown = gettext("This cannot be done now (%(code)s).", code=problem["code"])
    return sentence_for(problem["code"], values) or unknown


def told(message: str) -> str:
    """What a run of a job says of itself, as a sentence where there is one."""
    said = job.told_by(message)
    return (sentence_for(*said) if said else None) or message or "—"
