"""HTTP front: moto's WSGI app, an Athena service which executes, faults and a call log."""

from __future__ import annotations

import base64
import json
import re
import shutil
import tempfile
import threading
import time
import uuid
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import moto.athena.urls as athena_urls
from moto.athena.models import athena_backends
from moto.athena.responses import AthenaResponse
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

from tests.athena_server.engine import Engine, QueryError, Result, split_s3

ACTIVE: AthenaServer | None = None
TERMINAL = ("SUCCEEDED", "FAILED", "CANCELLED")


@dataclass
class Fault:
    """Answer the next `times` calls of `op` ("Athena.StartQueryExecution", "S3.GetObject", "Glue.*") otherwise.

    status 0: no error, only the delay. drop: close the connection without an answer.
    """

    op: str
    code: str = "ThrottlingException"
    message: str = "Rate exceeded"
    status: int = 400
    times: int = 1
    delay: float = 0.0
    drop: bool = False
    truncate: int | None = None  # send only so many bytes of the real body


@dataclass
class Execution:
    id: str
    request: dict
    output: str | None
    state: str = "QUEUED"
    reason: str | None = None
    error: dict | None = None
    submitted: float = field(default_factory=time.time)
    started: float | None = None
    completed: float | None = None
    result: Result | None = None
    planned: int = 0
    con: duckdb.DuckDBPyConnection | None = None
    reused: bool = False
    ddl: bool = False
    done: threading.Event = field(default_factory=threading.Event)


