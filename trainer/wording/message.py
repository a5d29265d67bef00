"""Words for messages: what the site says by itself, a title and a text for each code; kinds and refusals."""

from flask_babel import lazy_gettext as _

# `notify` takes the code; the values of the text are those it was given. Dates, roles and states come in the
# reader's language.
NOTICES: dict[str, tuple[object, object]] = {
    "job_failed": (
        _("A job of the site failed"),
        _("“%(job)s” ended with an error at %(when)s. Look at its last runs and start it again by hand."),
    ),
    "task_done": (_("Your background work is done"), _("%(kind)s: it is ready.")),
    "task_failed": (
        _("Your background work could not be finished"),
        _("%(kind)s: it stopped with an error. The page of the work says why."),
    ),
    "request_answered": (
        _("Your request about your data was answered"),
        _("Please read the answer. If something is unclear, ask your teacher."),
    ),
    "request_new": (
        _("Somebody asked about her data"),
        _("A request about personal data came in. It has to be answered by %(due)s."),
    ),
    "request_overdue": (
        _("A request about personal data is overdue"),
        _("It had to be answered by %(due)s. Please answer it today."),
    ),
    "second_factor_reset_asked": (
        _("Please decide: take a second factor off?"),
        _("%(asker)s asks that the second factor of %(name)s be taken off. A second administrator has to agree."),
    ),
    "account_shut_unused": (
        _("Accounts were shut because nobody used them"),
        _("%(count)s accounts had not been used for %(days)s days and were shut. You can let them in again."),
    ),
    "invitation_accepted": (_("Your invitation was accepted"), _("%(name)s has set a password and can sign in now.")),
    "lesson_cancelled": (
        _("A lesson was cancelled"),
        _("“%(title)s” on %(when)s does not take place. Reason: %(reason)s"),
    ),
    "lesson_moved": (
        _("A lesson has a new time or place"),
        _("“%(title)s” is now on %(when)s. Place: %(place)s"),
    ),
    "round_opened": (
        _("Applications wait for your scores"),
        _("The round of “%(selection)s” is open. Applications for you: %(count)s"),
    ),
    "role_given": (_("You were given a role"), _("Your new role: %(role)s")),
    "role_taken": (_("A role was taken from you"), _("You no longer have the role %(role)s.")),
}

LABELS: dict[type, dict] = {}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {}
