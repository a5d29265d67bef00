"""Words for one's own data: its parts and fields, the requests about it, and why one cannot be carried out."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.data_request import RequestKind, RequestState
from trainer.domain.file import FilePurpose
from trainer.domain.people import Sex
from trainer.domain.personal_data import PartName

LABELS = {
    RequestKind: {
        RequestKind.CORRECT: _("Correct her data"),
        RequestKind.ERASE: _("Erase her data"),
        RequestKind.EXPLAIN: _("Explain her result"),
    },
    RequestState: {
        RequestState.OPEN: _("Waiting for an answer"),
        RequestState.DONE: _("Dealt with"),
        RequestState.REFUSED: _("Not granted"),
        RequestState.WITHDRAWN: _("Taken back"),
    },
    PartName: {
        PartName.REGISTER: _("Record in the register"),
        PartName.CONSENTS: _("Consents"),
        PartName.ENROLMENTS: _("Cohorts"),
        PartName.ENROLMENT_HISTORY: _("How the place in the cohort changed"),
        PartName.LESSONS: _("Lessons and attendance"),
        PartName.MARKS: _("Marks of the roll"),
        PartName.ATTENDANCE_REQUESTS: _("Leave and questions about attendance"),
        PartName.WALK_INS: _("Noted at the door without being on the roll"),
        PartName.CALLS: _("Calls about attendance"),
        PartName.SPOT_CHECKS: _("Spot checks by phone"),
        PartName.SHOPS: _("Shops"),
        PartName.SALES: _("Sums of the orders"),
        PartName.LIVESTREAMS: _("Broadcasts"),
        PartName.ORDERS: _("Orders one by one"),
        PartName.SALES_FILES: _("Files of platforms taken in"),
        PartName.APPLICATIONS: _("Applications for selections"),
        PartName.RESULTS: _("Results of selections"),
        PartName.MESSAGES: _("Messages"),
        PartName.DISCLOSURES: _("Who saw the phone or ID number in full"),
        PartName.REQUESTS: _("Requests about the data"),
        PartName.FILES: _("Stored files"),
        PartName.SIGN_INS: _("Sign-ins"),
    },
    Sex: {Sex.FEMALE: _("female"), Sex.MALE: _("male")},
    FilePurpose: {
        FilePurpose.CONSENT_SCAN: _("Scan of a signed paper"),
        FilePurpose.TASK_PRODUCT: _("File of background work"),
        FilePurpose.AUDIT_SEGMENT: _("Sealed part of the audit trail"),
        FilePurpose.MATERIAL: _("Material of a lesson"),
        FilePurpose.CLASS_PHOTO: _("Picture of the class"),
        FilePurpose.SHEET_PHOTO: _("Picture of a sign-in sheet"),
    },
}

TONES = {
    RequestState: {
        RequestState.OPEN: "attention",
        RequestState.DONE: "good",
        RequestState.REFUSED: "bad",
        RequestState.WITHDRAWN: "quiet",
    },
}

SENTENCES: dict[str, object] = {
    "data_request_closed": _("This request is closed already: %(state)s. Look at it again."),
    "nothing_wished": _("She asked in words, not for a certain value. Answer her in words, or refuse with a reason."),
    "same_as_another": _(
        "Another woman named %(name)s has this phone number in the register. Ask both; if they are one person, "
        "tell the manager of the system."
    ),
    "erasure_blocked": _(
        "She takes part in something that is not over: %(where)s. She has to leave it first, or it has to end."
    ),
    "erasure_not_prepared": _("Nobody has prepared this erasure yet. Look at what goes, then press “Prepare”."),
    "erasure_second_person": _("You prepared this erasure yourself. A second person has to carry it out."),
    "birth_year_unlikely": _("The year of birth must be between %(first)s and %(last)s."),
    "rows_gone": _("The rows of this file were deleted after their time, so it can no longer be undone."),
}

FIELDS = {
    "called_at": _("Called on"),
    "reported": _("On the roll as"),
    "outcome": _("Outcome"),
    "decided_at": _("Decided on"),
    "account_uid": _("Account on the platform"),
    "address": _("Network address"),
    "answer": _("Answer"),
    "asked_at": _("Asked on"),
    "at": _("When"),
    "birth_year": _("Year of birth"),
    "body": _("Text"),
    "business": _("Business"),
    "by_whom": _("Seen by"),
    "channel": _("By way of"),
    "code": _("Code"),
    "cohort": _("Cohort"),
    "committed_at": _("Taken in on"),
    "county": _("County"),
    "created_at": _("On record since"),
    "credit_minutes": _("Minutes that count"),
    "criterion": _("Criterion"),
    "due_on": _("Answer due by"),
    "duration_s": _("Seconds on air"),
    "education": _("Education"),
    "ends_at": _("Ends"),
    "ethnicity": _("Ethnic group"),
    "fields": _("What was seen"),
    "filename": _("File"),
    "given_at": _("Given on"),
    "gmv_fen": _("Gross"),
    "handled_at": _("Answered on"),
    "has_shop": _("Had a shop when signing up"),
    "id_number": _("ID number"),
    "is_export": _("Taken out as a file"),
    "is_live": _("Sold in a broadcast"),
    "joined_on": _("Joined"),
    "kind": _("Kind of request"),
    "last_seen_at": _("Last seen"),
    "lesson": _("Lesson"),
    "name": _("Name"),
    "natural_key": _("Number on the platform"),
    "note": _("Remark"),
    "notice_version": _("Version of the notice"),
    "opened_on": _("Opened on"),
    "order_key": _("Order number"),
    "order_status": _("Status of the order"),
    "ordered_at": _("Ordered at"),
    "orders": _("Orders"),
    "paid_at": _("Paid at"),
    "paid_fen": _("Amount paid"),
    "phone": _("Phone"),
    "plan": _("Plan"),
    "platform": _("Platform"),
    "points_hundredths": _("Points"),
    "product": _("Product"),
    "province": _("Buyer's province"),
    "purpose": _("What for"),
    "quantity": _("Pieces"),
    "rank": _("Rank"),
    "read_at": _("Read on"),
    "reason": _("Reason"),
    "recipient": _("Given to"),
    "refund_fen": _("Refund"),
    "refunded_fen": _("Refund"),
    "reviews": _("Score sheets"),
    "revoked_at": _("Ended on"),
    "scope": _("What for"),
    "seat_number": _("Seat"),
    "selection": _("Selection"),
    "settled_fen": _("Settled"),
    "sex": _("Sex"),
    "shop": _("Shop"),
    "size": _("Bytes"),
    "started_at": _("Began at"),
    "starts_at": _("Begins"),
    "state": _("State"),
    "status": _("Status"),
    "subject": _("Subject"),
    "title": _("Title"),
    "total_hundredths": _("Total"),
    "township": _("Township"),
    "updated_at": _("Last changed"),
    "user_agent": _("Browser"),
    "value": _("What was counted"),
    "values": _("With"),
    "viewers": _("Viewers"),
    "village": _("Village"),
    "weight_bp": _("Weight"),
    "wished_status": _("Asked for"),
    "wished": _("Wished for"),
    "withdrawn_at": _("Withdrawn on"),
    "words": _("In her words"),
}


def field_word(name: str) -> str:
    """What a field is called; the same on the page and in the copy."""
    return str(FIELDS[name])


def yes_or_no(value: bool) -> str:
    return gettext("yes") if value else gettext("no")
