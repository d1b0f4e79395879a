"""A hunt tells the story of the demo, and nothing grave of an everyday."""

from __future__ import annotations

import pytest

from flowtui.demo import demo_truth
from flowtui.domain.detections import Severity
from flowtui.session.hunt import Hunt, Outcome
from flowtui.session.session import Session
from tests.hunting.conftest import hunted

TRUTH = demo_truth()


@pytest.fixture(scope="module")
def found(incident: Session) -> Hunt:
    """The hunt over the whole day."""
    return hunted(incident)


def told(hunt: Hunt, slug: str) -> list[tuple[str, str]]:
    """Who and evidence of the findings of a detection."""
    return [(f.who, f.evidence) for f in hunt.findings if f.query.slug == slug]


def test_the_scan_the_brute_force_and_the_sweep_are_found(found: Hunt) -> None:
    """Each by its source, with the figures of the story, and nobody else."""
    ((who, evidence),) = told(found, "vertical-scan")
    assert who == f"{TRUTH.scanner} → {TRUTH.scan_target}"
    assert evidence.startswith(f"{TRUTH.scan_ports:,} ports of {TRUTH.scan_target} in 16 min")
    ((who, evidence),) = told(found, "brute-force")
    assert who == f"{TRUTH.brute_source} → {TRUTH.brute_target} port 22 (ssh)"
    assert f"{TRUTH.brute_rejected} records rejected, {TRUTH.brute_openers} let in" in evidence
    ((who, evidence),) = told(found, "horizontal-sweep")
    assert who == f"{TRUTH.sweeper} port 3389 (rdp)"
    assert evidence.startswith(f"{len(TRUTH.sweep_targets)} hosts on port 3389")


def test_what_got_in_and_went_on_is_found(found: Hunt) -> None:
    """The brute force got in; from the bastion it went on to what answered."""
    reached = {who for who, _ in told(found, "scan-succeeded")}
    assert reached == {
        f"{TRUTH.brute_source} → {TRUTH.brute_target} port 22 (ssh)",
        *(f"{TRUTH.lateral_source} → {host} port 22 (ssh)" for host in TRUTH.lateral_reached),
    }
    tried = dict(told(found, "lateral-movement"))
    hosts = len(TRUTH.lateral_reached) + len(TRUTH.lateral_refused)
    assert f"of {hosts} inside hosts" in tried[f"{TRUTH.lateral_source} port 22 (ssh)"]
    assert all(who.startswith(TRUTH.lateral_source) for who in tried)


@pytest.mark.parametrize("slug", ["upload-ratio", "large-transfers"])
def test_the_exfiltration_is_one_finding(found: Hunt, slug: str) -> None:
    """The host, with the gateway that repeats its bytes beside it, not as another."""
    (finding,) = [f for f in found.findings if f.query.slug == slug]
    assert finding.who == f"{TRUTH.exfil_source} → {TRUTH.exfil_destination}"
    assert finding.also == (f"{TRUTH.exfil_gateway} → {TRUTH.exfil_destination}",)
    assert finding.evidence.startswith("930.0 MB sent")


def test_nobody_else_is_accused(found: Hunt) -> None:
    """Whoever is named at medium or above has a part in the story."""
    actors = {
        TRUTH.scanner, TRUTH.sweeper, TRUTH.brute_source, TRUTH.lateral_source,
        TRUTH.exfil_source, TRUTH.resolver_client,
    }  # fmt: skip
    grave = [f for f in found.findings if f.severity.rank >= Severity.MEDIUM.rank]
    assert {finding.who.split(" ")[0] for finding in grave} == actors


def test_findings_are_ranked_and_floors_are_named(found: Hunt) -> None:
    """The gravest first, the strongest first among equals; lost windows are counted."""
    ranks = [(-f.severity.rank, -f.strength) for f in found.findings]
    assert ranks == sorted(ranks)
    assert found.findings[0].query.slug == "scan-succeeded"
    assert found.lost_windows == TRUTH.skip_records
    assert found.is_complete
    assert {r.outcome for r in found.reports} == {Outcome.FOUND, Outcome.NOTHING}


def test_an_everyday_gives_nothing_grave(quiet: Session) -> None:
    """Visitors, tiers, monitoring, VPN and the internet's noise: nothing of medium or above."""
    found = hunted(quiet)
    assert found.is_complete
    assert [f for f in found.findings if f.severity.rank >= Severity.MEDIUM.rank] == []
    assert {f.query.slug for f in found.findings} <= {"long-connections"}


def test_a_time_and_a_filter_apply_to_every_detection(incident: Session) -> None:
    """Of the hour of the scan only the scan and what ran beside it."""
    found = hunted(incident, "from:2026-11-23T01:00Z to:2026-11-23T01:30Z dst:10.20.0.0/24")
    assert [f.query.slug for f in found.findings] == ["vertical-scan"]
