"""Hive's statements, as Athena hands them to Hive. See "DDL statements", Athena User Guide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tests.athena_server.errors import ddl_failure
from tests.athena_server.trino.reader import Reader
from tests.athena_server.trino.tokens import SqlRefusedError, Token, TokenKind, words

RESERVED: Final = words(
    """
    ALL ALTER AND ARRAY AS AUTHORIZATION BETWEEN BIGINT BINARY BOOLEAN BOTH BY CASE CAST CHAR COLUMN
    CONF CONSTRAINT COMMIT CREATE CROSS CUBE CURRENT CURRENT_DATE CURRENT_TIMESTAMP CURSOR DATABASE
    DATE DAYOFWEEK DECIMAL DELETE DESCRIBE DISTINCT DIV DOUBLE DROP ELSE END EXCHANGE EXISTS
    EXTENDED EXTERNAL EXTRACT FALSE FETCH FLOAT FLOOR FOLLOWING FOR FOREIGN FROM FULL FUNCTION GRANT
    GROUP GROUPING HAVING IF IMPORT IN INNER INSERT INT INTEGER INTERSECT INTERVAL INTO IS JOIN
    LATERAL LEFT LESS LIKE LOCAL MACRO MAP MORE NONE NOT NULL NUMERIC OF ON ONLY OR ORDER OUT OUTER
    OVER PARTIALSCAN PARTITION PERCENT PRECEDING PRECISION PRESERVE PRIMARY PROCEDURE RANGE READS
    REDUCE REGEXP REFERENCES REVOKE RIGHT RLIKE ROLLBACK ROLLUP ROW ROWS SELECT SET SMALLINT TABLE
    TABLESAMPLE THEN TIME TIMESTAMP TO TRANSFORM TRIGGER TRUE TRUNCATE UNBOUNDED UNION UNIQUEJOIN
    UPDATE USER USING VALUES VARCHAR VIEWS WHEN WHERE WINDOW WITH
    """
)
"""Words that need backquotes. START is on AWS's list too, yet AWS's own examples do without."""
LAZY: Final = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
PARQUET: Final = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
_STRINGS: Final = (TokenKind.STRING, TokenKind.QUOTED)
_IGNORED: Final = (
    ("ESCAPED", "BY"),
    ("LINES", "TERMINATED", "BY"),
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"),
    ("MAP", "KEYS", "TERMINATED", "BY"),
)
_ESCAPES: Final = {"\\t": "\t", "\\n": "\n", "\\001": "\x01", "\\\\": "\\"}


@dataclass(slots=True)
class TableText:
    """CREATE EXTERNAL TABLE."""

    name: tuple[str, ...]
    columns: list[dict[str, str]] = field(default_factory=list)
    keys: list[dict[str, str]] = field(default_factory=list)
    if_not_exists: bool = False
    serde: str = LAZY
    serde_parameters: dict[str, str] = field(default_factory=dict)
    location: str = ""
    properties: dict[str, str] = field(default_factory=dict)


class HiveReader(Reader):
    """Reads Hive's names, types and lists."""

    def is_name(self, token: Token) -> bool:
        """Whether it may be used as an identifier."""
        if token.kind is TokenKind.WORD:
            return token.upper not in RESERVED
        return token.kind in (TokenKind.BACKQUOTED, TokenKind.DIGITS_FIRST)

    def name(self) -> Token:
        """Take an identifier; backquotes make anything one."""
        if self.is_name(self.token):
            return self.next()
        raise self.refusal()

    def refusal(self) -> SqlRefusedError:
        """Hive's words for it."""
        token = self.token
        near = f"'{token.text}' '{self.ahead(1).text}' '{self.ahead(2).text}'"
        return SqlRefusedError(f"cannot recognize input near {near}", token)

    def string(self) -> str:
        """Take a string, in quotes of either kind."""
        text = self.expect_kind("string", *_STRINGS).name
        return _ESCAPES.get(text, text)

    def properties(self) -> dict[str, str]:
        """Take ('key'='value', ...)."""
        return dict(self.enclosed(lambda: self.listed(self._property)))

    def _property(self) -> tuple[str, str]:
        key = self.string()
        self.expect("=")
        return key, self.string()

    def columns(self) -> list[dict[str, str]]:
        """Take (name type [COMMENT ''], ...), as Glue's columns."""
        return self.enclosed(lambda: self.listed(self._column))

    def _column(self) -> dict[str, str]:
        column = {"Name": self.name().name.lower(), "Type": self.type_text()}
        if self.accept("COMMENT"):
            column["Comment"] = self.string()
        return column

    def type_text(self) -> str:
        """Take a type, in lower case and without spaces."""
        if self.token.kind is not TokenKind.WORD:
            raise self.refusal()
        text = self.next().text.lower()
        depth = 0
        while self.sees("<") or self.sees("(") or depth:
            token = self.next()
            if token.kind is TokenKind.END:
                raise self.refusal()
            depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(token.text, 0)
            text += token.name.lower()
        return "int" if text == "integer" else text

    def values(self) -> dict[str, str]:
        """Take (key = 'value', ...)."""
        return dict(self.enclosed(lambda: self.listed(self._value)))

    def _value(self) -> tuple[str, str]:
        key = self.name().name.lower()
        self.expect("=")
        return key, self.expect_kind("value", *_STRINGS, TokenKind.INTEGER).name


