"""Words for imports: what happens to a batch and to each of its rows, and why a file cannot be read."""

from flask_babel import lazy_gettext as _

from trainer.domain.imports import BatchState, RowAction
from trainer.wording.sales import PLATFORMS

LABELS = {
    BatchState: {
        BatchState.PREVIEWED: _("Waiting for confirmation"),
        BatchState.COMMITTED: _("Taken in"),
        BatchState.UNDONE: _("Undone"),
        BatchState.DISCARDED: _("Discarded"),
    },
    RowAction: {
        RowAction.NEW: _("New"),
        RowAction.UPDATE: _("Changed"),
        RowAction.SAME: _("Unchanged"),
        RowAction.REJECTED: _("Rejected"),
        RowAction.NEEDS_PERSON: _("Needs a person"),
        RowAction.DUPLICATE: _("Twice in the file"),
        RowAction.CONFLICT: _("Belongs to somebody else"),
        RowAction.LOCKED: _("Month approved"),
    },
}

TONES = {
    BatchState: {
        BatchState.PREVIEWED: "attention",
        BatchState.COMMITTED: "good",
    },
    RowAction: {
        RowAction.NEW: "good",
        RowAction.UPDATE: "attention",
        RowAction.REJECTED: "bad",
        RowAction.NEEDS_PERSON: "attention",
        RowAction.DUPLICATE: "quiet",
        RowAction.CONFLICT: "bad",
        RowAction.LOCKED: "bad",
    },
}

