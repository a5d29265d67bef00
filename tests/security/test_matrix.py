"""Every address × every role × her own things and another area's: who comes in is written down here, row by row."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests import completions, factories, marks, rosters, selections
from tests.factories import AT, DATONG, LINFEN
from tests.services.test_sales import order, orders_file
from tests.services.test_sales import preview as preview_sales
from trainer import clock
from trainer.database import db, transaction
from trainer.domain.actors import SYSTEM, Role, TokenKind
from trainer.domain.attendance import LessonState
from trainer.domain.background_task import TaskKind
from trainer.domain.check_in import CheckInRules
from trainer.domain.course_task import Given
from trainer.domain.donation import FundDraft, PledgeDraft
from trainer.domain.enrolment import EnrolmentStatus
from trainer.domain.message import Audience, Circle, LetterDraft
from trainer.domain.panel import ConflictKind
from trainer.domain.programme import Track
from trainer.domain.selection import QuotaAttribute, ReferralKind, RoundKind, SelectionKind
from trainer.domain.survey import Wave
from trainer.errors import UnreadableFile
from trainer.models import Person, Quota, Referral, ReopenRequest, Round, Rubric, SalesUpload, Selection, SignInSession
from trainer.queries.account import list_grants
from trainer.queries.check_in import code_of
from trainer.queries.message import inbox_page
from trainer.services import account as accounts
from trainer.services import application as applications
from trainer.services import application_file as application_files
from trainer.services import calendar, mark_import, past_cohort, roster, trainee_access
from trainer.services import conflict as conflicts
from trainer.services import donation as donations
from trainer.services import hand_in as hand_ins
from trainer.services import letter as letters
from trainer.services import material as materials
from trainer.services import message as messages
from trainer.services import message_template as message_templates
from trainer.services import panel as panels
from trainer.services import round as rounds
from trainer.services import sales_upload as sales_uploads
from trainer.services.background_task import ask_for_task
from trainer.services.evidence import seal_evidence
from trainer.services.mark_import import About

# One letter a role; U is an auditor of the area, W one of everything, whom nothing is foreign to.
ROLES = {
    "A": Role.SYSTEM_ADMINISTRATOR,
    "M": Role.MANAGER,
    "S": Role.COHORT_STAFF,
    "I": Role.INSTRUCTOR,
    "E": Role.EVALUATOR,
    "F": Role.FINANCE,
    "U": Role.AUDITOR,
    "W": Role.AUDITOR,
    "P": Role.PARTNER,
    "T": Role.TRAINEE,
}
EVERYBODY = "".join(ROLES)
STAFF = EVERYBODY.replace("T", "")


@dataclass(frozen=True)
class Row:
    """Who may GET and POST an address of her own area; `public`: a stranger too."""

    get: str | None = None
    post: str | None = None
    public: bool = False


TABLE = {
    "home.index": Row(EVERYBODY, public=True),
    "home.needs": Row("AMSIEFUWP"),
    "message.inbox": Row(EVERYBODY),
    "message.mine": Row("T"),
    "message.show": Row("T"),
    "message.read_all": Row(post=EVERYBODY),
    "letter.index": Row("MS"),
    "letter.new": Row("MS", "MS"),
    "letter.create": Row(post="MS"),
    "letter.show": Row("MS"),
    "letter.take_back": Row(post="MS"),
    "letter.send_again": Row(post="MS"),
    "message_template.index": Row("MS"),
    "message_template.new": Row("MS", "MS"),
    "message_template.edit": Row("MS", "MS"),
    "message_template.delete": Row(post="MS"),
    "home.health": Row(EVERYBODY, public=True),
    "certificate.index": Row("MSUW"),
    "certificate.show": Row("MSUW"),
    "certificate.paper": Row("MS"),
    "certificate.picture": Row("MSUW"),
    "certificate.replace": Row("M", "M"),
    "certificate.revoke": Row("M", "M"),
    "certificate.anew": Row("M", "M"),
    "certificate_issue.show": Row("MSUW"),
    "certificate_issue.issue": Row(post="M"),
    "certificate_issue.sheets": Row(post="MS"),
    "certificate_issue.cohort_register": Row("MS"),
    "certificate_issue.register": Row("MS"),
    "certificate_check.ask": Row(EVERYBODY, public=True),
    "certificate_check.show": Row(EVERYBODY, public=True),
    "own_certificate.index": Row("T"),
    "own_certificate.show": Row("T"),
    "own_certificate.picture": Row("T"),
    "survey.cohort": Row("MSUW"),
    "survey.assign": Row(post="MS"),
    "survey.compare": Row(post="MS"),
    "survey.printed": Row("MSUW"),
    "survey.export": Row("MS"),
    "survey_sums.show": Row("MSFUWP"),
    "survey_sums.export": Row("MSFUWP"),
    "survey.index": Row("MS"),
    "survey_sheet.show": Row("MSUW"),
    "survey_sheet.call": Row(post="MS"),
    "survey_sheet.number": Row(post="MS"),
    "survey_sheet.correct": Row("MS", "MS"),
    "survey_sheet.reopen": Row(post="MS"),
    "survey_paper.index": Row("MS"),
    "survey_paper.enter": Row("MS", "MS"),
    "consent.notice": Row(EVERYBODY, public=True),
    "consent.mine": Row("T"),
    "consent.give": Row(post="T"),
    "consent.withdraw_own": Row(post="T"),
    "consent.new": Row("MS", "MS"),
    "consent.withdraw": Row("MS", "MS"),
    "consent.scan": Row("MS"),
    "disclosure.reveal": Row("MS", "MS"),
    "disclosure.export": Row("M", "M"),
    "dossier.show": Row("MS", "MS"),
    "past_cohort.new": Row("M", "M"),
    "past_cohort.show": Row("M"),
    "past_cohort.confirm": Row(post="M"),
    "past_cohort.discard": Row(post="M"),
    "past_cohort.undo": Row(post="M"),
    "dossier.register": Row("MS"),
    "dossier.completions": Row("MS"),
    "session.new": Row(EVERYBODY, public=True),
    "session.create": Row(post=EVERYBODY, public=True),
    "session.code": Row(EVERYBODY, EVERYBODY, public=True),
    "session.set_up": Row("", "", public=True),
    "session.invitation": Row(EVERYBODY, EVERYBODY, public=True),
    "session.delete": Row(post=EVERYBODY),
    # The half signed in alone see what is behind these; whoever is signed in is sent home.
    "session.renew": Row(EVERYBODY, EVERYBODY),
    "second_factor.check": Row(EVERYBODY, EVERYBODY),
    "second_factor.show": Row(STAFF),
    "second_factor.begin": Row(post=STAFF),
    "second_factor.confirm": Row(post=STAFF),
    "second_factor.renew_codes": Row(post=STAFF),
    "second_factor.replace": Row(post=STAFF),
    "second_factor.switch_off": Row(post=STAFF),
    "profile.show": Row(STAFF),
    "profile.update": Row(post=STAFF),
    "profile.password": Row(STAFF, STAFF),
    "profile.end_session": Row(post=""),
    "profile.end_others": Row(post=STAFF),
    "second_factor_reset.index": Row("A"),
    "second_factor_reset.new": Row("A", "A"),
    "second_factor_reset.decide": Row(post="A"),
    "account.index": Row("A"),
    "account.new": Row("A", "A"),
    "account.show": Row("A"),
    "account.add_role": Row(post="A"),
    "account.revoke_role": Row(post="A"),
    "account.reissue": Row(post="A"),
    "account.set_active": Row(post="A"),
    "handover.new": Row("A", "A"),
    "audit.index": Row("W"),
    "audit.show": Row("W"),
    "audit.thing": Row("W"),
    "audit.bundle": Row(post="W"),
    "job.index": Row("A"),
    "job.create": Row(post="A"),
    # A task is its owner's alone: these are somebody else's (see tests/views/test_background_task.py).
    "background_task.index": Row(EVERYBODY),
    "search.index": Row("MSIFUW"),
    "search.create": Row(post="MSIFUW"),
    "background_task.show": Row(""),
    "background_task.download": Row(""),
    "background_task.cancel": Row(post=""),
    "programme.index": Row("MSFUWP"),
    "programme.show": Row("MSFUWP"),
    "programme.new": Row("M", "M"),
    "programme.edit": Row("M", "M"),
    "site.index": Row("MSFUWP"),
    "site.show": Row("MSFUWP"),
    "site.new": Row("M", "M"),
    "site.edit": Row("M", "M"),
    "site.close": Row(post="M"),
    "site.reopen": Row(post="M"),
    "site.belonging": Row("MS", "MS"),
    "outcome_comparison.index": Row("MSFUWP"),
    "outcome_comparison.programme": Row("MSFUWP"),
    "outcome_comparison.export": Row("MSFUWP"),
    "outcome_wall.show": Row("MSFUWP"),
    "reporting.index": Row("MSUW"),
    "reporting.remind": Row("MS", "MS"),
    "reporting.export": Row("MS"),
    "tally.index": Row("MSFUWP"),
    "tally.people": Row("MSUW"),
    "tally.export": Row("MSFUWP"),
    "board.index": Row("MSFUWP"),
    "board.export": Row("MSFUWP"),
    "cohort.index": Row("MSIFUW"),
    "cohort.show": Row("MSIFUW"),
    "cohort.new": Row("M", "M"),
    "cohort.edit": Row("M", "M"),
    "outcomes.show": Row("MSFUWP"),
    "outcomes.women": Row("MSUW"),
    "outcomes.export_women": Row("MS"),
    "outcomes.export": Row("MSFUWP"),
    "completion_rule.show": Row("MSIFUW"),
    "completion_rule.preview": Row("M"),
    "completion_rule.update": Row(post="M"),
    "progress.index": Row("MSIUW"),
    "progress.export": Row("MS"),
    "assessment.index": Row("MSIUW"),
    "assessment.new": Row("MSI", "MSI"),
    "assessment.show": Row("MSIUW"),
    "assessment.update": Row(post="MSI"),
    "assessment.edit": Row("MSI", "MSI"),
    "assessment.drop": Row(post="MSI"),
    "assessment.restore": Row(post="MSI"),
    "conclusion.show": Row("MS"),
    "conclusion.create": Row(post="MS"),
    "conclusion.take_back": Row(post="MS"),
    "completion_exception.index": Row("MSUW"),
    "completion_exception.new": Row("MS", "MS"),
    "completion_exception.show": Row("MSUW"),
    "completion_exception.decide": Row(post="M"),
    "completion_exception.take_back": Row(post="MS"),
    "lesson.timetable": Row("M", "M"),
    "lesson.new": Row("M", "M"),
    "lesson.edit": Row("M", "M"),
    "lesson.cancel": Row("M", "M"),
    "lesson.show": Row("MSIFUW"),
    "lesson.restore": Row("M", "M"),
    "timetable.repeat": Row("M", "M"),
    "timetable.copy": Row("M", "M"),
    "timetable.take_back": Row("M", "M"),
    "timetable.shift": Row("M", "M"),
    "timetable.sheet": Row("MSIFUW"),
    "timetable.workbook": Row("MSIFUW"),
    "material.add_file": Row(post="MSI"),
    "material.add_link": Row(post="MSI"),
    "material.remove": Row(post="MSI"),
    "material.put_back": Row(post="MSI"),
    "material.show": Row("MSIFUW"),
    "material.read": Row("T"),
    "material.fetch": Row(EVERYBODY, public=True),
    "holiday.index": Row("AMSIFUW"),
    # The whole site's: whose rights end at the borders of an area only looks.
    "holiday.set_day": Row(post="A"),
    "holiday.remove": Row(post="A"),
    "roll.index": Row("MSI"),
    "roll.show": Row("MSIUW", "MSI"),
    "roll.mark": Row("MSIUW", "MSI"),
    "roll.take_back": Row(post="MSI"),
    "roll.rest": Row("MSI", "MSI"),
    "roll.undo_rest": Row("MSI", "MSI"),
    "roll_queue.show": Row("MSI"),
    "roll_queue.create": Row(post="MSI"),
    "roll_queue.worker": Row(EVERYBODY, public=True),
    "closing.new": Row("MSI", "MSI"),
    "closing.reopen": Row("MSI", "MSI"),
    "closing.show": Row("MSIUW"),
    "closing.add_photo": Row(post="MSI"),
    "closing.photo": Row("MSIUW"),
    "closing.remove_photo": Row(post="MSI"),
    "closing.put_photo_back": Row(post="MSI"),
    "anomaly.index": Row("MSUW"),
    "anomaly.export": Row("MSUW"),
    "anomaly.show": Row("MSUW"),
    "anomaly.explain": Row(post="MS"),
    "anomaly.decide": Row(post="M"),
    "anomaly.reopen": Row(post="M"),
    "anomaly.ask": Row(post="MS"),
    "roll_check.index": Row("MUW"),
    "roll_check.show": Row("MUW", "M"),
    "spot_check.index": Row("MSUW"),
    "spot_check.create": Row(post="MS"),
    "spot_check.show": Row("MS", "MS"),
    "spot_check.number": Row(post="MS"),
    "at_risk.index": Row("MS"),
    "at_risk.show": Row("MS", "MS"),
    "at_risk.number": Row(post="MS"),
    "attendance.summary": Row("MSIUW"),
    "attendance.export": Row("MS"),
    "attendance.sign_in_sheet": Row("MS"),
    "attendance_table.show": Row("MSIUW"),
    "attendance_table.rates": Row("MSIUW"),
    "attendance_table.entries": Row("MSIUW"),
    "attendance_table.programme": Row("MSUW"),
    "calendar.index": Row("MSIUW"),
    "calendar.address": Row(EVERYBODY, EVERYBODY),
    "calendar.feed": Row(EVERYBODY, public=True),
    "teaching.index": Row("MSI"),
    "teaching.export": Row("MSI"),
    "attendance_request.index": Row("MSI", "MSI"),
    "attendance_request.show": Row("MSI", "MSI"),
    "attendance_request.new": Row("MSI", "MSI"),
    "attendance_request.leave": Row("T", "T"),
    "attendance_request.wrong": Row("T", "T"),
    "attendance_request.take_back": Row(post="T"),
    "course_task.index": Row("MSIUW"),
    "course_task.new": Row("MSI", "MSI"),
    "course_task.show": Row("MSIUW"),
    "course_task.edit": Row("MSI", "MSI"),
    "course_task.drop": Row(post="MSI"),
    "hand_in.show": Row("MSIUW", "MSI"),
    "hand_in.picture": Row("MSIUW"),
    "hand_in.for_her": Row("MSI", "MSI"),
    "own_task.index": Row("T"),
    "own_task.show": Row("T", "T"),
    "own_task.take_back": Row(post="T"),
    "own_task.picture": Row("T"),
    "feedback.mine": Row("T", "T"),
    "feedback.show": Row("MSIUW"),
    "feedback.export": Row("MSIUW"),
    "check_in.wall": Row("MSI"),
    "check_in.screen": Row("MSI"),
    "check_in.scan": Row(EVERYBODY, public=True),
    "check_in.go": Row(EVERYBODY, EVERYBODY, public=True),
    "check_in.seat": Row(post=EVERYBODY, public=True),
    "check_in.typed": Row(EVERYBODY, EVERYBODY, public=True),
    "check_in.done": Row(EVERYBODY, public=True),
    "sign_up.show": Row(EVERYBODY, EVERYBODY, public=True),
    "sign_up.done": Row(EVERYBODY, public=True),
    "sign_up.answer": Row(EVERYBODY, EVERYBODY, public=True),
    "sign_up.mine": Row(EVERYBODY, public=True),
    "sign_up.take_back": Row(post=EVERYBODY, public=True),
    "sign_up_review.index": Row("MS"),
    "sign_up_review.decide": Row(post="MS"),
    "sign_up_review.admit_first": Row(post="MS"),
    "sign_up_review.show": Row("MS", "MS"),
    "sign_up_review.strike_out": Row(post="MS"),
    "sign_up_review.put_back": Row(post="MS"),
    "sign_up_review.take_answer_back": Row(post="MS"),
    "sign_up_review.told": Row(post="MS"),
    "sign_up_review.number": Row(post="MS"),
    "enrolment.show": Row("MSUW"),
    "enrolment.change": Row(post="MS"),
    "sign_up_settings.edit": Row("M", "M"),
    "sign_up_settings.poster": Row("MSIFUW"),
    "paper_print.lesson": Row("MSI"),
    "paper_print.day": Row("MSI"),
    "paper_print.signed": Row("MSI"),
    "paper_sheet.find": Row("MSI"),
    "paper_sheet.index": Row("MSIUW"),
    "paper_sheet.cohort": Row("MSIUW"),
    "paper_sheet.new": Row("MSI", "MSI"),
    "paper_sheet.show": Row("MSIUW"),
    "paper_sheet.photo": Row("MSIUW"),
    "paper_sheet.confirm": Row(post="MSI"),
    "paper_sheet.turn_back": Row(post="MSI"),
    "paper_sheet.undo": Row(post="MSI"),
    "walk_in.new": Row("MSI", "MSI"),
    "walk_in.strike_out": Row(post="MSI"),
    "walk_in.cohort": Row("MS"),
    "walk_in.match": Row("MS", "MS"),
    "walk_in.take_match_back": Row(post="MS"),
    "mark_import.new": Row("MSI", "MSI"),
    "mark_import.for_cohort": Row("MS", "MS"),
    "mark_import.template": Row("MSI"),
    "mark_import.show": Row("MSI"),
    "mark_import.decide": Row(post="MSI"),
    "mark_import.commit": Row(post="MSI"),
    "mark_import.discard": Row(post="MSI"),
    "mark_import.undo": Row("MSI", "MSI"),
    "mark_import.rejected": Row("MSI"),
    "roster.new": Row("MS", "MS"),
    "roster.template": Row("MS"),
    "roster.show": Row("MS"),
    "roster.decide": Row(post="MS"),
    "roster.commit": Row(post="MS"),
    "roster.discard": Row(post="MS"),
    "roster.undo": Row("MS", "MS"),
    "roster.rejected": Row("MS"),
    "person_merge.index": Row("M"),
    "person_merge.compare": Row("M"),
    "person_merge.create": Row(post="M"),
    "person_merge.tell_apart": Row(post="M"),
    "person_merge.take_back": Row(post="M"),
    "person_merge.show": Row("M"),
    "person_merge.undo": Row(post="M"),
    "person.index": Row("MSUW"),
    "person.export": Row("MS"),
    "person.export_later": Row(post="MS"),
    "person.show": Row("MSUW"),
    "person.issue_code": Row(post="MS"),
    "data_request.index": Row("M"),
    "data_request.show": Row("M"),
    "data_request.accept": Row(post="M"),
    "data_request.prepare": Row(post="M"),
    "data_request.erase": Row(post="M"),
    "data_request.explain": Row(post="M"),
    "data_request.refuse": Row(post="M"),
    "data_request.take_back": Row(post="M"),
    "data_request.new": Row("M", "M"),
    "data_request.print_copy": Row("M", "M"),
    "my_data.show": Row("T"),
    "my_data.copy": Row("T"),
    "my_data.correct": Row("T", "T"),
    "my_data.erase": Row("T", "T"),
    "my_data.explain": Row("T", "T"),
    "my_data.take_back": Row(post="T"),
    "product.index": Row("MSUW"),
    "product.of_shop": Row("MSUW"),
    "product.sort": Row(post="MS"),
    "sales_period.index": Row("MSFUW"),
    "sales_period.show": Row("MSFUW"),
    "sales_period.approve": Row(post="M"),
    "sales_period.unlock": Row("M", "M"),
    "sales_period.export": Row("MSFUW"),
    "donation.index": Row("MSFUW"),
    "donation.new": Row("MF", "MF"),
    "donation.show": Row("MSFUW"),
    "donation.export": Row("MSFUW"),
    "donation.edit": Row("MF", "MF"),
    "donation.close": Row("MF", "MF"),
    "donation.new_pledge": Row("MF", "MF"),
    "donation.edit_pledge": Row("MF", "MF"),
    "donation.new_payment": Row("MF", "MF"),
    "donation.take_back": Row("MF", "MF"),
    "donation.evidence": Row("MSFUW"),
    "follow_up.index": Row("MSUW"),
    "follow_up.export": Row("MS"),
    "follow_up.new": Row("MS", "MS"),
    "follow_up.number": Row(post="MS"),
    "follow_up.take_back": Row("MS", "MS"),
    "cost.index": Row("MSFUW"),
    "cost.export": Row("MSFUW"),
    "cost.new": Row("MSF", "MSF"),
    "cost.take_back": Row("MSF", "MSF"),
    "cost.evidence": Row("MSFUW"),
    "paid_work.index": Row("MSUW"),
    "paid_work.export": Row("MS"),
    "paid_work.new": Row("MS", "MS"),
    "paid_work.take_back": Row("MS", "MS"),
    "paid_work.evidence": Row("MS"),
    "own_donation.index": Row("T"),
    "county_indicator.index": Row("MSFUWP"),
    "county_indicator.export": Row("MSFUWP"),
    "county_indicator.new": Row("MS", "MS"),
    "county_indicator.show": Row("MSFUWP"),
    "county_indicator.take_back": Row("MS", "MS"),
    "county_indicator.evidence": Row("MSUW"),
    "mentor.index": Row("MSFUWP"),
    "mentor.export": Row("MSFUWP"),
    "mentor.new": Row("M", "M"),
    "mentor.show": Row("MSFUWP"),
    "mentor.edit": Row("M", "M"),
    "mentor.end": Row("M", "M"),
    "mentor.reopen": Row(post="M"),
    "mentor.new_visit": Row("MS", "MS"),
    "mentor.take_back": Row("MS", "MS"),
    "mentor.evidence": Row("MSUW"),
    "target.show": Row("MSFUWP"),
    "target.export": Row("MSFUWP"),
    "shop.index": Row("MSUW"),
    "shop.export": Row("MSUW"),
    "shop.new": Row("MS", "MS"),
    "shop.show": Row("MSUW"),
    "sales_figures.livestream": Row("MSUW"),
    "sales_figures.orders": Row("MSUW"),
    "sales_figures.trust": Row("MSUW"),
    "sales_figures.own_trust": Row("T"),
    "shop_edit.edit": Row("MS", "MS"),
    "sales_upload.new": Row("MS", "MS"),
    "sales_upload.several": Row("MS", "MS"),
    "sales_upload.bundle": Row("MS"),
    "sales_upload.take_in": Row(post="MS"),
    "sales_upload.again": Row(post="MS"),
    "sales_upload.assign": Row("MS", "MS"),
    "sales_upload.give_up": Row(post="MS"),
    "sales_mapping.edit": Row("MS", "MS"),
    "sales_mapping.index": Row("MS"),
    "sales_mapping.forget": Row(post="MS"),
    "sales_guide.index": Row("MS"),
    "sales_guide.show": Row("MS"),
    "sales_guide.template": Row("MS"),
    "sales_guide.mine": Row("T"),
    "sales.show": Row("MSUW"),
    "sales.settle_year": Row(post="MS"),
    "sales.commit": Row(post="MS"),
    "sales.discard": Row(post="MS"),
    "sales.undo": Row("MS", "MS"),
    "sales.rejected": Row("MS"),
    "selection.index": Row("MFUW"),
    "selection.new": Row("M", "M"),
    "selection.show": Row("MFUW"),
    "rubric.show": Row("MFUW"),
    "rubric.new": Row("M", "M"),
    "rubric.edit": Row("M", "M"),
    "rubric.change": Row(post="M"),
    "rubric.bonus": Row("M", "M"),
    "rubric.veto": Row("M", "M"),
    "rubric.remove_extra": Row(post="M"),
    "rubric.history": Row("MFUW"),
    "rubric.take_up": Row(post="M"),
    "rules_file.export": Row("MFUW"),
    "rules_file.figures": Row("M"),
    "rules_file.take_in": Row("M", "M"),
    "rules_file.preview": Row("MFUW"),
    "round_table.index": Row("M", "M"),
    "round_table.show": Row("MFUW"),
    "round_table.use": Row(post="M"),
    "round_table.take_back": Row(post="M"),
    "round_rules.show": Row("MFUW", "M"),
    "selection.evaluators": Row("MFUW", "M"),
    "dealing.fill": Row("M", "M"),
    "dealing.index": Row("MFUW"),
    "dealing.show": Row("MFUW", "M"),
    "dealing.further": Row("M", "M"),
    "round.open": Row("M", "M"),
    "round.close": Row("M", "M"),
    "round.freeze": Row("M", "M"),
    "round.rank_again": Row(post="M"),
    "round.next_round": Row("M", "M"),
    "round.name": Row("M", "M"),
    "quota.index": Row("MFUW"),
    "quota.add": Row(post="M"),
    "quota.remove": Row(post="M"),
    "run_export.show": Row("MFUW"),
    "reopening.show": Row("MFUW"),
    "reopening.ask": Row(post="M"),
    "reopening.answer": Row(post="M"),
    "candidate.index": Row("MFUW"),
    "candidate.new": Row("M", "M"),
    "candidate.edit": Row("MUW", "M"),
    "candidate.picture": Row("MUW"),
    "applying.edit": Row("M", "M"),
    "eligibility.index": Row("MUW"),
    "eligibility.take_in": Row(post="M"),
    "eligibility.export": Row("M"),
    "referral.index": Row("MUW"),
    "referral.new": Row("M", "M"),
    "referral.outcome": Row("M", "M"),
    "application.index": Row("MS"),
    "application.women": Row("MS"),
    "application.fill": Row("MS", "MS"),
    "application.hand_in": Row(post="MS"),
    "application.add_file": Row(post="MS"),
    "application.remove_file": Row(post="MS"),
    "application.picture": Row("MS"),
    "own_application.index": Row("T"),
    "own_application.show": Row("T"),
    "own_application.rules": Row("T"),
    "own_application.plan": Row("T", "T"),
    "own_application.money": Row("T", "T"),
    "own_application.files": Row("T", "T"),
    "own_application.remove_file": Row(post="T"),
    "own_application.picture": Row("T"),
    "own_application.check": Row("T", "T"),
    "own_application.take_back": Row("T", "T"),
    "candidate.withdraw": Row("M", "M"),
    "ranking.show": Row("MFUW"),
    "ranking.candidate": Row("MFUW"),
    "ranking.plot": Row("MFUW"),
    "ranking.evaluators": Row("MFUW"),
    "ranking.compare": Row("MFUW"),
    "ranking.export": Row("MFUW"),
    "blinding.index": Row("MFUW"),
    "blinding.edit": Row("M", "M"),
    "blinding.picture": Row("M"),
    "paper_review.index": Row("M"),
    "paper_review.print": Row("M"),
    "paper_review.enter": Row("M", "M"),
    "calibration.index": Row("MFUW"),
    "calibration.new": Row("M", "M"),
    "calibration.edit": Row("M", "M"),
    "calibration.delete": Row("M", "M"),
    "calibration.mine": Row("E"),
    "calibration.give": Row("E", "E"),
    "panel.show": Row("MFUW"),
    "panel.invite": Row("M", "M"),
    "panel.invite_new": Row("M", "M"),
    "panel.renew": Row(post="M"),
    "panel.edit": Row("M", "M"),
    "panel.remove": Row("M", "M"),
    "panel_invitation.show": Row(EVERYBODY, EVERYBODY, public=True),
    "panel_invitation.answered": Row(EVERYBODY, public=True),
    "panel_invitation.own": Row("E", "E"),
    "declaration.show": Row("E", "E"),
    "declaration.dispute": Row("E", "E"),
    "declaration.from_sheet": Row("E", "E"),
    "conflict.index": Row("MFUW"),
    "conflict.answer_hint": Row(post="M"),
    "conflict.new": Row("M", "M"),
    "conflict.show": Row("MFUW"),
    "conflict.decide": Row(post="M"),
    "conflict.name": Row(post="M"),
    "own_conflict.new": Row("T", "T"),
    "review.index": Row("E"),
    "review.show": Row("E"),
    "review.update": Row(post="E"),
    "review.draft": Row(post="E"),
    "review.file": Row("E"),
    "review.compare": Row("E"),
    "review.feedback": Row("E"),
    "own_visit.from_sheet": Row("E"),
    "own_visit.show": Row("E"),
    "own_visit.update": Row(post="E"),
    "own_visit.arrive": Row(post="E"),
    "own_visit.token": Row("E"),
    "own_visit.create": Row(post="E"),
    "own_visit.sign": Row("E", "E"),
    "own_visit.add_picture": Row(post="E"),
    "own_visit.picture": Row("E"),
    "own_visit.remove_picture": Row(post="E"),
    "field_visit.index": Row("MFUW"),
    "field_visit.plan": Row("M", "M"),
    "field_visit.questions": Row("M", "M"),
    "field_visit.standard": Row(post="M"),
    "field_visit.change_question": Row(post="M"),
    "field_visit.show": Row("MFUW"),
    "field_visit.picture": Row("MFUW"),
    "field_visit.places": Row("M"),
    "field_visit.settle": Row("M", "M"),
    "trainee.show": Row("T"),
    "service_hours.index": Row("MSUW"),
    "service_hours.export": Row("MS"),
    "service_hours.new": Row("MS", "MS"),
    "service_hours.approve": Row("M", "M"),
    "service_hours.show": Row("MSUW", "M"),
    "service_hours.evidence": Row("MSUW"),
    "service_hours.tariff": Row("MSUW", ""),
    "sales_entry.index": Row("MSUW"),
    "sales_entry.show": Row("MSUW", "MS"),
    "sales_entry.picture": Row("MSUW"),
    "sales_entry.new": Row("MS", "MS"),
    "sales_entry.edit": Row("", ""),  # her own entry: she and who typed it change it
    "sales_entry.take_back": Row(post=""),
    "own_sales_entry.index": Row("T"),
    "own_sales_entry.new": Row("T", "T"),
    "own_sales_entry.show": Row("T"),
    "own_sales_entry.edit": Row("T", "T"),
    "own_sales_entry.take_back": Row(post="T"),
    "own_sales_entry.picture": Row("T"),
    "own_survey.index": Row("T"),
    "own_survey.show": Row("T"),
    "own_survey.ask": Row("T", "T"),
    "own_survey.submit": Row(post="T"),
    "own_survey.decline": Row(post="T"),
    "survey_print.show": Row("MS"),
    "own_service.index": Row("T"),
    "own_service.new": Row("T", "T"),
    "own_service.take_back": Row(post="T"),
    "statement.newest": Row("T"),
    "statement.show": Row("T"),
    "statement.keep": Row("T"),
    "statement.picture": Row("T"),
    "statement.of_person": Row("MSUW"),
    "honour.index": Row("M"),
    "honour.new": Row("M", "M"),
    "honour.show": Row("M", "M"),
    "honour.edit": Row("M", "M"),
    "honour.years": Row(EVERYBODY, public=True),
    "honour.roll": Row(EVERYBODY, public=True),
    "trainee.lessons": Row("T"),
    "trainee.sales": Row("T"),
    "trainee.received": Row("T"),
    "trainee.all_sales": Row("T"),
    "confirm.show": Row("T", "T"),
    "slip.show": Row(EVERYBODY, EVERYBODY, public=True),
    "slip.disown": Row(post=EVERYBODY, public=True),
    "slip.create": Row(post="MS"),
    "slip.cohort": Row("MS", "MS"),
    "device.here": Row("T"),
    "device.switch": Row(post=""),  # without the number of another woman on her phone
    "device.leave_her": Row(post="T"),
    "device.leave_all": Row(post="T"),
    "device.index": Row("T"),
    "device.end": Row(post="T"),
    "device.end_others": Row(post="T"),
    "device.revoke": Row(post="MS"),
    "device.lost": Row(post="MS"),
}
FILES = {"static", "bootstrap.static"}
SIGNING_OUT = {"session.delete", "device.leave_her", "device.leave_all"}
# Filled from the world below; a name that is missing here fails.
PLAIN = {
    "criterion": "c1",
    "place": 1,
    "edition": 1,
    "what": "up",
    "line": "bonus",
    "question": "profit",
    "wave": "baseline",
    "act": "withdraw",
    "year": 2026,
    "need": "task_failed",
    "name": "recompute_metrics",
    "row_number": 1,
    "position": 1,
    "month": "2026-02",
    "filename": "tokens.css",
    "version": "2026-11",
    "seq": 1,
    "thing": "account",
    "thing_number": 1,
    "page": 1,
    "platform": "pinduoduo",
    "kind": "live_session",
    "mapping_id": 1,
}


@dataclass
class Side:
    """The things of one area: what the addresses of the site take, by name."""

    area: str
    ids: dict[str, object]
    instructor: object
    evaluator: object
    trainee: object
    cohort: object


def past_batch(made, area: str) -> int:
    """A file of a class that is over, looked through."""
    content = rosters.roster_file(("张小兰", "", "14000001112"))
    reading = roster.read("历年.xlsx", content, today=AT.date(), is_past=True)
    where = {"region_code": area, "track": Track.FOUNDATION}
    with transaction():
        said = past_cohort.Defaults("第一期", AT.date(), AT.date())
        return past_cohort.preview(made.cohort.programme_id, reading, said, **where, by=made.by, at=AT).id


def side(area: str) -> Side:
    """A programme with everything in it, its selection ranked twice and frozen."""
    made = selections.ready(region=area)
    enrolment = made.enrolments[0]
    shop = factories.shop(factories.person(region=area, village="小西沟村"), platform="taobao")
    made.act(rounds.open_round)
    for woman in range(len(made.enrolments)):
        for evaluator in range(len(made.evaluators)):
            made.submit(woman, evaluator, 1, 2)
    made.act(rounds.close_round)
    made.act(rounds.rank_again)
    panel = panel_of(made)
    run_id = made.freeze()
    instructor = factories.account(Role.INSTRUCTOR)
    lesson = factories.lesson(made.cohort, instructor_id=instructor.id)
    trainee = factories.account(Role.TRAINEE, person=factories.person(region=area))
    own_place = factories.enrolment(made.cohort, db.session.get(Person, trainee.person_id))
    reading = roster.read("名册.xlsx", rosters.roster_file(("王小花", rosters.ID_1, "14000001111")), today=AT.date())
    with transaction():
        batch = roster.preview(made.cohort.id, reading, by=made.by, at=AT)
    sales_batch = preview_sales(shop, orders_file(order(1)))
    account = factories.account(Role.FINANCE, region=area)
    with transaction():
        _account, invitation = accounts.invite(
            f"new{area}", "新人", "", factories.Grant(Role.FINANCE), by=SYSTEM, at=clock.now()
        )
    with transaction():
        task = ask_for_task(TaskKind.LETTER, f"matrix {area}", {}, by=made.by, at=AT)
    with transaction():
        slip = trainee_access.issue_slip_for(db.session.get(Person, enrolment.person_id), by=made.by, at=clock.now())
    with transaction():
        sealed = materials.seal_material(b"%PDF-1.4 ", "讲义.pdf")
        material_id = materials.add_file(lesson.id, "", sealed, by=made.by, at=AT)
    factories.session_token(trainee)
    phone_id = db.session.scalar(db.select(SignInSession.id).where(SignInSession.account_id == trainee.id))
    ids = {
        **messages_of(made, trainee, area),
        "task_id": task,
        "account_id": account.id,
        "grant_id": list_grants(account.id)[0].id,
        "programme_id": factories.programme(region=area).id,
        **county_of(made, area),
        "site_id": factories.site(area).id,
        "cohort_id": made.cohort.id,
        "lesson_id": lesson.id,
        "material_id": material_id,
        "ticket": materials.make_pass(material_id, at=clock.now()),
        "photo_id": factories.class_photo(lesson),
        "finding_id": factories.roll_check(factories.lesson(made.cohort, state=LessonState.CLOSED)),
        "call_id": factories.spot_check(lesson, enrolment),
        "walk_in_id": factories.walk_in(lesson).id,
        **dict(zip(("sheet_id", "file_id"), factories.paper_sheet(lesson, [enrolment]), strict=True)),
        "cohort_code": factories.open_sign_up(made.cohort).code,
        "code": code_of(lesson.id, CheckInRules().slot_of(clock.now())).text,
        "enrolment_id": enrolment.id,
        "sign_up_id": factories.sign_up(made.cohort),
        "assessment_id": completions.assessment(made.cohort).id,
        "exception_id": completions.exception(own_place).id,
        "asked_id": factories.attendance_request(lesson, own_place).id,
        **dict(zip(("certificate_id", "number"), factories.certificate(own_place), strict=True)),
        **tasks_of(made, own_place),
        "person_id": trainee.person_id,
        "entry_id": factories.service_entry(trainee.person_id, has_picture=True, entered_by=trainee.id),
        "typed_id": factories.sales_entry(
            factories.shop(db.session.get(Person, trainee.person_id), name=f"自家{area}")
        ),
        "survey_id": factories.survey_sheet(own_place, Wave.BASELINE).id,
        "honour_id": factories.honour(trainee.person_id, region_code=area).id,
        "other_id": factories.person(region=area).id,
        "merge_id": factories.person_merge(region=area),
        "shop_id": shop.id,
        **effort_of(made.cohort, area),
        **month_and_fund_of(made, shop, area),
        "livestream_id": factories.livestream(shop).id,
        "anomaly_id": factories.anomaly(shop).id,
        "consent_id": factories.consent(trainee.person_id).id,
        "request_id": factories.data_request(trainee.person_id).id,
        "roster_batch_id": batch.id,
        "past_cohort_batch_id": past_batch(made, area),
        "mark_import_batch_id": marks_batch(made, lesson),
        "sales_batch_id": sales_batch.id,
        **sales_upload_of(made, shop, area),
        "selection_id": made.selection_id,
        "run_id": run_id,
        "application_id": made.applications()[0].id,
        **applying_of(made, trainee, own_place),
        "assignment_id": made.assignment(0, 0).id,
        "round_id": made.round_id,
        "attachment_id": selections.attachment(made, 0, is_blind=True),
        "calibration_id": selections.calibration_file(made),
        "table_id": selections.round_table(made),
        **asked_of(made),
        "token": invitation,
        **panel,
        "conflict_id": conflict_of(made),
        **selections.visited(made),
        "slip": slip,
        "secret": calendar_address(made.by),
        "phone_id": phone_id,
        "session_id": phone_id,
        "reset_id": factories.asked_reset(account, factories.account(Role.SYSTEM_ADMINISTRATOR)).id,
    }
    return Side(area, ids, instructor, made.evaluators[0], trainee, made.cohort)


def panel_of(made) -> dict[str, object]:
    """Somebody asked who has not answered."""
    asked = factories.account(Role.EVALUATOR)
    with transaction():
        seat, token = panels.invite_evaluator(made.round_id, asked.id, by=made.by, at=clock.now())
        return {"seat_id": seat.id, "panel_token": token}


def asked_of(made) -> dict[str, int]:
    """A quota of the round, and somebody's wish to open it again."""
    stated = {"attribute": QuotaAttribute.COUNTY, "value": "140212", "at_least": 1, "basis": "3号"}
    with transaction() as session:
        quota = Quota(round_id=made.round_id, **stated)
        wish = ReopenRequest(round_id=made.round_id, asked_by=made.manager.id, asked_at=AT, reason="补交")
        session.add_all([quota, wish])
        session.flush()
        return {"quota_id": quota.id, "reopening_id": wish.id}