def read_table(reader: HiveReader) -> TableText:
    """The rest of CREATE EXTERNAL TABLE.

    Raises:
        SqlRefusedError: It is not Hive's.
        QueryFailedError: There is no place for the data.
    """
    if_not_exists = reader.accept("IF", "NOT", "EXISTS")
    table = TableText(reader.dotted(), if_not_exists=if_not_exists)
    table.columns = reader.columns()
    while reader.token.kind is not TokenKind.END and not reader.accept(";"):
        _read_clause(reader, table)
    if not table.location:
        raise ddl_failure("SemanticException [Error 10001]: Table location must be given")
    taken = {column["Name"] for column in table.columns}
    if taken & {key["Name"] for key in table.keys}:
        raise ddl_failure(
            "SemanticException [Error 10035]: Column repeated in partitioning columns"
        )
    return table


def _read_clause(reader: HiveReader, table: TableText) -> None:
    if reader.accept("COMMENT"):
        table.properties["comment"] = reader.string()
    elif reader.accept("PARTITIONED", "BY"):
        table.keys = reader.columns()
    elif reader.accept("ROW", "FORMAT", "DELIMITED"):
        _read_delimiters(reader, table)
    elif reader.accept("ROW", "FORMAT", "SERDE"):
        table.serde = reader.string()
        if reader.accept("WITH", "SERDEPROPERTIES"):
            table.serde_parameters = reader.properties()
    elif reader.accept("STORED", "AS", "INPUTFORMAT"):
        reader.string()
        reader.expect("OUTPUTFORMAT")
        reader.string()
    elif reader.accept("STORED", "AS"):
        table.serde = PARQUET if reader.name().upper == "PARQUET" else table.serde
    elif reader.accept("LOCATION"):
        table.location = reader.string()
    elif reader.accept("TBLPROPERTIES"):
        table.properties |= reader.properties()
    else:
        raise reader.refusal()


def _read_delimiters(reader: HiveReader, table: TableText) -> None:
    while True:
        if reader.accept("FIELDS", "TERMINATED", "BY"):
            delimiter = reader.string()
            table.serde_parameters = {"field.delim": delimiter, "serialization.format": delimiter}
        elif any(reader.accept(*ignored) for ignored in _IGNORED):
            reader.string()
        elif reader.accept("NULL", "DEFINED", "AS"):
            table.serde_parameters["serialization.null.format"] = reader.string()
        else:
            return
