"""What is typed for a saved query's parameter, made a typed value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from flowtui.domain.addresses import network_text, parse_network
from flowtui.domain.filters import Value
from flowtui.domain.ports import MAX_PORT, parse_port
from flowtui.domain.queries import Argument, Parameter, ParameterType
from flowtui.domain.values import parse_duration, parse_size
from flowtui.errors import FilterError

_MAX_COUNT: Final = 2**63 - 1
_Read = Callable[[str], Sequence[Value]]


def parse_argument(parameter: Parameter, text: str) -> Argument:
    """The value of a parameter.

    Returns:
        Whole numbers for count, port, duration (seconds) and bytes; a tuple of networks for cidr
        and cidrs, of ports and ranges for ports; text for text and address.

    Raises:
        FilterError: With the span that is wrong in the text.
    """
    match parameter.type:
        case ParameterType.TEXT:
            return text
        case ParameterType.PORTS:
            return _listed(parameter, text, parse_port)
        case ParameterType.CIDRS:
            return _listed(parameter, text, lambda word: (parse_network(word),))
        case _:
            return _single(parameter, text)


def _single(parameter: Parameter, text: str) -> Argument:
    word = text.strip()
    if not word:
        raise _error(parameter, text, "a value is missing", (0, len(text)))
    try:
        match parameter.type:
            case ParameterType.CIDR:
                return (parse_network(word),)
            case ParameterType.ADDRESS:
                return _address(word)
            case ParameterType.DURATION:
                return int(parse_duration(word).total_seconds())
            case ParameterType.BYTES:
                return parse_size(word)
            case ParameterType.PORT:
                return _port(word)
            case _:
                return _count(word)
    except ValueError as error:
        start = text.index(word)
        raise _error(parameter, text, str(error), (start, start + len(word))) from None


def _address(word: str) -> str:
    if "/" in word:
        raise ValueError("one address, not a network")
    return network_text(parse_network(word))


def _port(word: str) -> int:
    ports = parse_port(word)
    if len(ports) != 1 or not isinstance(ports[0], int):
        raise ValueError(f"one port, 0 to {MAX_PORT}")
    return ports[0]


def _count(word: str) -> int:
    if not (word.isascii() and word.isdigit()) or len(word) > 19 or int(word) > _MAX_COUNT:
        raise ValueError("a whole number, 0 or more")
    return int(word)


def _listed(parameter: Parameter, text: str, read: _Read) -> tuple[Value, ...]:
    found: list[Value] = []
    at = 0
    for part in text.split(","):
        word = part.strip()
        start = at + part.index(word) if word else at
        at += len(part) + 1
        if not word:
            raise _error(parameter, text, "a value is missing", (start, max(start, at - 1)))
        try:
            found += read(word)
        except ValueError as error:
            raise _error(parameter, text, str(error), (start, start + len(word))) from None
    return tuple(dict.fromkeys(found))


def _error(parameter: Parameter, text: str, problem: str, span: tuple[int, int]) -> FilterError:
    return FilterError(f"{parameter.name}: {problem}", text, span, parameter.help)
