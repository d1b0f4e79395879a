"""One boto3 session and its clients, made once, renewed after logging in.

The AWS chain alone finds credentials; nothing is stored. Clients are made under a lock because
boto3 sessions are not thread-safe, while clients are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flowtui import __version__
from flowtui.engines.athena.faults import translating
from flowtui.errors import CredentialsError

if TYPE_CHECKING:
    from boto3.session import Session
    from pyathena.connection import Connection

_CONNECT_S: Final = 5
_READ_S: Final = 20
_READ_OBJECT_S: Final = 60


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """Who we are to AWS, and where; None leaves it to the chain."""

    profile: str | None = None
    region: str | None = None
    mfa_code: Callable[[str], str] | None = None
    """Asks the person for an MFA code, given the prompt; None: MFA profiles fail with a hint."""


class AwsClients:
    """The session's clients by service; blocks at first use of each."""

    def __init__(self, settings: AwsSettings) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        self._session: Session | None = None
        self._clients: dict[str, Any] = {}
        self._connection: Connection[Any] | None = None

    @property
    def region(self) -> str:
        """The region in use; empty where none is set."""
        return str(self.session.region_name or "")

    @property
    def session(self) -> Session:
        """The boto3 session; made at first use."""
        with self._lock:
            if self._session is None:
                with translating("opening the AWS session", self.settings.profile):
                    self._session = self._new_session()
            return self._session

    def client(self, service: str) -> Any:
        """The client of a service; endpoints from the environment and the profile are honoured."""
        with self._lock:
            if service not in self._clients:
                with translating(f"connecting to {service}", self.settings.profile):
                    self._clients[service] = self.session.client(service, config=_config(service))
            return self._clients[service]

    def connection(self) -> Connection[Any]:
        """A pyathena connection on the same session, for the catalogue with its Glue fallback."""
        with self._lock:
            if self._connection is None:
                import pyathena
                from pyathena.util import RetryConfig

                with translating("connecting to Athena", self.settings.profile):
                    self._connection = pyathena.connect(
                        session=self.session,
                        region_name=self.region or None,
                        # No query runs through it, but it insists on a place for results.
                        work_group="primary",
                        s3_staging_dir="",
                        kill_on_interrupt=False,
                        retry_config=RetryConfig(
                            exceptions=("ThrottlingException",), attempt=3, max_delay=4
                        ),
                        config=_config("athena"),
                    )
            return self._connection

    def renew(self) -> None:
        """Forget session and clients, so that credentials are looked for afresh."""
        with self._lock:
            self._session = None
            self._clients.clear()
            self._connection = None

    def _new_session(self) -> Session:
        import boto3

        session = boto3.Session(
            profile_name=self.settings.profile, region_name=self.settings.region
        )
        # A profile with mfa_serial would call getpass, which grabs the terminal under the screen.
        provider = session._session.get_component("credential_provider")
        provider.get_provider("assume-role")._prompter = self._mfa_code
        return session

    def _mfa_code(self, prompt: str) -> str:
        try:
            return (self.settings.mfa_code or _no_mfa)(prompt)
        except CredentialsError:
            # botocore asks once in a session; only a new one asks again.
            self.renew()
            raise


def _no_mfa(prompt: str) -> str:
    raise CredentialsError(
        f"The profile asks for an MFA code ({prompt.strip().rstrip(':')}), and nobody can be asked "
        "here.",
        "Run it in a terminal, or set AWS_* variables that `aws sts get-session-token` gives.",
    )


def _config(service: str) -> Any:
    from botocore.config import Config

    return Config(
        connect_timeout=_CONNECT_S,
        read_timeout=_READ_OBJECT_S if service == "s3" else _READ_S,
        retries={"mode": "standard", "total_max_attempts": 4},
        max_pool_connections=16,
        user_agent_extra=f"flowtui/{__version__}",
    )