def conflict_of(made) -> int:
    """Raised by staff; the evaluator may dispute it."""
    pair = (made.applications()[2].id, made.evaluators[0].id)
    with transaction():
        return conflicts.raise_conflict(*pair, ConflictKind.OTHER, by=made.by, at=clock.now()).id


def applying_of(made, trainee, own_place) -> dict[str, int]:
    """A woman led to other support; another selection that the trainee is writing an application for, with a picture."""
    now = clock.now()
    with transaction() as session:
        session.get(Selection, made.selection_id).applies_from = AT
        session.get(Selection, made.selection_id).applies_until = AT + timedelta(days=1)
        referral = Referral(application_id=made.applications()[0].id, kind=ReferralKind.MENTOR, to_whom="李导师", at=AT)
        offered = Selection(programme_id=made.cohort.programme_id, name="创业资金", kind=SelectionKind.STARTUP_FUNDING)
        offered.region_code, offered.seats, offered.created_at = made.cohort.region_code, 6, AT
        offered.applies_from, offered.applies_until = now - timedelta(days=1), now + timedelta(days=1)
        offered.highest_amount_fen = 100
        session.add_all([referral, offered])
        session.flush()
        first = Round(selection_id=offered.id, number=1, kind=RoundKind.EXPERT, advances=6)
        session.add(first)
        session.flush()
        session.add(Rubric(round_id=first.id, created_at=AT))
    by = factories.actor_of(trainee)
    with transaction():
        applications.write(offered.id, own_place.id, 0, {"title": "店"}, by=by, at=now)
    with transaction():
        kept = {"keep_years": 3, "by": by, "at": now}
        application_files.add_file(offered.id, own_place.id, factories.picture(), "", **kept)
    return {"referral_id": referral.id, "offered_id": offered.id}


