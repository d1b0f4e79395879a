"""Which partitions a table has: registered in Glue, or projected onto its location."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.athena_server.errors import failure
from tests.athena_server.glue import GlueCatalog, Table
from tests.athena_server.storage import Storage

Partitions = list[tuple[tuple[str, ...], str]]
"""Values of the keys, and location."""

_DATE_PARTS: Final = (
    ("yyyy", "%Y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("'", ""),
)
_UNITS: Final = {
    "YEARS": 365 * 86400,
    "MONTHS": 30 * 86400,
    "WEEKS": 7 * 86400,
    "DAYS": 86400,
    "HOURS": 3600,
    "MINUTES": 60,
    "SECONDS": 1,
}


def partitions(table: Table, glue: GlueCatalog, storage: Storage) -> Partitions:
    """All partitions; one without values for a table without keys."""
    if not table.keys:
        return [((), table.location)]
    if table.is_projected:
        return _projected(table, storage)
    return glue.registered(table)


def injected_keys(table: Table) -> set[str]:
    """Keys whose values a query must give."""
    if not table.is_projected:
        return set()
    names = {name.lower() for name, _ in table.keys}
    return {n for n in names if table.parameters.get(f"projection.{n}.type") == "injected"}


def _projected(table: Table, storage: Storage) -> Partitions:
    """Finds the objects that the template allows, then drops what the ranges do not hold."""
    names = [name.lower() for name, _ in table.keys]
    template = template_of(table)
    pattern = re.escape(template.rstrip("/"))
    for name in names:
        slashes = table.parameters.get(f"projection.{name}.format", "").count("/")
        group = "/".join(["[^/]+"] * (slashes + 1))
        held = re.escape(f"${{{name}}}")
        pattern = pattern.replace(held, f"(?P<k{names.index(name)}>{group})", 1)
        pattern = pattern.replace(held, f"(?P=k{names.index(name)})")
    matcher = re.compile(pattern + "/")
    found: dict[tuple[str, ...], str] = {}
    for uri in storage.uris(template.partition("${")[0].rpartition("/")[0]):
        if match := matcher.match(uri):
            values = tuple(match[f"k{n}"] for n in range(len(names)))
            if all(_holds(table, n, v) for n, v in zip(names, values, strict=True)):
                found[values] = match[0]
    return sorted(found.items())


def template_of(table: Table) -> str:
    """Where the partition of given values lies."""
    hive = "".join(f"/{name}=${{{name}}}" for name, _ in table.keys)
    default = table.location.rstrip("/") + hive
    return table.parameters.get("storage.location.template", default)


def _holds(table: Table, name: str, value: str) -> bool:
    """Whether the projection of the key reaches the value."""
    setting = {
        key: table.parameters.get(f"projection.{name}.{key}", "")
        for key in ("type", "values", "range", "format", "digits")
    }
    low, _, high = setting["range"].partition(",")
    match setting["type"]:
        case "enum":
            return value in [v.strip() for v in setting["values"].split(",")]
        case "integer":
            is_wide = not setting["digits"] or len(value) == int(setting["digits"])
            return value.isdigit() and is_wide and int(low) <= int(value) <= int(high)
        case "date":
            return _is_between(value, low.strip(), high.strip(), setting["format"])
        case "injected":
            return True
        case _:
            reason = f"Invalid projection type for column {name}"
            raise failure("INVALID_TABLE_PROPERTY", reason)


def _is_between(value: str, low: str, high: str, java_format: str) -> bool:
    pattern = java_format
    for java, python in _DATE_PARTS:
        pattern = pattern.replace(java, python)
    moment = _parsed(value, pattern)
    first, last = _bound(low, pattern), _bound(high, pattern)
    return moment is not None and first is not None and last is not None and first <= moment <= last


def _parsed(value: str, pattern: str) -> datetime | None:
    try:
        return datetime.strptime(value, pattern).replace(tzinfo=UTC)
    except ValueError:
        return None


def _bound(text: str, pattern: str) -> datetime | None:
    match = re.fullmatch(r"NOW(?:([+-])(\d+)([A-Z]+))?", text)
    if not match:
        return _parsed(text, pattern)
    seconds = int(match[2] or 0) * _UNITS.get((match[3] or "DAYS").removesuffix("S") + "S", 0)
    return datetime.now(UTC) + timedelta(seconds=-seconds if match[1] == "-" else seconds)
