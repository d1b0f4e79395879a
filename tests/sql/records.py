"""Twenty records of one hour, made by hand, with everything in them that questions trip over."""

from __future__ import annotations

from datetime import UTC, datetime

from flowtui.domain.fields import FIELD, FIELDS

NOW = datetime(2026, 11, 24, 10, 30, 7, tzinfo=UTC)
BASE = int(datetime(2026, 11, 24, 10, 0, tzinfo=UTC).timestamp())
"""10:00 UTC; starts and ends below count seconds from here."""

V5 = tuple(field.name for field in FIELDS if field.version <= 5)
_COLUMNS = (
    "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end",
    "action", "log_status", "interface_id", "flow_direction", "tcp_flags",
)  # fmt: skip
_ROWS = """
# An SSH scan from outside: three targets refused, one let in.
203.0.113.9 10.0.1.20 40001 22 6 1 44 0 20 REJECT OK eni-web ingress 2
203.0.113.9 10.0.1.20 40002 22 6 1 44 60 80 REJECT OK eni-web ingress 2
203.0.113.9 10.0.1.21 40003 22 6 1 44 61 81 REJECT OK eni-app ingress 2
203.0.113.9 10.0.1.99 40004 22 6 9 1800 62 110 ACCEPT OK eni-bas ingress 3
10.0.1.99 203.0.113.9 22 40004 6 8 3000 62 110 ACCEPT OK eni-bas egress 19
# One conversation inside, written by both interfaces.
10.0.1.20 10.0.2.30 50001 5432 6 10 2000 100 160 ACCEPT OK eni-web egress 2
10.0.1.20 10.0.2.30 50001 5432 6 10 2000 101 159 ACCEPT OK eni-db ingress 2
10.0.2.30 10.0.1.20 5432 50001 6 12 9000 100 160 ACCEPT OK eni-db egress 18
10.0.2.30 10.0.1.20 5432 50001 6 12 9000 101 159 ACCEPT OK eni-web ingress 18
# Web traffic, IPv4 and IPv6.
198.51.100.7 10.0.1.20 33000 443 6 20 5000 300 355 ACCEPT OK eni-web ingress 2
2001:db8::7 fd00::20 33001 443 6 20 6000 301 356 ACCEPT OK eni-web ingress 2
2001:db8::7 fd00::20 33002 8443 6 2 120 302 357 REJECT OK eni-web ingress 6
# Other protocols: DNS, ping, ping over IPv6.
10.0.1.20 8.8.8.8 45000 53 17 1 70 400 401 ACCEPT OK eni-web egress 0
10.0.1.20 10.0.1.21 0 0 1 4 336 410 440 ACCEPT OK eni-web egress 0
fe80::1 fd00::20 0 0 58 1 72 411 412 ACCEPT OK eni-web ingress 0
# A long upload, and one that straddles the hour.
10.0.1.21 192.0.2.50 52000 443 6 9000 9000000 600 1199 ACCEPT OK eni-app egress 0
10.0.1.21 192.0.2.50 52000 443 6 100 100000 -300 299 ACCEPT OK eni-app egress 2
# What the interface itself says about its log.
- - - - - - - 0 600 - NODATA eni-idle - -
- - - - - - - 600 1200 - SKIPDATA eni-web - -
# A regional NAT gateway has no interface.
100.64.0.5 192.0.2.60 60000 80 6 5 500 900 930 ACCEPT OK - egress 2
"""


def _read(line: str) -> dict[str, str | int | None]:
    record: dict[str, str | int | None] = dict.fromkeys(V5)
    for name, text in zip(_COLUMNS, line.split(), strict=True):
        is_number = FIELD[name].kind.is_number
        record[name] = None if text == "-" else int(text) if is_number else text
    return record


def records() -> list[dict[str, str | int | None]]:
    """The records by canonical field, v5; `start` and `end` in Unix seconds."""
    found = []
    for line in _ROWS.strip().splitlines():
        if line.startswith("#"):
            continue
        record = _read(line)
        record |= {"version": 5, "account_id": "012345678901", "vpc_id": "vpc-1"}
        record["start"] = BASE + int(record["start"] or 0)
        record["end"] = BASE + int(record["end"] or 0)
        if record["log_status"] == "OK":
            is_v6 = ":" in str(record["srcaddr"])
            record["type"] = "IPv6" if is_v6 else "IPv4"
            record |= {"pkt_srcaddr": record["srcaddr"], "pkt_dstaddr": record["dstaddr"]}
            record |= {"region": "eu-central-1", "az_id": "euc1-az1", "subnet_id": "subnet-1"}
            if record["flow_direction"] == "egress":
                record["traffic_path"] = 8 if record["dstaddr"] == "8.8.8.8" else 1
        found.append(record)
    return found
