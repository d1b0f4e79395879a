"""Runs Athena statements in DuckDB over the tables of moto's Glue catalog and the objects of moto's S3."""

from __future__ import annotations

import datetime as dt
import re
import threading
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import sqlglot
from moto.glue.models import glue_backends
from moto.s3.models import s3_backends
from sqlglot import exp

from tests.athena_server import dialect


class QueryError(Exception):
    """A FAILED query: reason as in StateChangeReason, AthenaError category and type."""

    def __init__(self, reason, category=2, type_=1000, retryable=False):
        super().__init__(reason)
        self.reason, self.category, self.type, self.retryable = reason, category, type_, retryable


@dataclass
class Result:
    columns: list[tuple[str, str, int, int]] = field(
        default_factory=list
    )  # name, athena type, precision, scale
    rows: list[tuple] | None = None  # small results (DDL)
    con: duckdb.DuckDBPyConnection | None = None  # SELECT: rows in temp table "res"
    count: int = 0
    scanned: int = 0
    header: bool = False  # SELECT results carry the names as their first row
    csv: bytes = b""
    update_count: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, start, n):
        if self.con is None:
            return (self.rows or [])[start : start + n]
        with self.lock:
            return self.con.execute(
                "SELECT * FROM res WHERE rowid >= ? AND rowid < ? ORDER BY rowid",
                [start, start + n],
            ).fetchall()


def split_s3(uri):
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def duck_type(hive):
    return exp.DataType.build(hive, dialect="hive").sql("duckdb")


def lit(s):
    return "'" + str(s).replace("'", "''") + "'"


def ident(s):
    return '"' + str(s).replace('"', '""') + '"'


_TYPES = {
    "VARCHAR": ("varchar", 2147483647, 0),
    "INTEGER": ("integer", 10, 0),
    "BIGINT": ("bigint", 19, 0),
    "HUGEINT": ("bigint", 19, 0),
    "UBIGINT": ("bigint", 19, 0),
    "SMALLINT": ("smallint", 5, 0),
    "TINYINT": ("tinyint", 3, 0),
    "DOUBLE": ("double", 17, 0),
    "FLOAT": ("float", 17, 0),
    "BOOLEAN": ("boolean", 0, 0),
    "DATE": ("date", 0, 0),
    "TIMESTAMP": ("timestamp", 3, 0),
    "TIMESTAMP WITH TIME ZONE": ("timestamp with time zone", 3, 0),
    "BLOB": ("varbinary", 1073741824, 0),
    "TIME": ("time", 3, 0),
    "JSON": ("json", 2147483647, 0),
}


def athena_type(t):
    t = str(t)
    if t.endswith("[]") or t.startswith("LIST"):
        return "array", 0, 0
    if t.startswith("MAP"):
        return "map", 0, 0
    if t.startswith("STRUCT"):
        return "row", 0, 0
    if t.startswith("TIMESTAMP_"):
        return "timestamp", 3, 0
    if m := re.match(r"DECIMAL\((\d+),(\d+)\)", t):
        return "decimal", int(m[1]), int(m[2])
    return _TYPES.get(t, ("varchar", 2147483647, 0))


def text_expr(col, t):
    """How Athena writes a value of this type in its CSV and in GetQueryResults."""
    c, t = ident(col), str(t)
    if t == "TIMESTAMP" or t.startswith("TIMESTAMP_"):
        return f"strftime({c}, '%Y-%m-%d %H:%M:%S.%g')"
    if t == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({c}, '%Y-%m-%d %H:%M:%S.%g') || ' UTC'"
    if t == "BLOB":
        return f"lower(trim(regexp_replace(hex({c}), '(..)', '\\1 ', 'g')))"
    if t.endswith("[]") or t.startswith(("MAP", "STRUCT", "LIST")):
        return f"replace(replace(replace(CAST({c} AS VARCHAR), ''': ', '='), 'NULL', 'null'), '''', '')"
    return f"CAST({c} AS VARCHAR)"


