"""What a DuckDB connection must know before SQL made by `flowtui.sql.duck` runs on it.

Addresses are compared without the inet extension, which is not in the wheel. IPv4 becomes a number;
IPv6 becomes 32 hex digits, which sort as the number does. Text that is no address becomes NULL. As
in Python's ipaddress, `::ffff:1.2.3.4` is an IPv6 address.
"""

from __future__ import annotations

from typing import Final

_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"(?:{_OCTET}\.){{3}}{_OCTET}"

DUCKDB_SETUP: Final[tuple[str, ...]] = (
    "SET GLOBAL TimeZone = 'UTC'",
    # Trino divides whole numbers into whole numbers.
    "SET GLOBAL integer_division = true",
    f"CREATE MACRO flowtui_is4(x) AS regexp_full_match(x, '{_IPV4}')",
    """CREATE MACRO flowtui_ip4(x) AS CASE WHEN flowtui_is4(x) THEN list_sum(list_transform(
        string_split(x, '.'), lambda part, i: TRY_CAST(part AS BIGINT) << (8 * (4 - i)))) END""",
    # Lambdas over lists of one bind a value once: a macro's argument is repeated as text.
    # A dotted tail becomes two groups of hex digits.
    """CREATE MACRO flowtui_undotted(x) AS CASE WHEN contains(x, '.') THEN
        regexp_replace(x, '[^:]*$', '') || list_transform(
          [CAST(flowtui_ip4(regexp_extract(x, '[^:]*$')) AS BIGINT)],
          lambda n: format('{:x}:{:x}', n >> 16, n & 65535))[1] ELSE x END""",
    "CREATE MACRO flowtui_groups(x) AS CASE WHEN x = '' THEN [] ELSE string_split(x, ':') END",
    """CREATE MACRO flowtui_filled(head, tail) AS CASE WHEN len(head) + len(tail) <= 7 THEN
        list_concat(list_resize(head, 8 - len(tail), '0'), tail) END""",
    """CREATE MACRO flowtui_eight(halves) AS CASE len(halves)
        WHEN 1 THEN string_split(halves[1], ':')
        WHEN 2 THEN flowtui_filled(flowtui_groups(halves[1]), flowtui_groups(halves[2])) END""",
    """CREATE MACRO flowtui_hex(groups) AS CASE WHEN len(groups) = 8
        AND len(list_filter(groups, lambda g: regexp_full_match(g, '[0-9a-f]{1,4}'))) = 8
        THEN array_to_string(list_transform(groups, lambda g: lpad(g, 4, '0')), '') END""",
    """CREATE MACRO flowtui_ip6(x) AS CASE WHEN contains(x, ':') THEN
        list_transform([lower(x)], lambda a: list_transform([flowtui_undotted(a)], lambda u:
        list_transform([string_split(u, '::')], lambda h: list_transform([flowtui_eight(h)],
        lambda g: flowtui_hex(g))[1])[1])[1])[1] END""",
    """CREATE MACRO flowtui_is_ip(x) AS
        flowtui_is4(x) OR (contains(x, ':') AND flowtui_ip6(x) IS NOT NULL)""",
    """CREATE MACRO flowtui_address(x) AS CASE WHEN flowtui_is_ip(x) THEN lower(x) END""",
    # IPv4 sorts before IPv6, as in Trino, where it is mapped into ::ffff:0:0/96.
    """CREATE MACRO flowtui_ip_key(x) AS CASE WHEN flowtui_is4(x)
        THEN '00000000000000000000ffff' || format('{:08x}', CAST(flowtui_ip4(x) AS BIGINT))
        ELSE flowtui_ip6(x) END""",
    """CREATE MACRO flowtui_iso(x) AS
        strftime(CAST(x AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ')""",
    """CREATE MACRO flowtui_instant(x) AS
        strftime(CAST(x AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g UTC')""",
    "CREATE MACRO flowtui_map_agg(k, v) AS map(list(k), list(v))",
)
"""Statements to run once on each connection, before its configuration is locked."""
