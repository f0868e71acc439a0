import contextlib
import errno
import os
import threading

import pytest
from filelock import FileLock

from course_lib.data import download, status
from course_lib.data.catalogue import downloaded_file, downloads
from course_lib.data.download import fetch
from course_lib.data.sources import BrokenConnectionError, place_of
from course_lib.errors import DataError, InputError

CONTENT = bytes(range(256)) * 1024
SETS = {"poems": {"a/b.txt": CONTENT, "词.txt": b"moon"}, "songs": {"c.txt": b"tra la"}}


@pytest.fixture
def mirror(make_sets):
    return make_sets(SETS)


@pytest.fixture
def web(mirror, server, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address + "/")
    return server


def files_under(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    )


def half_done(cache, size):
    file = downloads()["poems"].files[0]
    part = cache / "poems" / ".parts" / file.sha256
    part.parent.mkdir(parents=True)
    part.write_bytes(CONTENT[:size])
    return part


def test_a_mirror_folder_gives_the_same_bytes(mirror, cache):
    assert fetch(["poems"]) == {"poems": cache / "poems"}
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT
    assert files_under(cache) == ["poems/a/b.txt", "poems/词.txt"]


def test_a_mirror_address_gives_the_same_bytes(web, cache):
    fetch(["poems", "songs"])
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT
    assert sorted(path for path, _ in web.asked) == ["/poems/a/b.txt", "/poems/词.txt",
                                                     "/songs/c.txt"]  # fmt: skip


def test_without_a_mirror_the_publisher_is_asked(mirror, monkeypatch):
    monkeypatch.delenv("COURSE_DATA_MIRROR")
    poems = downloads()["poems"]
    assert place_of(poems, poems.files[1]) == (
        "https://raw.githubusercontent.com/someone/poems/abc/in/here/%E8%AF%8D.txt"
    )


def test_what_is_here_and_right_is_not_asked_for_again(web):
    fetch(["songs"])
    fetch(["songs"])
    assert len(web.asked) == 1


def test_a_file_that_was_spoiled_is_replaced(web, cache):
    fetch(["songs"])
    (cache / "songs/c.txt").write_bytes(b"tra-la")
    fetch(["songs"])
    assert (cache / "songs/c.txt").read_bytes() == b"tra la"


def test_an_interrupted_download_goes_on_where_it_stopped(web, cache):
    half_done(cache, 1000)
    fetch(["poems"])
    assert ("/poems/a/b.txt", "bytes=1000-") in web.asked
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT


def test_a_connection_that_breaks_is_taken_up_again(web):
    web.faults = ["cut"]
    fetch(["poems"], workers=1)
    assert web.asked[0] == ("/poems/a/b.txt", "")
    assert web.asked[1][1].startswith("bytes=")
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT


def test_a_server_that_cannot_skip_sends_all_again(web, cache):
    half_done(cache, 1000)
    web.faults = ["no ranges"]
    fetch(["poems"], workers=1)
    assert len(web.asked) == 2
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT


def test_a_part_of_something_else_is_thrown_away(web, cache):
    half_done(cache, 0).write_bytes(b"x" * 1000)
    fetch(["poems"], workers=1)
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT


def test_a_part_that_is_too_long_is_thrown_away(web, cache):
    half_done(cache, 0).write_bytes(CONTENT + b"x")
    fetch(["poems"], workers=1)
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT


@pytest.mark.parametrize("busy", [429, 500, 503])
def test_a_busy_server_is_asked_again(web, busy):
    web.faults = [busy, busy]
    fetch(["songs"])
    assert len(web.asked) == 3


def test_a_server_that_stays_busy_is_given_up_with_a_remedy(web):
    web.faults = [503] * 50
    with pytest.raises(DataError, match=r"503.*course data songs.*goes on where it stopped"):
        fetch(["songs"])