def sales_upload_of(made, shop, area: str) -> dict[str, object]:
    """A sales file that waits to be told which column is which; and what was said of another."""
    factories.column_mapping(fingerprint=area)
    files = sales_uploads.receive(shop.id, [("不认识.csv", f"单子,货名,到手价\n{area},小米,1".encode())], count=1)
    with transaction():
        unknown = UnreadableFile("unknown_columns", columns="单子")
        bundle = sales_uploads.hand_in(shop.id, files, refused=unknown, by=made.by, at=clock.now())
    upload = db.session.scalar(db.select(SalesUpload.id).where(SalesUpload.bundle == bundle))
    return {"bundle": bundle, "upload_id": upload}


def month_and_fund_of(made, shop, area: str) -> dict[str, object]:
    """An approved month, and a fund with a pledge and a payment with its evidence."""
    factories.sales_period(area)
    who = {"by": made.by, "at": clock.now()}
    with transaction():
        fund = donations.create_fund(FundDraft(area, "助学基金", ""), **who)
        pledge = donations.pledge(fund, shop.id, PledgeDraft(5, AT.date(), None), **who)
        evidence = seal_evidence(b"%PDF-1.4 ", "回单.pdf")
        payment = donations.record_payment(fund, 100, AT.date(), evidence=evidence, **who)
    return {"region": area, "fund_id": fund, "pledge_id": pledge, "payment_id": payment}


