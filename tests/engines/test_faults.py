from __future__ import annotations

import duckdb
import pyarrow
import pytest

from flowtui.engines.faults import translate, translating
from flowtui.errors import ConnectError, EngineError, FlowtuiError, GuardError, QueryFailedError


def _walk(error: type[BaseException]) -> list[type[BaseException]]:
    return [error, *(each for sub in error.__subclasses__() for each in _walk(sub))]


DRIVER_ERRORS = [
    *_walk(duckdb.Error),
    *_walk(pyarrow.ArrowException),
    OSError,
    MemoryError,
]


@pytest.mark.parametrize("error", DRIVER_ERRORS, ids=lambda e: e.__name__)
def test_every_driver_exception_becomes_ours(error: type[Exception]) -> None:
    """Each class of duckdb and pyarrow has a message and says what to do next."""
    with pytest.raises(FlowtuiError) as raised, translating("SELECT 1"):
        raise error("IO Error: something\nLINE 1: SELECT secret")
    assert raised.value.message
    assert raised.value.hint
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is not None


@pytest.mark.parametrize("error", DRIVER_ERRORS, ids=lambda e: e.__name__)
def test_an_exception_without_text_has_words_too(error: type[Exception]) -> None:
    """An empty message of the driver is not an empty line on the screen."""
    assert translate(error("")).message


@pytest.mark.parametrize(
    ("error", "ours", "words"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: failed"), QueryFailedError, "memory"),
        (pyarrow.ArrowInvalid("Out of Memory Error: failed"), QueryFailedError, "memory"),
        (MemoryError(), QueryFailedError, "memory"),
        (duckdb.IOException("IO Error: No space left on device"), ConnectError, "No space left"),
        (
            duckdb.TransactionException(
                "TransactionContext Error: Failed to commit: Could not write file: "
                "No space left on device"
            ),
            ConnectError,
            "No space left",
        ),
        (duckdb.PermissionException("Permission Error: no"), GuardError, "nothing else"),
        (duckdb.ConversionException("Conversion Error: '-' is no INT"), QueryFailedError, "fit"),
        (duckdb.InterruptException("INTERRUPT Error: Interrupted!"), QueryFailedError, "stopped"),
    ],
)
def test_the_cause_is_told_in_our_words(
    error: Exception, ours: type[EngineError], words: str
) -> None:
    """What pyarrow passes on for DuckDB is told as if DuckDB had raised it."""
    translated = translate(error)
    assert isinstance(translated, ours)
    assert words in translated.message


def test_a_wrong_name_is_found_in_the_sql_of_the_user() -> None:
    """The position is that in the text on the screen, not in what DuckDB was given."""
    sql = "SELECT srcaddr,\n       scraddr2, scraddr\nFROM vpc_flow_logs"
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE vpc_flow_logs (srcaddr VARCHAR)")
        with pytest.raises(QueryFailedError) as raised, translating(sql):
            connection.execute('SELECT "scraddr" FROM vpc_flow_logs')
    assert raised.value.position == (2, 18)
    assert "srcaddr" in raised.value.hint


def test_control_characters_of_a_message_do_not_reach_the_screen() -> None:
    """DuckDB quotes the SQL, and SQL may hold anything."""
    translated = translate(duckdb.BinderException("Binder Error: no \x1b]52;c;AAAA\x07"))
    assert translated.message.isprintable()
