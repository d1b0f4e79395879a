"""A hunt as text: a page of Markdown for a ticket, and its findings as rows of a table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from flowtui.domain.detections import Severity, technique_text
from flowtui.domain.executions import Column, Row
from flowtui.domain.fields import Kind
from flowtui.domain.filterline import format_filter, format_time
from flowtui.domain.filters import NO_FILTER, FlowFilter
from flowtui.domain.huntfindings import Finding
from flowtui.domain.money import dollars
from flowtui.engines.export import markdown_text
from flowtui.session.copytext import one_line
from flowtui.session.hunt import Hunt, Outcome, Report

COLUMNS: Final = (
    Column("severity", "varchar"),
    Column("title", "varchar"),
    Column("who", "varchar"),
    Column("evidence", "varchar"),
    Column("technique", "varchar"),
    Column("first_seen", "bigint", Kind.TIME),
    Column("last_seen", "bigint", Kind.TIME),
    Column("strength", "double"),
    Column("same_figures", "varchar"),
    Column("query", "varchar"),
    Column("next", "varchar"),
)
"""Of the rows that a hunt gives; `strength` is in multiples of the detection's threshold."""


def finding_row(finding: Finding) -> Row:
    """A finding under `COLUMNS`."""
    query, detection = finding.query, finding.query.detection
    assert detection is not None
    return (
        finding.severity.value,
        query.title,
        finding.who,
        finding.evidence,
        technique_text(query.technique) or None,
        finding.first_seen,
        finding.last_seen,
        round(finding.strength, 1),
        "; ".join(finding.also) or None,
        query.slug,
        detection.next or None,
    )


def at_least(hunt: Hunt, least: Severity) -> tuple[Finding, ...]:
    """The findings of a severity or graver, the gravest first."""
    return tuple(f for f in hunt.findings if f.severity.rank >= least.rank)


def window_text(hunt: Hunt) -> str:
    """The bounds that every detection was asked under, in UTC."""
    time = hunt.plan.time
    return " ".join(format_time(time, UTC)) if time else "all there is"


def warnings_of(hunt: Hunt) -> tuple[str, ...]:
    """What must be known before the findings are believed, and before their absence is."""
    found = []
    if hunt.lost_windows:
        windows = "1 window" if hunt.lost_windows == 1 else f"{hunt.lost_windows:,} windows"
        found.append(f"Records of {windows} were lost (SKIPDATA): totals are floors.")
    elif hunt.lost_windows is None and hunt.is_over:
        found.append("Whether records were lost (SKIPDATA) is not known: totals may be floors.")
    if cut := [report.step.query.title for report in hunt.reports if report.is_cut]:
        found.append(f"Cut at its limit of rows, so there may be more: {', '.join(cut)}.")
    for outcome, words in _GAPS:
        if reports := hunt.of(outcome):
            found.append(f"{words} {', '.join(r.step.query.title for r in reports)}.")
    return tuple(found)


_GAPS: Final = (
    (Outcome.FAILED, "Failed, so nothing is known of:"),
    (Outcome.CANCELLED, "Not run, so nothing is known of:"),
    (Outcome.IMPOSSIBLE, "This source cannot tell:"),
)


def reason_text(report: Report) -> str:
    """`SYN floods: vpc_flow_logs has no field tcp_flags`, on one line."""
    return one_line(f"{report.step.query.title}: {report.reason or report.outcome.value}")


def nothing_text(hunt: Hunt) -> str:
    """The detections that found nothing; empty where all found something."""
    titles = [report.step.query.title for report in hunt.of(Outcome.NOTHING)]
    return f"Found nothing: {', '.join(titles)}." if titles else ""


def hunt_markdown(hunt: Hunt, source: str, least: Severity = Severity.INFO) -> str:
    """The whole page as Markdown, safe to paste anywhere.

    Args:
        hunt: As it stands.
        source: How the source is called.
        least: Milder findings are left out, and counted.
    """
    shown = at_least(hunt, least)
    lines = [f"# Hunt over {_safe(source)}", "", f"- Time (UTC): {_safe(window_text(hunt))}"]
    if conditions := format_filter(_conditions(hunt)):
        lines.append(f"- Filter: {_safe(conditions)}")
    if hunt.plan.is_paid:
        lines.append(f"- Cost: {_safe(dollars(hunt.spent))}")
    lines += [f"- {_safe(warning)}" for warning in warnings_of(hunt)]
    lines += ["", *_table(shown), ""]
    left = len(hunt.findings) - len(shown)
    if left:
        lines += [f"{left} milder {'finding is' if left == 1 else 'findings are'} left out.", ""]
    if nothing := nothing_text(hunt):
        lines += [_safe(nothing), ""]
    gaps = hunt.of(Outcome.FAILED, Outcome.IMPOSSIBLE)
    lines += [f"- {_safe(reason_text(report))}" for report in gaps if report.reason]
    lines.append("Findings say what the records look like; they prove no intent.")
    return "\n".join(lines).rstrip() + "\n"


def hunt_text(hunt: Hunt, source: str, least: Severity = Severity.INFO) -> str:
    """The page for a terminal: three lines a finding."""
    shown = at_least(hunt, least)
    lines = [f"{source} · {window_text(hunt)} · {_counted(len(shown))}", ""]
    for finding in shown:
        also = f" (same figures: {'; '.join(finding.also)})" if finding.also else ""
        lines += [
            f"{finding.severity.value.upper():<9}{finding.query.title}: {finding.who}{also}",
            f"{'':9}{finding.evidence}",
            f"{'':9}{_footing(finding)}",
            "",
        ]
    lines += filter(None, [nothing_text(hunt)])
    return "".join(f"{one_line(line).rstrip()}\n" for line in lines)


def _counted(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"


def _footing(finding: Finding) -> str:
    """`T1046 Network Service Discovery · 2026-11-23T01:10:00Z · next: scan-succeeded`."""
    next = finding.query.detection.next if finding.query.detection else ""
    parts = (
        technique_text(finding.query.technique),
        instant_text(finding.first_seen),
        f"next: {next}" if next else "",
    )
    return " · ".join(filter(None, parts))


def _conditions(hunt: Hunt) -> FlowFilter:
    steps = hunt.plan.steps
    return steps[0].view.filter.without_time() if steps else NO_FILTER


def _table(findings: tuple[Finding, ...]) -> list[str]:
    if not findings:
        return ["Nothing was found."]
    heads = ("Severity", "Looks like", "Who", "Evidence", "ATT&CK", "First seen", "Next")
    rows = [[_safe(head) for head in heads], ["---"] * len(heads)]
    for finding in findings:
        detection = finding.query.detection
        assert detection is not None
        also = f" (same figures: {'; '.join(finding.also)})" if finding.also else ""
        cells = (
            finding.severity.value,
            finding.query.title,
            finding.who + also,
            finding.evidence,
            technique_text(finding.query.technique),
            instant_text(finding.first_seen),
            detection.next_words,
        )
        rows.append([_safe(cell) for cell in cells])
    return [f"| {' | '.join(row)} |" for row in rows]


def instant_text(seconds: int | None) -> str:
    """Unix seconds in ISO 8601, UTC; empty for none, and a year that no calendar has as it is."""
    if seconds is None:
        return ""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def _safe(text: str) -> str:
    return markdown_text(one_line(text))
