"""Words for imports: what happens to a batch and to each of its rows, and why a file cannot be read."""

from flask_babel import lazy_gettext as _

from trainer.domain.imports import BatchState, RowAction

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
    },
}

SENTENCES: dict[str, object] = {
    "empty_file": _("The file is empty."),
    "picture": _("This is a picture, not a spreadsheet. Download the data as a file and upload that."),
    "not_a_table": _("There is no table in this file. Upload an Excel or CSV file."),
    "not_a_workbook": _("This is not an Excel workbook, whatever its name says. Open it and save it as .xlsx."),
    "too_large": _("The file is too large; at most %(most_mib)s MB are taken. Export a shorter period."),
    "unpacks_too_large": _("Unpacked, the file would be over %(most_mib)s MB. Export a shorter period."),
    "too_many_entries": _(
        "The workbook is made of more than %(most)s parts and was not opened. Save only the sheet with the data."
    ),
    "too_many_rows": _("The file has more than %(most)s rows. Export a shorter period."),
    "too_many_columns": _("The file has more than %(most)s columns. Delete what does not belong to the table."),
    "encrypted": _("The file is protected by a password. Open it, save it without the password, and upload that."),
    "macro_file": _("The file holds macros. Save it as .xlsx without macros and upload that."),
    "unsafe_xml": _("The file holds instructions that no spreadsheet needs, and was not opened."),
    "damaged_file": _("The file is damaged. Download it again."),
    "unknown_encoding": _("The characters of this file cannot be read. Open it in Excel and save it as .xlsx."),
    "took_too_long": _(
        "Reading the file took longer than %(seconds)s seconds and was stopped. Export a shorter period."
    ),
    "too_heavy": _("The file needs too much memory and was not read. Export a shorter period, or save it as CSV."),
    "unknown_columns": _(
        "No file of a known platform has these columns: %(columns)s. Export the order, broadcast or "
        "settlement list again without changing its headings."
    ),
    "ambiguous_columns": _(
        "The columns fit more than one platform (%(platforms)s). Upload it from the page of the shop it belongs to."
    ),
}
