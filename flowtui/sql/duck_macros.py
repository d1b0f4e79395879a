"""What a DuckDB connection must know before SQL made by `flowtui.sql.duck` runs on it.

Addresses are compared without the inet extension, which is not in the wheel. IPv4 becomes a number;
IPv6 becomes 32 hex digits, which sort as the number does. Text that is no address becomes NULL. As
in Python's ipaddress, `::ffff:1.2.3.4` is an IPv6 address.
"""

from __future__ import annotations

from typing import Final

_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4: Final = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_GROUP: Final = "[0-9a-fA-F]{1,4}"


def _ipv6() -> str:
    """A pattern for IPv6 text: eight groups, or fewer around `::`, the last two maybe dotted."""
    forms = [f"(?:{_GROUP}:){{7}}{_GROUP}", f"(?:{_GROUP}:){{6}}{_IPV4}"]
    for before in range(8):
        start = f"(?:{_GROUP}:){{{before}}}:" if before else "::"
        after = 7 - before
        forms.append(start + (f"(?:(?:{_GROUP}:){{0,{after - 1}}}{_GROUP})?" if after else ""))
        if after >= 2:
            forms.append(f"{start}(?:{_GROUP}:){{0,{after - 2}}}{_IPV4}")
    return "|".join(forms)


DUCKDB_SETUP: Final[tuple[str, ...]] = (
    "SET GLOBAL TimeZone = 'UTC'",
    # Trino divides whole numbers into whole numbers.
    "SET GLOBAL integer_division = true",
    f"CREATE MACRO flowtui_is4(x) AS regexp_full_match(x, '{_IPV4}')",
    """CREATE MACRO flowtui_ip4(x) AS CASE WHEN flowtui_is4(x) THEN list_sum(list_transform(
        string_split(x, '.'), lambda part, i: TRY_CAST(part AS BIGINT) << (8 * (4 - i)))) END""",
    f"CREATE MACRO flowtui_is6(x) AS contains(x, ':') AND regexp_full_match(x, '{_ipv6()}')",
    "CREATE MACRO flowtui_is_ip(x) AS flowtui_is4(x) OR flowtui_is6(x)",
    # With a group on either side of `::`, as many zeros fit in as there are groups missing.
    """CREATE MACRO flowtui_framed(x) AS
        CASE WHEN starts_with(x, '::') THEN '0' ELSE '' END || x
        || CASE WHEN ends_with(x, '::') THEN '0' ELSE '' END""",
    """CREATE MACRO flowtui_filled(x) AS replace(x, '::',
        ':' || repeat('0:', 8 - (length(x) - length(replace(x, ':', '')))))""",
    # Three zeros before each group, of which the last four digits are kept.
    """CREATE MACRO flowtui_digits(x) AS regexp_replace(
        replace(':' || flowtui_filled(flowtui_framed(x)), ':', ':000'),
        ':[0-9a-f]*([0-9a-f]{4})', '\\1', 'g')""",
    # A dotted tail becomes two groups. Lambdas over lists of one bind a value once: a macro's
    # argument is repeated as text.
    """CREATE MACRO flowtui_undotted(x) AS
        regexp_replace(x, '[^:]*$', '') || list_transform(
          [CAST(flowtui_ip4(regexp_extract(x, '[^:]*$')) AS BIGINT)],
          lambda n: format('{:x}:{:x}', n >> 16, n & 65535))[1]""",
    """CREATE MACRO flowtui_ip6(x) AS CASE WHEN flowtui_is6(x) THEN
        CASE WHEN contains(x, '.') THEN
          list_transform([flowtui_undotted(lower(x))], lambda u: flowtui_digits(u))[1]
        ELSE flowtui_digits(lower(x)) END END""",
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
