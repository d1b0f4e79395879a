"""The demo, written once for all tests that read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowtui.demo import demo_directory, write_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the whole demo."""
    directory = demo_directory(tmp_path_factory.mktemp("cache"))
    write_demo(directory)
    return directory
