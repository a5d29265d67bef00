"""Sales files read in this process, as a service is given them from the child."""

import io

from trainer.domain.days import china_day
from trainer.platforms.inspection import inspect_stream
from trainer.platforms.limits import Spooled
from trainer.platforms.spool import Spool


def reading(content: bytes, at, **options) -> Spooled:
    spool = Spool(io.BytesIO())
    return Spooled(inspect_stream(io.BytesIO(content), spool, today=china_day(at), **options), spool)
