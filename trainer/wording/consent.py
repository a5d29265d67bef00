"""Words for consents: what each is for, what happens without it, what withdrawing does; addressed to her."""

from flask_babel import lazy_gettext as _

from trainer.domain.consent import ConsentChannel, ConsentScope

LABELS = {
    ConsentScope: {
        ConsentScope.BASIC: _("basic data"),
        ConsentScope.ID_NUMBER: _("ID number"),
        ConsentScope.BANK_ACCOUNT: _("bank account"),
        ConsentScope.PICTURES: _("pictures"),
        ConsentScope.PUBLICATION: _("name in public lists"),
        ConsentScope.PROMOTION: _("promotion"),
    },
    ConsentChannel: {
        ConsentChannel.PAPER: _("on paper"),
        ConsentChannel.ONLINE: _("online"),
        ConsentChannel.ROSTER: _("with a roster"),
        ConsentChannel.TELEPHONE: _("by telephone"),
    },
}

TONES: dict[type, dict] = {}

PURPOSES = {
    ConsentScope.BASIC: _(
        "Your name, phone number and village, and which lessons you attended: to keep a place for you, to reach you, "
        "and to issue your certificate."
    ),
    ConsentScope.ID_NUMBER: _(
        "Your ID number, where a subsidy is paid for each trainee and asks for it; it also tells women of the same "
        "name apart."
    ),
    ConsentScope.BANK_ACCOUNT: _("Your bank account, only if you are chosen for support: to pay you."),
    ConsentScope.PICTURES: _(
        "Photographs of the lessons and screenshots of your shop: to show that lessons took place and what you sold."
    ),
    ConsentScope.PUBLICATION: _(
        "Your full name, village and result in the list that is made public before support is given."
    ),
    ConsentScope.PROMOTION: _("Your name, picture and story in articles and videos about the programme."),
}

WITHOUT = {
    ConsentScope.BASIC: _("Without it no place in the course can be kept for you."),
    ConsentScope.ID_NUMBER: _(
        "Without it you take part all the same; a subsidy that needs the number cannot be claimed."
    ),
    ConsentScope.BANK_ACCOUNT: _("Without it you take part all the same; support cannot be paid into an account."),
    ConsentScope.PICTURES: _("Without it you take part all the same, and no picture of you is used."),
    ConsentScope.PUBLICATION: _("Without it you take part all the same; your name stands in the list with a star."),
    ConsentScope.PROMOTION: _("Without it nothing changes for you."),
}

ON_WITHDRAWAL = {
    ConsentScope.BASIC: _(
        "If you withdraw it, that is a request to erase your record. Staff deal with it within %(days)s days; until "
        "then you can still change your mind."
    ),
    ConsentScope.ID_NUMBER: _("If you withdraw it, your ID number is erased from your record at once."),
    ConsentScope.BANK_ACCOUNT: _("If you withdraw it, no account of yours is used from then on."),
    ConsentScope.PICTURES: _("If you withdraw it, no picture of you is used from then on."),
    ConsentScope.PUBLICATION: _("If you withdraw it, your name is shown with a star from then on."),
    ConsentScope.PROMOTION: _("If you withdraw it, nothing new about you is published from then on."),
}

# What was new in each version of the notice, beside the one before.
NOTICE_CHANGES = {
    "2026-11": _("The first version."),
    "2026-11-22": _(
        "It says field by field what is collected and why, how long it is kept and who receives it, and that each "
        "look at your phone or ID number in full is written down for you to see."
    ),
    "2026-11-23": _(
        "It also says what is kept of sign-ups, tasks, certificates, hours of help and answers about the course."
    ),
    "2026-11-24": _("It also says what is kept of the time after the course: questionnaires, calls, whom you pay."),
}

SENTENCES: dict[str, object] = {
    "consent_scope_missing": _("It is not clear which consent is meant. Go back and press the button again."),
    "consent_not_in_force": _("There is no consent to “%(scope)s” that could be withdrawn."),
    "consent_on_record": _("The signed paper for this is on record already."),
    "paper_older_than_withdrawal": _(
        "She withdrew “%(scope)s” after she signed this paper. To record it again she has to sign anew."
    ),
    "paper_from_the_future": _("The day of signing lies in the future. Look at the date on the paper."),
    "picture_empty": _("The file is empty. Take the photograph again."),
    "picture_too_large": _("The picture is larger than %(most)s MB. Take it in a smaller size, or scan it anew."),
    "picture_type": _("This is no photograph. Send a picture as JPG, PNG or WebP."),
    "picture_too_many_pixels": _("The picture has more than %(most)s million dots. Take it in a smaller size."),
    "picture_broken": _("The picture is damaged and cannot be read. Take the photograph again."),
}
