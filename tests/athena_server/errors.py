"""How a query fails, in Athena's terms."""

from __future__ import annotations

from typing import Final

from tests.athena_server.trino.tokens import SqlRefusedError

USER: Final = 2
SYSTEM: Final = 1
_TYPES: Final = {
    "TABLE_NOT_FOUND": 1301,
    "TYPE_MISMATCH": 1006,
    "HIVE_BAD_DATA": 1001,
    "HIVE_FILESYSTEM_ERROR": 1306,
    "CONSTRAINT_VIOLATION": 1100,
    "NOT_SUPPORTED": 1200,
    "DDL": 1003,
}


class QueryFailedError(Exception):
    """A query ends as FAILED.

    Args:
        reason: StateChangeReason.
        category: 1 Athena's fault, 2 the user's, 3 other.
        type: ErrorType. See "Athena error catalog", Athena User Guide.
        is_retryable: Whether trying again may help.
    """

    def __init__(
        self, reason: str, category: int = USER, type: int = 1006, is_retryable: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.category, self.type = reason, category, type
        self.is_retryable = is_retryable


def failure(code: str, reason: str) -> QueryFailedError:
    """The failure of this name."""
    return QueryFailedError(f"{code}: {reason}", type=_TYPES.get(code, 1006))


def ddl_failure(reason: str) -> QueryFailedError:
    """A failure of a statement that Hive runs."""
    return QueryFailedError(f"FAILED: {reason}", SYSTEM, _TYPES["DDL"])


def from_refusal(refused: SqlRefusedError) -> QueryFailedError:
    """What a name or a type that does not exist becomes."""
    return failure(refused.code, str(refused))


class RefusedError(Exception):
    """An API call is refused.

    Args:
        message: For people.
        code: AthenaErrorCode; empty for none.
        type: Exception of the API.
    """

    def __init__(
        self, message: str, code: str = "INVALID_INPUT", type: str = "InvalidRequestException"
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.type = message, code, type

    def body(self) -> dict[str, str]:
        """The JSON of the answer."""
        codes = {"AthenaErrorCode": self.code, "ErrorCode": self.code} if self.code else {}
        extra = (
            {"Reason": "CONCURRENT_QUERY_LIMIT_EXCEEDED"}
            if self.type == "TooManyRequestsException"
            else {}
        )
        return {"__type": self.type, "Message": self.message, **codes, **extra}
