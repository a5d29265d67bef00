"""What is said when a frozen ranking was reckoned again."""

from collections.abc import Mapping

from flask_babel import gettext as _


def recomputed_sentence(found: Mapping) -> str:
    return _(
        "The same result is reached from this file alone: %(count)s candidates, SHA-256 %(sha256)s.",
        count=found["candidates"],
        sha256=found["output_sha256"],
    )
