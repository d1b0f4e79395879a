"""Settings for all tests."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes depends on the machine; the claims do not.
settings.register_profile("flowtui", deadline=None)
settings.load_profile("flowtui")