def test_no_network_says_what_to_do(mirror, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", "http://127.0.0.1:9")
    with pytest.raises(DataError, match=r"no connection.*course data songs.*COURSE_DATA_MIRROR"):
        fetch(["songs"])


def test_a_missing_file_is_not_asked_for_twice(web, mirror):
    (mirror / "songs/c.txt").unlink()
    with pytest.raises(DataError, match="404"):
        fetch(["songs"])
    assert len(web.asked) == 1


@pytest.mark.parametrize("other", [b"tra ma", b"tra la la", b"tra", b""])
def test_another_file_is_refused_and_leaves_nothing(web, mirror, cache, other):
    (mirror / "songs/c.txt").write_bytes(other)
    with pytest.raises(DataError, match=r"SHA-256"):
        fetch(["songs"])
    assert files_under(cache / "songs") == []
    with pytest.raises(DataError, match="course data songs"):
        downloaded_file("songs", "c.txt")


def test_another_file_in_a_mirror_folder_names_the_mirror(mirror):
    (mirror / "songs/c.txt").write_bytes(b"tra ma")
    with pytest.raises(DataError, match=r"another file.*COURSE_DATA_MIRROR"):
        fetch(["songs"])


def test_a_mirror_folder_that_lacks_a_file_is_named(mirror, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(mirror / "elsewhere"))
    with pytest.raises(DataError, match=r"No such file.*COURSE_DATA_MIRROR"):
        fetch(["songs"])


def test_an_endless_answer_is_cut_off(mirror, cache, monkeypatch):
    pieces = iter([b"x"] * 100)

    @contextlib.contextmanager
    def endless(*_):
        yield 0, pieces

    monkeypatch.setattr(download, "opened", endless)
    with pytest.raises(DataError, match="another file"):
        fetch(["songs"])
    assert files_under(cache / "songs") == []
    assert len(list(pieces)) == 100 - len(b"tra la") - 1


def test_a_set_that_fails_does_not_keep_the_others_back(mirror, cache):
    (mirror / "poems/a/b.txt").unlink()
    with pytest.raises(DataError, match="poems"):
        fetch(["poems", "songs"])
    assert (cache / "songs/c.txt").read_bytes() == b"tra la"


def test_progress_counts_up_to_all_bytes(mirror):
    seen = []
    fetch(["poems"], progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (len(CONTENT) + 4, len(CONTENT) + 4)


def test_an_interruption_leaves_a_part_and_no_file(mirror, cache):
    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(["poems"], workers=1, progress=interrupt)
    assert not (cache / "poems/a/b.txt").exists()
    fetch(["poems"])
    assert downloaded_file("poems", "a/b.txt").read_bytes() == CONTENT


def test_a_worker_that_is_told_to_stop_moves_no_half_file(mirror, cache):
    poems = downloads()["poems"]
    run = download._Run([poems], None, lambda *_: run.stop.set())
    with pytest.raises(BrokenConnectionError):
        run.get(poems, poems.files[0])
    (part,) = files_under(cache)
    assert part.startswith("poems/.parts/")


def test_a_full_disk_says_so_and_takes_nothing(mirror, cache, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(download.os, "replace", full)
    with pytest.raises(DataError, match=r"No space left.*COURSE_DATA"):
        fetch(["songs"])
    assert files_under(cache / "songs") == []


def test_too_small_a_disk_is_known_beforehand(mirror, monkeypatch):
    usage = download.shutil.disk_usage(".")._replace(free=3)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DataError, match=r"MiB free.*COURSE_DATA"):
        fetch(["songs"])


def test_a_cache_that_is_a_file_is_named(mirror, cache):
    cache.write_text("")
    with pytest.raises(DataError, match="writing"):
        fetch(["songs"])


def test_two_at_a_time_is_one_too_many(mirror, cache):
    (cache / "songs").mkdir(parents=True)
    with FileLock(cache / "songs/.lock"), pytest.raises(DataError, match="another process"):
        fetch(["songs"])


def test_many_files_come_in_parallel(make_sets, server, monkeypatch):
    make_sets({"many": {f"{number}.txt": str(number).encode() for number in range(100)}})
    monkeypatch.setenv("COURSE_DATA_MIRROR", server.address)
    names = set()
    fetch(["many"], workers=4,
          progress=lambda *_: names.add(threading.current_thread().name))  # fmt: skip
    assert len(names) > 1
    assert downloaded_file("many", "42.txt").read_bytes() == b"42"


def test_an_unknown_set_is_named_with_the_nearest(mirror):
    with pytest.raises(InputError, match="did you mean poems"):
        fetch(["poem"])


def test_a_package_that_is_missing_is_to_be_installed(mirror):
    assert fetch(["words"]) == {}
    with pytest.raises(DataError, match="pip install no-such-package"):
        fetch(["nowhere"])


def test_no_workers_is_an_error(mirror):
    with pytest.raises(InputError, match="workers"):
        fetch(["songs"], workers=0)


def test_status_tells_what_is_here(mirror, cache):
    fetch(["songs"])
    assert {row.name: row.present for row in status()} == {
        "words": True, "nowhere": False, "poems": False, "songs": True,
    }  # fmt: skip
    (cache / "songs/c.txt").write_bytes(b"tra")
    assert not {row.name: row.present for row in status()}["songs"]


def test_a_half_file_is_no_data(mirror, cache):
    (cache / "songs").mkdir(parents=True)
    (cache / "songs/c.txt").write_bytes(b"tra")
    with pytest.raises(DataError, match=r"only a part.*course data songs"):
        downloaded_file("songs", "c.txt")