def effort_of(cohort, area: str) -> dict[str, int]:
    """A call, a cost and paid days of a graduate, the last two with their evidence."""
    graduate = factories.enrolment(cohort, factories.person(region=area), status=EnrolmentStatus.COMPLETED)
    return {
        "follow_up_id": factories.follow_up(graduate),
        "cost_id": factories.cost(cohort, has_evidence=True),
        "work_id": factories.paid_work(graduate, cohort, has_evidence=True),
    }


def county_of(made, area: str) -> dict[str, object]:
    """A reading of a county of the area, and a mentor posted to it who was there, all with evidence."""
    county = {DATONG: factories.YUNZHOU, LINFEN: "141002"}[area]
    programme = factories.programme(region=area)
    return {"programme_id": programme.id, **factories.county_facts(programme.id, county, by=made.by)}


def marks_batch(made, lesson) -> int:
    """A previewed file of marks."""
    reading = mark_import.read("点名.xlsx", marks.mark_file((1, "王小花", "", "到", "", "")), today=AT.date())
    with transaction():
        return mark_import.preview(About(made.cohort.id, lesson.id), reading, by=made.by, at=clock.now()).id


def tasks_of(made, hers) -> dict[str, int]:
    """A task with one hand-in of the trainee, with a picture, that waits."""
    task, given = factories.course_task(made.cohort), Given(picture=factories.picture("JPEG"), minutes=40)
    with transaction():
        done = hand_ins.hand_in(task.id, hers.id, given, nonce=f"task {task.id}", keep_years=3, by=made.by, at=AT)
    return {"course_task_id": task.id, "hand_in_id": done.id}


