"""Where an Athena table is: `athena://[WORKGROUP@][CATALOG.]DATABASE.TABLE`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from flowtui.errors import ConfigError

SCHEME: Final = "athena://"
DEFAULT_CATALOG: Final = "AwsDataCatalog"
DEFAULT_WORKGROUP: Final = "primary"
_PART: Final = re.compile(r'"((?:[^"]|"")+)"|([^."@]+)')


@dataclass(frozen=True, slots=True)
class TableAddress:
    """One table, and the work group whose settings its queries run under."""

    database: str
    table: str
    catalog: str = DEFAULT_CATALOG
    workgroup: str = DEFAULT_WORKGROUP

    @classmethod
    def parse(cls, text: str) -> TableAddress:
        """Read the address; names with dots are written in double quotes.

        Raises:
            ConfigError: It is not of that form.
        """
        rest = text.removeprefix(SCHEME).strip("/")
        workgroup, at, rest = rest.rpartition("@")
        names = _split(rest)
        if names is None or len(names) not in (2, 3) or (at and not workgroup):
            raise ConfigError(
                f"Not an Athena table: {text}",
                "Write athena://[WORKGROUP@][CATALOG.]DATABASE.TABLE, "
                "such as athena://prod@logs.vpc_flow_logs",
            )
        catalog = names[0] if len(names) == 3 else DEFAULT_CATALOG
        return cls(names[-2], names[-1], catalog, workgroup or DEFAULT_WORKGROUP)

    def __str__(self) -> str:
        group = "" if self.workgroup == DEFAULT_WORKGROUP else f"{self.workgroup}@"
        catalog = "" if self.catalog == DEFAULT_CATALOG else f"{_quoted(self.catalog)}."
        return f"{SCHEME}{group}{catalog}{_quoted(self.database)}.{_quoted(self.table)}"


def _split(text: str) -> list[str] | None:
    names: list[str] = []
    position = 0
    while match := _PART.match(text, position):
        names.append(match[2] or match[1].replace('""', '"'))
        position = match.end()
        if position == len(text):
            return names
        if text[position] != ".":
            return None
        position += 1
    return None


def _quoted(name: str) -> str:
    if _PART.fullmatch(name) and '"' not in name:
        return name
    return '"' + name.replace('"', '""') + '"'
