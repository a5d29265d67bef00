"""Words for the audit trail: what was done, to what kind of thing, which field of it. What is unknown here shows as it is."""

import json

from flask_babel import lazy_gettext as _

from trainer.domain.actors import SYSTEM
from trainer.domain.audit import WHOLE, visible

LABELS: dict = {}
TONES: dict = {}
SENTENCES: dict[str, object] = {}

ACTIONS: dict[str, object] = {
    "access.invitation": _("Issued an invitation link"),
    "access.refused": _("Asked for a page or thing that is not hers"),
    "access.setup": _("Issued the set-up link"),
    "access.slip": _("Issued a slip for signing in"),
    "access.slip_disowned": _("Said that a slip is not hers"),
    "access.slip_try": _("Tried a slip with wrong digits"),
    "access.trainee_code": _("Issued a spoken code"),
    "account.confirm": _("Confirmed that it is she"),
    "account.create": _("Made an account"),
    "account.disable": _("Disabled an account"),
    "account.enable": _("Enabled an account"),
    "account.end_phone": _("Ended a sign-in on a phone"),
    "account.end_phones": _("Ended every sign-in on phones"),
    "account.end_session": _("Ended another sign-in of her own"),
    "account.end_sessions": _("Ended all other sign-ins of her own"),
    "account.grant_role": _("Gave a role"),
    "account.outside_networks": _("Came from outside the allowed networks"),
    "account.password_right": _("Gave the right password, a step still to go"),
    "account.revoke_role": _("Took a role back"),
    "account.set_password": _("Set a password"),
    "account.sign_in": _("Signed in to the site"),
    "account.hand_over": _("Handed the open work of an account over"),
    "assignment.hand_over": _("Gave the reading of an application to another evaluator"),
    "account.sign_out": _("Signed out"),
    "account.switch": _("Went on as another woman on the same phone"),
    "account.update": _("Changed an account"),
    "act.refused": _("Tried something that a rule forbids"),
    "application.set_plan": _("Wrote the plan of an application"),
    "application.withdraw": _("Withdrew an application"),
    "attendance.export": _("Took the attendance sheet out"),
    "attendance.mark": _("Marked attendance"),
    "audit.bundle": _("Made a proof bundle of the audit trail"),
    "audit.seal": _("Sealed old audit entries into a file"),
    "backup.make": _("Made a backup"),
    "backup.restore": _("Put a backup back"),
    "cohort.create": _("Made a cohort"),
    "cohort.set_rule": _("Set the completion rule"),
    "cohort.update": _("Changed a cohort"),
    "consent.add_paper": _("Kept the paper of a consent"),
    "consent.give": _("Recorded a consent"),
    "consent.show_scan": _("Looked at the scan of a consent"),
    "consent.withdraw": _("Withdrew a consent"),
    "data_request.ask": _("Asked about her own data"),
    "data_request.do": _("Carried out a request about data"),
    "data_request.prepare": _("Prepared the answer to a request about data"),
    "data_request.refuse": _("Refused a request about data"),
    "data_request.take_back": _("Took a request about data back"),
    "demonstration.fill": _("Filled the demonstration"),
    "job.ask": _("Asked for a run of a job"),
    "keys.reencrypt": _("Encrypted fields with the newest key"),
    "keys.retire": _("Retired a field key"),
    "keys.rotate": _("Made a new field key"),
    "lesson.cancel": _("Cancelled a lesson"),
    "lesson.close": _("Closed a lesson's roll"),
    "lesson.create": _("Made a lesson"),
    "lesson.reopen": _("Opened a lesson's roll again"),
    "lesson.update": _("Changed a lesson"),
    "letter.send": _("Sent a message to many"),
    "letter.send_again": _("Sent a message again"),
    "letter.take_back": _("Took a message back"),
    "message_template.create": _("Made a message template"),
    "message_template.delete": _("Deleted a message template"),
    "message_template.update": _("Changed a message template"),
    "person.copy": _("Took a copy of her own data"),
    "person.correct": _("Corrected a person's data"),
    "person.erase": _("Erased a person's data"),
    "person.erase_id_number": _("Erased an ID number"),
    "person.export": _("Took a list of people out"),
    "person.export_in_full": _("Took protected values of people out"),
    "person.reveal": _("Looked at a protected value"),
    "programme.create": _("Made a programme"),
    "programme.update": _("Changed a programme"),
    "ranking.export": _("Took a ranking out"),
    "review.submit": _("Submitted a review"),
    "retention.apply": _("Deleted what was kept long enough"),
    "roster.commit": _("Took a roster in"),
    "roster.decide": _("Decided a row of a roster"),
    "roster.discard": _("Discarded a roster"),
    "roster.preview": _("Read a roster for preview"),
    "roster.refresh": _("Read a roster afresh"),
    "roster.undo": _("Undid a roster"),
    "round.close": _("Closed a round"),
    "round.deal": _("Dealt applications to evaluators"),
    "round.open": _("Opened a round"),
    "round.reopen": _("Opened a round again"),
    "rubric.set": _("Set a rubric"),
    "sales.discard": _("Discarded a sales file"),
    "sales.import": _("Took a sales file in"),
    "sales.preview": _("Read a sales file for preview"),
    "sales.settle_year": _("Said which year a sales file is of"),
    "sales.undo": _("Undid a sales file"),
    "second_factor.ask_reset": _("Asked to reset a second factor"),
    "second_factor.begin": _("Began to set up a second factor"),
    "second_factor.check": _("Gave the code of the second factor"),
    "second_factor.confirm": _("Set up a second factor"),
    "second_factor.refuse_reset": _("Refused to reset a second factor"),
    "second_factor.renew_codes": _("Made new recovery codes"),
    "second_factor.reset": _("Reset a second factor"),
    "second_factor.switch_off": _("Switched a second factor off"),
    "selection.add_candidates": _("Added candidates"),
    "selection.create": _("Made a selection"),
    "shop.create": _("Entered a shop"),
    "shop.export": _("Took a list of shops out"),
    "task.ask": _("Asked for background work"),
    "task.cancel": _("Cancelled background work"),
    "task.download": _("Took the file of background work"),
}

