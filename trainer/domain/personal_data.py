"""All that is held about one person, in parts: what her page shows and what she can take away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique


@unique
class PartName(StrEnum):
    """The parts, in the order they are shown."""

    REGISTER = "register"
    CONSENTS = "consents"
    SIGN_UPS = "sign_ups"
    ENROLMENTS = "enrolments"
    ENROLMENT_HISTORY = "enrolment_history"
    LESSONS = "lessons"
    MARKS = "marks"
    ATTENDANCE_REQUESTS = "attendance_requests"
    WALK_INS = "walk_ins"
    CALLS = "calls"
    SPOT_CHECKS = "spot_checks"
    HAND_INS = "hand_ins"
    SCORES = "scores"
    EXCEPTIONS = "exceptions"
    CERTIFICATES = "certificates"
    SERVICE_HOURS = "service_hours"
    HONOURS = "honours"
    SHOPS = "shops"
    SALES = "sales"
    LIVESTREAMS = "livestreams"
    ORDERS = "orders"
    SETTLEMENTS = "settlements"
    SALES_ENTRIES = "sales_entries"
    SALES_CHECKS = "sales_checks"
    DONATIONS = "donations"
    SURVEYS = "surveys"
    FOLLOW_UPS = "follow_ups"
    PAID_WORK = "paid_work"
    SALES_FILES = "sales_files"
    APPLICATIONS = "applications"
    RESULTS = "results"
    APPLICATION_STEPS = "application_steps"
    APPLICATION_FILES = "application_files"
    REFERRALS = "referrals"
    VISITS = "visits"
    CONFLICTS = "conflicts"
    MESSAGES = "messages"
    DISCLOSURES = "disclosures"
    REQUESTS = "requests"
    FILES = "files"
    SIGN_INS = "sign_ins"


@dataclass(frozen=True)
class Part:
    """Rows of the same kind; each value under the name of its field. Money in fen, moments in UTC."""

    name: PartName
    rows: tuple[Mapping[str, object], ...] = field(repr=False)


def json_ready(value: object) -> object:
    """Moments and days as ISO 8601; what JSON knows stays as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


