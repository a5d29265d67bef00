"""Words for sales files on their way in."""

from flask_babel import lazy_gettext as _

from trainer.domain.sales_upload import UploadState

LABELS = {
    UploadState: {
        UploadState.WAITING: _("Waiting to be read"),
        UploadState.READING: _("Being read"),
        UploadState.READ: _("Read"),
        UploadState.TO_MAP: _("Columns not known"),
        UploadState.TO_ASSIGN: _("Shop not known"),
        UploadState.REFUSED: _("Not read"),
        UploadState.GIVEN_UP: _("Given up"),
    }
}

TONES = {
    UploadState: {
        UploadState.READ: "good",
        UploadState.TO_MAP: "attention",
        UploadState.TO_ASSIGN: "attention",
        UploadState.REFUSED: "bad",
        UploadState.GIVEN_UP: "quiet",
    }
}

SENTENCES: dict[str, object] = {
    "too_many_sales_files": _("At most %(most)s files are taken at once. Send the others afterwards."),
    "sales_upload_closed": _(
        "This file is no longer waiting for that: it was read, given up or deleted meanwhile. Look at the list again."
    ),
    "sales_file_known": _("This very file was taken in for this shop already. Nothing has to be done."),
    "sales_file_of_several": _("Several shops are called what this file says. Choose whose file it is."),
    "sales_file_without_account": _("The file does not say whose it is. Choose the shop."),
    "sales_file_names_no_shop": _("No shop is called what this file says. Choose whose file it is."),
    "sales_file_expired": _(
        "Nobody said within two days what to do with it, so its content was deleted. Send it again."
    ),
    "sales_reading_broke": _(
        "Something went wrong on our side while this file was read. Send it again; if it fails once more, tell your "
        "administrator."
    ),
    "sales_files_read": _("The files were read. Look at what became of each."),
}
