"""Words for blinding, paper score sheets and calibration."""

from flask_babel import lazy_gettext as _

from trainer.domain.blinding import Clue

LABELS = {
    Clue: {
        Clue.NAME: _("her name"),
        Clue.PART_OF_NAME: _("part of her name"),
        Clue.VILLAGE: _("her village"),
        Clue.TOWNSHIP: _("her township"),
        Clue.PHONE: _("a phone number"),
        Clue.ID_NUMBER: _("an ID number"),
        Clue.BANK_CARD: _("a bank card"),
        Clue.ACCOUNT: _("an account or a shop"),
        Clue.ADDRESS: _("an address on the internet"),
        Clue.TEACHER: _("her teacher"),
        Clue.ORGANISATION: _("an organisation"),
        Clue.WORD: _("a word you added"),
        Clue.DIGITS: _("a long number"),
        Clue.PLACE: _("perhaps the name of a place"),
        Clue.NICKNAME: _("perhaps what people call her"),
        Clue.INTRODUCTION: _("perhaps somebody's name"),
    },
}
TONES: dict = {}
SENTENCES: dict[str, object] = {
    "texts_unblinded": _(
        "Evaluators of this round read blind, and %(count)s texts are not confirmed yet. Look through them under "
        "“Blind texts” first."
    ),
    "redactor_judges": _(
        "You judge in this selection, or are asked to. Whoever redacts sees names; somebody else must do it."
    ),
    "round_not_blind": _("This round is not blind: evaluators see who the candidates are, and nothing need be masked."),
    "blind_text_emptied": _("She wrote something, so something must be left to read. Mask words, not the whole text."),
    "blind_text_names_her": _(
        "“%(part)s” still says who she is (%(count)s such places). Take it out, or press “Mask these words too”."
    ),
    "blind_doubts_left": _(
        "%(count)s places may still say who she is. Mask each of them, or tick that it is harmless, then confirm again."
    ),
    "typist_judges": _(
        "You judge in this selection, or are asked to: whoever judges must not see others' scores. Let somebody else "
        "type the sheets."
    ),
    "paper_copied_herself": _(
        "You typed the first copy. Somebody else than you types it again, with the paper in hand."
    ),
    "sheet_on_screen": _(
        "She has submitted this sheet herself, on the screen. If it is to be changed, she changes it there, with a reason."
    ),
    "too_many_calibrations": _("%(most)s calibration files are enough: evaluators come to score the real ones."),
    "calibration_incomplete": _("Choose a level for every criterion of the score sheet."),
    "already_calibrated": _("You have scored this file already, and seen the reference since. It stays as it is."),
    "calibration_outdated": _(
        "%(count)s calibration files no longer fit the score sheet. Open each under “Calibration” and choose its levels anew."
    ),
    "calibration_first": _("Score the calibration files of this round first; then the real applications open."),
}
