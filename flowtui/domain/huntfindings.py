"""What the rows of detections say, in words and in order of what to look at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from flowtui.domain.detections import Detection, Severity, cell_words, evidence_text
from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import Kind
from flowtui.domain.queries import SavedQuery


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a detection."""

    query: SavedQuery
    who: str
    """`203.0.113.66 → 10.20.0.22 port 22 (ssh)`."""
    evidence: str
    strength: float = 1.0
    """How many times the threshold; 1 where there is none."""
    first_seen: int | None = None
    """Unix seconds."""
    last_seen: int | None = None
    row: int = 0
    """Its place in the result, from 0."""
    also: tuple[str, ...] = ()
    """Others with the very same figures: a NAT gateway repeats what a host behind it does."""

    @property
    def severity(self) -> Severity:
        """How much it should worry."""
        return self.query.detection.severity if self.query.detection else Severity.INFO


def findings_of(
    query: SavedQuery,
    arguments: tuple[tuple[str, str], ...],
    columns: Sequence[Column],
    rows: Iterable[Row],
) -> tuple[Finding, ...]:
    """The findings in the rows of a detection; rows that repeat one are told with it.

    Args:
        query: The detection.
        arguments: Those that were typed, as in a view.
        columns: Of the result.
        rows: Of the result.
    """
    assert query.detection is not None
    parameters = {p.name: p.default for p in query.parameters} | dict(arguments)
    found: dict[tuple[object, ...], Finding] = {}
    for index, row in enumerate(rows):
        cells = {c.name: (c, cell) for c, cell in zip(columns, row, strict=True)}
        finding = replace(_finding(query, query.detection, parameters, cells), row=index)
        others = tuple(cells[name][1] for name in query.detection.who[1:] if name in cells)
        key = (finding.evidence, finding.first_seen, finding.last_seen, others)
        first = found.get(key)
        if first is None:
            found[key] = finding
        else:
            found[key] = replace(first, also=(*first.also, finding.who))
    return tuple(found.values())


def _finding(
    query: SavedQuery,
    detection: Detection,
    parameters: Mapping[str, str],
    cells: Mapping[str, tuple[Column, Cell]],
) -> Finding:
    return Finding(
        query,
        who_text([cells[name] for name in detection.who if name in cells]),
        evidence_text(detection.evidence, cells, parameters),
        _strength(detection, parameters, cells),
        _instant(cells, "first_seen"),
        _instant(cells, "last_seen"),
    )


def who_text(cells: Sequence[tuple[Column, Cell]]) -> str:
    """`203.0.113.66 → 10.20.0.22 port 22 (ssh)`: addresses first, then what tells more."""
    addresses = [str(cell) for column, cell in cells if column.kind is Kind.ADDRESS]
    others = []
    for column, cell in cells:
        if column.kind is Kind.PORT:
            others.append(f"port {cell_words(column, cell)}")
        elif column.kind is Kind.TIME:
            others.append(f"at {cell_words(column, cell)}")
        elif column.kind is not Kind.ADDRESS:
            others.append(cell_words(column, cell))
    return " ".join(filter(None, [" → ".join(addresses), *others]))


def _strength(
    detection: Detection,
    parameters: Mapping[str, str],
    cells: Mapping[str, tuple[Column, Cell]],
) -> float:
    _, value = cells.get(detection.strength, (None, None))
    least = _threshold(parameters.get(detection.threshold, ""))
    if not least or isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return 1.0
    return float(value) / least


def _threshold(text: str) -> float:
    """A parameter as typed, as a number: `20`, `500MB`, `2h`; 0 for what is none."""
    from flowtui.domain.values import parse_duration, parse_size

    if text.isdecimal():
        return float(text)
    for read in (parse_size, lambda text: int(parse_duration(text).total_seconds())):
        try:
            return float(read(text))
        except ValueError:
            continue
    return 0.0


def _instant(cells: Mapping[str, tuple[Column, Cell]], name: str) -> int | None:
    value = cells[name][1] if name in cells else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first; among equals, what passes its threshold by most."""
    return tuple(sorted(findings, key=lambda f: (-f.severity.rank, -f.strength)))
