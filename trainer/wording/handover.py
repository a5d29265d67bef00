"""Words for handing work over."""

from flask_babel import lazy_gettext as _

from trainer.domain.handover import Obstacle

LABELS: dict[type, dict] = {
    Obstacle: {
        Obstacle.NO_ROLE: _("the successor lacks the role for it, there"),
        Obstacle.BUSY: _("the successor gives another lesson at that time"),
        Obstacle.ALREADY_ASSIGNED: _("the successor reviews this application already"),
    }
}

TONES: dict[type, dict] = {}

SENTENCES: dict[str, object] = {
    "successor_unfit": _("Choose a colleague who may sign in; nobody takes over from herself, and no trainee does."),
}
