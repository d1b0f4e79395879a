"""From clues to the questions worth asking, the cheapest useful one first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flowtui.domain.addresses import Network, is_private, network_text
from flowtui.domain.clues import Clues
from flowtui.domain.filterline import format_time

_MOST_TOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question that the clues suggest."""

    slug: str
    """Of a saved query."""
    why: str
    """What it answers, in a line."""
    arguments: tuple[tuple[str, str], ...] = ()
    line: str = ""
    """Its filter."""


def proposals(
    clues: Clues, now: datetime, has_field: Callable[[str], bool]
) -> tuple[Proposal, ...]:
    """What to ask, best first; nothing where the clues name no address, port or interface.

    Args:
        clues: What the alarm says.
        now: Aware; no window ends later.
        has_field: Whether the records have a field, since old formats lack instance_id.
    """
    window = clues.window(now)
    time = " ".join(format_time(window)) if window else ""
    found = _of_addresses(clues) if clues.addresses else _of_others(clues, has_field)
    return tuple(
        Proposal(one.slug, one.why, one.arguments, f"{one.line} {time}".strip()) for one in found
    )


def _of_addresses(clues: Clues) -> Iterator[Proposal]:
    ours, others = _sided(clues)
    if ours and others:
        yield from _between(ours, others)
    if len(others) > 1 or (others and ours):
        yield _sweep(others, "")
    yield from _of_one((ours or others)[0], clues.ports)


def _between(ours: tuple[Network, ...], others: tuple[Network, ...]) -> Iterator[Proposal]:
    told = f"{_told(ours)} and {_told(others)}"
    one, many = (others, ours) if len(others) == 1 else (ours, others)
    if len(one) == 1:
        yield Proposal("peers-of-ip", f"What went between {told}, by port and verdict",
                       (("ip", _texts(one)),), f"ip:{_texts(many)}")  # fmt: skip
    else:
        yield _sweep(others, f"ip:{_texts(ours)}")
    line = f"ip:{_texts(ours)} ip:{_texts(others)}"
    yield Proposal("records", f"Every record between {told}, in order", (), line)


def _of_one(network: Network, ports: tuple[int, ...]) -> Iterator[Proposal]:
    text = network_text(network)
    own = (("ip", text),)
    if ports:
        on = _list(ports)
        told = f"Whom {text} talked to on port {on}, and how much"
        yield Proposal("peers-of-ip", told, own, f"port:{on}")
    yield Proposal("peers-of-ip", f"Whom {text} talked to, and how much", own)
    yield Proposal("host-summary", f"What {text} called, and who called it", own)
    yield Proposal("records-of-ip", f"Every record of {text}, in order", own)


def _sweep(networks: tuple[Network, ...], line: str) -> Proposal:
    told = f"Which of ours touched {_told(networks)}, in which direction"
    return Proposal("indicator-sweep", told, (("indicators", _texts(networks)),), line)


def _sided(clues: Clues) -> tuple[tuple[Network, ...], tuple[Network, ...]]:
    """Ours and theirs: as the finding says, else private and public."""
    if clues.ours:
        # The public address of an instance never stands in its own records.
        private = tuple(n for n in clues.ours if is_private(str(n[0])))
        return private or clues.ours, clues.others
    private = tuple(n for n in clues.others if is_private(str(n[0])))
    public = tuple(n for n in clues.others if n not in private)
    if not public and len(private) == 2:
        return private[:1], private[1:]
    return private, public


def _of_others(clues: Clues, has_field: Callable[[str], bool]) -> Iterator[Proposal]:
    terms = []
    if clues.interfaces:
        terms.append(f"interface_id:{','.join(clues.interfaces)}")
    elif clues.instances and has_field("instance_id"):
        terms.append(f"instance_id:{','.join(clues.instances)}")
    if clues.ports:
        terms.append(f"port:{_list(clues.ports)}")
    if not terms:
        return
    line = " ".join(terms)
    what = _names(clues, has_field)
    yield Proposal("top-accepted-pairs", f"Who talks through {what} most", (), line)
    yield Proposal("top-rejected-pairs", f"Who is turned away at {what}", (), line)
    yield Proposal("timeline", f"What {what} did over time", (), line)
    yield Proposal("records", f"Every record of {what}, in order", (), line)


def _names(clues: Clues, has_field: Callable[[str], bool]) -> str:
    if clues.interfaces:
        return _some(clues.interfaces)
    if clues.instances and has_field("instance_id"):
        return _some(clues.instances)
    return f"port {_list(clues.ports)}"


def _texts(networks: Collection[Network]) -> str:
    return ",".join(map(network_text, networks))


def _told(networks: tuple[Network, ...]) -> str:
    return _some(tuple(map(network_text, networks)))


def _some(texts: tuple[str, ...]) -> str:
    more = len(texts) - _MOST_TOLD
    shown = ", ".join(texts[:_MOST_TOLD])
    return f"{shown} and {more} more" if more > 0 else shown


def _list(numbers: Collection[int]) -> str:
    return ",".join(map(str, numbers))
