"""Files of names: labels.csv, hosts, ip-ranges.json; what is wrong is counted, the rest used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowtui.domain.labels import Labels
from flowtui.session import labelfiles
from flowtui.session.labelfiles import read_labels

CSV = """\ufeffaddress,name
10.0.1.20,web-1
10.0.0.0/16,"office, Berlin"
2001:DB8::1, mail ,ignored
8443,admin api
eni-0123456789abcdef0,bastion
123456789012,production
# a comment

nonsense,x
99999,no port
10.0.1.21
10.0.1.22,
"""
HOSTS = """# hosts
127.0.0.1\tlocalhost
10.0.1.30 db-1 db-1.internal  # the database
::1 localhost ip6-localhost
10.0.1.31
"""
RANGES = {
    "syncToken": "1", "createDate": "2026-11-01-00-00-00",
    "prefixes": [
        {"ip_prefix": "52.94.0.0/16", "region": "eu-west-1", "service": "S3"},
        {"ip_prefix": "52.94.0.0/16", "region": "eu-west-1", "service": "AMAZON"},
        {"ip_prefix": "3.0.0.0/8", "region": "us-east-1", "service": "AMAZON"},
        {"ip_prefix": "3.5.0.0/16", "region": "us-east-1", "service": "EC2"},
        {"ip_prefix": "nonsense", "region": "us-east-1", "service": "EC2"},
        7,
    ],
    "ipv6_prefixes": [
        {"ipv6_prefix": "2600:1f00::/24", "region": "GLOBAL", "service": "CLOUDFRONT"}
    ],
}  # fmt: skip


def read(directory: Path, **files: str) -> Labels:
    """The labels of files of these texts."""
    paths = []
    for name, text in files.items():
        path = directory / name
        path.write_text(text)
        paths.append(path)
    return read_labels(paths)


def test_labels_csv(tmp_path: Path) -> None:
    """Addresses, networks, ports and ids; quotes, a byte order mark, comments, a header."""
    labels = read(tmp_path, labels=CSV)
    assert labels.own("10.0.1.20") == "web-1"
    assert labels.own("10.0.7.7") == "office, Berlin"
    assert labels.own("2001:db8:0::1") == "mail"
    assert labels.own("eni-0123456789abcdef0") == "bastion"
    assert labels.own("123456789012") == "production"
    assert labels.ports == {8443: "admin api"}
    (file,) = labels.files
    assert (file.names, file.left_out) == (6, 4)
    assert file.first_wrong.startswith("line 10:")


def test_a_hosts_file(tmp_path: Path) -> None:
    """The first name of each line; comments behind it; a line without a name is counted."""
    labels = read(tmp_path, hosts=HOSTS)
    assert labels.own("10.0.1.30") == "db-1"
    assert labels.own("::1") == "localhost"
    assert (labels.files[0].left_out, labels.files[0].first_wrong[:7]) == (1, "line 5:")


def test_the_ranges_of_aws(tmp_path: Path) -> None:
    """The narrowest range, and of one range the service that tells most."""
    labels = read(tmp_path, ranges=json.dumps(RANGES))
    assert labels.aws.get("52.94.1.1") == "AWS S3 eu-west-1"
    assert labels.aws.get("3.5.1.1") == "AWS EC2 us-east-1"
    assert labels.aws.get("3.9.1.1") == "AWS us-east-1"
    assert labels.aws.get("2600:1f00::1") == "AWS CLOUDFRONT GLOBAL"
    assert labels.own("52.94.1.1") == ""
    assert labels.files[0].left_out == 2


def test_a_later_file_wins(tmp_path: Path) -> None:
    """What the person wrote last counts."""
    assert read(tmp_path, a="10.0.0.1 old", b="10.0.0.1,new").own("10.0.0.1") == "new"


@pytest.mark.parametrize("text", ["{", '{"prefixes": 7}', '{"prefixes": []}', "{" * 100_000])
def test_json_of_another_kind_is_told(tmp_path: Path, text: str) -> None:
    """What is no ip-ranges.json gives no name, and says so."""
    labels = read(tmp_path, ranges=text)
    assert not labels
    assert labels.files[0].left_out == 1


def test_files_that_cannot_be_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing, a directory, too large, no path at all: the others are used all the same."""
    monkeypatch.setattr(labelfiles, "LARGEST", 100)
    (tmp_path / "large").write_text("10.0.0.1 x\n" * 100)
    (tmp_path / "good").write_text("10.0.0.1 good\n")
    files = ("none", "", "large", "zero\0byte", "good")
    nobody = Path("~nobody-of-that-name/labels.csv")
    labels = read_labels([nobody, *(tmp_path / name for name in files)])
    assert labels.own("10.0.0.1") == "good"
    assert [file.left_out for file in labels.files] == [1, 1, 1, 1, 1, 0]
    assert all(file.first_wrong for file in labels.files[:5])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_read(tmp_path: Path, data: bytes) -> None:
    """Whatever stands in a file, reading it ends well."""
    path = tmp_path / "any"
    path.write_bytes(data)
    assert read_labels([path]).files[0].names >= 0