class Engine:
    def __init__(self, workdir: Path, region="us-east-1", account="123456789012", threads=1):
        self.workdir, self.region, self.account = workdir, region, account
        self.db = duckdb.connect(":memory:", config={"threads": threads})
        dialect.prepare_connection(self.db)
        self.seen: dict[tuple[str, str], tuple[str, str]] = {}
        self.lock = threading.Lock()

    # ---- catalog and storage -------------------------------------------------
    @property
    def glue(self):
        return glue_backends[self.account][self.region]

    @property
    def s3(self):
        return s3_backends[self.account]["aws"]

    def table(self, db, name):
        try:
            return self.glue.get_table(db, name).as_dict()
        except Exception:
            raise QueryError(
                f"TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.{db}.{name}' does not exist",
                2,
                1301,
            ) from None

    def keys(self, location):
        bucket, prefix = split_s3(location)
        if prefix and not prefix.endswith("/"):
            prefix += "/"
        if bucket not in self.s3.buckets:
            raise QueryError(
                f"HIVE_FILESYSTEM_ERROR: The specified bucket does not exist: {bucket} (Status Code: 404)",
                2,
                1214,
            )
        b = self.s3.buckets[bucket]
        out = []
        for k in list(b.keys.keys()):
            rel = k[len(prefix) :]
            if (
                k.startswith(prefix)
                and rel
                and not k.endswith("/")
                and not any(p.startswith(("_", ".")) for p in rel.split("/"))
            ):
                out.append((bucket, k))
        return out

    def materialise(self, bucket, key):
        """The object as a local file (its suffix tells DuckDB the compression), and its size."""
        obj = self.s3.get_object(bucket, key)
        with self.lock:
            hit = self.seen.get((bucket, key))
            if hit and hit[0] == obj.etag:
                return hit[1], obj.size
            path = self.workdir / f"{len(self.seen)}_{Path(key).name}"
            path.write_bytes(obj.value)
            self.seen[bucket, key] = (obj.etag, str(path))
            return str(path), obj.size

    def partitions(self, t):
        """[(values, location)] of a table: projected, registered, or one for an unpartitioned table."""
        sd, params = t["StorageDescriptor"], t.get("Parameters") or {}
        cols = [c["Name"] for c in t.get("PartitionKeys") or []]
        if not cols:
            return [((), sd["Location"])]
        if params.get("projection.enabled", "").lower() == "true":
            return self._projected(t, cols, params)
        parts = self.glue.get_partitions(t["DatabaseName"], t["Name"], None)
        return [
            (tuple(p["Values"]), p["StorageDescriptor"]["Location"])
            for p in (x.as_dict() for x in parts)
        ]

    def _projected(self, t, cols, params):
        """Match the object keys against storage.location.template, then keep values in the projected range."""
        base = t["StorageDescriptor"]["Location"].rstrip("/")
        template = params.get("storage.location.template") or base + "".join(
            f"/{c}=${{{c}}}" for c in cols
        )
        rx = re.escape(template.rstrip("/"))
        for c in cols:
            date = params.get(f"projection.{c}.type") == "date"
            n = params.get(f"projection.{c}.format", "").count("/") if date else 0
            rx = rx.replace(
                re.escape(f"${{{c}}}"), f"(?P<p{cols.index(c)}>{'/'.join(['[^/]+'] * (n + 1))})"
            )
        rx = re.compile(rx + "/")
        prefix = template.split("${")[0].rsplit("/", 1)[0]
        found = {}
        for bucket, key in self.keys(prefix):
            if m := rx.match(f"s3://{bucket}/{key}"):
                values = tuple(m[f"p{i}"] for i in range(len(cols)))
                if all(self._in_projection(c, v, params) for c, v in zip(cols, values)):
                    found[values] = m[0]
        return sorted(found.items())

    @staticmethod
    def _in_projection(col, value, params):
        kind = params.get(f"projection.{col}.type")
        if kind == "enum":
            return value in params[f"projection.{col}.values"].split(",")
        lo, _, hi = params.get(f"projection.{col}.range", ",").partition(",")
        if kind == "integer":
            return not lo or int(lo) <= int(value) <= int(hi)
        if kind == "date":
            f = params[f"projection.{col}.format"]
            py = (
                f.replace("yyyy", "%Y")
                .replace("MM", "%m")
                .replace("dd", "%d")
                .replace("HH", "%H")
                .replace("'", "")
            )
            now = dt.datetime.now(dt.UTC).strftime(py)
            return (
                (now if lo.startswith("NOW") else lo)
                <= value
                <= (now if hi.startswith("NOW") else hi)
            )
        return True  # injected

    # ---- SELECT --------------------------------------------------------------
    def view(self, con, name, t, where, want_path=False):
        """A temporary view over the (pruned) objects of a Glue table; returns the bytes it reads."""
        sd, keys = t["StorageDescriptor"], t.get("PartitionKeys") or []
        parts = self.partitions(t)
        pcols = ", ".join(
            f"CAST(v[{i + 1}] AS {duck_type(k['Type'])}) AS {ident(k['Name'])}"
            for i, k in enumerate(keys)
        )
        if keys:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name}_pv (v VARCHAR[], loc VARCHAR)")
            if parts:
                con.executemany(
                    f"INSERT INTO {name}_pv VALUES (?, ?)", [(list(v), loc) for v, loc in parts]
                )
            sql = f"SELECT v, loc FROM (SELECT v, loc, {pcols} FROM {name}_pv)"
            if where is not None:
                sql += " WHERE " + dialect.fix(where).sql("duckdb")
            parts = con.execute(sql).fetchall()
        files, scanned = [], 0
        for values, loc in parts:
            for bucket, key in self.keys(loc):
                path, size = self.materialise(bucket, key)
                files.append((path, list(values), f"s3://{bucket}/{key}"))
                scanned += size
        cols = sd["Columns"]
        if not files:
            nulls = ", ".join(
                f"CAST(NULL AS {duck_type(c['Type'])}) AS {ident(c['Name'])}"
                for c in [*cols, *keys]
            )
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {nulls} WHERE false")
            return 0
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name}_files (filename VARCHAR, v VARCHAR[], path VARCHAR)"
        )
        con.executemany(f"INSERT INTO {name}_files VALUES (?, ?, ?)", files)
        lst = "[" + ",".join(lit(f[0]) for f in files) + "]"
        serde = (sd.get("SerdeInfo") or {}).get("SerializationLibrary", "")
        sp = (sd.get("SerdeInfo") or {}).get("Parameters") or {}
        if "parquet" in serde.lower():
            have = {
                r[0].lower(): r[0]
                for r in con.execute(
                    f"DESCRIBE SELECT * FROM read_parquet({lst}, union_by_name=true)"
                ).fetchall()
            }
            body = ", ".join(
                (
                    f"CAST(d.{ident(have[c['Name'].lower()])} AS {duck_type(c['Type'])})"
                    if c["Name"].lower() in have
                    else f"CAST(NULL AS {duck_type(c['Type'])})"
                )
                + f" AS {ident(c['Name'])}"
                for c in cols
            )
            src = f"read_parquet({lst}, union_by_name=true, filename=true)"
        else:
            delim = sp.get("field.delim", sp.get("serialization.format", "\x01"))
            skip = int((t.get("Parameters") or {}).get("skip.header.line.count", 0))
            body = ", ".join(
                f"TRY_CAST({'' if duck_type(c['Type']) == 'TEXT' else ''}f[{i + 1}] AS {duck_type(c['Type'])}) AS {ident(c['Name'])}"
                for i, c in enumerate(cols)
            )
            src = (
                f"(SELECT string_split(line, {lit(delim)}) AS f, filename FROM read_csv({lst}, columns={{'line': 'VARCHAR'}}, delim='\x02', "
                f"quote='', escape='', header=false, skip={skip}, auto_detect=false, filename=true))"
            )
        if keys or want_path:
            body += "".join(
                f", CAST(p.v[{i + 1}] AS {duck_type(k['Type'])}) AS {ident(k['Name'])}"
                for i, k in enumerate(keys)
            )
            body += ', p.path AS "$path"' if want_path else ""
            src += f" d JOIN {name}_files p ON p.filename = d.filename"
        else:
            src += " d"
        con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {body} FROM {src}")
        return scanned

    def bind(self, con, tree, default_db):
        """Replace every Glue table in the tree by a temporary view. Returns the bytes to scan."""
        scanned, n = 0, 0
        ctes = {c.alias_or_name.lower() for c in tree.find_all(exp.CTE)}
        want_path = any(c.name == "$path" for c in tree.find_all(exp.Column))
        for tab in list(tree.find_all(exp.Table)):
            if not isinstance(tab.this, exp.Identifier) or (
                not tab.db and tab.name.lower() in ctes
            ):
                continue
            db = (tab.db or default_db).lower()
            if tab.name.endswith("$partitions"):
                t = self.table(db, tab.name.lower().removesuffix("$partitions"))
                keys = t.get("PartitionKeys") or []
                n += 1
                con.execute(
                    f"CREATE TEMP TABLE v{n} ("
                    + ", ".join(f"{ident(k['Name'])} VARCHAR" for k in keys)
                    + ")"
                )
                con.executemany(
                    f"INSERT INTO v{n} VALUES ({','.join('?' * len(keys))})",
                    [list(v) for v, _ in self.partitions(t)] or [[None] * len(keys)],
                )
            else:
                t = self.table(db, tab.name.lower())
                if t.get("TableType") == "VIRTUAL_VIEW":
                    sub = sqlglot.parse_one(t["ViewOriginalText"], read="athena")
                    tab.replace(exp.alias_(exp.Subquery(this=sub), tab.alias_or_name, table=True))
                    scanned += self.bind(con, sub, db)
                    continue
                n += 1
                scanned += self.view(con, f"v{n}_{id(tab)}", t, self._pushdown(tab, t), want_path)
            name = f"v{n}" if tab.name.endswith("$partitions") else f"v{n}_{id(tab)}"
            new = exp.to_table(name)
            new.set(
                "alias",
                tab.args.get("alias")
                or exp.TableAlias(this=exp.to_identifier(tab.name, quoted=True)),
            )
            for k in ("joins", "laterals", "sample"):
                if tab.args.get(k):
                    new.set(k, tab.args[k])
            tab.replace(new)
        return scanned

    @staticmethod
    def _pushdown(tab, t):
        """The conjuncts of WHERE which need partition columns only (the table must be alone in its SELECT)."""
        keys = {k["Name"].lower() for k in t.get("PartitionKeys") or []}
        sel = tab.find_ancestor(exp.Select)
        if not keys or sel is None or sel.args.get("joins") or not sel.args.get("where"):
            return None
        keep = []
        for c in (
            sel.args["where"].this.flatten()
            if isinstance(sel.args["where"].this, exp.And)
            else [sel.args["where"].this]
        ):
            cols = list(c.find_all(exp.Column))
            if cols and all(x.name.lower() in keys for x in cols) and not c.find(exp.Select):
                c = c.copy()
                for x in c.find_all(exp.Column):
                    x.set("table", None)
                keep.append(c)
        return exp.and_(*keep) if keep else None

    def schema_for(self, sql, default_db):
        """The Glue tables a SELECT names, in polyglot's form, for the strict name and type check."""
        types = {"string": "varchar", "int": "integer", "float": "real", "binary": "varbinary"}
        out = []
        try:
            tree = sqlglot.parse_one(sql, read="athena")
        except Exception:
            return None
        if not isinstance(tree, exp.Query):
            return None
        for tab in tree.find_all(exp.Table):
            try:
                t = self.table((tab.db or default_db).lower(), tab.name.lower())
            except QueryError:
                continue
            cols = t["StorageDescriptor"]["Columns"] + (t.get("PartitionKeys") or [])
            out.append(
                {
                    "name": tab.name.lower(),
                    "columns": [
                        {"name": c["Name"], "type": types.get(c["Type"], c["Type"])} for c in cols
                    ],
                }
            )
        return {"tables": out} if out else None

    def select(self, sql, default_db, params=None, on_start=None, explain=False, shuffle=False):
        try:
            tree = sqlglot.parse_one(sql, read="athena")
            if params:
                tree = dialect.bind_parameters(tree, params)
        except ValueError as e:
            raise QueryError(str(e), 2, 1006) from None
        con = self.db.cursor()
        try:
            scanned = self.bind(con, tree, default_db)
            if on_start:
                on_start(con, scanned)
            duck = dialect.to_duckdb(tree)
            desc = con.execute(f"DESCRIBE {duck}").fetchall()
            names = [d[0] for d in desc]
            con.execute(
                "CREATE OR REPLACE TEMP VIEW q("
                + ", ".join(f"c{i}" for i in range(len(names)))
                + f") AS {duck}"
            )
            body = ", ".join(text_expr(f"c{i}", d[1]) + f" AS c{i}" for i, d in enumerate(desc))
            ordered = tree.args.get("order")
            con.execute(
                f"CREATE OR REPLACE TEMP TABLE res AS SELECT {body} FROM q"
                + (" ORDER BY random()" if shuffle and not ordered else "")
            )
        except duckdb.InterruptException:
            raise
        except duckdb.Error as e:
            raise self._translate(e) from e
        r = Result(
            [(n, *athena_type(d[1])) for n, d in zip(names, desc)],
            con=con,
            scanned=scanned,
            header=True,
        )
        r.count = con.execute("SELECT count(*) FROM res").fetchone()[0]
        path = self.workdir / f"res_{id(r)}.csv"
        con.execute(
            f"COPY (SELECT * FROM res ORDER BY rowid) TO {lit(path)} (FORMAT csv, HEADER false, FORCE_QUOTE *)"
        )
        head = ",".join('"' + n.replace('"', '""') + '"' for n in names)
        r.csv = head.encode() + b"\n" + path.read_bytes()
        path.unlink()
        return r

    @staticmethod
    def _translate(e):
        m = str(e)
        if g := re.search(
            r'Referenced column "([^"]+)" not found|does not have a column named "([^"]+)"', m
        ):
            return QueryError(
                f"COLUMN_NOT_FOUND: line 1:8: Column '{(g[1] or g[2]).lower()}' cannot be resolved or requester is not authorized to access requested resources",
                2,
                1006,
            )
        if g := re.search(r"Function with name (\w+) does not exist", m):
            return QueryError(
                f"FUNCTION_NOT_FOUND: line 1:8: Function '{g[1]}' not registered", 2, 1006
            )
        if "GROUP BY" in m:
            return QueryError(f"EXPRESSION_NOT_AGGREGATE: {m.splitlines()[0]}", 2, 1006)
        if "Division by zero" in m:
            return QueryError("DIVISION_BY_ZERO: Division by zero", 2, 1006)
        if g := re.search(r"Cannot cast value to IPADDRESS: \S*", m):
            return QueryError(f"INVALID_CAST_ARGUMENT: {g[0]}", 2, 1006)
        return QueryError(f"GENERIC_USER_ERROR: {m.splitlines()[0]}", 2, 1000)

    # ---- DDL -----------------------------------------------------------------
    def run(self, sql, default_db, params=None, on_start=None, shuffle=False):
        sql = (
            re.sub(r"^\s*(--[^\n]*\n|/\*.*?\*/|\s)+", "", sql, flags=re.S)
            .strip()
            .rstrip(";")
            .strip()
        )
        word = (re.match(r"\(*\s*(\w+)", sql) or [None, ""])[1].upper()
        if word in ("SELECT", "WITH", "VALUES"):
            return self.select(sql, default_db, params, on_start, shuffle=shuffle)
        if word == "EXPLAIN":
            inner = re.sub(r"^EXPLAIN\s+(ANALYZE\s+)?(\([^)]*\)\s*)?", "", sql, flags=re.I)
            self.select(inner, default_db, params)
            return Result(
                [("Query Plan", "varchar", 2147483647, 0)],
                rows=[("Fragment 0 [SINGLE]",), ("    - Output[...]",)],
                header=True,
            )
        handler = getattr(self, "_" + word.lower(), None)
        if handler is None:
            raise QueryError(f"NOT_SUPPORTED: {word} is not supported by the emulator", 2, 1000)
        return handler(sql, default_db)

    @staticmethod
    def _name(tab, default_db):
        return (tab.db or default_db).lower(), tab.name.lower()

    def _create(self, sql, default_db):
        tree = sqlglot.parse_one(sql, read="athena")
        kind = (tree.args.get("kind") or "").upper()
        if kind in ("DATABASE", "SCHEMA"):
            name = tree.this.name.lower()
            if name in self.glue.databases:
                if tree.args.get("exists"):
                    return Result(rows=[])
                raise QueryError(
                    f"FAILED: Execution Error, return code 1. AlreadyExistsException(message:Database {name} already exists)",
                    2,
                    1003,
                )
            self.glue.create_database(name, {"Name": name})
            return Result(rows=[])
        props = (tree.args.get("properties") or exp.Properties()).expressions
        if kind == "VIEW":
            db, name = self._name(tree.this, default_db)
            ti = {
                "Name": name,
                "TableType": "VIRTUAL_VIEW",
                "ViewOriginalText": tree.expression.sql("trino"),
                "StorageDescriptor": {"Columns": []},
                "PartitionKeys": [],
            }
            if tree.args.get("replace") and name in self.glue.get_database(db).tables:
                self.glue.delete_table(db, name)
            self.glue.create_table(db, name, ti)
            return Result(rows=[])
        if tree.expression is not None:
            raise QueryError("NOT_SUPPORTED: CTAS in the prototype", 2, 1000)
        db, name = self._name(tree.this.this, default_db)
        if db not in self.glue.databases:
            raise QueryError(
                f"FAILED: SemanticException [Error 10072]: Database does not exist: {db}", 2, 1003
            )
        if name in self.glue.get_database(db).tables:
            if tree.args.get("exists"):
                return Result(rows=[])
            raise QueryError(
                f"FAILED: Execution Error, return code 1. AlreadyExistsException(message:Table {name} already exists.)",
                2,
                1003,
            )
        cols = lambda s: [
            {"Name": c.name.lower(), "Type": c.kind.sql("hive").lower()}
            for c in s.expressions
            if isinstance(c, exp.ColumnDef)
        ]
        loc = next((p.this.name for p in props if isinstance(p, exp.LocationProperty)), None)
        sd = {
            "Columns": cols(tree.this),
            "Location": loc,
            "SerdeInfo": {
                "SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
                "Parameters": {},
            },
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        }
        params, part = {"EXTERNAL": "TRUE"}, []
        for p in props:
            if isinstance(p, exp.PartitionedByProperty):
                part = cols(p.this)
            elif isinstance(p, exp.RowFormatDelimitedProperty) and p.args.get("fields"):
                sd["SerdeInfo"]["Parameters"] = {
                    "field.delim": p.args["fields"].name,
                    "serialization.format": p.args["fields"].name,
                }
            elif isinstance(p, exp.RowFormatSerdeProperty):
                sd["SerdeInfo"]["SerializationLibrary"] = p.this.name
            elif isinstance(p, exp.FileFormatProperty) and "PARQUET" in p.sql("hive").upper():
                sd["SerdeInfo"]["SerializationLibrary"] = (
                    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
                )
            elif type(p) is exp.Property:
                params[p.name] = p.args["value"].name
        self.glue.create_table(
            db,
            name,
            {
                "Name": name,
                "TableType": "EXTERNAL_TABLE",
                "Parameters": params,
                "StorageDescriptor": sd,
                "PartitionKeys": part,
            },
        )
        return Result(rows=[])

    def _drop(self, sql, default_db):
        m = re.match(
            r"DROP\s+(TABLE|VIEW|DATABASE|SCHEMA)\s+(IF\s+EXISTS\s+)?([`\"\w.$-]+)", sql, re.I
        )
        name = m[3].replace("`", "").replace('"', "").lower()
        try:
            if m[1].upper() in ("TABLE", "VIEW"):
                db, _, tab = name.rpartition(".")
                self.glue.delete_table(db or default_db, tab)
            else:
                self.glue.delete_database(name)
        except Exception:
            if not m[2]:
                raise QueryError(
                    f"FAILED: SemanticException [Error 10001]: Table not found {name}", 2, 1301
                ) from None
        return Result(rows=[])

    def _add(self, t, values, loc):
        sd = dict(t["StorageDescriptor"], Location=loc)
        self.glue.create_partition(
            t["DatabaseName"],
            t["Name"],
            {"Values": [str(v) for v in values], "StorageDescriptor": sd},
        )

    def _alter(self, sql, default_db):
        tree = sqlglot.parse_one(sql, read="athena")
        t = self.table(*self._name(tree.this, default_db))
        keys = [k["Name"] for k in t["PartitionKeys"]]
        for m in re.finditer(r"PARTITION\s*\(([^)]*)\)(?:\s+LOCATION\s+'([^']*)')?", sql, re.I):
            spec = {
                k.strip(' `"').lower(): v.strip(" '")
                for k, v in (p.split("=", 1) for p in m[1].split(","))
            }
            values = [spec[k] for k in keys]
            if re.search(r"\bDROP\b", sql, re.I):
                self.glue.delete_partition(t["DatabaseName"], t["Name"], values)
                continue
            loc = m[2] or t["StorageDescriptor"]["Location"].rstrip("/") + "".join(
                f"/{k}={v}" for k, v in zip(keys, values)
            )
            try:
                self._add(t, values, loc)
            except Exception:
                if not re.search(r"IF\s+NOT\s+EXISTS", sql, re.I):
                    raise QueryError(
                        f"FAILED: AlreadyExistsException: Partition already exists: {spec}", 2, 1003
                    ) from None
        return Result(rows=[])

    def _msck(self, sql, default_db):
        name = re.match(r"MSCK\s+REPAIR\s+TABLE\s+(\S+)", sql, re.I)[1].replace("`", "")
        db, _, tab = name.rpartition(".")
        t = self.table(db or default_db, tab)
        keys, base = [k["Name"] for k in t["PartitionKeys"]], t["StorageDescriptor"]["Location"]
        have, new = {v for v, _ in self.partitions(t)}, {}
        for bucket, key in self.keys(base):
            kv = dict(p.split("=", 1) for p in key.split("/")[:-1] if "=" in p)
            if all(k in kv for k in keys):
                new[tuple(kv[k] for k in keys)] = f"s3://{bucket}/" + key.rsplit("/", 1)[0] + "/"
        rows = []
        for v, loc in sorted(new.items()):
            if v not in have:
                self._add(t, v, loc)
                rows.append(
                    (
                        f"Repair: Added partition to metastore {tab}:"
                        + "/".join(f"{k}={x}" for k, x in zip(keys, v)),
                    )
                )
        return Result([("result", "string", 0, 0)], rows=rows)

    def _show(self, sql, default_db):
        w = sql.split()
        kind = w[1].upper()
        if kind in ("DATABASES", "SCHEMAS"):
            return Result(
                [("database_name", "string", 0, 0)],
                rows=[(n,) for n in sorted(self.glue.databases)],
            )
        target = w[-1].replace("`", "").replace('"', "").lower()
        if kind == "TABLES":
            db = target if len(w) > 2 else default_db
            return Result(
                [("tab_name", "string", 0, 0)],
                rows=[(n,) for n in sorted(self.glue.get_database(db).tables)],
            )
        db, _, tab = target.rpartition(".")
        t = self.table(db or default_db, tab)
        if kind == "PARTITIONS":
            keys = [k["Name"] for k in t["PartitionKeys"]]
            return Result(
                [("partition", "string", 0, 0)],
                rows=[
                    ("/".join(f"{k}={v}" for k, v in zip(keys, vals)),)
                    for vals, _ in self.partitions(t)
                ],
            )
        if kind == "COLUMNS":
            return Result(
                [("field", "string", 0, 0)],
                rows=[(c["Name"],) for c in t["StorageDescriptor"]["Columns"] + t["PartitionKeys"]],
            )
        raise QueryError(f"NOT_SUPPORTED: SHOW {kind}", 2, 1000)

    def _describe(self, sql, default_db):
        db, _, tab = sql.split()[-1].replace("`", "").replace('"', "").lower().rpartition(".")
        t = self.table(db or default_db, tab)
        rows = [
            (f"{c['Name']:<20}\t{c['Type']:<20}\t{'':<20}",)
            for c in t["StorageDescriptor"]["Columns"] + t["PartitionKeys"]
        ]
        return Result(
            [
                ("col_name", "string", 0, 0),
                ("data_type", "string", 0, 0),
                ("comment", "string", 0, 0),
            ],
            rows=rows,
        )

    _desc = _describe

    def _unload(self, sql, default_db):
        m = re.match(r"UNLOAD\s*\((.*)\)\s*TO\s*'([^']+)'\s*WITH\s*\(", sql, re.I | re.S)
        tree = sqlglot.parse_one(m[1], read="athena")
        con = self.db.cursor()
        try:
            scanned = self.bind(con, tree, default_db)
            path = self.workdir / f"unload_{id(tree)}.parquet"
            n = con.execute(
                f"COPY ({dialect.to_duckdb(tree)}) TO {lit(path)} (FORMAT parquet, COMPRESSION snappy)"
            ).fetchone()[0]
        except duckdb.Error as e:
            raise self._translate(e) from e
        bucket, key = split_s3(
            m[2].rstrip("/") + f"/20260101_000000_{abs(id(tree)) % 99999:05d}_part"
        )
        self.s3.put_object(bucket, key, path.read_bytes())
        r = Result(rows=[], scanned=scanned, update_count=n)
        r.csv = b""
        r.manifest = f"s3://{bucket}/{key}\n".encode()
        return r
