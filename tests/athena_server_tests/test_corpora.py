from __future__ import annotations

import pytest

from tests.athena_server import AthenaServer
from tests.athena_server.errors import RefusedError
from tests.athena_server_tests.corpus import Refused, refused, valid


@pytest.mark.parametrize("sql", valid())
def test_what_athena_takes_runs(sql: str, tables: AthenaServer) -> None:
    """Every statement that Athena takes runs to its end."""
    execution = tables.run(sql)
    assert execution.state == "SUCCEEDED", execution.reason


@pytest.mark.parametrize("case", refused(), ids=lambda case: case.sql)
def test_what_athena_refuses_is_refused(case: Refused, tables: AthenaServer) -> None:
    """Wrong syntax is refused at the start, wrong names and types fail, both at their place."""
    if case.code in ("SYNTAX", "SEVERAL"):
        expected = "Only one sql" if case.code == "SEVERAL" else f"line {case.place}: "
        with pytest.raises(RefusedError, match=f"^{expected}") as error:
            tables.run(case.sql)
        assert error.value.code == "MALFORMED_QUERY"
        return
    execution = tables.run(case.sql)
    assert execution.state == "FAILED"
    assert execution.reason.startswith(f"{case.code}: line {case.place}: ")
