"""Opening the screen."""

from __future__ import annotations

from typing import Any

from flowtui.cli.options import filter_line
from flowtui.session.config import load_config
from flowtui.session.sources import resolve_source


def open_screen(
    source: str,
    *,
    slug: str | None,
    line: str | None,
    log_format: str,
    no_cache: bool,
    clipboard: str | None,
    **chosen: Any,
) -> None:
    """Run the application until the person leaves; every argument as typed."""
    config = load_config()
    resolved = resolve_source(source, config, log_format)
    text = filter_line(line, chosen)

    from flowtui.ui.app import FlowtuiApp  # Textual: only where a screen is wanted

    FlowtuiApp(
        source=resolved,
        config=config,
        query=slug or "",
        filter_line=text,
        is_cached=not no_cache,
        clipboard=clipboard or config.clipboard,
    ).run()
