"""Query files: what is read, what is refused, and that nothing is lost on the way to disk."""

from __future__ import annotations

import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.detections import Detection, Severity, holes
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.library import QueryFileError, format_query, parse_query

WHOLE = """\
-- title = "Talkers"
-- description = '''
-- Two lines,
-- both kept.'''
-- tags = ["top", "who"]
-- source = "user"
-- [params.limit]
-- type = "count"
-- default = 10
-- help = "Rows at most"
-- [drill]
-- peer = "ip"

-- Not TOML: this comment belongs to the SQL.
SELECT srcaddr AS peer FROM flows LIMIT :limit
"""


def test_every_part_of_a_file_is_read() -> None:
    """Header, parameters, drill-down keys and SQL each end up where they belong."""
    query = parse_query(WHOLE, "talkers")
    assert query == SavedQuery(
        slug="talkers",
        title="Talkers",
        description="Two lines,\nboth kept.",
        tags=("top", "who"),
        source="user",
        parameters=(Parameter("limit", ParameterType.COUNT, "10", "Rows at most"),),
        drill=(("peer", "ip"),),
        sql="-- Not TOML: this comment belongs to the SQL.\n"
        "SELECT srcaddr AS peer FROM flows LIMIT :limit",
    )


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("SELECT 1", "SELECT 1"),
        ("\n\n  SELECT 1;\n\n", "SELECT 1;"),
        ("-- who talks most\nSELECT 1", "-- who talks most\nSELECT 1"),
        ("-- SELECT 2 = 2\n\nSELECT 1", "-- SELECT 2 = 2\n\nSELECT 1"),
        ("--\nSELECT 1", "--\nSELECT 1"),
    ],
)
def test_plain_sql_is_a_query(text: str, sql: str) -> None:
    """SQL without a header needs none, and keeps its own comments."""
    query = parse_query(text, "my_top-talkers")
    assert (query.sql, query.title, query.group) == (sql, "My top talkers", "Mine")


def test_editors_of_other_systems_change_nothing() -> None:
    """A byte order mark and CRLF line ends read like the plain file."""
    assert parse_query("\ufeff" + WHOLE.replace("\n", "\r\n"), "talkers") == parse_query(
        WHOLE, "talkers"
    )


@pytest.mark.parametrize(
    ("header", "message", "line"),
    [
        ("title = Talkers", "not valid TOML", 1),
        ('tags = ["a"]\ntitle = "x', "not valid TOML", 2),
        ('titel = "x"\ntitle = "y"', "unknown key `titel`, did you mean `title`?", None),
        ("title = 3", "`title` must be text in quotes, not 3", None),
        ('tags = "a"', "`tags` must be a list", None),
        ("tags = [1]", "`tags` must be text", None),
        ('is_records = "yes"', "`is_records` must be true or false", None),
        ("[params]\nlimit = 3", "`params.limit` must be a table", None),
        ("params = 3", "`params` must be a table", None),
        ('[params.limit]\ntype = "cuont"', "`cuont` is no type of parameter, did you", None),
        ('[params.limit]\ndefalt = "1"', "unknown key of params.limit `defalt`, did you", None),
        ("[params.limit]\ndefault = true", "`params.limit.default` must be text", None),
        ("[params.'a b']\ntype = 'text'", "`a b` cannot name a parameter", None),
        ("[drill]\npeer = 3", "`drill.peer` must be text", None),
    ],
)
def test_a_wrong_header_is_refused(header: str, message: str, line: int | None) -> None:
    """Each mistake is named, with the line where TOML tells it, and the nearest known word."""
    text = "".join(f"-- {part}\n" for part in header.split("\n")) + "\nSELECT 1"
    with pytest.raises(QueryFileError) as caught:
        parse_query(text, "x")
    assert message in caught.value.message
    assert caught.value.line == line


