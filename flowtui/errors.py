"""Everything that can go wrong, in words for the person at the keyboard.

    FlowtuiError                      exit code 1
    ├── ConfigError                   2  a setting, path or option is wrong
    ├── FilterError                   2  a filter line is wrong; carries the span
    ├── QueryError                    1  the SQL cannot be used as it is
    │   ├── GuardError                2  it would do more than read
    │   └── MissingFieldError         1  it needs a field that the source lacks
    └── EngineError                   1  the engine could not do it
        ├── ConnectError              1  the source cannot be reached or read
        ├── CredentialsError          1  who you are is missing, wrong or expired
        ├── ThrottledError            1  the service asks to wait
        ├── QueryFailedError          1  the statement was run and failed
        └── FileFormatError           1  a file is not what it should be

Cancelling is a state of an execution, not an error.
"""

from __future__ import annotations


class FlowtuiError(Exception):
    """A failure that says what happened and what to do next."""

    exit_code = 1
    """What the process exits with when nobody handles it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n{self.hint}" if self.hint else self.message


class ConfigError(FlowtuiError):
    """A setting, path or option is wrong."""

    exit_code = 2


class FilterError(FlowtuiError):
    """A filter line is wrong.

    Attributes:
        text: The whole line.
        span: Half-open character range of the wrong part.
    """

    exit_code = 2

    def __init__(self, message: str, text: str, span: tuple[int, int], hint: str = "") -> None:
        super().__init__(message, hint)
        self.text = text
        self.span = span


class QueryError(FlowtuiError):
    """The SQL cannot be used as it is.

    Attributes:
        position: Line and column of the wrong place, both from 1, where known.
    """

    def __init__(
        self, message: str, hint: str = "", position: tuple[int, int] | None = None
    ) -> None:
        super().__init__(message, hint)
        self.position = position


class GuardError(QueryError):
    """The SQL would do more than read the flow logs."""

    exit_code = 2


class MissingFieldError(QueryError):
    """The SQL needs a field that this source does not have."""


class EngineError(FlowtuiError):
    """The engine could not do what it was asked."""


class ConnectError(EngineError):
    """The source cannot be reached or read."""


class CredentialsError(EngineError):
    """Credentials are missing, wrong, expired, or lack a permission."""


class ThrottledError(EngineError):
    """The service asks to wait."""


class QueryFailedError(EngineError):
    """The statement was run and failed.

    Attributes:
        category: Athena's category (1 system, 2 user, 3 other), where known.
        is_retryable: True where running the same statement again can help.
        position: Line and column in the SQL, both from 1, where known.
    """

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        category: int | None = None,
        is_retryable: bool = False,
        position: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.category = category
        self.is_retryable = is_retryable
        self.position = position


class FileFormatError(EngineError):
    """A file is not what it should be.

    Attributes:
        path: The file as the user named or would name it.
        line: Line number from 1, or None where the whole file is meant.
    """

    def __init__(self, message: str, path: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint)
        self.path = path
        self.line = line
