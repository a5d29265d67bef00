"""Words for certificates: states, the sentence about the evidence, what is printed, what the check page says."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import reduce

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _

from trainer.domain.attendance import Evidence
from trainer.domain.certificate import CertificateFacts, CertificateState

LABELS = {
    CertificateState: {
        CertificateState.VALID: _("Valid"),
        CertificateState.REPLACED: _("Replaced"),
        CertificateState.REVOKED: _("Revoked"),
    },
}

TONES = {
    CertificateState: {
        CertificateState.VALID: "good",
        CertificateState.REPLACED: "quiet",
        CertificateState.REVOKED: "bad",
    },
}

SENTENCES: dict[str, object] = {
    "certificates_issued": _("The certificates are issued. They stand on the cohort's page of certificates."),
    "certificates_none_to_print": _("There is no valid certificate to print here any more."),
    "certificate_not_earned": _(
        "She has not completed by the rule or by an exception that two people signed. Settle her completion first."
    ),
    "certificate_not_valid_any_more": _(
        "Certificate %(number)s does not count any more: it was replaced or revoked. Look at its page."
    ),
    "certificate_own": _("This certificate is your own. Somebody else has to do that."),
    "certificate_has_valid_one": _("She has a certificate that counts already. Look at the history below."),
    "certificate_number_taken": _("Number %(number)s belongs to another certificate. Look at the paper again."),
    "certificate_number_of_ours": _(
        "Number %(number)s looks like those that this system gives itself. Look at the paper again."
    ),
    "certificate_series_full": _("All numbers of %(key)s are given. Ask your administrator for another prefix."),
    "certificate_undrawable": _(
        "Our font cannot draw: %(characters)s. Correct the name or the organisation, replace the certificate, and "
        "try again."
    ),
    "certificate_look_again": _("A figure is not right: please look at the number on the certificate again."),
    "certificate_no_such_number": _(
        "No certificate with this number is known here. Look at the number again, or ask the office that issued it."
    ),
    "certificate_check_flood": _("Very many numbers were checked from here. Please wait a quarter of an hour."),
}

# How surely she is known to have been there, as it stands in a sentence.
STRENGTHS: Mapping[Evidence, object] = {
    Evidence.SEEN_BY_STAFF: _("%(count)s seen by staff"),
    Evidence.PERSONAL_CODE: _("%(count)s by her seat number"),
    Evidence.SCREEN_CODE: _("%(count)s by the code on the screen"),
    Evidence.LIST: _("%(count)s from a list"),
    Evidence.CLAIM: _("%(count)s late claim"),
}

# Headings of the register.
REGISTER = {
    "title": _("Register of certificates"),
    "number": _("No."),
    "certificate": _("Certificate number"),
    "name": _("Name"),
    "programme": _("Programme"),
    "cohort": _("Cohort"),
    "hours": _("Class hours"),
    "first_day": _("First day"),
    "last_day": _("Last day"),
    "issued_on": _("Date of issue"),
    "state": _("State"),
    "ended_on": _("Not valid since"),
    "evidence": _("Evidence"),
}


# The certificate itself is Chinese, in whatever language the site is read.
PAPER: Mapping[str, str] = {
    "title": "结业证书",
    "certify": "兹证明",
    "number": "证书编号：",
    "scan": "扫码可核验本证书",
    "left_out": "未能打印的证书（字体中没有以下字符）",
}


def evidence_sentence(facts: CertificateFacts) -> str:
    """8 sessions: 7 seen by staff, 1 late claim."""
    if not facts.evidence:
        return gettext("Issued before this system; hours as recorded.")
    parts = [str(STRENGTHS[strength]) % {"count": count} for strength, count in facts.evidence.items()]
    said = reduce(lambda so_far, more: gettext("%(so_far)s, %(more)s", so_far=so_far, more=more), parts)
    return gettext("%(lessons)s sessions: %(said)s", lessons=facts.lessons, said=said)


def printed_evidence(facts: CertificateFacts) -> str:
    """The same as it stands on the certificate."""
    with force_locale("zh"):
        return evidence_sentence(facts)


def printed_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def printed_words(facts: CertificateFacts) -> str:
    """The sentence under the name."""
    first, last = facts.first_day, facts.last_day
    until = f"{last.month}月{last.day}日" if first.year == last.year else printed_day(last)
    when = f"于{printed_day(first)}" + ("" if first == last else f"至{until}")
    hours = f"{Decimal(facts.minutes) / 60:.1f}".removesuffix(".0")
    how_long = f"共{hours}学时，" if facts.minutes else ""
    what = f"参加“{facts.programme}”{facts.cohort}学习"
    return f"{when}{what}，{how_long}经考核合格，准予结业。特发此证。"
