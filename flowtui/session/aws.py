"""Who we are to AWS, for what is done beside a source: tables listed, defined and checked."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.engines.athena.clients import AwsClients

MfaCode = Callable[[str], str]
"""Asks the person for a code, given the prompt; raises where none is given."""


def aws_clients(profile: str = "", region: str = "", mfa_code: MfaCode | None = None) -> AwsClients:
    """The clients of a profile and region; empty: as the AWS chain finds them. Asks nothing yet."""
    from flowtui.engines.athena.clients import AwsClients, AwsSettings

    return AwsClients(AwsSettings(profile or None, region or None, mfa_code))


def has_region(profile: str = "") -> bool:
    """True where the environment or the profile names a region."""
    if os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"):
        return True
    return bool(aws_clients(profile).region)
