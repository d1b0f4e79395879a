"""What each partition key of a table says about the records under it.

Roles follow from the projection settings where there are any, else from the values of registered
partitions, else from the key's name. Source: "Partition projection", Athena User Guide; forms seen
in the wild: AWS samples for flow logs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from flowtui.domain.fields import fold
from flowtui.domain.schema import PartitionKey, PartitionRole

_NAMED: Final[dict[str, PartitionRole]] = {
    "year": PartitionRole.YEAR,
    "month": PartitionRole.MONTH,
    "hour": PartitionRole.HOUR,
    "region": PartitionRole.REGION,
    "awsregion": PartitionRole.REGION,
    "regionpartition": PartitionRole.REGION,
    "account": PartitionRole.ACCOUNT,
    "accountid": PartitionRole.ACCOUNT,
    "accid": PartitionRole.ACCOUNT,
    "awsaccountid": PartitionRole.ACCOUNT,
    "accountpartition": PartitionRole.ACCOUNT,
}
_DATES: Final = frozenset({"date", "dt", "day", "datepartition", "eventday", "partitiondate", "ds"})
_FORMS: Final = (
    (re.compile(r"\d{4}/\d{2}/\d{2}/\d{2}"), "yyyy/MM/dd/HH"),
    (re.compile(r"\d{4}-\d{2}-\d{2}-\d{2}"), "yyyy-MM-dd-HH"),
    (re.compile(r"\d{4}/\d{2}/\d{2}"), "yyyy/MM/dd"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "yyyy-MM-dd"),
    (re.compile(r"\d{8}"), "yyyyMMdd"),
)
_ROLES_BY_VALUE: Final = (
    (re.compile(r"\d{12}"), PartitionRole.ACCOUNT),
    (re.compile(r"[a-z]{2}(-[a-z]+)+-\d"), PartitionRole.REGION),
)


def partition_keys(
    columns: Sequence[tuple[str, str]],
    parameters: Mapping[str, str],
    values: Sequence[Sequence[str]] = (),
) -> tuple[PartitionKey, ...]:
    """The keys of a table with what they mean.

    Args:
        columns: Name and type of each key, in order.
        parameters: Table properties; `projection.*` are read.
        values: Some registered partitions' values, newest first; may be empty.
    """
    is_projected = parameters.get("projection.enabled", "").lower() == "true"
    names = {fold(name) for name, _ in columns}
    keys = []
    for index, (name, type) in enumerate(columns):
        seen = tuple(row[index] for row in values if index < len(row))
        if is_projected and f"projection.{name}.type" in parameters:
            keys.append(_projected(name, type, parameters, names))
        else:
            keys.append(_registered(name, type, seen, names))
    return tuple(keys)


def _projected(
    name: str, type: str, parameters: Mapping[str, str], names: set[str]
) -> PartitionKey:
    setting = f"projection.{name}."
    kind = parameters[setting + "type"].lower()
    first = parameters.get(setting + "range", "").partition(",")[0].strip()
    if kind == "date":
        form = parameters.get(setting + "format", "yyyy-MM-dd")
        return PartitionKey(name, type, PartitionRole.DATE, format=form, first=first)
    if kind == "enum":
        found = parameters.get(setting + "values", "")
        listed = tuple(value.strip() for value in found.split(",") if value.strip())
        return PartitionKey(name, type, _role(name, listed, names), values=listed)
    if kind == "injected":
        return PartitionKey(name, type, _role(name, (), names), is_required=True)
    is_padded = int(parameters.get(setting + "digits", "1") or 1) > 1
    return PartitionKey(name, type, _role(name, (), names), is_padded=is_padded, first=first)


def _registered(name: str, type: str, seen: tuple[str, ...], names: set[str]) -> PartitionKey:
    role = _role(name, seen, names)
    if role is PartitionRole.DATE:
        return PartitionKey(name, type, role, format=_format(name, type, seen))
    is_padded = not any(len(value) == 1 for value in seen)
    listed = (
        tuple(dict.fromkeys(seen)) if role in (PartitionRole.REGION, PartitionRole.ACCOUNT) else ()
    )
    return PartitionKey(name, type, role, is_padded=is_padded, values=listed)


def _role(name: str, seen: tuple[str, ...], names: set[str]) -> PartitionRole:
    folded = fold(name)
    if folded == "day" and "month" in names:
        return PartitionRole.DAY
    if folded in _DATES or (seen and _form(seen[0])):
        return PartitionRole.DATE
    if folded in _NAMED:
        return _NAMED[folded]
    for pattern, role in _ROLES_BY_VALUE:
        if seen and pattern.fullmatch(seen[0]):
            return role
    return PartitionRole.OTHER


def _form(value: str) -> str:
    return next((form for pattern, form in _FORMS if pattern.fullmatch(value)), "")


def _format(name: str, type: str, seen: tuple[str, ...]) -> str:
    if type == "date":
        return "yyyy-MM-dd"
    if seen and (form := _form(seen[0])):
        return form
    # Security Lake's own key, which is never projected.
    return "yyyyMMdd" if fold(name) == "eventday" else "yyyy-MM-dd"
