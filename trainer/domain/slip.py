"""Sign-in slips: what stands on one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Slip:
    """`url` is what its QR code says; whoever scans it still has to type four digits."""

    name: str
    village: str
    cohort: str
    url: str
    expires_at: datetime


def slip_url(base_url: str, token: str) -> str:
    return f"{base_url.rstrip('/')}/slip/{token}"
