"""Who we are to AWS, and whether a source is kept under a name: for S3 and Athena alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from flowtui.errors import FlowtuiError
from flowtui.session.sources import Source, SourceKind
from flowtui.ui.start.steps import Act, Offer, Step

if TYPE_CHECKING:
    from flowtui.ui.start.screen import StartScreen


@dataclass(frozen=True, slots=True)
class Chosen:
    """What has been chosen on the way to a source."""

    profile: str = ""
    region: str = ""
    workgroup: str = ""
    output_location: str = ""
    database: str = ""

    @property
    def heading(self) -> str:
        """The way so far: `Athena › audit › eu-west-1`."""
        way = (self.profile, self.region, self.workgroup, self.database)
        return " › ".join(part for part in ("Athena", *way) if part)


Next = Callable[[Chosen], None]


def choose_profile(screen: StartScreen, heading: str, then: Next) -> None:
    """Let a profile be chosen, and a region where it names none."""

    def found() -> Act:
        from flowtui.session.catalogue import profiles

        offers = tuple(
            Offer(
                profile.name or "As AWS tools here do",
                profile.region or "no region: asked next",
                partial(_with_region, screen, Chosen(profile.name, profile.region), then),
            )
            for profile in profiles()
        )
        about = "Which AWS profile? The first one takes the environment, or this machine's role."
        return lambda: screen.go(Step(heading, about, offers))

    screen.load(heading, "Reading the AWS config files …", found)


def _with_region(screen: StartScreen, chosen: Chosen, then: Next) -> None:
    if chosen.region:
        then(chosen)
    else:
        choose_region(screen, chosen, then)


def choose_region(screen: StartScreen, chosen: Chosen, then: Next) -> None:
    """Let a region be chosen."""

    def found() -> Act:
        from flowtui.session.catalogue import regions

        offers = tuple(
            Offer(region, "", partial(then, replace(chosen, region=region))) for region in regions()
        )
        return lambda: screen.go(Step(chosen.heading, "In which region?", offers))

    screen.load(chosen.heading, "Reading the list of regions …", found)


async def keep_or_open(screen: StartScreen, source: Source, line: str) -> None:
    """Offer to write the source into the settings, then open it."""
    from flowtui.session.remember import wrong_name
    from flowtui.ui.screens.ask_line import AskLine

    async def answered(name: str | None) -> None:
        if name:
            keep(screen, name, source, line)
        else:
            await screen.open(source, line)

    taken = screen.start.taken
    dialog = AskLine(
        "Keep it under a name?",
        f"Enter writes [sources.NAME] into {screen.start.config_file}, and `flowtui NAME` opens it "
        "from then on. Esc opens it without writing anything.",
        text=_free_name(source, taken),
        wrong=lambda name: wrong_name(name, taken),
    )
    await screen.app.push_screen(dialog, answered)


def keep(screen: StartScreen, name: str, source: Source, line: str) -> None:
    """Write the source into the settings, and open it."""

    def found() -> Act:
        from flowtui.session.config import SourceConfig
        from flowtui.session.remember import remember_source

        kind = "athena" if source.kind is SourceKind.ATHENA else "s3"
        kept = SourceConfig(
            **{kind: source.location}, profile=source.profile, region=source.region,
            output_location=source.output_location,
        )  # fmt: skip
        try:
            remember_source(name, kept)
        except FlowtuiError as error:
            offer = Offer("Open it all the same", "", lambda: screen.open(source, line))
            failure = error
            return lambda: screen.fail(failure, offer)
        return lambda: screen.open(replace(source, name=name), line)

    screen.load(name, f"Writing [sources.{name}] …", found)


def _free_name(source: Source, taken: tuple[str, ...]) -> str:
    end = source.location.rstrip("/").rpartition("." if source.kind is SourceKind.ATHENA else "/")[
        2
    ]
    name = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in end)
    name = name.strip("-")[:60] or "logs"
    free, number = name, 2
    while free in (*taken, "demo"):
        free, number = f"{name}-{number}", number + 1
    return free
