"""What can go wrong, as codes with values; `wording` turns them into sentences for the person."""


class Refused(Exception):
    """A rule of the programme was broken; nothing was changed.

    `code` names the sentence in `wording`; `values` fill it. Subclasses set `code` and may set `status`
    (the HTTP status a page answers with).
    """

    code = "refused"
    status = 422

    def __init__(self, **values: object) -> None:
        super().__init__(self.code, values)
        self.values = values


class NotFound(Refused):
    """There is no such thing, or it is not for this person: the two are never told apart."""

    code = "not_found"
    status = 404


class Conflict(Refused):
    """Somebody else changed it first."""

    code = "changed_meanwhile"
    status = 409


class UnreadableFile(Refused):
    """A file from outside cannot be taken in; `reason` is a code with its own sentence."""

    code = "unreadable_file"

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason=reason, **values)
        self.reason = reason
