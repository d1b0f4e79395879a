"""What `=` and `!` make of a filter: values kept, values left out, an address widened step by step.

Pure algebra: a filter never says the same thing twice, and what is said anew more sharply replaces
what was said before.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from flowtui.domain.addresses import Network
from flowtui.domain.filters import Condition, FlowFilter, NumberRange, Op, Value

WIDTHS: Final = {4: (24, 16), 6: (64, 48)}
"""IP version to the network bits that an address is widened through."""


def wider(network: Network, start: Network) -> Network | None:
    """The network after this one on the way from a start, after the widest the start itself.

    None where the network is none that the start is widened through.
    """
    widths = (start.prefixlen, *(w for w in WIDTHS[start.version] if w < start.prefixlen))
    if network.version != start.version or network.prefixlen not in widths:
        return None
    at = (widths.index(network.prefixlen) + 1) % len(widths)
    return ip_network((start.network_address, widths[at]), strict=False)


def widened(condition: Condition, start: Network) -> Condition | None:
    """The condition with the next network around a start in place of its own, where it can be.

    Args:
        condition: Of one network that holds the start.
        start: An address, or the network that was typed.
    """
    network = condition.values[0]
    is_one = condition.op is Op.IS and len(condition.values) == 1
    if not is_one or not isinstance(network, IPv4Network | IPv6Network):
        return None
    if not covers(network, start):
        return None
    found = wider(network, start)
    return replace(condition, values=(found,)) if found not in (None, network) else None


def covers(wide: Value, narrow: Value) -> bool:
    """True where every record with the narrow value has the wide one."""
    match wide:
        case IPv4Network():
            return isinstance(narrow, IPv4Network) and narrow.subnet_of(wide)
        case IPv6Network():
            return isinstance(narrow, IPv6Network) and narrow.subnet_of(wide)
        case NumberRange(first=first, last=last) if isinstance(narrow, NumberRange):
            return first <= narrow.first and narrow.last <= last
        case NumberRange(first=first, last=last) if isinstance(narrow, int):
            return first <= narrow <= last
        case _:
            return type(wide) is type(narrow) and wide == narrow


def implies(narrow: Condition, wide: Condition) -> bool:
    """True where both want values of one key, and the wide one says nothing that is left to say."""
    is_like = narrow.key == wide.key and narrow.op is wide.op is Op.IS
    if not is_like or narrow.is_excluded or wide.is_excluded:
        return False
    return all(any(covers(w, n) for w in wide.values) for n in narrow.values)


def keep_only(filter: FlowFilter, condition: Condition) -> FlowFilter:
    """Only records that also meet the condition; wider ones of its key give way to it."""
    if any(implies(c, condition) for c in filter.conditions):
        return filter
    return _put(filter, tuple(c for c in filter.conditions if implies(condition, c)), condition)


def leave_out(filter: FlowFilter, condition: Condition) -> FlowFilter:
    """Without the records that meet the condition; one chip holds all that is left out of a key."""
    alike = tuple(
        c for c in filter.conditions if c.is_excluded and c.op is Op.IS and c.key == condition.key
    )
    values = [value for c in (*alike, condition) for value in c.values]
    sharp = tuple(
        value
        for at, value in enumerate(values)
        if value not in values[:at]
        and not any(covers(other, value) and other != value for other in values)
    )
    return _put(filter, alike, Condition(condition.key, sharp, Op.IS, is_excluded=True))


def put_in_place(filter: FlowFilter, old: Condition, new: Condition) -> FlowFilter:
    """One condition in the place of another."""
    return _put(filter, (old,), new)


def _put(filter: FlowFilter, old: tuple[Condition, ...], new: Condition) -> FlowFilter:
    """The new one where the first of the old ones stood, else at the end."""
    found: list[Condition] = []
    for condition in filter.conditions:
        if condition not in old:
            found.append(condition)
        elif new not in found:
            found.append(new)
    if new not in found:
        found.append(new)
    return replace(filter, conditions=tuple(found))
