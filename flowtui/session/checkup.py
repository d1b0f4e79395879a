"""What stands between a person and their logs on AWS: `flowtui doctor athena://…` and `s3://…`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowtui.domain.money import dollars
from flowtui.session.aws import MfaCode, aws_clients
from flowtui.session.config import Config
from flowtui.session.doctor import Finding, Health
from flowtui.session.sources import Source, SourceKind

if TYPE_CHECKING:
    from flowtui.engines.athena.clients import AwsClients
    from flowtui.engines.checks import Check


def look_at_aws(
    source: Source, config: Config, is_writing: bool = False, mfa_code: MfaCode | None = None
) -> Iterator[Finding]:
    """Every check of a source on AWS; some requests each, and no query.

    Args:
        source: An Athena table or a place in S3.
        config: Price and budget.
        is_writing: Also write and delete one small object where results go.
        mfa_code: Asks the person for a code.
    """
    clients = aws_clients(source.profile, source.region, mfa_code)
    if source.kind is SourceKind.ATHENA:
        yield from map(_finding, _of_table(source, clients, is_writing))
        yield _price(config)
    else:
        yield from map(_finding, _of_place(source, clients))


def _of_table(source: Source, clients: AwsClients, is_writing: bool) -> Iterator[Check]:
    from flowtui.engines.athena.address import TableAddress
    from flowtui.engines.athena.checks import Examined, athena_checks

    address = TableAddress.parse(source.location)
    return athena_checks(clients, Examined(address, source.output_location, is_writing))


def _of_place(source: Source, clients: AwsClients) -> Iterator[Check]:
    from flowtui.engines.athena.checks import identity_checks
    from flowtui.engines.s3.checks import place_checks

    yield from identity_checks(clients)
    yield from place_checks(clients, source.location)


def _finding(check: Check) -> Finding:
    if check.is_good:
        return Finding("source", check.name, check.text)
    health = Health.BAD if check.is_needed else Health.WORTH_A_LOOK
    return Finding("source", check.name, check.text, health)


def _price(config: Config) -> Finding:
    budget = config.budget
    text = (
        f"{dollars(budget.price_per_tb)} per TB scanned (budget.price_per_tb); "
        f"asks above {dollars(budget.ask_above)} a question"
    )
    if budget.refuse_above is not None:
        text += f", refuses above {dollars(budget.refuse_above)}"
    return Finding("source", "price", text)
