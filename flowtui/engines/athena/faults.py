"""Every exception of botocore and pyathena as one of ours, with what to do next.

Codes: the error lists of the Athena, S3, Glue and STS API references; types of failed queries:
"Athena error catalog", Athena User Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from flowtui.errors import (
    ConnectError,
    CredentialsError,
    EngineError,
    QueryFailedError,
    ThrottledError,
)

_EXPIRED: Final = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
)
_WRONG_KEYS: Final = frozenset(
    {
        "UnrecognizedClientException",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "AuthFailure",
        "InvalidToken",
    }
)
_DENIED: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403", "Forbidden"}
)
_THROTTLED: Final = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "SlowDown",
        "RequestThrottled",
        "ProvisionedThroughputExceededException",
    }
)
_SERVER: Final = frozenset(
    {"InternalServerException", "InternalError", "InternalFailure", "ServiceUnavailable", "500",
     "502", "503", "504"}
)  # fmt: skip
_CONNECTION: Final = frozenset(
    {"EndpointConnectionError", "ConnectionError", "ConnectionClosedError", "HTTPClientError",
     "ProxyConnectionError", "SSLError", "ResponseStreamingError", "IncompleteReadError",
     "InvalidProxiesConfigError"}
)  # fmt: skip
_POSITION: Final = re.compile(r"\bline (\d+):(\d+)")


class SlotsFullError(ThrottledError):
    """The account runs as many queries as it may; a new one must wait."""


class ExpiredError(CredentialsError):
    """Credentials were right and no longer are; logging in again mends it."""


def login_command(profile: str | None) -> str:
    """What to type to renew credentials."""
    return "aws sso login" + (f" --profile {profile}" if profile else "")


def translate(error: Exception, doing: str, profile: str | None = None) -> EngineError:
    """Our error for a driver's.

    Args:
        error: From botocore, boto3 or pyathena.
        doing: What was tried, as `reading the table`.
        profile: Names the profile in the advice.
    """
    if isinstance(error, EngineError):
        return error
    cause = _root(error)
    response = getattr(cause, "response", None)
    if isinstance(response, dict):
        return _of_response(response, doing, profile)
    return _of_class(cause, doing, profile)


@contextmanager
def translating(doing: str, profile: str | None = None) -> Iterator[None]:
    """Raise ours for any driver exception inside."""
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from pyathena.error import Error as PyAthenaError

    try:
        yield
    except (BotoCoreError, ClientError, HTTPClientError, PyAthenaError, OSError) as error:
        raise translate(error, doing, profile) from error


def is_transient(error: Exception) -> bool:
    """True where the same call, made again, may well succeed."""
    return isinstance(error, (ThrottledError, ConnectError))


def _root(error: BaseException) -> BaseException:
    # pyathena wraps the ClientError, sometimes twice, and keeps only its text.
    while error.__cause__ is not None and type(error).__module__.startswith("pyathena"):
        error = error.__cause__
    return error


def _of_response(response: dict[str, Any], doing: str, profile: str | None) -> EngineError:
    details = response.get("Error", {})
    code, text = str(details.get("Code", "")), str(details.get("Message", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _EXPIRED:
        return ExpiredError(
            f"Your AWS credentials have expired ({code}) while {doing}.",
            f"Log in again: {login_command(profile)}",
        )
    if code in _WRONG_KEYS:
        return CredentialsError(
            f"AWS does not accept these credentials ({code}) while {doing}.",
            "Check the profile and the AWS_* variables, or log in: " + login_command(profile),
        )
    if code in _DENIED:
        return CredentialsError(
            f"Access denied while {doing}: {text or code}", _denied_hint(text, doing)
        )
    if code == "TooManyRequestsException":
        return SlotsFullError(
            "The account already runs as many queries as it may.",
            "Waiting for a free slot; x gives up.",
        )
    if code in _THROTTLED or status == 429:
        return ThrottledError(f"AWS asks to slow down ({code}) while {doing}.", "Trying again.")
    if code in _SERVER or status >= 500:
        return ConnectError(
            f"AWS had an internal error ({code or status}) while {doing}.", "Trying again helps."
        )
    return _of_request(code, text, doing)


def _of_request(code: str, text: str, doing: str) -> EngineError:
    position = _POSITION.search(text)
    if position:
        return QueryFailedError(
            text, "Athena refused the SQL at the marked place.", category=2,
            position=(int(position[1]), int(position[2])),
        )  # fmt: skip
    if code in ("NoSuchBucket", "404", "NoSuchKey", "NotFound"):
        return ConnectError(
            f"Not there while {doing}: {text or code}", "Check the bucket's and the object's name."
        )
    if "EntityNotFound" in text or code in ("EntityNotFoundException", "MetadataException"):
        return ConnectError(
            f"The catalogue does not know it ({doing}): {text}",
            "Check database and table: flowtui without a source lists what there is.",
        )
    if "WorkGroup" in text and "not found" in text.lower():
        return ConnectError(f"{text}", "Name an existing work group: athena://WORKGROUP@…")
    if "output location" in text.lower():
        return ConnectError(
            "The work group has no place for results.",
            "Give --output-location s3://BUCKET/PREFIX/, or set one in the work group.",
        )
    return EngineError(f"AWS refused while {doing}: {text or code}", "See flowtui doctor.")


def _denied_hint(text: str, doing: str) -> str:
    action = re.search(r"\b((?:athena|glue|s3|kms|lakeformation|ec2|sts):[A-Za-z]+)", text)
    if action:
        return f"Ask for the permission {action[1]}; flowtui doctor checks all that are needed."
    return f"Ask for the right that {doing} needs; flowtui doctor checks them one by one."


def _of_class(error: BaseException, doing: str, profile: str | None) -> EngineError:
    name, text = type(error).__name__, str(error)
    if name in ("SSOTokenLoadError", "UnauthorizedSSOTokenError", "TokenRetrievalError",
                "SSOError", "PendingAuthorizationExpiredError", "LoginTokenLoadError",
                "LoginRefreshTokenExpired"):  # fmt: skip
        return ExpiredError(
            f"The single sign-on session is over: {text}", f"Log in: {login_command(profile)}"
        )
    if name == "RefreshWithMFAUnsupportedError":
        return ExpiredError(
            "The role that an MFA code opened is over.", "Another code is asked for."
        )
    if name == "ProfileNotFound":
        return CredentialsError(text, "Choose one that `aws configure list-profiles` shows.")
    if name == "NoRegionError":
        return ConnectError(
            "No AWS region is set.", "Give --region, or set AWS_REGION, or a region in the profile."
        )
    if name.endswith(("CredentialsError", "CredentialRetrievalError")) or "Credential" in name:
        return CredentialsError(
            f"No usable AWS credentials: {text}",
            f"Log in ({login_command(profile)}), or set AWS_PROFILE or the AWS_* variables.",
        )
    if isinstance(error, OSError) or name in _CONNECTION or name.endswith("TimeoutError"):
        return ConnectError(
            f"No connection to AWS while {doing}: {text}",
            "Check network, proxy and region; it is tried again where that is safe.",
        )
    return EngineError(f"{doing} failed: {text or name}", "See flowtui doctor and the log file.")


_RESOURCES: Final = range(9)
_HINTS: Final[tuple[tuple[frozenset[int], str], ...]] = (
    (frozenset(_RESOURCES), "The query needs too much memory: narrow time or filter."),
    (frozenset({206, 210}), "The query ran out of time: narrow time or filter."),
    (frozenset({401, 402}), "Athena cannot write the result: check the output location."),
    (frozenset({1001, 1002, 1007}),
     "The files do not fit the table: flowtui doctor shows which column."),
    (frozenset({1004}), "Partition and table disagree on column types: repair the partition."),
    (frozenset({1006}), "There is a mistake in the SQL."),
    (frozenset({1109, 1306}), "The table's S3 location does not exist: check its LOCATION."),
    (frozenset({1110, 1301, 1302}), "The table is not there (any more)."),
    (frozenset({1303}), "A column is not there: double quotes make a column, single ones text."),
    (frozenset({1401, 1403, 1404, 1405, 1406}), "AWS was busy: running again helps."),
    (frozenset({1500, 1501, 234}), "A permission is missing: flowtui doctor names it."),
)  # fmt: skip


def failed(reason: str, details: dict[str, Any]) -> QueryFailedError:
    """The error of a FAILED query, from its StateChangeReason and AthenaError."""
    kind = details.get("ErrorType")
    is_retryable = bool(details.get("Retryable"))
    hint = next((text for kinds, text in _HINTS if kind in kinds), "")
    if is_retryable:
        hint = (hint + " " if hint else "") + "Athena says that running it again can help."
    position = _POSITION.search(reason)
    return QueryFailedError(
        reason or str(details.get("ErrorMessage") or "Athena gave no reason."),
        hint or "Change the query; running it again as it is gives the same.",
        category=details.get("ErrorCategory"),
        is_retryable=is_retryable,
        position=(int(position[1]), int(position[2])) if position else None,
    )
