"""A timeline as text: bars, axis, and one bucket in words. Pure.

Accepted and rejected stand in a row each, so that nobody needs to see a colour, and each row is
drawn up to its own peak, which is told: else a few rejects beside much traffic would be nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from flowtui.domain.timelines import (
    LADDER_S,
    Grid,
    Measure,
    Slot,
    Tally,
    Timeline,
    Verdict,
    width_text,
)
from flowtui.domain.values import format_size
from flowtui.session.emptiness import DELIVERY
from flowtui.ui.figures import grouped

LOST: Final = "!"
"""Below a bucket: records were lost."""
LATE: Final = "?"
"""Below a bucket: some may still be on their way."""
_BLOCKS: Final = " ▁▂▃▄▅▆▇█"
_LABEL_GAP: Final = 2
_SEPARATOR: Final = " · "
_SHORT: Final = ((" accepted", " acc"), (" rejected", " rej"), (" records", " rec"))
_YEAR_S: Final = 300 * 86400
"""From here on a date needs its year."""
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bars:
    """A row of bars."""

    name: str
    heights: tuple[int, ...]
    """In eighths, 0 to 8, of each bucket; what is something is never 0."""
    peak: str
    """The highest value, in words."""


def rows_of(timeline: Timeline, measure: Measure) -> tuple[Bars, Bars]:
    """Accepted and rejected; what has no verdict in place of the accepted where all has none."""
    total = timeline.total
    is_without = total.other.records > 0 and not (total.accepted.records + total.rejected.records)
    first = Verdict.OTHER if is_without else Verdict.ACCEPTED
    name = "traffic" if is_without else "accepted"
    return _bars(timeline, measure, first, name), _bars(
        timeline, measure, Verdict.REJECTED, "rejected"
    )


def _bars(timeline: Timeline, measure: Measure, verdict: Verdict, name: str) -> Bars:
    values = [_tally(slot, verdict).of(measure) for slot in timeline.slots]
    top = max(values, default=0)
    heights = tuple(-(-8 * value // top) if value > 0 else 0 for value in values)
    return Bars(name, heights, amount(top, measure))


def _tally(slot: Slot, verdict: Verdict) -> Tally:
    match verdict:
        case Verdict.ACCEPTED:
            return slot.accepted
        case Verdict.REJECTED:
            return slot.rejected
        case Verdict.OTHER:
            return slot.other


def block(height: int) -> str:
    """A bar of so many eighths."""
    return _BLOCKS[height]


def amount(value: int, measure: Measure) -> str:
    """`1 204`, `12.3 M`, `48.2 kB`."""
    if measure is Measure.BYTES:
        return format_size(value)
    return grouped(value) if value < _MILLION else f"{value / _MILLION:.1f} M"


def places(count: int, width: int) -> list[range]:
    """Which cells of a row each bucket has; none is without one where the width allows it."""
    edges = [-(-index * width // count) for index in range(count + 1)]
    return [range(low, high) for low, high in pairwise(edges)]


def signs(timeline: Timeline, now: datetime) -> tuple[str, ...]:
    """What is to be said of each bucket, `!`, `?` or nothing; a loss is said before a delay."""
    late_from = int((now - DELIVERY).timestamp())
    grid = timeline.grid
    ends = [min(grid.until, grid.begin(index + 1)) for index in range(len(grid))]
    return tuple(
        LOST if slot.lost else LATE if end > late_from else ""
        for slot, end in zip(timeline.slots, ends, strict=True)
    )


def axis(
    grid: Grid,
    cells: list[range],
    marks: tuple[str, ...],
    zone: tzinfo,
    overlaid: Mapping[int, str],
) -> str:
    """`╵10:00────╵10:15──!!──`: times below the buckets that begin there, and the signs.

    A sign hides a time; where most buckets have one, times hide signs: the heading counts them.
    What is laid over it, by cell, hides both.
    """
    line = ["─"] * cells[-1].stop
    for place, sign in zip(cells, marks, strict=True):
        if sign:
            line[place.start : place.stop] = sign * len(place)
    is_crowded = 2 * sum(map(bool, marks)) > len(marks)
    for index, label in _labels(grid, len(line), zone):
        start = cells[index].start
        spot = line[start : start + len(label)]
        is_free = overlaid.keys().isdisjoint(range(start, start + len(label)))
        has_signs = bool({LOST, LATE} & set(spot))
        if is_free and len(spot) == len(label) and (is_crowded or not has_signs):
            line[start : start + len(label)] = label
    for at, letter in overlaid.items():
        line[at] = letter
    return "".join(line)


def _labels(grid: Grid, width: int, zone: tzinfo) -> Iterator[tuple[int, str]]:
    """The first bucket of each round time of the zone, far enough from one another."""
    seconds = grid.until - grid.since
    for step in LADDER_S:
        form = _form(step, seconds)
        length = len(datetime.now(UTC).strftime(form)) + 1 + _LABEL_GAP
        if step >= grid.width_s and seconds / step * length <= width:
            break
    before = None
    for index in range(-1, len(grid)):
        begin = datetime.fromtimestamp(max(grid.begin(index), 0), zone)
        offset = begin.utcoffset() or timedelta()
        # Long buckets begin at no round time of most zones: the first one in each step has it.
        number = int(begin.timestamp() + offset.total_seconds()) // step
        if before is not None and number != before:
            yield index, f"╵{begin.strftime(form)}"
        before = number


def _form(step: int, seconds: int) -> str:
    if step >= 86400:
        return "%m-%d" if seconds < _YEAR_S else "%Y-%m-%d"
    if seconds > 86400:
        return "%m-%d %H:%M"
    return "%H:%M" if step >= 60 else "%H:%M:%S"


def heading(timeline: Timeline, measure: Measure, now: datetime, zone: tzinfo) -> str:
    """What the bars are, and what the signs below them mean, where there are any."""
    parts = [f"{measure.value} per {width_text(timeline.grid.width_s)}"]
    marks = signs(timeline, now)
    if lost := marks.count(LOST):
        parts.append(f"{LOST} records lost in {lost} of {len(marks)}")
    if LATE in marks:
        parts.append(f"{LATE} may still come")
    if not timeline.is_loss_known:
        parts.append("losses not known here")
    if without := timeline.total.other.of(measure):
        parts.append(f"{amount(without, measure)} without verdict")
    outside = (timeline.before + timeline.after).total.of(measure)
    if outside:
        parts.append(f"+ {amount(outside, measure)} of them outside {span(timeline, zone)}")
    return _SEPARATOR.join(parts)


def span(timeline: Timeline, zone: tzinfo) -> str:
    """The time in view."""
    return between(timeline.grid, 0, len(timeline.grid) - 1, zone)


def between(grid: Grid, first: int, last: int, zone: tzinfo) -> str:
    """`10:05 – 10:10`, with the date where the grid has several: from one bucket to another."""
    since, until = (moment.astimezone(zone) for moment in grid.ends(first, last))
    low, high = (moment.astimezone(zone) for moment in grid.ends(0, len(grid) - 1))
    has_seconds = any(moment.second for moment in (since, until))
    clock = "%H:%M:%S" if has_seconds else "%H:%M"
    has_dates = low.date() != (high - timedelta(seconds=1)).date()
    date = "%m-%d" if grid.until - grid.since < _YEAR_S else "%Y-%m-%d"
    end = clock if since.date() == until.date() or not has_dates else f"{date} {clock}"
    begin = f"{date} {clock}" if has_dates else clock
    return f"{since.strftime(begin)} – {until.strftime(end)}"


def words(
    timeline: Timeline, first: int, last: int, measure: Measure, zone: tzinfo, now: datetime
) -> str:
    """What passed from one bucket to another: time, records, bytes, verdicts, what is missing."""
    slot = sum(timeline.slots[first + 1 : last + 1], timeline.slots[first])
    total = slot.total
    plural = "" if total.records == 1 else "s"
    parts = [
        between(timeline.grid, first, last, zone),
        f"{grouped(total.records)} record{plural}",
        format_size(total.bytes),
    ]
    if measure is Measure.PACKETS:
        parts.append(f"{grouped(total.packets)} packets")
    parts += [
        f"{amount(slot.accepted.of(measure), measure)} accepted",
        f"{amount(slot.rejected.of(measure), measure)} rejected",
    ]
    if without := slot.other.of(measure):
        parts.append(f"{amount(without, measure)} without verdict")
    if slot.lost:
        parts.append(f"{slot.lost} lost window{'' if slot.lost == 1 else 's'}")
    if LATE in signs(timeline, now)[first : last + 1]:
        parts.append("more may still come")
    return _SEPARATOR.join(parts)


def shortened(text: str, width: int) -> str:
    """The same with its commonest words cut short, where it is too long."""
    for word, short in _SHORT:
        text = text if len(text) <= width else text.replace(word, short)
    return text
