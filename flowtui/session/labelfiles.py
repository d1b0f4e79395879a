"""Names of addresses and ports out of a person's files.

Three kinds, told apart by what is in them: `labels.csv` (`10.0.1.20,web-1`; an address, network,
port, `eni-…`, `i-…`, `subnet-…`, `vpc-…` or account, and its name), a hosts file (`10.0.1.20
web-1`), AWS's published ip-ranges.json. What is wrong is counted, and everything else is used.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flowtui.domain.addresses import Network, parse_network
from flowtui.domain.labels import LabelFile, Labels
from flowtui.domain.networknames import NetworkNames
from flowtui.domain.ports import MAX_PORT

LARGEST: Final = 64_000_000
"""Bytes of a file that is read at most."""
LONGEST_NAME: Final = 200
_ID: Final = re.compile(r"(?:[a-z]{1,8}-[0-9a-f]{6,32}|\d{12})", re.ASCII)
_HEADINGS: Final = frozenset({"key", "address", "ip", "cidr", "network", "port", "id"})
_WRONG: Final = "not an address, network, port or id, and its name"


@dataclass
class _Gathered:
    networks: list[tuple[Network, str]] = field(default_factory=list)
    ports: dict[int, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    aws: list[tuple[Network, str]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.networks) + len(self.ports) + len(self.ids) + len(self.aws)

    def take(self, key: str, name: str) -> bool:
        """Keep one name; False where the key means nothing."""
        key, name = key.strip(), name.strip()[:LONGEST_NAME]
        if not key or not name:
            return False
        if key.isascii() and key.isdigit() and len(key) <= 5 and int(key) <= MAX_PORT:
            self.ports[int(key)] = name
        elif _ID.fullmatch(key):
            self.ids[key] = name
        else:
            try:
                self.networks.append((parse_network(key), name))
            except ValueError:
                return False
        return True


def read_labels(paths: Iterable[Path]) -> Labels:
    """The names of some files, a later file over an earlier one. Blocks; worker threads only.

    A file that is not there, or cannot be read, is told in `files`, and the others are used.
    """
    gathered = _Gathered()
    files = tuple(_read(path, gathered) for path in paths)
    return Labels(
        NetworkNames(gathered.networks), gathered.ports, gathered.ids,
        NetworkNames(gathered.aws), files,
    )  # fmt: skip


def _read(path: Path, gathered: _Gathered) -> LabelFile:
    before = gathered.count
    try:
        path = path.expanduser()
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError, RuntimeError) as error:  # a zero byte; nobody of that name
        return LabelFile(str(path), 0, 1, getattr(error, "strerror", None) or str(error))
    if len(data) > LARGEST:
        return LabelFile(str(path), 0, 1, f"over {LARGEST // 1_000_000} MB")
    text = data.decode("utf-8-sig", "replace")
    if text.lstrip().startswith("{"):
        wrong = _take_ranges(text, gathered)
    else:
        wrong = _take_lines(text, gathered)
    count, first = 0, ""
    for where in wrong:
        count += 1
        first = first or where
    return LabelFile(str(path), gathered.count - before, count, first)


def _take_lines(text: str, gathered: _Gathered) -> Iterator[str]:
    """Takes the names of lines; yields where each wrong line is."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.partition("#")[0].strip() if "," not in line else line.strip()
        if not bare or bare.startswith("#"):
            continue
        key, name = _of_csv(bare) if "," in bare else _of_hosts(bare)
        if gathered.take(key, name) or (number == 1 and key.strip().lower() in _HEADINGS):
            continue
        yield f"line {number}: {_WRONG}"


def _of_csv(line: str) -> tuple[str, str]:
    try:
        cells = next(csv.reader([line], skipinitialspace=True))
    except csv.Error:
        return "", ""
    return (cells[0], cells[1]) if len(cells) > 1 else ("", "")


def _of_hosts(line: str) -> tuple[str, str]:
    key, _, rest = line.replace("\t", " ").partition(" ")
    names = rest.split()
    return key, names[0] if names else ""


_LEAST_TELLING: Final = ("EC2", "AMAZON")
"""Services that say least of a range come last, where several publish the same one."""


def _take_ranges(text: str, gathered: _Gathered) -> Iterator[str]:
    """Takes AWS's published ranges: see "AWS IP address ranges", Amazon VPC User Guide."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        yield "not JSON"
        return
    entries = [
        entry
        for key in ("prefixes", "ipv6_prefixes")
        for entry in (document.get(key) if isinstance(document.get(key), list) else ())
    ]
    if not entries:
        yield "no prefixes in it: not AWS's ip-ranges.json"
    for entry in sorted(entries, key=_by_how_telling()):
        found = _range(entry)
        if found is None:
            yield "an entry without prefix, service and region"
        else:
            gathered.aws.append(found)


def _by_how_telling() -> Callable[[Any], int]:
    def rank(entry: Any) -> int:
        service = entry.get("service") if isinstance(entry, dict) else None
        return -_LEAST_TELLING.index(service) if service in _LEAST_TELLING else 1

    return rank


def _range(entry: Any) -> tuple[Network, str] | None:
    if not isinstance(entry, dict):
        return None
    prefix = entry.get("ip_prefix") or entry.get("ipv6_prefix")
    service, region = str(entry.get("service") or ""), str(entry.get("region") or "")
    try:
        network = parse_network(str(prefix))
    except ValueError:
        return None
    name = "AWS" if service == "AMAZON" else f"AWS {service}"
    return network, f"{name} {region}".strip()[:LONGEST_NAME]
