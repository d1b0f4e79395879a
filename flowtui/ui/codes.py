"""MFA codes: wanted in a thread that waits, typed in a dialog.

botocore asks for a code in the midst of a call, and would take the terminal from under the screen.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from textual.message import Message
from textual.message_pump import MessagePump

from flowtui.errors import CredentialsError


@dataclass
class Answer:
    """What becomes of one question."""

    code: str | None = None
    given: threading.Event = field(default_factory=threading.Event)

    def give(self, code: str | None) -> None:
        """Let the thread go on; None: nobody gives a code."""
        self.code = code
        self.given.set()


@dataclass
class CodeWanted(Message):
    """A thread waits for a code."""

    prompt: str
    answer: Answer


class CodeDesk:
    """Takes questions from threads to the application, and answers back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._to: MessagePump | None = None
        self._waiting: list[Answer] = []

    def open(self, to: MessagePump) -> None:
        """Send questions to the application from now on."""
        with self._lock:
            self._to = to

    def ask(self, prompt: str) -> str:
        """The code that the person types. Blocks; worker threads only.

        Raises:
            CredentialsError: None is given.
        """
        answer = Answer()
        with self._lock:
            to = self._to
            self._waiting.append(answer)
        if to is None or not to.post_message(CodeWanted(prompt, answer)):
            answer.give(None)
        answer.given.wait()
        with self._lock:
            self._waiting.remove(answer)
        if not answer.code:
            raise CredentialsError(
                "No MFA code was given.", "Try again, or choose a profile without MFA."
            )
        return answer.code

    def close(self) -> None:
        """Let every thread that waits go on without a code, and take no more questions."""
        with self._lock:
            self._to = None
            waiting = list(self._waiting)
        for answer in waiting:
            answer.give(None)