GOOD = {"severity": '"low"', "evidence": '"{ports} ports"', "who": '["srcaddr"]'}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"severity": None}, "`detection` needs `severity`"),
        ({"evidence": None}, "`detection` needs `evidence`"),
        ({"who": None}, "`detection` needs `who`"),
        ({"severity": '"hihg"'}, "`hihg` is no severity, did you mean `high`?"),
        ({"who": '"srcaddr"'}, "`detection.who` must be a list"),
        ({"serverity": '"low"'}, "unknown key of detection `serverity`, did you mean `severity`?"),
        ({"evidence": '"{:limt}"'}, "`limt`, which is not there, did you mean `limit`?"),
        ({"threshold": '"ports"'}, "names the parameter `ports`, which is not there"),
        ({"arguments": "{ports = '1'}"}, "names the parameter `ports`, which is not there"),
        ({"arguments": "{limit = 1}"}, "`detection.arguments.limit` must be text"),
    ],
)
def test_a_wrong_detection_is_refused(changed: dict[str, str | None], message: str) -> None:
    """What is missing, unknown or of another kind is named, with the nearest that is known."""
    lines = [f"-- {key} = {value}" for key, value in (GOOD | changed).items() if value]
    head = ["-- [params.limit]", '-- type = "count"', "-- [detection]"]
    with pytest.raises(QueryFileError) as caught:
        parse_query("\n".join([*head, *lines, "", "SELECT 1"]), "x")
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("technique", "nearest"),
    [("T46", "`T1046`"), ("1046", "`T1046`"), ("T1021.4", "`T1021.004`"), ("scan", "")],
)
def test_a_technique_is_written_as_attack_writes_it(technique: str, nearest: str) -> None:
    """Another form is refused, with the nearest that flow logs can show."""
    with pytest.raises(QueryFileError, match="is no ATT&CK technique") as caught:
        parse_query(f'-- technique = "{technique}"\n\nSELECT 1', "x")
    assert nearest in caught.value.message
    assert parse_query('-- technique = "T9999 Of our own"\n\nSELECT 1', "x").technique


@pytest.mark.parametrize("text", ["", "   \n\n", '-- title = "x"\n\n', '-- title = "x"'])
def test_a_file_without_sql_is_refused(text: str) -> None:
    """A header alone asks nothing."""
    with pytest.raises(QueryFileError, match="no SQL"):
        parse_query(text, "x")


def test_the_line_is_that_of_the_file() -> None:
    """Empty lines above the header are counted."""
    with pytest.raises(QueryFileError) as caught:
        parse_query('\n\n-- title = "x"\n-- tags = [\n-- source = "y"\n\nSELECT 1', "x")
    assert caught.value.line == 5


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=8)
PARAMETERS = st.builds(Parameter, NAMES, st.sampled_from(ParameterType), TEXTS, TEXTS)
SQL = st.one_of(
    TEXTS.map(lambda text: f"SELECT {text}".replace("\r", " ").strip()),
    st.sampled_from(['-- title = "no title"\nSELECT 1', "-- [drill]\nSELECT 1", "SELECT 1;\n--"]),
)
DETECTIONS = st.builds(
    Detection,
    severity=st.sampled_from(Severity),
    evidence=TEXTS.filter(lambda text: not holes(text)),
    who=st.lists(TEXTS, max_size=3).map(tuple),
    strength=TEXTS,
    true_positive=TEXTS,
    false_positive=TEXTS,
    next=TEXTS,
    next_words=TEXTS,
)
QUERIES = st.builds(
    SavedQuery,
    slug=st.just("slug"),
    title=TEXTS,
    sql=SQL,
    description=TEXTS,
    group=TEXTS,
    tags=st.lists(TEXTS, max_size=3).map(tuple),
    parameters=st.lists(PARAMETERS, max_size=3, unique_by=lambda p: p.name).map(tuple),
    source=TEXTS,
    trap=TEXTS,
    technique=st.sampled_from(["", "T1046", "T1021.004", "T9999 Some name"]),
    drill=st.lists(st.tuples(TEXTS, TEXTS), max_size=3, unique_by=lambda d: d[0]).map(tuple),
    is_records=st.booleans(),
    wants_health=st.booleans(),
    detection=st.none() | DETECTIONS,
)


@given(QUERIES)
def test_a_query_survives_the_way_to_a_file_and_back(query: SavedQuery) -> None:
    """Whatever texts a query holds, its file reads back as the same query."""
    assert parse_query(format_query(query), "slug") == query


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a query or is refused in words."""
    with contextlib.suppress(QueryFileError):
        assert parse_query("-- title =" + text, "slug").sql
