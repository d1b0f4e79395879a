"""Which AWS profiles and regions there are to choose from; nothing is asked of AWS."""

from __future__ import annotations

from dataclasses import dataclass

from flowtui.engines.athena.faults import translating


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of the AWS config files; the unnamed one is the chain's own choice."""

    name: str
    region: str = ""
    """Empty where it names none."""


def profiles() -> list[Profile]:
    """What the chain takes by itself, then every profile by its name."""
    from botocore.session import Session

    with translating("reading the AWS config files"):
        session = Session()
        names = session.available_profiles
        # AWS_PROFILE may name one that is not there: the list is still of use.
        chosen = Profile("", _region(None))
        return [chosen, *(Profile(name, _region(name)) for name in sorted(names))]


def regions() -> list[str]:
    """Regions in which there is Athena."""
    from botocore.session import Session

    with translating("reading the list of regions"):
        return sorted(Session().get_available_regions("athena"))


def _region(profile: str | None) -> str:
    from botocore.exceptions import BotoCoreError
    from botocore.session import Session

    try:
        return str(Session(profile=profile).get_config_variable("region") or "")
    except BotoCoreError:
        return ""
