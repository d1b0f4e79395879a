"""A day of flow logs with an incident in it, for trying things out and for tests."""

from flowtui.demo.files import FILES, demo_directory, is_written, write_demo
from flowtui.demo.story import DemoTruth, Span, demo_truth

__all__ = [
    "FILES",
    "DemoTruth",
    "Span",
    "demo_directory",
    "demo_truth",
    "is_written",
    "write_demo",
]
