"""Where a sign-in comes from: the address, the browser, and whether that browser is known."""

from dataclasses import dataclass
from ipaddress import ip_address, ip_network


def plain_address(said: str | None) -> str:
    """An address as networks are compared with it: one of IPv4 also where it comes in the dress of IPv6.

    Empty where it is none: a socket, or a proxy that adds a port.
    """
    try:
        address = ip_address(said or "")
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


@dataclass(frozen=True)
class Visitor:
    """What a request tells of the browser that sent it, before anybody is signed in."""

    address: str = ""
    user_agent: str = ""
    # What the browser's long-lived cookie holds, or will hold once somebody has signed in; empty: keep no browser.
    device_token: str = ""
    # The browser's row, where somebody has signed in from it before.
    device_id: int | None = None

    @property
    def network(self) -> str:
        """The address as wrong tries are counted: one house has many addresses in IPv6."""
        if not self.address:
            return ""
        address = ip_address(self.address)
        return str(address if address.version == 4 else ip_network(f"{address}/64", strict=False))

    @property
    def place(self) -> str:
        """Whom wrong tries are counted against: the known browser, so that a flood from its address leaves it alone."""
        return self.network if self.device_id is None else f"device {self.device_id}"