THINGS: dict[str, object] = {
    "account": _("Account"),
    "application": _("Application"),
    "assignment": _("Reading of an evaluator"),
    "audit_trail": _("Audit trail"),
    "background_task": _("Background task"),
    "backup": _("Backup"),
    "cohort": _("Cohort"),
    "consent": _("Consent"),
    "data_request": _("Request about data"),
    "disclosure": _("Disclosure"),
    "enrolment": _("Enrolment"),
    "field_key": _("Field key"),
    "import_batch": _("Import batch"),
    "job": _("Job"),
    "lesson": _("Lesson"),
    "message": _("Message"),
    "message_template": _("Message template"),
    "page": _("Page"),
    "person": _("Person"),
    "programme": _("Programme"),
    "ranking_run": _("Ranking"),
    "round": _("Round"),
    "selection": _("Selection"),
    "seq": _("Entry"),
    "shop": _("Shop"),
    "site": _("This installation"),
}

FIELDS: dict[str, object] = {
    WHOLE: _("Value"),
    "added": _("Added"),
    "address": _("Address"),
    "application": _("Application"),
    "applications": _("Applications"),
    "batch": _("Import batch"),
    "candidates": _("Candidates"),
    "capacity": _("Places"),
    "code": _("Code"),
    "cohort": _("Cohort"),
    "counts": _("Counts"),
    "credit_minutes": _("Minutes that count"),
    "dates": _("Dates"),
    "decision": _("Decision"),
    "device": _("Phone of a trainee"),
    "ends_at": _("Ends"),
    "ends_on": _("Last day"),
    "evaluators": _("Evaluators"),
    "excused_counts": _("How excused lessons count"),
    "fields": _("Fields"),
    "file": _("File"),
    "filter": _("Filter"),
    "headcount": _("Heads counted"),
    "headcount_before": _("Heads counted before"),
    "ids": _("Numbers in the address"),
    "instructor": _("Instructor"),
    "kind": _("Kind"),
    "max_unexcused": _("Most unexcused absences"),
    "method": _("Request"),
    "min_rate_bp": _("Least attendance (1/100 %)"),
    "missing": _("Missing"),
    "more_not_recorded": _("Further refusals of this quarter of an hour are not written down"),
    "name": _("Name or title"),
    "number": _("Number"),
    "page": _("Page"),
    "partners": _("Partners"),
    "people": _("Number of people"),
    "person": _("Person"),
    "place": _("Place"),
    "platform": _("Platform"),
    "programme_id": _("Programme"),
    "reason": _("Reason"),
    "region": _("Area"),
    "region_code": _("Area"),
    "role": _("Role"),
    "row": _("Row"),
    "rows": _("Rows"),
    "run": _("Ranking"),
    "seats": _("Places"),
    "sheets": _("Score sheets"),
    "shops": _("Shops"),
    "starts_at": _("Begins"),
    "starts_on": _("First day"),
    "submitted": _("Submitted"),
    "targets": _("Targets"),
    "teacher_name": _("Class teacher"),
    "title": _("Title"),
    "track": _("Track"),
    "username": _("User name"),
}


def act_name(action: str) -> str:
    return visible(str(ACTIONS.get(action, action)))


def who_name(name: str) -> str:
    """Whoever did it; what the site did by itself is told in words."""
    return str(_("the system itself")) if name == SYSTEM.name else visible(name)


def thing_name(object_type: str) -> str:
    return visible(str(THINGS.get(object_type, object_type)))


def field_name(field: str) -> str:
    return visible(str(FIELDS.get(field, field)))


def value_text(value: object) -> str:
    """A recorded value on one line, as it was recorded."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list) and not any(isinstance(part, list | dict) for part in value):
        return visible(", ".join(map(str, value))) or "—"
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