# Every table that refers to a person, directly or through others, is collected here …
COLLECTED = {
    "accounts": PartName.SIGN_INS,
    "anomalies": PartName.SALES_CHECKS,
    "applications": PartName.APPLICATIONS,
    "application_events": PartName.APPLICATION_STEPS,
    "application_files": PartName.APPLICATION_FILES,
    "referrals": PartName.REFERRALS,
    "field_visits": PartName.VISITS,
    "visit_questions": PartName.VISITS,
    "visit_facts": PartName.VISITS,
    "conflicts": PartName.CONFLICTS,
    "assessment_scores": PartName.SCORES,
    "assessments": PartName.SCORES,
    "attendance_requests": PartName.ATTENDANCE_REQUESTS,
    "attendances": PartName.LESSONS,
    "certificates": PartName.CERTIFICATES,
    "completion_exceptions": PartName.EXCEPTIONS,
    "consents": PartName.CONSENTS,
    "contacts": PartName.CALLS,
    "course_tasks": PartName.HAND_INS,
    "data_requests": PartName.REQUESTS,
    "deliveries": PartName.MESSAGES,
    "donation_funds": PartName.DONATIONS,
    "donation_payments": PartName.DONATIONS,
    "donation_pledges": PartName.DONATIONS,
    "disclosed_people": PartName.DISCLOSURES,
    "disclosures": PartName.DISCLOSURES,
    "enrolment_events": PartName.ENROLMENT_HISTORY,
    "enrolments": PartName.ENROLMENTS,
    "hand_ins": PartName.HAND_INS,
    "follow_ups": PartName.FOLLOW_UPS,
    "honours": PartName.HONOURS,
    "import_batches": PartName.SALES_FILES,
    "lessons": PartName.LESSONS,
    "livestreams": PartName.LIVESTREAMS,
    "marks": PartName.MARKS,
    "messages": PartName.MESSAGES,
    "order_lines": PartName.ORDERS,
    "paid_works": PartName.PAID_WORK,
    "people": PartName.REGISTER,
    "ranking_rows": PartName.RESULTS,
    "ranking_runs": PartName.RESULTS,
    "sales_entries": PartName.SALES_ENTRIES,
    "service_entries": PartName.SERVICE_HOURS,
    "sessions": PartName.SIGN_INS,
    "settlements": PartName.SETTLEMENTS,
    "shops": PartName.SHOPS,
    "sign_ups": PartName.SIGN_UPS,
    "spot_checks": PartName.SPOT_CHECKS,
    "stored_files": PartName.FILES,
    "survey_answers": PartName.SURVEYS,
    "survey_sheets": PartName.SURVEYS,
    "training_sites": PartName.REGISTER,
    "walk_ins": PartName.WALK_INS,
}
# … or left out, and why.
LEFT_OUT = {
    "access_tokens": "hashes of single-use secrets",
    "anomaly_events": "steps of a finding, which is given with what came of it",
    "assignments": "who evaluates is not for candidates to know; what it led to is in the results",
    "audit_events": "the acts of those who work here; every look at her protected values is in the disclosures",
    "audit_segments": "sealed audit events",
    "calendar_feeds": "hashes of secrets",
    "background_tasks": "work of staff: ids and filters, no personal data",
    "calibration_sheets": "an evaluator's levels for an invented file",
    "calibration_files": "invented, to practise on",
    "candidacies": "numbers of rounds; what came of them is in the results",
    "panel_seats": "who evaluates: staff and experts",
    "paper_entries": "the evaluators' own remarks, typed from paper",
    "quotas": "rules of a round, set by staff",
    "reopen_requests": "acts of staff",
    "round_tables": "figures by code; what came of them is in the results",
    "criteria": "words of staff",
    "criterion_levels": "words of staff",
    "rubrics": "refer to whoever wrote them",
    "visit_pictures": "they are among her files",
    "visit_stays": "where a visitor was, and when",
    "cohort_costs": "money of a cohort, kept by staff",
    "column_mappings": "headings of files, said by staff",
    "enrolment_outcomes": "reckoned from her attendance and sales, which are given",
    "indicator_readings": "of a county, kept by staff",
    "mentor_postings": "mentors of a county, kept by staff",
    "mentor_visits": "mentors of a county, kept by staff",
    "product_days": "sums of her orders, which are given",
    "shop_days": "sums of her orders and broadcasts, which are given",
    "completion_rules": "refer to whoever set them",
    "distinct_pairs": "numbers of two people",
    "feedback_answers": "anonymous: nothing leads to whoever gave them",
    "feedback_given": "that she answered, never what",
    "holidays": "days, set by staff",
    "idempotency_keys": "random keys against double clicks",
    "import_rows": "what a list said before it went into the register, as which it is given",
    "livestream_versions": "what a file said before it went into the broadcasts, as which it is given",
    "lesson_files": "of a lesson, not of a person",
    "message_templates": "words of staff",
    "order_line_versions": "what a file said before it went into the orders, as which it is given",
    "paper_sheets": "numbers of everybody on a page; what it said of her is among her marks",
    "person_merges": "numbers of rows that were put together; the rows themselves are given",
    "picture_twins": "numbers of two entries; what came of it stands with the findings",
    "products": "goods, sorted by staff; their names stand with her orders",
    "past_passwords": "hashes of secrets",
    "recovery_codes": "hashes of secrets",
    "review_versions": "the evaluators' own remarks; her points are in the results, and she may ask what led to them",
    "reviews": "evaluators' drafts",
    "risks": "follows from her marks and the rule; her page says where she stands",
    "role_grants": "what staff may do",
    "roll_checks": "about a roll, not about a person",
    "rule_requirements": "what a rule demands of everybody",
    "service_tariffs": "points of an hour, set by staff",
    "sales_period_events": "approvals of a county's month",
    "sales_periods": "a county's month",
    "sales_uploads": "a file that waits to be read; read, it is among her files",
    "settlement_versions": "what a file said before it went into the settlements, as which it is given",
    "shop_aliases": "other names of her shop in the files, which are given",
    "second_factor_resets": "acts of staff",
    "second_factors": "a secret",
    "spot_check_draws": "numbers of a drawing",
}
