"""Trino's types: which compare, and what comes of them. `?` is a type we do not work out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.athena_server.trino.functions import Signature

UNKNOWN: Final = "?"
_NUMBERS: Final = ("tinyint", "smallint", "integer", "bigint", "decimal", "real", "double")
_INTEGERS: Final = _NUMBERS[:4]
_MOMENTS: Final = ("date", "timestamp", "timestamp with time zone")
_HIVE: Final = {"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary"}
SIMPLE: Final = frozenset(
    (
        *_NUMBERS,
        *_MOMENTS,
        *("varchar", "char", "boolean", "varbinary", "json", "ipaddress", "uuid", "time"),
        *("time with time zone", "interval day to second", "interval year to month", "unknown"),
    )
)


def base(kind: str) -> str:
    """The type without its length: `varchar(3)` is varchar; arrays keep what they hold."""
    if kind.startswith(("array(", "map(", "row(")):
        return kind
    return kind.partition("(")[0]


def from_hive(kind: str) -> str:
    """The engine's type for a column of the catalogue."""
    kind = kind.lower()
    if kind.startswith("array<"):
        return f"array({from_hive(kind[6:-1])})"
    if kind.startswith(("map<", "struct<")):
        return UNKNOWN
    kind = base(kind)
    return _HIVE.get(kind, kind)


def is_number(kind: str) -> bool:
    """Whether one can count with it."""
    return base(kind) in _NUMBERS


def common(left: str, right: str) -> str | None:
    """The type both turn into by themselves; None where they do not."""
    left, right = base(left), base(right)
    if UNKNOWN in (left, right):
        return UNKNOWN
    if left == right or right == "unknown":
        return left
    if left == "unknown":
        return right
    for tower in (_NUMBERS, _MOMENTS, ("char", "varchar")):
        if left in tower and right in tower:
            return max(left, right, key=tower.index)
    if left.startswith("array(") and right.startswith("array("):
        inner = common(left[6:-1], right[6:-1])
        return f"array({inner})" if inner else None
    is_composite = left.startswith(("row(", "map(")) and right.startswith(left[:4])
    return UNKNOWN if is_composite else None


def arithmetic(operator: str, left: str, right: str) -> str | None:
    """Type of a sum, difference, product, quotient or remainder; None where there is none."""
    left, right = base(left), base(right)
    if UNKNOWN in (left, right):
        return UNKNOWN
    if "unknown" in (left, right):
        return left if right == "unknown" else right
    if left in _NUMBERS and right in _NUMBERS:
        return common(left, right)
    moments = [*_MOMENTS, "time"]
    if right.startswith("interval"):
        if left in moments and operator in "+-":
            return left
        if left == right and operator in "+-":
            return left
        return right if left in _NUMBERS and operator == "*" else None
    if left.startswith("interval"):
        if right in moments and operator == "+":
            return right
        return left if right in _NUMBERS and operator in "*/" else None
    is_span = operator == "-" and left in _MOMENTS and common(left, right) in _MOMENTS
    return "interval day to second" if is_span else None


def fits(kind: str, family: str) -> bool:
    """Whether a value of the type may stand for a parameter of the family."""
    kind = base(kind)
    if kind in (UNKNOWN, "unknown") or family == "any":
        return True
    families: dict[str, tuple[str, ...]] = {
        "number": _NUMBERS,
        "integer": _INTEGERS,
        "text": ("varchar", "char", "json"),
        "flag": ("boolean",),
        "moment": (*_MOMENTS, "time", "time with time zone"),
        "address": ("ipaddress",),
        "varbinary": ("varbinary",),
    }
    if family in families:
        return kind in families[family] or (family == "moment" and kind.startswith("interval"))
    return kind.startswith(f"{family}(") or (family == "lambda" and kind == "lambda")


def applies(signature: Signature, kinds: Sequence[str]) -> bool:
    """Whether a function with this signature takes arguments of these types."""
    families: list[str] = []
    for parameter in signature.parameters:
        if parameter.endswith("*"):
            families += [parameter[:-1]] * (len(kinds) - len(families))
        elif not parameter.endswith("?") or len(families) < len(kinds):
            families.append(parameter.rstrip("?"))
    return len(families) == len(kinds) and all(map(fits, kinds, families))


def result(signature: Signature, kinds: Sequence[str]) -> str | None:
    """Type of what the function gives; None where its arguments have no common type."""
    word = signature.result
    if word == "sum":
        return "bigint" if base(kinds[0]) in _INTEGERS else kinds[0]
    if word in ("=", "=2"):
        found: str | None = "unknown"
        for kind in kinds[1:] if word == "=2" else kinds:
            found = common(found, kind) if found else None
        return found
    if word == "[1]":
        return f"array({kinds[0]})"
    if word == "1[]":
        return kinds[0][6:-1] if kinds[0].startswith("array(") else UNKNOWN
    return kinds[int(word) - 1] if word.isdigit() else word
