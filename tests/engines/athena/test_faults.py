from __future__ import annotations

from typing import Any

import botocore.exceptions
import botocore.session
import pyathena.error
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from flowtui.engines.athena.faults import (
    ExpiredError,
    SlotsFullError,
    failed,
    is_transient,
    translate,
)
from flowtui.errors import ConnectError, CredentialsError, EngineError, ThrottledError


def client_error(code: str, message: str = "", status: int = 400) -> ClientError:
    """An error answer as boto3 raises it."""
    answer: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "StartQueryExecution")


def botocore_exceptions() -> list[type[BotoCoreError]]:
    """Every exception class that botocore defines."""
    found, waiting = [], [BotoCoreError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize("kind", botocore_exceptions(), ids=lambda kind: kind.__name__)
def test_every_botocore_exception_has_words(kind: type[BotoCoreError]) -> None:
    """Whatever botocore raises becomes an EngineError that says what to do."""
    make: Any = kind.__new__
    error = make(kind)
    Exception.__init__(error, "made for the test")
    ours = translate(error, "asking")
    assert isinstance(ours, EngineError)
    assert ours.message
    assert ours.hint


def service_errors() -> list[str]:
    """Every exception in the service models that flowtui calls."""
    session = botocore.session.get_session()
    names = set()
    for service in ("athena", "glue", "s3", "sts", "ec2"):
        names |= {shape.name for shape in session.get_service_model(service).error_shapes}
    return sorted(names)


@pytest.mark.parametrize("code", service_errors())
def test_every_service_error_has_words(code: str) -> None:
    """Every error that the services' models name becomes an EngineError with a hint."""
    ours = translate(client_error(code, "made for the test"), "asking")
    assert isinstance(ours, EngineError)
    assert ours.hint


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ExpiredTokenException", ExpiredError),
        ("UnrecognizedClientException", CredentialsError),
        ("AccessDeniedException", CredentialsError),
        ("TooManyRequestsException", SlotsFullError),
        ("ThrottlingException", ThrottledError),
        ("SlowDown", ThrottledError),
        ("InternalServerException", ConnectError),
        ("NoSuchBucket", ConnectError),
    ],
)
def test_codes_become_the_right_kind(code: str, kind: type[EngineError]) -> None:
    """What can be waited out, logged in for, or asked for is told apart."""
    assert type(translate(client_error(code), "asking")) is kind


def test_pyathena_wrappers_are_taken_off() -> None:
    """The cause that pyathena wraps decides, however deep it lies."""
    inner = client_error("ThrottlingException", "Rate exceeded")
    middle = pyathena.error.OperationalError("Rate exceeded")
    middle.__cause__ = inner
    outer = pyathena.error.DatabaseError("Rate exceeded")
    outer.__cause__ = middle
    assert isinstance(translate(outer, "asking"), ThrottledError)


def test_a_denied_action_is_named() -> None:
    """The missing permission stands in the hint."""
    text = "User: arn:aws:iam::1:user/x is not authorized to perform: glue:GetTable on resource: y"
    assert "glue:GetTable" in translate(client_error("AccessDeniedException", text), "it").hint


def test_the_profile_stands_in_the_login_command() -> None:
    """Advice can be pasted as it is."""
    ours = translate(client_error("ExpiredToken"), "asking", profile="prod")
    assert "aws sso login --profile prod" in ours.hint


def test_server_errors_are_transient_and_refusals_are_not() -> None:
    """5xx and throttling are worth another try; a wrong request is not."""
    assert is_transient(translate(client_error("Weird", status=503), "asking"))
    assert not is_transient(translate(client_error("InvalidRequestException", "no"), "asking"))


def test_a_failed_query_shows_place_and_hint() -> None:
    """The reason's position, the category and what helps are taken from Athena."""
    error = failed(
        "COLUMN_NOT_FOUND: line 3:12: Column 'x' cannot be resolved",
        {"ErrorCategory": 2, "ErrorType": 1303, "Retryable": False},
    )
    assert (error.position, error.category) == ((3, 12), 2)
    assert "double quotes" in error.hint
    assert failed("busy", {"ErrorType": 1401, "Retryable": True}).is_retryable
