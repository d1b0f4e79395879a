"""How a hunt looks: its findings, how it stands, and what is said of each."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from textwrap import wrap
from typing import Final

from textual.content import Content

from flowtui.domain.detections import Severity, meaning, technique_text
from flowtui.domain.huntfindings import Finding
from flowtui.domain.money import dollars
from flowtui.domain.values import format_instant
from flowtui.session.copytext import one_line
from flowtui.session.hunt import Hunt, Outcome, now_text
from flowtui.session.huntreport import nothing_text, reason_text
from flowtui.ui.hunting import Hunted
from flowtui.ui.widgets.line import plain

STYLES: Final = {
    Severity.CRITICAL: "bold $text-error",
    Severity.HIGH: "bold $text-error",
    Severity.MEDIUM: "bold $text-warning",
    Severity.LOW: "bold $text-accent",
    Severity.INFO: "bold $text-muted",
}
_INDENT: Final = 9
LEAST_WIDTH: Final = 30
"""Columns that evidence needs to be read."""


def stand(hunted: Hunted) -> Content:
    """How the hunt stands, in a line."""
    if hunted.error is not None:
        return Content.styled(plain(f"{hunted.error.message} {hunted.error.hint}"), "$text-error")
    hunt = hunted.hunt
    if hunt is None:
        return Content.styled("Asking what it will cost …", "dim")
    if hunted.is_held_back:
        told = f"Nothing has run yet. {hunt.plan.check.reason} {hunt.plan.price}. Enter runs it."
        return Content.styled(plain(told), "bold $text-warning")
    if not hunt.is_over:
        return Content.styled(plain(f"● {now_text(hunt)}"), "$text-accent")
    count = len(hunt.findings)
    parts = [
        f"{count} {'finding' if count == 1 else 'findings'}",
        f"{len(hunt.of(Outcome.FOUND, Outcome.NOTHING))} of {len(hunt.reports)} detections asked",
        *([dollars(hunt.spent)] if hunt.plan.is_paid else []),
    ]
    return Content(plain(" · ".join(parts)))


def painted(finding: Finding, width: int) -> Content:
    """What and who on a line, then the evidence, indented; lines of so many columns."""
    severity = finding.severity
    also = f" (same figures: {'; '.join(finding.also)})" if finding.also else ""
    margin = " " * _INDENT
    words = one_line(f"{finding.evidence}{also}")
    told = wrap(words, width, initial_indent=margin, subsequent_indent=margin)
    return Content.assemble(
        (f"{severity.value.upper():<{_INDENT}}", STYLES[severity]),
        (plain(finding.query.title), "bold"),
        f"  {plain(finding.who)}\n",
        ("\n".join(told), "$text-muted"),
    )


def remarks(hunt: Hunt) -> list[Content]:
    """Why some were not asked, and which found nothing."""
    gaps = hunt.of(Outcome.FAILED, Outcome.IMPOSSIBLE)
    lines = [Content.styled(one_line(reason_text(report)), "$text-warning") for report in gaps]
    if nothing := nothing_text(hunt):
        lines.append(Content.styled(one_line(nothing), "dim"))
    return lines


def nothing_yet(hunted: Hunted) -> str:
    """What stands in place of a finding."""
    if hunted.is_running:
        return "Detections run one after the other; what they find stands here as it comes."
    return "Nothing was found." if hunted.hunt and hunted.hunt.is_over else ""


def about(finding: Finding, zone: tzinfo) -> Content:
    """How to read a finding, and what to do next."""
    times = [_instant(seconds, zone) for seconds in (finding.first_seen, finding.last_seen)]
    head = [technique_text(finding.query.technique), " to ".join(filter(None, times))]
    lines = [Content.styled(one_line(" · ".join(filter(None, head))), "bold")]
    told = meaning(finding.query.detection)[1:]
    for label, words in (*told[-1:], *told[:-1]):
        if words:
            lines.append(Content.assemble((label, "$text-accent"), one_line(words)))
    return Content("\n").join(lines)


def _instant(seconds: int | None, zone: tzinfo) -> str:
    if seconds is None:
        return ""
    try:
        return format_instant(datetime.fromtimestamp(seconds, UTC), zone)
    except (ValueError, OverflowError, OSError):
        return str(seconds)