def calendar_address(by) -> str:
    with transaction():
        return calendar.make_feed(by=by, at=clock.now())


def messages_of(made, trainee, area: str) -> dict[str, int]:
    """A letter to the cohort, a template of the area, and a message in the trainee's inbox."""
    draft = LetterDraft("通知", "{name}，您好", Audience(made.cohort.id, Circle.ON_THE_ROLL))
    with transaction():
        letter = letters.send_letter(draft, by=made.by, at=clock.now())
        template = message_templates.create_template(f"提醒{area}", "通知", "您好", area, by=made.by, at=AT)
        messages.notify("role_given", to_people=[trainee.person_id], by=made.by, at=AT, role=Role.TRAINEE)
    [row] = inbox_page(factories.actor_of(trainee)).items
    return {"message_id": letter, "template_id": template.id, "delivery_id": row.id}


def actor_of(letter: str, own: Side):
    """An account whose rights end at the borders of `own`."""
    by_assignment = {"I": own.instructor, "E": own.evaluator, "T": own.trainee}
    if letter in by_assignment:
        return by_assignment[letter]
    return factories.account(ROLES[letter], region=None if letter in "AW" else own.area)


def address(rule, ids: dict[str, object], others: dict[str, object] | None = None) -> str:
    """The rule's path over `ids`; the last thing it names is taken from `others` where given."""
    names = [name for _sign, name in sorted((rule.rule.index(f"{name}>"), name) for name in rule.arguments)]
    values, last = {}, next((name for name in reversed(names) if name not in PLAIN), None)
    for name in names:
        source = others if others and name == last else ids
        known = f"{rule.endpoint.split('.')[0]}_{name}" if name == "batch_id" else name
        values[name] = PLAIN[name] if name in PLAIN else source[known]
    path = rule.rule
    for name, value in values.items():
        path = (
            path.replace(f"<{name}>", str(value))
            .replace(f"<int:{name}>", str(value))
            .replace(f"<path:{name}>", str(value))
        )
    return path


