"""The first question: a named source, the demo, files here, S3, or Athena."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from flowtui.errors import ConfigError
from flowtui.session.sittings import Sitting
from flowtui.session.sources import Source, SourceKind, check_bucket
from flowtui.ui.age import age_text
from flowtui.ui.start.aws import Chosen, choose_profile, keep_or_open
from flowtui.ui.start.steps import Act, Offer, Step

if TYPE_CHECKING:
    from flowtui.ui.start.screen import StartScreen

_MOST_SITTINGS = 5
_SPANS = (
    ("The last hour", "last:1h"),
    ("The last 6 hours", "last:6h"),
    ("The last 24 hours", "last:24h"),
    ("The last 7 days", "last:7d"),
)


def first_step(screen: StartScreen) -> Step:
    """What to open."""
    return Step(
        "What to open?",
        "A source can be given on the command line too: flowtui SOURCE.",
        (
            *(
                Offer(name, place, partial(open_text, screen, name))
                for name, place in screen.start.named
            ),
            Offer(
                "Demo", "a made-up day with an incident in it", partial(open_text, screen, "demo")
            ),
            Offer("Files here", "a directory, a log file or a glob", partial(ask_path, screen)),
            Offer("S3", "flow logs in a bucket, fetched for a time", partial(ask_bucket, screen)),
            Offer("Athena", "a table over logs of any size", partial(ask_table, screen)),
        ),
    )


def sitting_offers(screen: StartScreen, sittings: Sequence[Sitting]) -> tuple[Offer, ...]:
    """The latest sittings, to go on with."""
    now = datetime.now(UTC)
    return tuple(
        Offer(
            f"Go on: {one.source}",
            f"{one.outcome()} {age_text(now - one.saved)} ago at {one.way}",
            partial(screen.go_on, one),
        )
        for one in sittings[:_MOST_SITTINGS]
    )


def open_text(screen: StartScreen, text: str) -> None:
    """Open what a text means."""

    def found() -> Act:
        source = screen.start.resolve(text)
        return lambda: screen.open(source)

    screen.load(text, f"Opening {text} …", found)


async def ask_path(screen: StartScreen) -> None:
    """Let a path be typed."""
    from flowtui.ui.start.path import AskPath

    def answered(text: str | None) -> None:
        if text:
            open_text(screen, text)

    await screen.app.push_screen(AskPath(screen.runner), answered)


async def ask_bucket(screen: StartScreen) -> None:
    """Let a place in S3 be typed; then who we are, and the time."""
    from flowtui.ui.screens.ask_line import AskLine

    def answered(text: str | None) -> None:
        if text:
            choose_profile(screen, "S3", partial(choose_span, screen, text))

    dialog = AskLine(
        "Flow logs in S3",
        "Bucket and prefix; what lies in folders of other days is not listed.",
        text="s3://",
        wrong=_wrong_bucket,
    )
    await screen.app.push_screen(dialog, answered)


def choose_span(screen: StartScreen, location: str, chosen: Chosen) -> None:
    """Which time is fetched first."""
    source = Source(SourceKind.S3, location, location, profile=chosen.profile, region=chosen.region)
    screen.go(
        Step(
            location,
            "Which time first? Its objects are fetched once, and kept. t changes it later.",
            tuple(
                Offer(title, "", partial(keep_or_open, screen, source, line))
                for title, line in _SPANS
            ),
        )
    )


def ask_table(screen: StartScreen) -> None:
    """Who we are, then work group, database, table."""
    from flowtui.ui.start.athena import choose_workgroup

    choose_profile(screen, "Athena", partial(choose_workgroup, screen))


def _wrong_bucket(text: str) -> str:
    try:
        check_bucket(text)
    except ConfigError as error:
        return f"{error.message}. {error.hint}"
    return ""
