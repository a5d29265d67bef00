"""Answers to sign-ups as text messages: the words of the notice, in Chinese whoever decided."""

from trainer.wording.notice import notice_text, notice_title


def answer_words(code: str, **values: object) -> tuple[str, str]:
    """(subject, body). What is read on a phone without the site carries no link."""
    return notice_title(code), notice_text(code, values)
