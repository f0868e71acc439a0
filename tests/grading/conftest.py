import json
import sys
import types

import pytest

from course_lib.grading.isolation.limits import Limits
from course_lib.grading.isolation.sandbox import Level, probe, why_not_medium
from course_lib.grading.isolation.server import ForkServer
from course_lib.grading.judging import engine, source
from course_lib.grading.judging.rebuild import rebuild
from tests.grading import sample_course

SEED = 4711
QUICK = Limits(cell_seconds=1.5, call_seconds=1.0, submission_seconds=20.0, grace_seconds=0.5)


@pytest.fixture(autouse=True)
def _the_sample_course_is_the_course(monkeypatch):
    for name, reference in sample_course.REFERENCES.items():
        module = types.ModuleType(f"course_lib.text.sample_{name}")
        setattr(module, name, reference)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(source, "find", sample_course.EXERCISES.__getitem__)
    monkeypatch.setattr(engine, "find", sample_course.EXERCISES.__getitem__)


@pytest.fixture
def read_sample(tmp_path):
    path = tmp_path / "sample.ipynb"
    path.write_text(json.dumps(sample_course.notebook()), "utf-8")
    return source.read_source(path)


@pytest.fixture(scope="session")
def server():
    """One fork server for all tests, in the best sandbox that this machine has."""
    if probe().name == "weak":
        pytest.skip("hostile code is not run without a sandbox")
    yield from started(probe())


@pytest.fixture(scope="session")
def medium_server():
    """A fork server that uses no namespaces."""
    if why_not_medium():
        pytest.skip(why_not_medium())
    yield from started(Level("medium"))


def started(level):
    fork_server = ForkServer((), ("numpy", "torch"), level, QUICK)
    yield fork_server
    fork_server.close()


@pytest.fixture
def grade(read_sample, server):
    """Return a function that grades a document, or bytes, and returns the result."""
    return lambda document, seed=SEED: graded(document, read_sample, server, seed)


@pytest.fixture
def grade_in_medium(read_sample, medium_server):
    """Return the same, without namespaces."""
    return lambda document, seed=SEED: graded(document, read_sample, medium_server, seed)


def graded(document, read_sample, fork_server, seed):
    rebuilt = rebuild(sample_course.as_bytes(document), read_sample)
    return engine.grade_notebook(rebuilt, fork_server, seed)
