import gzip
import io
import zipfile

import pytest

from course_lib.data import archives
from course_lib.data.archives import gunzip, zip_members
from course_lib.errors import DataError


def make_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_members_are_read_in_place(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"x/": "", "x/a.txt": "one", "x/b.xml": "two"})
    assert dict(zip_members(path, ".txt")) == {"x/a.txt": b"one"}


def test_a_name_that_points_elsewhere_writes_nothing(tmp_path):
    (tmp_path / "in").mkdir()
    path = make_zip(tmp_path / "in/a.zip",
                    {"../evil.txt": "x", "/evil.txt": "y"})  # fmt: skip
    assert len(dict(zip_members(path))) == 2
    assert [one.name for one in tmp_path.rglob("*")] == ["in", "a.zip"]


@pytest.mark.parametrize("limit", ["LARGEST_MEMBER", "LARGEST_TOTAL", "MOST_MEMBERS"])
def test_more_than_a_limit_is_refused(tmp_path, monkeypatch, limit):
    path = make_zip(tmp_path / "a.zip", {"a": "x" * 10, "b": "y" * 10})
    monkeypatch.setattr(archives, limit, 1)
    with pytest.raises(DataError, match="expected 1 "):
        list(zip_members(path))


def test_a_size_that_lies_yields_no_more_than_it_says(tmp_path):
    path = make_zip(tmp_path / "a.zip", {"a": b"x" * 100_000})
    content = bytearray(path.read_bytes())
    at = content.index(b"PK\x01\x02") + 24  # the size in the central directory
    content[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        list(zip_members(path))


@pytest.mark.parametrize("spoil", [lambda data: b"PK" + data[2:50], lambda data: b"hello"])
def test_a_damaged_zip_is_a_data_error(tmp_path, spoil):
    path = make_zip(tmp_path / "a.zip", {"a": "x" * 1000})
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DataError, match="damaged zip"):
        list(zip_members(path))


def test_a_gzip_bomb_is_cut_off(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(bytes(10**7)))
    with pytest.raises(DataError, match="1000 bytes at most"):
        gunzip(tmp_path / "a.gz", 1000)
    assert len(gunzip(tmp_path / "a.gz", 10**7)) == 10**7


def test_a_damaged_gzip_is_a_data_error(tmp_path):
    packed = gzip.compress(io.BytesIO(b"x" * 1000).getvalue())
    for content in (packed[:-4], b"hello", packed[:10] + b"!" + packed[11:]):
        (tmp_path / "a.gz").write_bytes(content)
        with pytest.raises(DataError, match="damaged gzip"):
            gunzip(tmp_path / "a.gz", 10_000)
