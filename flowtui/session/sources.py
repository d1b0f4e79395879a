"""From what a person types to a source, and from a source to the engine that reads it."""

from __future__ import annotations

import glob
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from flowtui.domain.executions import Progress
from flowtui.domain.times import TimeRange
from flowtui.errors import ConfigError
from flowtui.session import paths
from flowtui.session.config import Config

if TYPE_CHECKING:
    from flowtui.engines.base import Engine

WAYS_TO_NAME = (
    "A source is demo, a file, a directory, a glob in quotes, s3://BUCKET/PREFIX/, "
    "athena://[WORKGROUP@]DATABASE.TABLE, or a name from [sources.NAME] in config.toml."
)
"""What may stand for SOURCE; the hint where it is wrong or missing."""


class SourceKind(Enum):
    """What kind of place holds the records."""

    DEMO = "demo"
    LOCAL = "local"
    S3 = "s3"
    ATHENA = "athena"


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from, as the person said it and as an engine needs it."""

    kind: SourceKind
    name: str
    """As typed; what the title bar and a command line show."""
    location: str
    """Path or glob, `s3://…` or `athena://…`."""
    format: str = ""
    """Format of files without a header line; empty: the header or the default decides."""
    profile: str = ""
    region: str = ""
    output_location: str = ""


@dataclass(frozen=True, slots=True)
class Aws:
    """Who we are to AWS as the command line says; empty: as chosen, or as the chain finds it."""

    profile: str = ""
    region: str = ""
    output_location: str = ""


def resolve_source(text: str, config: Config, format: str = "") -> Source:
    """The source that a text means: `demo`, a named one, a path or glob, or a URI.

    Raises:
        ConfigError: It means nothing, or there is no text and no default.
    """
    text = text or config.source
    if not text:
        raise ConfigError("No source is given.", WAYS_TO_NAME)
    if text == "demo":
        from flowtui.demo.files import demo_directory  # the generator: only where it is wanted

        return Source(SourceKind.DEMO, "demo", str(demo_directory(paths.cache_dir())))
    if text in config.sources:
        source = _named(text, config)
        return replace(source, format=format or source.format)
    return _placed(text, text, config, format)


def reached_by(source: Source, profile: str, region: str, output_location: str) -> Source:
    """The same source, with what the command line says of AWS over what the settings say."""
    return replace(
        source,
        profile=profile or source.profile,
        region=region or source.region,
        output_location=output_location or source.output_location,
    )


def _named(name: str, config: Config) -> Source:
    known = config.sources[name]
    if known.path:
        return Source(SourceKind.LOCAL, name, os.path.expanduser(known.path), known.format)
    return Source(
        SourceKind.ATHENA if known.athena else SourceKind.S3,
        name,
        known.athena or known.s3,
        known.format,
        known.profile,
        known.region,
        known.output_location,
    )


def _placed(name: str, text: str, config: Config, format: str) -> Source:
    scheme = text.split("://", 1)[0].lower() if "://" in text else ""
    match scheme:
        case "athena":
            return Source(SourceKind.ATHENA, name, text, format)
        case "s3":
            return Source(SourceKind.S3, name, text, format)
        case "file":
            return _placed(name, unquote(urlsplit(text).path), config, format)
        case "":
            return Source(SourceKind.LOCAL, name, _existing(text, config), format)
        case _:
            raise ConfigError(f"{scheme}:// is not a kind of source.", WAYS_TO_NAME)


def _existing(text: str, config: Config) -> str:
    path = os.path.expanduser(text)
    if os.path.exists(path) or (glob.has_magic(path) and _matches(path)):
        return path
    if glob.has_magic(path):
        raise ConfigError(f"No file matches {text}.", WAYS_TO_NAME)
    near = get_close_matches(text, ["demo", *config.sources], n=1)
    raise ConfigError(
        f"There is no source, file or directory named {text}.",
        f"Did you mean {near[0]}?" if near else WAYS_TO_NAME,
    )


def _matches(pattern: str) -> bool:
    return next(glob.iglob(pattern, recursive=True), None) is not None


def write_demo_if_missing(
    source: Source, cancelled: threading.Event, on_progress: Callable[[Progress], None]
) -> None:
    """Write the demo's files where they are not there yet. Blocks; worker threads only."""
    if source.kind is not SourceKind.DEMO:
        return
    from flowtui.demo.files import write_demo

    began = time.monotonic()

    def tell(done: int, total: int) -> None:
        elapsed_s = time.monotonic() - began
        on_progress(Progress(done, total, 0, done, total, elapsed_s, "Writing the demo"))

    write_demo(Path(source.location), tell, cancelled)


def check_bucket(text: str) -> None:
    """Say what is wrong with `s3://bucket/prefix`; asks nobody.

    Raises:
        ConfigError: It is not of that form.
    """
    from flowtui.engines.s3.listing import parse_location

    parse_location(text)


def is_paid(source: Source) -> bool:
    """True where asking for everything costs money or a long download."""
    return source.kind in (SourceKind.ATHENA, SourceKind.S3)


def open_engine(
    source: Source,
    config: Config,
    *,
    is_cached: bool = True,
    time: TimeRange | None = None,
    mfa_code: Callable[[str], str] | None = None,
    bytes_per_second: Callable[[], float | None] = lambda: None,
) -> Engine:
    """The engine for a source, not yet connected; imports its driver on first use.

    Args:
        source: What to read.
        config: Price and result reuse.
        is_cached: False reads straight from the files and writes nothing.
        time: What is looked at first, for S3.
        mfa_code: Asks the person for a code where the profile wants one.
        bytes_per_second: What the last run over the source scanned for each second of its range.
    """
    cache_root = paths.converted_dir() if is_cached else None
    match source.kind:
        case SourceKind.ATHENA:
            return _athena(source, config, mfa_code, bytes_per_second)
        case SourceKind.S3:
            return _s3(source, config, mfa_code, cache_root, time)
        case _:
            return _local(source, config, cache_root)


def _local(source: Source, config: Config, cache_root: Path | None) -> Engine:
    from flowtui.engines.local.engine import LocalEngine

    return LocalEngine(
        source.location,
        name=source.name,
        cache_root=cache_root,
        format=_log_format(source.format),
        cache_limit_bytes=config.cache.limit,
    )


def _s3(
    source: Source,
    config: Config,
    mfa_code: Callable[[str], str] | None,
    cache_root: Path | None,
    time: TimeRange | None,
) -> Engine:
    from flowtui.engines.athena.clients import AwsSettings
    from flowtui.engines.s3.engine import S3Engine

    return S3Engine(
        source.location,
        AwsSettings(source.profile or None, source.region or None, mfa_code),
        name=source.name,
        time=time,
        downloads_root=paths.downloads_dir(),
        cache_root=cache_root,
        format=_log_format(source.format),
        cache_limit_bytes=config.cache.limit,
    )


def _athena(
    source: Source,
    config: Config,
    mfa_code: Callable[[str], str] | None,
    bytes_per_second: Callable[[], float | None],
) -> Engine:
    from flowtui.engines.athena.address import TableAddress
    from flowtui.engines.athena.clients import AwsSettings
    from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions

    return AthenaEngine(
        TableAddress.parse(source.location),
        AwsSettings(source.profile or None, source.region or None, mfa_code),
        results_root=paths.results_dir(),
        options=AthenaOptions(
            source.output_location, config.athena.reuse_minutes, config.budget.price_per_tb
        ),
        bytes_per_second=bytes_per_second,
    )


def _log_format(text: str) -> tuple[str, ...] | None:
    if not text:
        return None
    from flowtui.engines.local.header import parse_format

    return parse_format(text)
