"""Ports by name: services for display, names and sets for filters.

The names are those an operator types, not IANA's full list. Sets are general practice in incident
response; `@admin` is what gives a shell or a desktop.
"""

from __future__ import annotations

from typing import Final

from flowtui.domain.filters import NumberRange

MAX_PORT: Final = 65_535

SERVICES: Final[dict[int, str]] = {
    20: "ftp-data", 21: "ftp", 22: "ssh", 23: "telnet", 25: "smtp", 43: "whois", 49: "tacacs",
    53: "dns", 67: "dhcp-server", 68: "dhcp-client", 69: "tftp", 80: "http", 88: "kerberos",
    110: "pop3", 111: "rpcbind", 119: "nntp", 123: "ntp", 135: "msrpc", 137: "netbios-ns",
    138: "netbios-dgm", 139: "netbios-ssn", 143: "imap", 161: "snmp", 162: "snmptrap", 179: "bgp",
    389: "ldap", 443: "https", 445: "smb", 464: "kpasswd", 465: "smtps", 500: "isakmp",
    514: "syslog", 515: "lpd", 587: "submission", 631: "ipp", 636: "ldaps", 853: "dns-tls",
    873: "rsync", 993: "imaps", 995: "pop3s", 1080: "socks", 1194: "openvpn", 1433: "mssql",
    1521: "oracle", 1723: "pptp", 1812: "radius", 1883: "mqtt", 1900: "ssdp", 2049: "nfs",
    2181: "zookeeper", 2375: "docker", 2376: "docker-tls", 2379: "etcd", 3128: "squid",
    3268: "global-catalog", 3306: "mysql", 3389: "rdp", 4500: "ipsec-nat", 5432: "postgres",
    5439: "redshift", 5671: "amqps", 5672: "amqp", 5900: "vnc", 5985: "winrm", 5986: "winrm-tls",
    6379: "redis", 6443: "kubernetes", 8080: "http-alt", 8443: "https-alt", 8883: "mqtts",
    9042: "cassandra", 9092: "kafka", 9100: "node-exporter", 9200: "elasticsearch",
    10250: "kubelet", 11211: "memcached", 27017: "mongodb", 51820: "wireguard",
}  # fmt: skip
"""Port to the service usually found there, as the screen shows it."""

_ALIASES: Final[dict[str, int]] = {
    "domain": 53, "postgresql": 5432, "sqlserver": 1433, "ms-sql": 1433, "microsoft-ds": 445,
    "cifs": 445, "k8s": 6443, "mongo": 27017, "memcache": 11211, "opensearch": 9200, "ftps": 990,
}  # fmt: skip
_PORTS: Final = {name: port for port, name in SERVICES.items()} | _ALIASES

PORT_SETS: Final[dict[str, tuple[int, ...]]] = {
    "admin": (22, 23, 135, 139, 445, 3389, 5900, 5985, 5986),
    "db": (1433, 1521, 3306, 5432, 6379, 9042, 9200, 11211, 27017),
    "web": (80, 443, 8080, 8443),
    "mail": (25, 465, 587),
    "infra": (53, 88, 123, 389, 636),
    "container": (2375, 2376, 2379, 6443, 10250),
}
"""Set name, without its `@`, to its ports."""

PortValue = int | NumberRange


def service_name(port: int) -> str | None:
    """The service usually found at a port; None where there is no habit."""
    return SERVICES.get(port)


def port_names() -> tuple[str, ...]:
    """Every name and `@set` that can be typed for a port."""
    return (*_PORTS, *(f"@{name}" for name in PORT_SETS))


def parse_port(text: str) -> tuple[PortValue, ...]:
    """The ports that one word means: `22`, `8000-8999`, `ssh`, `@admin`.

    Raises:
        ValueError: It means none; the message says why.
    """
    word = text.lower()
    if word.startswith("@"):
        if word[1:] not in PORT_SETS:
            raise ValueError("no port set of that name")
        return PORT_SETS[word[1:]]
    if word in _PORTS:
        return (_PORTS[word],)
    first, dash, last = word.partition("-")
    if not _is_number(first) or (dash and not _is_number(last)):
        raise ValueError("not a port: a number, a range 8000-8999, a name or a @set")
    return (_ranged(int(first), int(last)) if dash else _checked(int(first)),)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20


def _checked(port: int) -> int:
    if port > MAX_PORT:
        raise ValueError(f"ports end at {MAX_PORT}")
    return port


def _ranged(first: int, last: int) -> NumberRange:
    if first > last:
        raise ValueError("the range ends before it begins")
    return NumberRange(first, _checked(last))
