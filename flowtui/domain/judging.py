"""Every rule, asked of what was found."""

from __future__ import annotations

from datetime import UTC, tzinfo

from flowtui.domain import answers, missing, rejections
from flowtui.domain.evidence import Case, Talk
from flowtui.domain.verdicts import Verdict


def judge(talk: Talk, case: Case, zone: tzinfo = UTC) -> tuple[Verdict, ...]:
    """What every rule says of one talk, the gravest first."""
    found = (rule(talk, case, zone) for rule in (*rejections.RULES, *answers.RULES))
    return tuple(verdict for verdict in found if verdict is not None)


def judge_evidence(case: Case, zone: tzinfo = UTC) -> tuple[Verdict, ...]:
    """What is to be said of the evidence as a whole: that there is none, what may be missing."""
    found = (rule(case, zone) for rule in missing.RULES)
    return tuple(verdict for verdict in found if verdict is not None)
