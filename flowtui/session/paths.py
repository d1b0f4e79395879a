"""Where flowtui keeps things: settings, state, and a cache that may be deleted at any time.

The places are those of the XDG base directories (`XDG_CONFIG_HOME`, `XDG_STATE_HOME`,
`XDG_CACHE_HOME`). Nothing is created by asking where it is; `private_dir` creates.
"""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_state_path


def config_dir() -> Path:
    """Directory of what the user writes; never created by flowtui alone."""
    return user_config_path("flowtui")


def config_file() -> Path:
    """The settings."""
    return config_dir() / "config.toml"


def queries_dir() -> Path:
    """The user's saved queries, one `.sql` file each."""
    return config_dir() / "queries"


def state_dir() -> Path:
    """Directory of what flowtui remembers: history, last trail, copied text, log file."""
    return user_state_path("flowtui")


def clip_file() -> Path:
    """The text copied last."""
    return state_dir() / "clip.txt"


def layouts_file() -> Path:
    """How the columns of queries are shown."""
    return state_dir() / "layouts.json"


def log_file() -> Path:
    """What went wrong, with tracebacks."""
    return state_dir() / "flowtui.log"


def cache_dir() -> Path:
    """Directory of what can be made again: converted logs, demo data, downloads."""
    return user_cache_path("flowtui")


def converted_dir() -> Path:
    """Converted flow logs, a directory per source."""
    return cache_dir() / "logs"


def private_dir(path: Path) -> Path:
    """Create a directory, and its parents, that nobody else may read; returns it.

    Raises:
        OSError: It cannot be created, or made private.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def downloads_dir() -> Path:
    """Objects fetched from S3."""
    return cache_dir() / "s3"


def results_dir() -> Path:
    """Rows of Athena's results; a directory per process, gone with it."""
    return cache_dir() / "results"


def label_files() -> tuple[Path, ...]:
    """Files of names that are read where they are there."""
    names = ("ip-ranges.json", "hosts", "labels.csv")
    return tuple(path for name in names if (path := config_dir() / name).exists())


def labels_file(account_and_region: str) -> Path:
    """What interfaces and addresses of an account are called."""
    return cache_dir() / "names" / f"{account_and_region}.sqlite"


def history_file() -> Path:
    """What ran, in every sitting."""
    return state_dir() / "history.sqlite"


def tour_file() -> Path:
    """Left behind once the tour was offered."""
    return state_dir() / "tour-offered"


def sittings_dir() -> Path:
    """Sittings that can be taken up again."""
    return state_dir() / "sittings"


def lent_dir() -> Path:
    """Texts on their way through an editor of the person's own."""
    return state_dir() / "editing"


def drafts_dir() -> Path:
    """SQL that was typed and neither run nor kept yet."""
    return state_dir() / "drafts"


def anonymise_key_file() -> Path:
    """The key under which copies are anonymised."""
    return state_dir() / "anonymise.key"
