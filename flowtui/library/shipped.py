"""Which queries ship, in the order of the list: what one asks first comes first.

A tuple and not a look into the folder, so that the list stands before the first paint.
"""

from typing import Final

_GROUPS: Final = """
Triage: top-rejected-pairs top-accepted-pairs verdict-changed records timeline
Hosts: records-of-ip peers-of-ip host-summary indicator-sweep first-appearance new-destinations
  connections networks calls-by-ip calls-to-ip seen-of-ip servers-of-port clients-of-port
  addresses-of-interface
Security: vertical-scan horizontal-sweep scan-succeeded ssh-rdp brute-force lateral-movement fan-out
  large-transfers upload-ratio beaconing long-connections outside-dns unusual-ports
  database-exposure off-hours syn-flood udp-amplification icmp-sweep
Network: one-way rejects-by-interface rejected-tcp blocked-by-policy ports-in-use traffic-by-path
  ip-versions udp-users
Operations: log-health idle-interfaces daily-trend ecs-services unencrypted
Cost: top-talkers top-interfaces top-subnets pairs-by-bytes top-servers destinations-of-network
  nat-users aws-services-via-nat cross-az bytes-by-tag
"""


def _read(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    lines = text.strip().replace("\n  ", " ").split("\n")
    pairs = (line.split(": ") for line in lines)
    return tuple((group, tuple(slugs.split())) for group, slugs in pairs)


SHIPPED: Final = _read(_GROUPS)
"""Group, and the slugs under it; a file is `queries/<group>/<slug>.sql`."""
