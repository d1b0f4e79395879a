"""The rows of a finished execution: the first page by API, the rest from its CSV in S3.

GetQueryResults gives at most 1,000 rows a call, the header among them; a result of a million rows
would take a thousand round trips. Its CSV in S3 holds the same rows in the same order.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import translating
from flowtui.engines.athena.patience import OnTrouble, patiently, untold
from flowtui.engines.keeping import write_whole
from flowtui.errors import ConnectError, CredentialsError

PAGE_ROWS: Final = 1000
"""MaxResults of GetQueryResults: 1-1000. See its API reference."""
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ApiPage:
    """Rows as GetQueryResults gives them: text, NULL as None, header taken off."""

    columns: tuple[tuple[str, str], ...]
    """Name and Athena type; a decimal's with precision and scale, as `decimal(38,2)`."""
    rows: tuple[tuple[str | None, ...], ...]
    next_token: str | None


def api_pages(
    clients: AwsClients,
    query_id: str,
    has_header: bool,
    cancelled: threading.Event,
    on_trouble: OnTrouble = untold,
) -> Iterator[ApiPage]:
    """Page after page; the last one may be empty, since a full page always carries a token.

    Ends early when `cancelled` is set; `on_trouble` is told of what is waited out.
    """
    token: str | None = None
    is_first = True
    while is_first or token:
        drops_header = has_header and is_first
        ask = partial(_api_page, clients, query_id, token, drops_header)
        page = patiently(ask, clients, cancelled, on_trouble)
        if page is None:
            return
        yield page
        token, is_first = page.next_token, False


def _api_page(clients: AwsClients, query_id: str, token: str | None, drops_header: bool) -> ApiPage:
    request: dict[str, Any] = {"QueryExecutionId": query_id, "MaxResults": PAGE_ROWS}
    if token:
        request["NextToken"] = token
    with translating("fetching rows", clients.settings.profile):
        answer = clients.client("athena").get_query_results(**request)
    result = answer["ResultSet"]
    columns = tuple((str(c["Name"]), _type(c)) for c in result["ResultSetMetadata"]["ColumnInfo"])
    rows = [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in result["Rows"]]
    if drops_header and rows and rows[0] == tuple(name for name, _ in columns):
        del rows[0]
    # DDL answers may hold one cell for several columns.
    width = len(columns)
    padded = tuple((*row, *[None] * (width - len(row)))[:width] for row in rows)
    return ApiPage(columns, padded, answer.get("NextToken"))


def _type(info: dict[str, Any]) -> str:
    if info["Type"] == "decimal" and info.get("Precision"):
        return f"decimal({info['Precision']},{info.get('Scale', 0)})"
    return str(info["Type"])


def download(
    clients: AwsClients,
    location: str,
    path: Path,
    cancelled: threading.Event,
    on_trouble: OnTrouble = untold,
) -> bool:
    """Fetch the result's CSV; False where we may not read it, so that the API must do.

    A body that breaks off is taken up where it broke. Blocks; ends early when `cancelled` is set.

    Raises:
        ConnectError: S3 stayed out of reach.
    """
    bucket, _, key = location.removeprefix("s3://").partition("/")
    if not key.endswith(".csv"):
        return False
    with path.open("wb", buffering=0) as file:
        try:
            read_on = partial(_read_on, clients, bucket, key, file, cancelled)
            return bool(patiently(read_on, clients, cancelled, on_trouble))
        except CredentialsError:
            return False


def _read_on(
    clients: AwsClients, bucket: str, key: str, file: Any, cancelled: threading.Event
) -> bool:
    """Append the object from where the file ends; True once it is whole."""
    done = file.tell()
    request = {"Bucket": bucket, "Key": key} | ({"Range": f"bytes={done}-"} if done else {})
    with translating("downloading the result", clients.settings.profile):
        answer = clients.client("s3").get_object(**request)
        expected = done + int(answer["ContentLength"])
        with contextlib.closing(answer["Body"]) as body:
            for chunk in body.iter_chunks(_CHUNK):
                write_whole(file, chunk)
                if cancelled.is_set():
                    return False
    if file.tell() < expected:
        raise ConnectError("The result broke off while downloading.", "Trying again.")
    return True