class AthenaServer:
    """`with AthenaServer() as emu:` serves emu.url; queue_s/run_s are the least times in QUEUED/RUNNING."""

    def __init__(
        self,
        region="us-east-1",
        queue_s=0.0,
        run_s=0.0,
        workers=5,
        max_active=20,
        shuffle=False,
        validator=None,
        semantic=None,
        keep_alive=True,
        threads=1,
    ):
        (
            self.region,
            self.queue_s,
            self.run_s,
            self.max_active,
            self.shuffle,
            self.validator,
            self.semantic,
        ) = region, queue_s, run_s, max_active, shuffle, validator, semantic
        self.dir = Path(tempfile.mkdtemp(prefix="athena-server-"))
        self.engine = Engine(self.dir, region, threads=threads)
        self.executions: dict[str, Execution] = {}
        self.tokens: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.query_faults: list[tuple[re.Pattern, QueryError]] = []
        self.calls: deque = deque(maxlen=10000)  # (time, op, status, detail)
        self.gate = threading.Event()
        self.gate.set()  # clear() holds queries in RUNNING
        self.pool = ThreadPoolExecutor(workers)
        self.lock = threading.Lock()
        self.keep_alive = keep_alive

    # ---- life ----------------------------------------------------------------
    def __enter__(self):
        global ACTIVE
        ACTIVE = self
        athena_urls.url_paths = {"{0}/$": Responses.dispatch}
        handler = type(
            "Handler",
            (MotoRequestHandler,),
            {
                "protocol_version": "HTTP/1.1" if self.keep_alive else "HTTP/1.0",
                "log": lambda *a: None,
            },
        )
        self.app = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self.wsgi, threaded=True, request_handler=handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.reset()
        return self

    def reset(self):
        """Forget everything: queries, faults, calls, tables, buckets. Then `default` and s3://results/ exist."""
        from moto.backends import get_backend

        self.gate.set()
        for e in list(self.executions.values()):
            self.stop(e)
        for e in list(self.executions.values()):
            e.done.wait(5)
        self.executions.clear()
        self.tokens.clear()
        self.faults.clear()
        self.query_faults.clear()
        self.calls.clear()
        for s in ("athena", "glue", "s3", "ec2", "sts", "iam"):
            get_backend(s).reset()
        self.engine.glue.create_database("default", {"Name": "default"})
        self.client("s3").create_bucket(Bucket="results")
        self.calls.clear()

    def environment(self):
        """Environment variables with which any AWS client in another process reaches this server."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "AKIAFLOWTUITESTING00",
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service, **kw):
        """A boto3 client of this server."""
        import boto3

        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.url,
            aws_access_key_id="AKIAFLOWTUITESTING00",
            aws_secret_access_key="not-a-secret",
            **kw,
        )

    def __exit__(self, *exc):
        global ACTIVE
        self.gate.set()
        for e in list(self.executions.values()):
            self.stop(e)
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.server.shutdown()
        self.server.server_close()
        self.engine.db.close()
        shutil.rmtree(self.dir, ignore_errors=True)
        ACTIVE = None

    # ---- WSGI: faults and the call log -----------------------------------------
    @staticmethod
    def operation(env):
        target = env.get("HTTP_X_AMZ_TARGET", "")
        if target:
            svc, _, op = target.partition(".")
            return {"AmazonAthena": "Athena", "AWSGlue": "Glue"}.get(svc, svc) + "." + op
        auth = env.get("HTTP_AUTHORIZATION", "")
        m = re.search(r"Credential=[^/]+/\d+/[^/]+/([\w-]+)/", auth)
        svc = m[1] if m else "s3"
        if svc == "s3":
            has_key = env["PATH_INFO"].strip("/").count("/") > 0
            verb = {
                "GET": "GetObject" if has_key else "ListObjects",
                "HEAD": "HeadObject" if has_key else "HeadBucket",
                "PUT": "PutObject" if has_key else "CreateBucket",
            }
            return "S3." + verb.get(env["REQUEST_METHOD"], env["REQUEST_METHOD"])
        return svc.upper() + ".*"

    def wsgi(self, env, start_response):
        if env["PATH_INFO"].startswith("/moto-api"):
            return self.app(env, start_response)
        op = self.operation(env)
        with self.lock:
            fault = next(
                (
                    f
                    for f in self.faults
                    if f.times > 0 and re.fullmatch(f.op.replace(".", r"\.").replace("*", ".*"), op)
                ),
                None,
            )
            if fault:
                fault.times -= 1
        self.calls.append((time.time(), op, fault.code if fault else "", env["PATH_INFO"]))
        if not fault:
            return self.app(env, start_response)
        env["wsgi.input"].read(
            int(env.get("CONTENT_LENGTH") or 0)
        ) if fault.status or fault.drop else None
        time.sleep(fault.delay)
        if fault.drop:
            env["werkzeug.socket"].shutdown(2)
            raise ConnectionError("dropped by a fault")
        if fault.truncate is not None:
            got = {}
            body = b"".join(self.app(env, lambda s, h, e=None: got.update(s=s, h=h)))
            start_response(
                got["s"],
                [
                    *[x for x in got["h"] if x[0].lower() not in ("content-length", "connection")],
                    ("Content-Length", str(len(body))),
                    ("Connection", "close"),
                ],
            )
            return [body[: fault.truncate]]
        if not fault.status:
            return self.app(env, start_response)
        if op.startswith("S3."):
            body, ctype = (
                f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{fault.code}</Code><Message>{fault.message}</Message><RequestId>x</RequestId></Error>'.encode(),
                "application/xml",
            )
            if env["REQUEST_METHOD"] == "HEAD":
                body = b""
        else:
            body, ctype = (
                json.dumps(
                    {"__type": fault.code, "message": fault.message, "Message": fault.message}
                ).encode(),
                "application/x-amz-json-1.1",
            )
        start_response(
            f"{fault.status} X",
            [
                ("Content-Type", ctype),
                ("Content-Length", str(len(body))),
                ("x-amzn-ErrorType", fault.code),
            ],
        )
        return [body]

    # ---- running queries -------------------------------------------------------
    def fault(self, op, **kw):
        self.faults.append(Fault(op, **kw))

    def fail_query(self, pattern, reason, category=1, type_=233, retryable=True):
        self.query_faults.append(
            (re.compile(pattern, re.I | re.S), QueryError(reason, category, type_, retryable))
        )

    def ops(self, name):
        return [c for c in self.calls if c[1] == name]

    def submit(self, e: Execution):
        self.executions[e.id] = e
        self.pool.submit(self._run, e)

    def _run(self, e):
        try:
            e.done.wait(self.queue_s)
            if e.state == "CANCELLED":
                return None
            e.state, e.started = "RUNNING", time.time()
            for rx, err in self.query_faults:
                if rx.search(e.request["QueryString"]):
                    e.done.wait(self.run_s)
                    raise err
            if self._reuse(e):
                return self._finish(e, "SUCCEEDED")
            cutoff = (self._wg(e).get("Configuration") or {}).get("BytesScannedCutoffPerQuery")

            def on_start(con, scanned):
                e.con, e.planned = con, scanned
                if cutoff and scanned > cutoff:
                    e.reason = "Bytes scanned limit was exceeded"
                    e.state = "CANCELLED"
                    raise duckdb.InterruptException("limit")
                end = time.time() + self.run_s
                while (time.time() < end or not self.gate.is_set()) and e.state == "RUNNING":
                    time.sleep(0.005)
                if e.state != "RUNNING":
                    raise duckdb.InterruptException("stopped")

            db = (e.request.get("QueryExecutionContext") or {}).get("Database") or "default"
            if (
                self.semantic
                and (schema := self.engine.schema_for(e.request["QueryString"], db))
                and (errs := self.semantic(e.request["QueryString"], schema))
            ):
                raise QueryError(errs[0], 2, 1006)
            r = self.engine.run(
                e.request["QueryString"],
                db,
                e.request.get("ExecutionParameters"),
                on_start,
                self.shuffle,
            )
            with self.lock:
                if e.state == "CANCELLED":
                    return None
            self._store(e, r)
            e.result = r
            self._finish(e, "SUCCEEDED")
        except duckdb.InterruptException:
            self._finish(e, "CANCELLED")
        except QueryError as err:
            e.reason = err.reason
            e.error = {
                "ErrorCategory": err.category,
                "ErrorType": err.type,
                "Retryable": err.retryable,
                "ErrorMessage": err.reason,
            }
            self._finish(e, "FAILED")
        except Exception as err:  # the emulator's own fault must be visible
            e.reason = f"EMULATOR_BUG: {type(err).__name__}: {err}"
            e.error = {
                "ErrorCategory": 1,
                "ErrorType": 233,
                "Retryable": False,
                "ErrorMessage": e.reason,
            }
            self._finish(e, "FAILED")

    def _finish(self, e, state):
        with self.lock:
            if e.state not in TERMINAL:
                e.state = state
            e.completed = time.time()
        e.done.set()

    def _store(self, e, r):
        if not e.output:
            return
        bucket, key = split_s3(e.output)
        if bucket not in self.engine.s3.buckets:
            raise QueryError(f"Unable to verify/create output bucket {bucket}", 2, 1205)
        put = lambda k, b: self.engine.s3.put_object(bucket, k, b)  # noqa: E731
        if getattr(r, "manifest", None):
            put(key.removesuffix(".csv") + "-manifest.csv", r.manifest)
        elif r.header:
            put(key, r.csv)
        else:
            put(
                key,
                "\n".join(
                    "\t".join("" if v is None else str(v) for v in row) for row in r.rows or []
                ).encode(),
            )
        put(
            key + ".metadata", b"\x08\x01"
        )  # Athena writes protobuf here; no client of ours reads it

    def _reuse(self, e):
        conf = (e.request.get("ResultReuseConfiguration") or {}).get(
            "ResultReuseByAgeConfiguration"
        ) or {}
        if not conf.get("Enabled"):
            return False
        age = conf.get("MaxAgeInMinutes", 60) * 60
        for o in reversed(list(self.executions.values())):
            if (
                o is not e
                and o.state == "SUCCEEDED"
                and not o.ddl
                and o.request["QueryString"].strip() == e.request["QueryString"].strip()
                and time.time() - o.completed < age
            ):
                e.result, e.output, e.reused = o.result, o.output, True
                return True
        return False

    def _wg(self, e):
        return (
            athena_backends[self.engine.account][self.region].get_work_group(
                e.request.get("WorkGroup") or "primary"
            )
            or {}
        )

    def stop(self, e):
        with self.lock:
            if e.state in TERMINAL:
                return
            e.state, e.reason = "CANCELLED", "Query cancelled by user"
        e.done.set()
        if e.con is not None:
            try:
                e.con.interrupt()
            except duckdb.Error:
                pass
        e.completed = time.time()

    def describe(self, e):
        now = time.time()
        ms = lambda a, b: int(((b or now) - a) * 1000) if a else 0  # noqa: E731
        frac = (
            1.0
            if e.state == "SUCCEEDED" or not self.run_s or not e.started
            else min(1.0, (now - e.started) / self.run_s)
        )
        scanned = 0 if e.reused else int((e.result.scanned if e.result else e.planned) * frac)
        stats = {
            "EngineExecutionTimeInMillis": ms(e.started, e.completed),
            "DataScannedInBytes": scanned,
            "TotalExecutionTimeInMillis": ms(e.submitted, e.completed),
            "QueryQueueTimeInMillis": ms(e.submitted, e.started),
            "ServicePreProcessingTimeInMillis": 1,
            "QueryPlanningTimeInMillis": 1,
            "ServiceProcessingTimeInMillis": 1,
            "ResultReuseInformation": {"ReusedPreviousResult": e.reused},
        }
        status = {"State": e.state, "SubmissionDateTime": e.submitted}
        if e.reason:
            status["StateChangeReason"] = e.reason
        if e.state in TERMINAL:
            status["CompletionDateTime"] = e.completed or now
        if e.error and e.state == "FAILED":
            status["AthenaError"] = e.error
        q = e.request["QueryString"].lstrip().split(None, 1)[0].upper()
        if r := getattr(e.result, "manifest", None):
            stats["DataManifestLocation"] = e.output.removesuffix(".csv") + "-manifest.csv"
        return {
            "QueryExecutionId": e.id,
            "Query": e.request["QueryString"],
            "StatementType": "DDL"
            if e.ddl
            else "UTILITY"
            if q in ("SHOW", "DESCRIBE", "DESC")
            else "DML",
            "SubstatementType": q,
            "ResultConfiguration": {"OutputLocation": e.output} if e.output else {},
            "QueryExecutionContext": e.request.get("QueryExecutionContext") or {},
            "Status": status,
            "Statistics": stats,
            "WorkGroup": e.request.get("WorkGroup") or "primary",
            "EngineVersion": {
                "SelectedEngineVersion": "AUTO",
                "EffectiveEngineVersion": "Athena engine version 3",
            },
            **(
                {"ExecutionParameters": e.request["ExecutionParameters"]}
                if e.request.get("ExecutionParameters")
                else {}
            ),
        }


def _token(n):
    return base64.urlsafe_b64encode(f"n:{n}".encode()).decode()


class Responses(AthenaResponse):
    """The Athena operations; moto's own stay for work groups and named queries where they suffice."""

    @property
    def emu(self) -> AthenaServer:
        return ACTIVE

    @property
    def p(self):
        return json.loads(self.body or "{}")

    def bad(self, msg, code=None):
        return json.dumps(
            {
                "__type": "InvalidRequestException",
                "Message": msg,
                **({"AthenaErrorCode": code, "ErrorCode": code} if code else {}),
            }
        ), {"status": 400}

    def _exec(self, id_):
        return self.emu.executions.get(id_)

    def start_query_execution(self):
        p = self.p
        emu = self.emu
        if tok := p.get("ClientRequestToken"):
            if tok in emu.tokens:
                if emu.executions[emu.tokens[tok]].request["QueryString"] != p["QueryString"]:
                    return self.bad("Idempotent parameters do not match")
                return json.dumps({"QueryExecutionId": emu.tokens[tok]})
        name = p.get("WorkGroup") or "primary"
        wg = self.athena_backend.get_work_group(name)
        if not wg:
            return self.bad("WorkGroup is not found.", "INVALID_INPUT")
        conf = wg["Configuration"]
        loc = (p.get("ResultConfiguration") or {}).get("OutputLocation")
        wloc = (conf.get("ResultConfiguration") or {}).get("OutputLocation")
        loc = wloc if (conf.get("EnforceWorkGroupConfiguration") and wloc) or not loc else loc
        if not loc:
            return self.bad(
                "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input."
            )
        if len([s for s in p["QueryString"].split(";") if s.strip()]) > 1 and not re.search(
            r"'[^']*;[^']*'", p["QueryString"]
        ):
            return self.bad(
                "Only one sql statement is allowed. Got: " + p["QueryString"], "MALFORMED_QUERY"
            )
        if emu.validator and (err := emu.validator(p["QueryString"])):
            return self.bad(err, "MALFORMED_QUERY")
        if sum(e.state not in TERMINAL for e in emu.executions.values()) >= emu.max_active:
            return json.dumps(
                {
                    "__type": "TooManyRequestsException",
                    "Message": "You have exceeded the limit for the number of queries you can run concurrently.",
                    "Reason": "CONCURRENT_QUERY_LIMIT_EXCEEDED",
                }
            ), {"status": 400}
        id_ = str(uuid.uuid4())
        word = (
            re.search(r"\w+", re.sub(r"--[^\n]*\n|/\*.*?\*/", "", p["QueryString"], flags=re.S))
            or [""]
        )[0].upper()
        ddl = word in ("CREATE", "DROP", "ALTER", "MSCK")
        ext = "csv" if word in ("SELECT", "WITH", "VALUES", "INSERT", "UNLOAD") else "txt"
        e = Execution(id_, p, loc.rstrip("/") + f"/{id_}.{ext}", ddl=ddl)
        if tok:
            emu.tokens[tok] = id_
        emu.submit(e)
        return json.dumps({"QueryExecutionId": id_})

    def get_query_execution(self):
        e = self._exec(id_ := self.p["QueryExecutionId"])
        if e is None:
            return self.bad(f"QueryExecution {id_} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return json.dumps({"QueryExecution": self.emu.describe(e)})

    def batch_get_query_execution(self):
        ids = self.p["QueryExecutionIds"]
        found = [self.emu.describe(self._exec(i)) for i in ids if self._exec(i)]
        return json.dumps(
            {
                "QueryExecutions": found,
                "UnprocessedQueryExecutionIds": [
                    {"QueryExecutionId": i, "ErrorCode": "INTERNAL_FAILURE", "ErrorMessage": ""}
                    for i in ids
                    if not self._exec(i)
                ],
            }
        )

    def _paged(self, items, key, limit):
        p = self.p
        try:
            start = (
                int(base64.urlsafe_b64decode(p["NextToken"]).decode().split(":")[1])
                if p.get("NextToken")
                else 0
            )
        except Exception:
            return self.bad("Invalid pagination token", "INVALID_INPUT")
        n = min(p.get("MaxResults") or limit, limit)
        out = {key: items[start : start + n]}
        if start + n < len(items):
            out["NextToken"] = _token(start + n)
        return json.dumps(out)

    def list_query_executions(self):
        wg = self.p.get("WorkGroup") or "primary"
        ids = [
            e.id
            for e in sorted(self.emu.executions.values(), key=lambda e: -e.submitted)
            if (e.request.get("WorkGroup") or "primary") == wg
        ]
        return self._paged(ids, "QueryExecutionIds", 50)

    def stop_query_execution(self):
        e = self._exec(id_ := self.p["QueryExecutionId"])
        if e is None:
            return self.bad(f"QueryExecution {id_} was not found", "QUERY_EXECUTION_NOT_FOUND")
        self.emu.stop(e)
        return json.dumps({})

    def get_query_results(self):
        p = self.p
        e = self._exec(id_ := p["QueryExecutionId"])
        if e is None:
            return self.bad(f"QueryExecution {id_} was not found", "QUERY_EXECUTION_NOT_FOUND")
        if e.state in ("QUEUED", "RUNNING"):
            return self.bad(
                f"Query has not yet finished. Current state: {e.state}",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        if e.state == "FAILED":
            return self.bad(
                "Query did not finish successfully. Final query state: FAILED",
                "INVALID_QUERY_EXECUTION_STATE",
            )
        if e.state == "CANCELLED":
            return self.bad("Could not find results", "RESULT_NOT_FOUND")
        r, n = e.result, p.get("MaxResults") or 1000
        if not 1 <= n <= 1000:
            return self.bad(
                "MaxResults is more than maximum allowed length 1000"
                if n > 1000
                else "1 validation error detected",
                "INVALID_INPUT",
            )
        try:
            start = (
                int(base64.urlsafe_b64decode(p["NextToken"]).decode().split(":")[1])
                if p.get("NextToken")
                else 0
            )
        except Exception:
            return self.bad(f"Malformed nextPageToken {p['NextToken']}", "INVALID_INPUT")
        cell = lambda v: {} if v is None else {"VarCharValue": str(v)}  # noqa: E731
        names = tuple(c[0] for c in r.columns)
        extra = 1 if r.header and r.columns else 0  # the header takes part in paging as row 0
        rows = [names] if extra and start == 0 else []
        rows += r.page(max(0, start - extra), n - len(rows))
        total = extra + (r.count if r.con is not None else len(r.rows or []))
        info = [
            {
                "CatalogName": "hive",
                "SchemaName": "",
                "TableName": "",
                "Name": c,
                "Label": c,
                "Type": t,
                "Precision": pr,
                "Scale": sc,
                "Nullable": "UNKNOWN",
                "CaseSensitive": t in ("varchar", "string"),
            }
            for c, t, pr, sc in r.columns
        ]
        out = {
            "UpdateCount": r.update_count or 0,
            "ResultSet": {
                "Rows": [{"Data": [cell(v) for v in row]} for row in rows],
                "ResultSetMetadata": {"ColumnInfo": info},
            },
        }
        if (
            len(rows) == n and total
        ):  # a full page always has a token, so the last page can be empty
            out["NextToken"] = _token(start + n)
        return json.dumps(out)

    # ---- catalog -----------------------------------------------------------------
    def _meta(self, t):
        sd = t["StorageDescriptor"]
        serde = sd.get("SerdeInfo") or {}
        return {
            "Name": t["Name"],
            "CreateTime": time.time(),
            "LastAccessTime": 0,
            "TableType": t.get("TableType"),
            "Columns": [
                {k: c[k] for k in ("Name", "Type", "Comment") if k in c} for c in sd["Columns"]
            ],
            "PartitionKeys": t.get("PartitionKeys") or [],
            "Parameters": {
                **(t.get("Parameters") or {}),
                "location": sd.get("Location") or "",
                "inputformat": sd.get("InputFormat") or "",
                "outputformat": sd.get("OutputFormat") or "",
                "serde.serialization.lib": serde.get("SerializationLibrary") or "",
                **{f"serde.param.{k}": v for k, v in (serde.get("Parameters") or {}).items()},
            },
        }

    def _not_found(self, what):
        return json.dumps(
            {
                "__type": "MetadataException",
                "Message": f"{what} (Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException; Request ID: x; Proxy: null)",
            }
        ), {"status": 400}

    def get_table_metadata(self):
        p = self.p
        try:
            return json.dumps(
                {
                    "TableMetadata": self._meta(
                        self.emu.engine.table(p["DatabaseName"].lower(), p["TableName"].lower())
                    )
                }
            )
        except QueryError:
            return self._not_found(
                f"EntityNotFoundException: Entity Not Found: Table {p['TableName']} not found."
            )

    def list_table_metadata(self):
        p = self.p
        glue = self.emu.engine.glue
        if p["DatabaseName"].lower() not in glue.databases:
            return self._not_found(f"Database {p['DatabaseName']} not found.")
        rx = re.compile(p.get("Expression") or ".*")
        return self._paged(
            [
                self._meta(t.as_dict())
                for n, t in sorted(glue.get_database(p["DatabaseName"].lower()).tables.items())
                if rx.fullmatch(n)
            ],
            "TableMetadataList",
            50,
        )

    def list_databases(self):
        return self._paged(
            [{"Name": n} for n in sorted(self.emu.engine.glue.databases)], "DatabaseList", 50
        )

    def get_database(self):
        n = self.p["DatabaseName"].lower()
        return (
            json.dumps({"Database": {"Name": n}})
            if n in self.emu.engine.glue.databases
            else self._not_found(f"Database {n} not found.")
        )

    def list_data_catalogs(self):
        return json.dumps(
            {
                "DataCatalogsSummary": [
                    {"CatalogName": "AwsDataCatalog", "Type": "GLUE"},
                    *self.athena_backend.list_data_catalogs(),
                ]
            }
        )

    # ---- the holes of moto ---------------------------------------------------------
    def get_work_group(self):
        wg = self.athena_backend.get_work_group(n := self.p["WorkGroup"])
        return (
            json.dumps({"WorkGroup": wg})
            if wg
            else self.bad("WorkGroup is not found.", "INVALID_INPUT")
        )

    def batch_get_named_query(self):
        out, bad = [], []
        for i in self.p["NamedQueryIds"]:
            q = self.athena_backend.get_named_query(i)
            out.append(
                {
                    "Name": q.name,
                    "Description": q.description or "",
                    "Database": q.database,
                    "QueryString": q.query_string,
                    "NamedQueryId": q.id,
                    "WorkGroup": q.workgroup.name,
                }
            ) if q else bad.append({"NamedQueryId": i})
        return json.dumps({"NamedQueries": out, "UnprocessedNamedQueryIds": bad})

    def delete_named_query(self):
        self.athena_backend.named_queries.pop(self.p["NamedQueryId"], None)
        return "{}"

    def update_named_query(self):
        p = self.p
        q = self.athena_backend.get_named_query(p["NamedQueryId"])
        if not q:
            return self.bad(
                f"NamedQuery {p['NamedQueryId']} was not found", "NAMED_QUERY_NOT_FOUND"
            )
        q.name, q.query_string, q.description = (
            p["Name"],
            p["QueryString"],
            p.get("Description", q.description),
        )
        return "{}"

    def list_prepared_statements(self):
        wg = self.p["WorkGroup"]
        return self._paged(
            [
                {
                    "StatementName": s.statement_name,
                    "LastModifiedTime": s.last_modified_time.timestamp(),
                }
                for s in self.athena_backend.prepared_statements.values()
                if s.workgroup == wg
            ],
            "PreparedStatements",
            50,
        )

    def delete_prepared_statement(self):
        self.athena_backend.prepared_statements.pop(self.p["StatementName"], None)
        return "{}"