SENTENCES: dict[str, object] = {
    "empty_file": _("The file is empty."),
    "picture": _("This is a picture, not a spreadsheet. Download the data as a file and upload that."),
    "not_a_table": _("There is no table in this file. Upload an Excel or CSV file."),
    "not_a_workbook": _("This is not an Excel workbook, whatever its name says. Open it and save it as .xlsx."),
    "too_large": _("The file is too large; at most %(most_mib)s MB are taken. Split it, or export a shorter period."),
    "unpacks_too_large": _(
        "Unpacked, the file would be over %(most_mib)s MB. Copy the table into a new workbook and upload that."
    ),
    "too_many_entries": _(
        "The workbook is made of more than %(most)s parts and was not opened. Save only the sheet with the data."
    ),
    "too_many_rows": _("The file has more than %(most)s rows. Split it, or export a shorter period."),
    "too_many_columns": _("The file has more than %(most)s columns. Delete what does not belong to the table."),
    "encrypted": _("The file is protected by a password. Open it, save it without the password, and upload that."),
    "macro_file": _("The file holds macros. Save it as .xlsx without macros and upload that."),
    "unsafe_xml": _("The file holds instructions that no spreadsheet needs, and was not opened."),
    "damaged_file": _("The file is damaged. Download it again, or open it, save it as .xlsx and upload that."),
    "unknown_encoding": _("The characters of this file cannot be read. Open it in Excel and save it as .xlsx."),
    "took_too_long": _(
        "Reading the file took longer than %(seconds)s seconds and was stopped. Copy the table into a new workbook."
    ),
    "too_heavy": _("The file needs too much memory and was not read. Split it, or save it as CSV."),
    "unknown_columns": _(
        "No file of a known platform has these columns: %(columns)s. Export the order, broadcast or "
        "settlement list again without changing its headings."
    ),
    "ambiguous_columns": _(
        "The columns fit more than one platform (%(platforms)s). Upload it from the page of the shop it belongs to."
    ),
    "no_rows": _(
        "Below the column names the file has not a single row. Export it again for a period in which something was sold."
    ),
    "roster_without_rows": _("There is no row of a person below the headings."),
    "roster_too_long": _("The roster has more than %(most)s rows. Split it into several files."),
    "import_closed": _("This import was confirmed, discarded or undone already."),
    "register_changed": _(
        "Meanwhile the register has changed: %(rows)s rows would do something else now. Nothing was taken in. "
        "Look at the new preview and confirm again."
    ),
    "unknown_decision": _("Please choose one of the answers."),
    "person_taken_by_row": _("Row %(row)s cannot be this woman: row %(other)s is her already."),
    "id_number_taken": _(
        "Row %(row)s: this ID number belongs to somebody else. Choose that woman, or leave the row out."
    ),
    "outcomes_after_today": _("%(day)s has not come yet: outcomes are known up to today."),
    "unknown_cohort": _("There is no cohort with the code %(code)s."),
    "no_such_file": _("There is no file %(path)s, or it cannot be read."),
    # Rows of rosters.
    "name_missing": _("The name is missing."),
    "name_without_letters": _("This is no name: it holds no character or letter."),
    "name_too_long": _("The name has %(length)s characters; at most %(most)s fit."),
    "phone_missing": _("The phone number is missing."),
    "phone_digits": _("The phone number has %(digits)s digits; a mobile number has 11."),
    "phone_characters": _("The phone number holds other signs than digits."),
    "phone_not_mobile": _("This is not a mobile number: those have 11 digits and begin with 13 to 19."),
    "phone_several": _("Several phone numbers stand in one cell. Keep the one she uses."),
    "phone_lost_digits": _("The spreadsheet shortened the phone number. Set the column to text and type it again."),
    "id_lost_digits": _(
        "The spreadsheet took the ID number for a number and lost its last digits. Set the column to text and type it again."
    ),
    "id_old_form": _("This is an old ID number of 15 digits. Enter the 18 characters of the present card."),
    "id_length": _("The ID number has %(characters)s characters; it must have 18."),
    "id_characters": _("An ID number is 17 digits and then a digit or X."),
    "id_date": _("The birth date in the ID number cannot be right."),
    "id_check_digit": _(
        "A digit of the ID number is wrong: the last one does not fit the others. Compare it with the card."
    ),
    "text_too_long": _("The text has %(length)s characters; at most %(most)s fit."),
    "formula_like": _("Text that looks like a formula (%(columns)s). It is kept as plain text; check it."),
    "name_doubtful": _("The name holds a digit or the trace of a lost rare character. Check it."),
    "sex_unreadable": _("“%(text)s” cannot be read as a sex."),
    "sex_contradicts_id": _("The sex does not agree with the ID number, which was followed."),
    "birth_year_unreadable": _("“%(text)s” cannot be read as a year of birth."),
    "birth_year_contradicts_id": _(
        "The year of birth %(stated)s does not agree with the ID number; its %(known)s was taken."
    ),
    "kind_unreadable": _("“%(text)s” is no kind of person that tallies know; it is left open."),
    "yes_no_unreadable": _("“%(text)s” can be read neither as yes nor as no."),
    "id_numbers_left_out": _(
        "This cohort collects no ID numbers: what stands under %(columns)s was not read and is kept nowhere."
    ),
    "total_disagrees": _("The total row says %(stated)s people, but %(counted)s rows were read."),
    "other_sheets": _("Only one sheet was read. These look like rosters too: %(sheets)s."),
    "no_roster_header": _(
        "No row of headings was found. A roster needs a column for the name and one for the ID number or phone."
    ),
    "no_id_and_no_phone": _("Neither ID number nor phone: it cannot be told who she is."),
    "same_id_other_name": _("This ID number belongs to a different name."),
    "same_phone_and_name_other_id": _("Same name and phone, but a different ID number."),
    "several_match": _("Several people in the register have this name and phone."),
    "same_name_and_village": _("Somebody of this name from this village is in the register already. It may be her."),
    "county_unknown": _(
        "No county “%(text)s” in the city of this cohort; somebody new is recorded under the cohort's area."
    ),
    "basic_withdrawn": _(
        "She has withdrawn her consent to be on record. The list does not give it back: speak with her, and record a "
        "paper she signs anew."
    ),
    "id_number_withdrawn": _("She has withdrawn her consent to keep her ID number; it is not taken in."),
    "left_the_cohort": _(
        "She left this cohort, or was not admitted. Choose her, and she is in training again; or leave the row out."
    ),
    "account_of_another": _("This account belongs to somebody else in the register and was left out."),
    "undo_has_marks": _("Stays on the roll: attendance or something else was recorded for her since."),
    "undo_changed_since": _("Her record stays as it is: somebody changed it since."),
    "undo_in_use": _("Her record stays: something else refers to her."),
}

# The fields of a roster, where the file's own headings cannot be asked.
FIELDS = {
    "row": _("Row"),
    "name": _("Name"),
    "sex": _("Sex"),
    "id_number": _("ID number"),
    "phone": _("Phone"),
    "birth_year": _("Year of birth"),
    "ethnicity": _("Ethnicity"),
    "education": _("Education"),
    "county": _("County"),
    "region_code": _("County"),
    "township": _("Township"),
    "village": _("Village"),
    "business": _("Business"),
    "has_shop": _("Has a shop"),
    "kind": _("Kind of person"),
    "note": _("Note"),
    "period": _("Dates of the training"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "minutes": _("Hours"),
    "certificate": _("Certificate number"),
    "issued_on": _("Issued on"),
    "enrolment.status": _("Place in the cohort"),
    "total": _("Total row"),
    "sheet": _("Sheet"),
}


def field_name(field: str) -> str:
    """The name of a roster's field; of `accounts.kuaishou` the platform's."""
    name = field.removeprefix("accounts.")
    return str(FIELDS.get(name) or PLATFORMS.get(name) or name)
