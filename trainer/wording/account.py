"""Words for roles, signing in and accounts."""

from flask_babel import lazy_gettext as _

from trainer.domain.actors import Role
from trainer.domain.password import PasswordPolicy

LABELS = {
    Role: {
        Role.SYSTEM_ADMINISTRATOR: _("System administrator"),
        Role.MANAGER: _("Manager"),
        Role.COHORT_STAFF: _("Cohort staff"),
        Role.INSTRUCTOR: _("Instructor"),
        Role.EVALUATOR: _("Evaluator"),
        Role.FINANCE: _("Finance"),
        Role.AUDITOR: _("Auditor"),
        Role.PARTNER: _("Partner"),
        Role.TRAINEE: _("Trainee"),
    },
}

TONES = {}


def policy_words(policy: PasswordPolicy) -> object:
    """What a password must be, said before it is typed."""
    words = {
        "dengbao": _(
            "At least 10 characters, of three kinds: small letters, capital letters, digits, signs. Without your user "
            "name or phone number."
        ),
        "asvs": _(
            "At least 15 characters, any you like: several words in a row are easy to remember. Without your user name "
            "or phone number."
        ),
    }
    return words[policy.name]


SENTENCES: dict[str, object] = {
    "not_found": _("There is no such page, or it is not for you."),
    "changed_meanwhile": _("Somebody changed this in the meantime. Look at the new state, then do it again."),
    "wrong_credentials": _("The name or the password is not right. After five wrong tries, wait 15 minutes."),
    "too_many_tries": _("Too many wrong tries came from this place. Wait 15 minutes, then try again."),
    "wrong_code": _(
        "Phone number or code is not right, or the code is older than 10 minutes. Ask your teacher for a new one."
    ),
    "wrong_digits": _("These are not the last four digits of your phone or ID number. Look again."),
    "digits_locked": _("Too many wrong tries. Wait 15 minutes, then try again, or ask your teacher."),
    "link_spent": _("This link has been used or has run out. Ask for a new one."),
    "password_too_short": _("The password is too short: it needs at least %(shortest)s characters."),
    "password_too_long": _("The password is too long: 128 characters are enough."),
    "password_too_few_kinds": _(
        "The password needs %(kinds)s kinds of characters: choose among small letters, capital letters, digits, signs."
    ),
    "password_has_username": _("The user name stands in the password. Choose one without it."),
    "password_has_phone": _("The phone number stands in the password. Choose one without it."),
    "password_known": _(
        "This password, or the one word in it, is among those that are guessed first. Put several words together."
    ),
    "password_used_before": _("This is one of the last %(remembered)s passwords of this account. Choose another one."),
    "not_your_password": _(
        "That is not your password. After five wrong tries, wait 15 minutes; if you forgot it, ask an administrator "
        "for a new link."
    ),
    "phone_taken": _("Another account has this phone number already. Type your own, or leave it empty."),
    "second_factor_on": _("The second factor is on already. For another phone, begin with “A new phone” on its page."),
    "no_second_factor": _("This account has no second factor. There is nothing to take off or to check."),
    "second_factor_required": _("One of your roles has to sign in with the second factor. It cannot be switched off."),
    "wrong_factor_code": _(
        "The code is not right, or was used before. Wait for the next one in the app; is the phone's clock right?"
    ),
    "codes_locked": _("Five wrong codes: wait 15 minutes, then try again."),
    "reset_asked": _("Somebody asked for this already. It waits for another administrator."),
    "second_person_needed": _("You asked for this yourself. Another administrator has to decide."),
    "no_such_account": _("There is no account %(username)s."),
    "username_taken": _("There is an account named %(username)s already. Choose another name."),
    "already_set_up": _("This installation has its first administrator already. Sign in instead."),
    "no_phone_for_code": _("%(name)s has no phone number in the register. She signs in with it, so add it first."),
    "own_account": _("You cannot change your own rights or disable your own account. Ask another administrator."),
}
