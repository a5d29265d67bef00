"""Words for imports: what happens to a batch and to each of its rows."""

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

SENTENCES: dict[str, object] = {}
