"""The addresses that rows hold, each once, in the order in which they stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from flowtui.domain.addresses import Network, is_private, network_text, networks_in
from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import canonical
from flowtui.errors import FlowtuiError
from flowtui.session.copytext import counted
from flowtui.session.formats.taken import Made, Taken

_SOURCES: Final = ("srcaddr", "pkt_srcaddr")


def networks_of(cells: Iterable[Cell]) -> list[Network]:
    """What of some cells is an address or a network, each once; an address is one of its own."""
    return list(dict.fromkeys(networks_in(dict.fromkeys(cells))))


def columns_of(taken: Taken, is_to_block: bool = False) -> tuple[int, ...]:
    """Which columns' addresses are meant.

    That under the cursor where it holds any; else, to block, that of sources; else all.
    """
    at = taken.column
    if at is not None and networks_of(_cells(taken.rows, (at,))):
        return (at,)
    if is_to_block:
        for index, column in enumerate(taken.columns):
            if canonical(column.name) in _SOURCES and networks_of(_cells(taken.rows, (index,))):
                return (index,)
    return tuple(range(len(taken.columns)))


def taken_networks(taken: Taken, columns: Sequence[int]) -> list[Network]:
    """The addresses in some columns.

    Raises:
        FlowtuiError: There is none.
    """
    found = networks_of(_cells(taken.rows, columns))
    if not found:
        raise FlowtuiError("There is no address in these rows.", "Nothing was copied.")
    return found


def _cells(rows: Iterable[Row], columns: Sequence[int]) -> Iterable[Cell]:
    return (row[index] for row in rows for index in columns)


def where(taken: Taken, columns: Sequence[int]) -> str:
    """` of srcaddr` where one column is meant, else nothing; ends with what was cut."""
    column: Column | None = taken.columns[columns[0]] if len(columns) == 1 else None
    of = f" of {column.name}" if column else ""
    return f"{of} of {taken.counted}" if taken.is_cut else of


def private_among(networks: Sequence[Network]) -> str:
    """`, 2 of them private`; empty where none is."""
    number = sum(bool(is_private(str(network[0]))) for network in networks)
    return f", {number} of them private" if number else ""


def listed(taken: Taken) -> Made:
    """One address a line."""
    columns = columns_of(taken)
    found = taken_networks(taken, columns)
    text = "".join(f"{network_text(network)}\n" for network in found)
    return Made(text, counted(len(found), "address") + where(taken, columns))