def doors(app) -> list:
    """(rule, method, who may) of every address and method there is."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in FILES:
            continue
        row = TABLE[rule.endpoint]
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            found.append((rule, method, {"GET": row.get, "POST": row.post}[method], row.public))
    return found


def test_every_address_stands_in_the_table_with_its_methods(whole_app):
    there = {
        (rule.endpoint, method)
        for rule in whole_app.url_map.iter_rules()
        if rule.endpoint not in FILES
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    written = {(name, "GET") for name, row in TABLE.items() if row.get is not None}
    written |= {(name, "POST") for name, row in TABLE.items() if row.post is not None}
    assert there == written


def test_a_stranger_is_sent_to_the_sign_in(app, client):
    ids = side(DATONG).ids
    wrong = []
    for rule, method, _who, public in doors(app):
        answer = client.open(address(rule, ids), method=method)
        sent = answer.status_code == 302 and answer.location.startswith("/sign-in")
        if sent != (not public or rule.endpoint == "home.index"):
            wrong.append((rule.endpoint, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("letter", ROLES)
def test_a_role_opens_what_the_table_says_of_her_own_area(app, signed_in, letter):
    own = side(DATONG)
    account, wrong = actor_of(letter, own), []
    client = signed_in(account)
    for rule, method, who, public in sorted(doors(app), key=lambda door: door[1]):
        behind = signed_in(account) if rule.endpoint in SIGNING_OUT else client
        answer = behind.open(address(rule, own.ids), method=method)
        # An installation that is set up refuses the set-up page to everybody, with a sentence.
        expected = (422,) if rule.endpoint == "session.set_up" else _opened(method) if letter in who else (404,)
        to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
        if answer.status_code not in expected or (to_sign_in and not public and rule.endpoint != "session.delete"):
            wrong.append((rule.endpoint, method, answer.status_code))
    assert wrong == []


def _opened(method: str) -> tuple[int, ...]:
    """An empty form is refused with a sentence, unless its button is all it has."""
    return (200, 302, 303) if method == "GET" else (200, 302, 303, 409, 422)


@pytest.mark.parametrize("letter", ROLES)
def test_another_area_answers_like_nothing(app, signed_in, letter):
    own, foreign = side(DATONG), side(LINFEN)
    foreign.ids["reset_id"] = 0  # these concern the whole site
    foreign.ids["account_id"] = foreign.trainee.id  # a trainee's account is nothing to the administrator
    client, wrong = signed_in(actor_of(letter, own)), []
    for rule, method, who, public in doors(app):
        if public or not rule.arguments - PLAIN.keys() or (letter == "W" and letter in who):
            continue
        tried = [address(rule, foreign.ids)]
        if len(rule.arguments - PLAIN.keys()) > 1:
            tried.append(address(rule, own.ids, foreign.ids))
        for path in tried:
            answer = client.open(path, method=method)
            if answer.status_code != 404:
                wrong.append((rule.endpoint, method, path, answer.status_code))
    assert wrong == []


def test_the_kinds_of_way_in_have_not_grown(app):
    assert {kind.value for kind in TokenKind} == {"setup", "invitation", "trainee_code", "slip"}
