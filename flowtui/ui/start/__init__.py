"""What to open, where nobody has said: the screen that asks, and its steps."""

from flowtui.ui.start.screen import StartScreen

__all__ = ["StartScreen"]
