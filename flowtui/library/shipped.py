"""Which queries ship, in the order of the list: what one asks first comes first.

A tuple and not a look into the folder, so that the list stands before the first paint.
"""

from typing import Final

SHIPPED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "Triage",
        (
            "top-rejected-pairs",
            "top-accepted-pairs",
            "verdict-changed",
            "records",
            "records-of-ip",
            "peers-of-ip",
            "host-summary",
            "indicator-sweep",
            "timeline",
            "first-appearance",
        ),
    ),
    (
        "Hosts",
        (
            "calls-by-ip",
            "calls-to-ip",
            "seen-of-ip",
            "servers-of-port",
            "clients-of-port",
            "addresses-of-interface",
        ),
    ),
    (
        "Security",
        (
            "vertical-scan",
            "horizontal-sweep",
            "scan-succeeded",
            "ssh-rdp",
            "lateral-movement",
            "large-transfers",
            "upload-ratio",
            "outside-dns",
        ),
    ),
    ("Network", ("one-way", "rejects-by-interface")),
    ("Operations", ("log-health",)),
)
"""Group, and the slugs under it; a file is `queries/<group>/<slug>.sql`."""
