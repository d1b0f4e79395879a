"""AWS config files that lead to the test server."""

from __future__ import annotations

from pathlib import Path

from tests.athena_server import AthenaServer

DEVICE = "arn:aws:iam::123456789012:mfa/me"


def write_config(server: AthenaServer, home: Path) -> dict[str, str]:
    """Profiles `mfa` (a role behind a code) and `here` (endpoints of its own); the environment."""
    config = home / "aws-config"
    keys = server.environment()
    services = "\n".join(
        f"{name} =\n  endpoint_url = {server.url}"
        for name in ("athena", "glue", "s3", "sts", "ec2")
    )
    access = (
        f"aws_access_key_id = {keys['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {keys['AWS_SECRET_ACCESS_KEY']}\n"
        f"region = {server.region}\n"
    )
    config.write_text(
        f"[profile base]\n{access}\n"
        "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/auditor\n"
        f"source_profile = base\nmfa_serial = {DEVICE}\nregion = {server.region}\n\n"
        f"[profile here]\n{access}services = local\n\n"
        f"[services local]\n{services}\n"
    )
    return {
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "no-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
