"""Which clusters are given work: those that prove who they are, and show nothing to browsers."""

import time

import pytest

from course_lib.errors import InputError
from course_lib.grading.classroom import cluster
from course_lib.grading.classroom.cluster import connected
from tests.grading import tls_cluster

TCP = "tcp://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _nothing_is_allowed(monkeypatch):
    for name in (cluster.SCHEDULER, cluster.CERTIFICATES, cluster.INSECURE):
        monkeypatch.setenv(name, "")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    if tls_cluster.why_not():
        pytest.skip(tls_cluster.why_not())
    return tls_cluster.make_certificates(tmp_path_factory.mktemp("tls") / "ours")


def test_a_cluster_without_tls_is_refused_unless_that_is_said(monkeypatch):
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match=r"expected tls://.*--insecure-cluster"):
        connected(TCP)
    monkeypatch.setenv(cluster.SCHEDULER, TCP)
    assert cluster.is_insecure()
    monkeypatch.setenv(cluster.SCHEDULER, "tls://127.0.0.1:1")
    assert not cluster.is_insecure()


def test_certificates_that_are_missing_are_named(monkeypatch, certificates, tmp_path):
    (tmp_path / "ca.pem").write_bytes((certificates / "ca.pem").read_bytes())
    monkeypatch.setenv(cluster.CERTIFICATES, str(tmp_path))
    with pytest.raises(InputError, match=r"no certificate\.pem and no key\.pem"):
        connected("tls://127.0.0.1:1")


def tried(address, seconds=60):
    """Connect as soon as there is a worker."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connected(address)
        except InputError as error:
            if "expected workers" not in str(error) or time.monotonic() > deadline:
                raise


@pytest.mark.slow
def test_a_cluster_with_our_certificates_and_without_pages_is_given_work(
    monkeypatch, certificates, tmp_path
):
    monkeypatch.setenv(cluster.CERTIFICATES, str(certificates))
    with (
        tls_cluster.scheduler(tmp_path, certificates) as address,
        tls_cluster.workers(tmp_path, address, 1, certificates),
    ):
        with tried(address) as client:
            assert client.get_executor(pure=False).submit(abs, -2).result(60) == 2
        foreign = tls_cluster.make_certificates(tmp_path / "foreign")
        monkeypatch.setenv(cluster.CERTIFICATES, str(foreign))
        with pytest.raises(InputError, match="expected a Dask scheduler"):
            connected(address)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["SCHEDULER", "WORKER"])
def test_a_cluster_that_shows_pages_to_browsers_is_refused(
    monkeypatch, certificates, tmp_path, part
):
    monkeypatch.setenv(cluster.CERTIFICATES, str(certificates))
    pages = {f"DASK_DISTRIBUTED__{part}__HTTP__ROUTES": "['distributed.http.health']"}
    with (
        tls_cluster.scheduler(tmp_path, certificates, **pages) as address,
        tls_cluster.workers(tmp_path, address, 1, certificates, **pages),
        pytest.raises(InputError, match=r"got 1 of them.*HTTP__ROUTES"),
    ):
        tried(address)
