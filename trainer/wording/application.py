"""Words for applying: screens of an application, what it lacks, conditions and how a woman stands to them."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from trainer.domain.application import Step, Window
from trainer.domain.eligibility import BroadcastSource, Condition, Eligibility, Standing, Verdict
from trainer.domain.selection import ApplicationState

LABELS = {
    Step: {
        Step.PLAN: _("My plan"),
        Step.MONEY: _("The money"),
        Step.FILES: _("Pictures"),
        Step.CHECK: _("Look through and hand in"),
    },
    Window: {
        Window.NONE: _("Staff take candidates in"),
        Window.COMING: _("Applying begins later"),
        Window.OPEN: _("Applications are taken"),
        Window.OVER: _("Applying is over"),
    },
    Condition: {
        Condition.RESIDENCE: _("Where she lives"),
        Condition.ATTENDANCE: _("Hours attended"),
        Condition.CERTIFICATE: _("Certificate"),
        Condition.BROADCASTS: _("Broadcasts"),
        Condition.NET_SALES: _("Net sales"),
    },
    Standing: {
        Standing.MET: _("Met"),
        Standing.MISSED: _("Missed"),
        Standing.UNKNOWN: _("Not known"),
    },
    BroadcastSource: {
        BroadcastSource.ALL: _("all that are known, typed ones too"),
        BroadcastSource.FILES: _("those that a platform's file lists"),
    },
}

TONES = {
    Window: {Window.OPEN: "good", Window.COMING: "attention"},
    Standing: {Standing.MET: "good", Standing.MISSED: "bad", Standing.UNKNOWN: "attention"},
}

# Where an application stands, as she reads it of her own.
_OWN = {
    ApplicationState.DRAFT: _("Not handed in yet"),
    ApplicationState.SUBMITTED: _("Handed in"),
    ApplicationState.REFERRED: _("Led to other support"),
    ApplicationState.WITHDRAWN: _("Taken back"),
}

SENTENCES: dict[str, object] = {
    "applying_closed": _("Applications are not taken now: it has not begun, or the time is over. Call your teacher."),
    "not_eligible": _(
        "It cannot be handed in: a condition is not met. The page of the selection says which, and what is missing."
    ),
    "application_no_enrolment": _(
        "Only women who are in training or have completed a course of this area may apply. Please call your teacher."
    ),
    "led_elsewhere": _("She was led to other support, so this application stands still. The page says what and who."),
    "application_lacks_title": _("It is not said what you want to do. Fill in the first line of the plan."),
    "application_lacks_plan": _("The plan is still empty. Say in your own words what you will do."),
    "application_lacks_amount": _("It is not said how much money you ask for."),
    "application_lacks_amount_too_high": _("You ask for more than can be given. Lower the amount."),
    "application_lacks_uses": _("It is not said what the money is for. Write at least one line."),
    "application_lacks_sum": _("The lines of what it is for do not come to the amount that you ask for."),
    "application_too_many_files": _("There are %(most)s pictures already. Take one away first."),
    "referral_outcome_missing": _("Say what came of it."),
}


def own_state(state: ApplicationState) -> str:
    return str(_OWN[state])


def condition_words(condition: Condition, asked: Eligibility, place: str) -> str:
    """What is asked, as the applicant reads it; `place`: the name of the area to live in."""
    if condition is Condition.RESIDENCE:
        return gettext("You live in %(place)s", place=place)
    if condition is Condition.ATTENDANCE:
        return gettext("You have attended at least %(share)s %% of the hours", share=_percent(asked.attendance_bp))
    if condition is Condition.CERTIFICATE:
        return gettext("You have the certificate of a course")
    if condition is Condition.BROADCASTS:
        words = gettext("You have broadcast at least %(count)s times", count=asked.broadcasts)
        if asked.broadcast_source is BroadcastSource.ALL:
            return words
        return gettext("%(words)s (only what a platform's file lists counts)", words=words)
    return gettext("You have sold for at least %(money)s yuan net", money=_yuan(asked.net_sales_fen))


def verdict_words(verdict: Verdict, names: Mapping[str, str]) -> str:
    """How she stands to it, with both figures; `names`: of regions, by code."""
    return _STANDING[verdict.condition](verdict, names)


def _residence(verdict: Verdict, names: Mapping[str, str]) -> str:
    words = {"has": names.get(str(verdict.has), verdict.has), "needs": names.get(str(verdict.needs), verdict.needs)}
    if verdict.standing is Standing.UNKNOWN:
        return gettext("residence %(has)s, nothing closer is known; %(needs)s needed", **words)
    return gettext("residence %(has)s, %(needs)s needed", **words)


def _attendance(verdict: Verdict, _names: Mapping[str, str]) -> str:
    needs = _percent(verdict.needs)
    if verdict.standing is Standing.UNKNOWN:
        return gettext("attendance not known: no lesson is closed yet; %(needs)s %% needed", needs=needs)
    words = gettext("attendance %(has)s %%, %(needs)s %% needed", has=_percent(verdict.has), needs=needs)
    if verdict.standing is Standing.MET:
        return words
    return gettext("%(words)s: %(short)s points short", words=words, short=_percent(verdict.short))


def _certificate(verdict: Verdict, _names: Mapping[str, str]) -> str:
    return gettext("the certificate is there") if verdict.standing is Standing.MET else gettext("no certificate yet")


def _broadcasts(verdict: Verdict, _names: Mapping[str, str]) -> str:
    if verdict.standing is Standing.UNKNOWN:
        return gettext("broadcasts not known: nothing was taken in; %(needs)s needed", needs=verdict.needs)
    words = gettext(
        "%(has)s broadcasts (%(listed)s from files, %(typed)s typed), %(needs)s needed",
        **{"has": verdict.has, "needs": verdict.needs, "listed": verdict.listed, "typed": verdict.typed},
    )
    if verdict.standing is Standing.MET:
        return words
    return gettext("%(words)s: %(short)s short", words=words, short=verdict.short)


def _net_sales(verdict: Verdict, _names: Mapping[str, str]) -> str:
    if verdict.standing is Standing.UNKNOWN:
        return gettext(
            "net sales not known: no trusted order was taken in; %(needs)s yuan needed", needs=_yuan(verdict.needs)
        )
    words = gettext("net sales %(has)s yuan, %(needs)s needed", has=_yuan(verdict.has), needs=_yuan(verdict.needs))
    if verdict.standing is Standing.MET:
        return words
    return gettext("%(words)s: %(short)s yuan short", words=words, short=_yuan(verdict.short))


_STANDING = {
    Condition.RESIDENCE: _residence,
    Condition.ATTENDANCE: _attendance,
    Condition.CERTIFICATE: _certificate,
    Condition.BROADCASTS: _broadcasts,
    Condition.NET_SALES: _net_sales,
}


def _percent(basis_points: object) -> str:
    return f"{int(basis_points) / 100:g}"


def _yuan(fen: object) -> str:
    """Whole yuan without pennies, as rules are written."""
    return f"{int(fen) // 100:,}" if int(fen) % 100 == 0 else f"{int(fen) / 100:,.2f}"
