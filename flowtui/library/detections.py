"""The `[detection]` table of a query file: severity, evidence, and what to make of a row.

-- technique = "T1046"
-- [detection]
-- severity = "medium"
-- evidence = "{dstports} ports of {dstaddr} in {span}; counted from more than {:ports}"
-- who = ["srcaddr", "dstaddr"]
-- strength = "dstports"
-- threshold = "ports"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flowtui.domain.detections import TECHNIQUES, Detection, Severity, holes, is_technique
from flowtui.domain.queries import Parameter
from flowtui.library.facts import (
    QueryFileError,
    nearest,
    quoted,
    refuse_unknown,
    table_of,
    text_of,
    texts_of,
)

_TEXTS: Final = ("strength", "threshold", "true_positive", "false_positive", "next", "next_words")
_KEYS: Final = ("severity", "evidence", "who", *_TEXTS, "arguments")
_PLACE: Final = "detection"


def check_technique(text: str) -> str:
    """The technique, where it is written as ATT&CK's are.

    Raises:
        QueryFileError: It is not; names the nearest that flow logs can show.
    """
    if text and not is_technique(text):
        word = text.split(" ")[0].upper()
        raise QueryFileError(
            f"`{text}` is no ATT&CK technique{nearest(word, TECHNIQUES)}",
            hint="Write its id, T1046 or T1021.004, and its name after it if you like.",
        )
    return text


def parse_detection(
    facts: Mapping[str, object], parameters: tuple[Parameter, ...]
) -> Detection | None:
    """What the head says of its rows; None where it says nothing.

    Raises:
        QueryFileError: Something in the table is unknown, missing, or no text.
    """
    if _PLACE not in facts:
        return None
    table = table_of(facts, _PLACE)
    refuse_unknown(table, _KEYS, f"key of {_PLACE}")
    texts = {key: text_of(table[key], f"{_PLACE}.{key}") for key in _TEXTS if key in table}
    names = tuple(parameter.name for parameter in parameters)
    arguments = table_of(table, "arguments", f"{_PLACE}.arguments")
    evidence = text_of(_needed(table, "evidence"), f"{_PLACE}.evidence")
    asked = [hole[1:] for hole in holes(evidence) if hole.startswith(":")]
    for name in (*asked, *filter(None, [texts.get("threshold")]), *arguments):
        if name not in names:
            raise QueryFileError(
                f"`{_PLACE}` names the parameter `{name}`, which is not there{nearest(name, names)}"
            )
    return Detection(
        severity=_severity(text_of(_needed(table, "severity"), f"{_PLACE}.severity")),
        evidence=evidence,
        who=texts_of(_needed(table, "who"), f"{_PLACE}.who", '["srcaddr", "dstaddr"]'),
        **texts,
        arguments=tuple(
            (name, text_of(value, f"{_PLACE}.arguments.{name}"))
            for name, value in arguments.items()
        ),
    )


def _needed(table: Mapping[str, object], key: str) -> object:
    if key not in table:
        raise QueryFileError(f"`{_PLACE}` needs `{key}`")
    return table[key]


def _severity(word: str) -> Severity:
    words = [severity.value for severity in Severity]
    if word not in words:
        hint = f"From mild to grave: {', '.join(words)}."
        raise QueryFileError(f"`{word}` is no severity{nearest(word, words)}", hint=hint)
    return Severity(word)


def detection_lines(detection: Detection) -> Iterator[str]:
    """The table as TOML; reads back as the same detection."""
    yield f"[{_PLACE}]"
    yield f"severity = {quoted(detection.severity.value)}"
    yield f"evidence = {quoted(detection.evidence)}"
    yield f"who = [{', '.join(map(quoted, detection.who))}]"
    for key in _TEXTS:
        if value := getattr(detection, key):
            yield f"{key} = {quoted(value)}"
    if detection.arguments:
        yield f"[{_PLACE}.arguments]"
        yield from (f"{quoted(name)} = {quoted(value)}" for name, value in detection.arguments)
