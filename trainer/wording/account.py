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
    "weights_not_100": _("The weights of the criteria must sum to 100; they sum to %(total)s."),
    "weight_not_positive": _("The weight of %(criterion)s must be above zero."),
    "scale_upside_down": _("For %(criterion)s the highest value must be above the lowest."),
    "duplicate_criterion": _("The criterion %(criterion)s is there twice. Give each its own code."),
    "no_seats": _("There must be at least one place, not %(seats)s."),
    "unknown_criterion": _("Row %(row)s: the rubric has no criterion %(criterion)s."),
    "level_outside_scale": _(
        "Row %(row)s: level %(level)s of %(criterion)s is outside the scale from %(minimum)s to %(maximum)s."
    ),
    "duplicate_score": _("Row %(row)s: judge %(judge)s has scored %(candidate)s on %(criterion)s already."),
    "cell_blank": _("Row %(row)s: the column %(field)s is empty."),
    "cell_not_a_number": _("Row %(row)s (%(candidate)s): “%(value)s” in the column %(field)s is not a number."),
    "column_missing": _("The column %(column)s is missing."),
    "column_unknown": _("There should be no column “%(column)s”."),
    "column_twice": _("The column %(column)s is there twice."),
    "wrong_cell_count": _("Row %(row)s has %(found)s cells, but there are %(expected)s columns."),
    "not_csv": _("Row %(row)s cannot be read as CSV. A quotation mark may not be closed."),
    "not_json": _("The file is not a JSON object."),
    "duplicate_candidate": _("Row %(row)s: %(candidate)s is in the table twice."),
    "missing_setting": _("The setting %(setting)s is missing, empty or of the wrong kind."),
    "setting_not_a_number": _("The setting %(setting)s must be a number, not “%(value)s”."),
    "unknown_setting": _("There is no setting %(setting)s for this kind of criterion."),
    "unknown_kind": _("There is no kind “%(kind)s” (criterion %(criterion)s)."),
    "unknown_aggregate": _("The marks of %(criterion)s cannot be put together by “%(aggregate)s”."),
    "needs_one_of": _("%(where)s needs exactly one of %(first)s and %(second)s."),
    "not_positive": _("The setting %(setting)s must be above zero."),
    "duplicate_threshold": _("A threshold is there twice in %(setting)s."),
    "mark_outside_scale": _(
        "Row %(row)s (%(candidate)s): “%(value)s” in the column %(field)s is not between 0 and %(maximum)s."
    ),
    "too_few_judges_to_drop": _(
        "%(criterion)s: the highest and lowest mark may be dropped only with at least %(needed)s judges; "
        "here are %(judges)s."
    ),
    "mark_missing_to_drop": _(
        "Row %(row)s: a mark of %(candidate)s for %(criterion)s is missing. "
        "The highest and lowest may be dropped only where every judge has marked everybody."
    ),
}
