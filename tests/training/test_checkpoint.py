import json

import pytest
import torch

from course_lib.training import checkpoint as module
from course_lib.training.checkpoint import (
    CheckpointError,
    checkpoints,
    load_best,
    load_checkpoint,
    load_latest,
    save_checkpoint,
)


@pytest.fixture
def save(tmp_path):
    def saved(step, **options):
        tensors = {"weight": torch.full((3,), float(step)), "state": torch.arange(4)}
        return save_checkpoint(tmp_path, step, tensors, {"note": f"after {step}"}, **options)

    return saved


def test_what_was_saved_comes_back(save):
    found = load_checkpoint(save(7))
    assert found.tensors["weight"].tolist() == [7.0, 7.0, 7.0]
    assert found.tensors["state"].dtype == torch.int64
    assert (found.record["step"], found.record["note"]) == (7, "after 7")


def test_the_last_ones_and_the_best_are_kept(save, tmp_path):
    for step in range(1, 7):
        save(step, keep=2, best=step == 2)
    assert [path.name for path in checkpoints(tmp_path)] == [
        "step-00000002", "step-00000005", "step-00000006",
    ]  # fmt: skip
    assert load_best(tmp_path).record["step"] == 2
    assert load_latest(tmp_path).record["step"] == 6


def _cut(path):
    tensors = path / "tensors.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:-5])


def _flip(path):
    tensors = path / "tensors.safetensors"
    content = bytearray(tensors.read_bytes())
    content[-1] ^= 1
    tensors.write_bytes(content)


def _no_record(path):
    (path / "record.json").unlink()


def _half_record(path):
    (path / "record.json").write_text('{"step": 3, "sha')


def _foreign(path):
    (path / "record.json").write_text("[1, 2]")


def _no_step(path):
    record = json.loads((path / "record.json").read_text("utf-8"))
    (path / "record.json").write_text(json.dumps({**record, "step": "two"}))


def _deep(path):
    (path / "record.json").write_text("[" * 100_000)


def _no_tensors(path):
    (path / "tensors.safetensors").unlink()


DAMAGES = [_cut, _flip, _no_record, _half_record, _foreign, _no_step, _deep, _no_tensors]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_checkpoint_is_found_out_and_the_one_before_it_is_used(
    save, tmp_path, damage, capsys
):
    save(1)
    path = save(2)
    damage(path)
    with pytest.raises(CheckpointError):
        load_checkpoint(path)
    assert load_latest(tmp_path).record["step"] == 1
    assert "passed over: the checkpoint" in capsys.readouterr().out


def test_a_folder_of_damage_is_no_fresh_start(save, tmp_path):
    _cut(save(1))
    with pytest.raises(CheckpointError, match="expected one that is whole, got 1 damaged"):
        load_latest(tmp_path)


def test_an_empty_folder_is_one(tmp_path):
    assert load_latest(tmp_path) is None
    with pytest.raises(CheckpointError, match="the best checkpoint"):
        load_best(tmp_path)


def test_the_best_cannot_point_outside_the_folder(save, tmp_path):
    save(1, best=True)
    (tmp_path / "best.json").write_text(json.dumps({"checkpoint": "../../etc"}))
    with pytest.raises(CheckpointError):
        load_best(tmp_path)


def test_a_save_that_fails_leaves_what_was_there(save, tmp_path, monkeypatch):
    save(1)

    def full(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_sync", full)
    with pytest.raises(CheckpointError, match=r"a disk that takes it, got .*No space left"):
        save(2)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000001"]


def test_what_a_killed_run_left_half_written_is_removed(save, tmp_path):
    (tmp_path / ".step-00000001.4321").mkdir()
    save(2)
    assert [path.name for path in tmp_path.iterdir()] == ["step-00000002"]
