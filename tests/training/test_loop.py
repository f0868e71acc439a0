import copy
import json
import math
import shutil

import pytest
import torch
from torch import nn

from course_lib.errors import InputError
from course_lib.models import GPT, GPTConfig
from course_lib.training import (
    Batches,
    Trainer,
    TrainingConfig,
    TrainingError,
    classification_loss,
    language_model_loss,
    load_latest,
    load_weights,
    train_by_definition,
)
from course_lib.training.next_token import IGNORED


def language_model(dropout=0.0):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Embedding(11, 8), nn.Dropout(dropout), nn.LayerNorm(8), nn.Linear(8, 11)
    )


def sentences(count=24, length=6, seed=1):
    """Return (inputs, targets) where the next token is the last one plus one; some is padding."""
    generator = torch.Generator().manual_seed(seed)
    rows = []
    for number in range(count):
        start = int(torch.randint(11, (1,), generator=generator))
        tokens = (start + torch.arange(length + 1)) % 11
        targets = tokens[1:].clone()
        targets[length - number % 4 :] = IGNORED
        rows.append((tokens[:-1], targets))
    return rows


def config(**changes):
    """Return a short run's settings, in float32: the oracles are exact."""
    few = {"steps": 8, "learning_rate": 0.01, "log_every": 4, "precision": "float32"}
    return TrainingConfig(**few | changes)


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


def test_a_step_is_that_of_a_plain_loop():
    model, data = language_model(), sentences()
    plain = copy.deepcopy(model)
    batches = Batches(data, size=6, seed=2)
    Trainer(model, batches, language_model_loss, config(warm_up=2, clip=0.5)).run()

    matrices = [p for p in plain.parameters() if p.ndim > 1]
    others = [p for p in plain.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=0.01, betas=(0.9, 0.95))
    for step, (inputs, targets) in zip(range(8), batches.starting_at(0)):  # noqa: B905 - endless
        rate = (
            (step + 1) / 2 if step < 2 else 0.1 + 0.9 * (1 + math.cos(math.pi * (step - 1) / 6)) / 2
        )
        for group in optimiser.param_groups:
            group["lr"] = 0.01 * rate
        optimiser.zero_grad()
        logits = plain(inputs).transpose(1, 2)
        nn.functional.cross_entropy(logits, targets, ignore_index=IGNORED).backward()
        nn.utils.clip_grad_norm_(plain.parameters(), 0.5)
        optimiser.step()
    torch.testing.assert_close(weights(model), weights(plain), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("changes", [{"accumulation": 3}, {"clip": None, "schedule": "linear"}])
def test_the_trainer_does_what_the_plain_loop_does(changes):
    model, batches = language_model(), Batches(sentences(), size=4, seed=2)
    plain = copy.deepcopy(model)
    settings = config(**{"warm_up": 2, "clip": 0.5, "log_every": 1} | changes)
    rows = Trainer(model, batches, language_model_loss, settings).run()
    losses = train_by_definition(plain, batches, language_model_loss, settings)
    assert [row["loss"] for row in rows] == pytest.approx(losses, rel=1e-5)
    torch.testing.assert_close(weights(model), weights(plain), rtol=1e-5, atol=1e-6)


def test_micro_batches_with_unequal_counts_make_the_step_of_one_batch():
    one, four = language_model(), language_model()
    data = sentences()
    Trainer(one, Batches(data, size=8, shuffle=False), language_model_loss, config(steps=3)).run()
    Trainer(four, Batches(data, size=2, shuffle=False), language_model_loss,
            config(steps=3, accumulation=4)).run()  # fmt: skip
    torch.testing.assert_close(weights(one), weights(four), rtol=1e-5, atol=1e-6)


def test_bfloat16_learns_as_well_as_float32():
    def loss(precision):
        trainer = Trainer(language_model(), Batches(sentences(), size=8), language_model_loss,
                          config(steps=60, precision=precision))  # fmt: skip
        return trainer.run()[-1]["loss"]

    start = math.log(11)
    assert loss("float32") < 0.9 * start
    assert loss("bfloat16") == pytest.approx(loss("float32"), rel=0.02)


def test_the_loss_of_the_log_is_per_target_over_all_its_steps():
    model = nn.Sequential(nn.Embedding(11, 11))
    nn.init.zeros_(model[0].weight)
    rows = Trainer(model, Batches(sentences(), size=4), language_model_loss,
                   config(learning_rate=0.0)).run()  # fmt: skip
    assert [row["step"] for row in rows] == [4, 8]
    assert rows[0]["loss"] == pytest.approx(math.log(11))


def test_patience_ends_a_run_and_the_best_weights_are_kept(tmp_path):
    noise = [(inputs, inputs.flip(0)) for inputs, _ in sentences(seed=5)]
    settings = config(steps=400, learning_rate=0.1, evaluate_every=5, patience=2)
    trainer = Trainer(
        language_model(), Batches(sentences(), size=8), language_model_loss, settings,
        validation=Batches(noise, size=8), folder=tmp_path,
    )  # fmt: skip
    rows = trainer.run()
    assert trainer.done < 400
    losses = [row["validation"] for row in rows if "validation" in row]
    assert trainer.stopping.best == min(losses) < losses[-1]


def test_evaluation_uses_the_average_and_leaves_the_model_as_it_was():
    trainer = Trainer(
        language_model(dropout=0.5), Batches(sentences(), size=8), language_model_loss,
        config(average_decay=0.9, evaluate_every=8), validation=Batches(sentences(), size=8),
    )  # fmt: skip
    trainer.run()
    before = weights(trainer.model)
    assert trainer.evaluate() == trainer.evaluate()
    assert trainer.running.training
    assert torch.equal(before, weights(trainer.model))


def test_a_checkpoint_fills_a_fresh_model_with_weights_or_their_average(tmp_path):
    trainer = Trainer(language_model(), Batches(sentences(), size=8), language_model_loss,
                      config(average_decay=0.5), folder=tmp_path)  # fmt: skip
    trainer.run()
    checkpoint = load_latest(tmp_path)
    fresh = language_model()
    load_weights(fresh, checkpoint)
    assert torch.equal(weights(fresh), weights(trainer.model))
    load_weights(fresh, checkpoint, averaged=True)
    with trainer.average.applied(trainer.model):
        torch.testing.assert_close(weights(fresh), weights(trainer.model))


def test_tied_weights_train_and_are_kept_once(tmp_path):
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(11, 8)
            self.head = nn.Linear(8, 11, bias=False)
            self.head.weight = self.embedding.weight

        def forward(self, ids):
            return self.head(self.embedding(ids))

    for _ in range(2):
        trainer = Trainer(Tied(), Batches(sentences(), size=8), language_model_loss, config(),
                          folder=tmp_path)  # fmt: skip
        trainer.run()
    assert trainer.model.head.weight is trainer.model.embedding.weight
    assert sum(name.startswith("model.") for name in load_latest(tmp_path).tensors) == 1


def test_a_loss_that_is_no_number_ends_the_run_in_words():
    with pytest.raises(TrainingError, match="the loss at step 4: expected a finite number"):
        Trainer(language_model(), Batches(sentences(), size=4),
                lambda model, batch: (model(batch[0]).sum() * math.nan, torch.tensor(4)),
                config()).run()  # fmt: skip


def test_a_classifier_learns_as_well():
    generator = torch.Generator().manual_seed(0)
    points = torch.randn(60, 2, generator=generator)
    data = [(point, (point[0] > point[1]).long()) for point in points]
    trainer = Trainer(nn.Linear(2, 2), Batches(data, size=20), classification_loss,
                      config(steps=150, learning_rate=0.1))  # fmt: skip
    trainer.run()
    assert (
        trainer.model(points).argmax(-1) == torch.stack([c for _, c in data])
    ).float().mean() > 0.95


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"accumulation": 0}, "accumulation"),
        ({"patience": 3}, "patience"),
        ({"patience": 0, "evaluate_every": 2}, "patience"),
        ({"clip": -1.0}, "clip"),
        ({"checkpoint_every": 0}, "checkpoint_every"),
        ({"keep": 0}, "keep"),
        ({"betas": (0.9, 1.5)}, "betas"),
        ({"average_decay": 1.0}, "average_decay"),
        ({"learning_rate": math.nan}, "learning_rate"),
        ({"weight_decay": -0.1}, "weight_decay"),
        ({"warm_up": 99}, "schedule"),
        ({"evaluate_every": 2}, "evaluate_every"),
    ],
)
def test_what_does_not_fit_is_refused_at_once(wrong, words):
    with pytest.raises(InputError, match=words):
        Trainer(
            language_model(), Batches(sentences(), size=4), language_model_loss, config(**wrong)
        )


def test_the_log_is_a_line_of_json_for_each_row(tmp_path):
    trainer = Trainer(language_model(), Batches(sentences(), size=4), language_model_loss, config(),
                      folder=tmp_path)  # fmt: skip
    rows = trainer.run()
    lines = (tmp_path / "log.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows


def test_the_last_good_checkpoint_outlives_a_loss_that_breaks_between_two_rows(tmp_path):
    def loss(model, batch):
        loss.calls += 1
        total, count = language_model_loss(model, batch)
        return total * (math.nan if loss.calls == 4 else 1.0), count

    loss.calls = 0
    settings = config(steps=20, log_every=20, checkpoint_every=1)
    trainer = Trainer(language_model(), Batches(sentences(), size=4), loss, settings,
                      folder=tmp_path)  # fmt: skip
    with pytest.raises(TrainingError, match=r"the weights after step 4: model\.0\.weight"):
        trainer.run()
    kept = load_latest(tmp_path)
    assert kept.record["step"] == 3
    assert all(tensor.isfinite().all() for tensor in kept.tensors.values())


def test_blocks_are_recomputed_when_the_config_asks_and_learn_the_same():
    shape = GPTConfig.llama(vocabulary=11, context=8, layers=2, heads=2, width=16, dropout=0.2)
    learned = []
    for recompute in (False, True):
        torch.manual_seed(1)
        model = GPT(shape, torch.Generator().manual_seed(0))
        Trainer(model, Batches(sentences(), size=8), language_model_loss,
                config(recompute=recompute)).run()  # fmt: skip
        learned.append(weights(model))
    torch.testing.assert_close(*learned, rtol=1e-5, atol=1e-6)


def test_a_model_can_be_evaluated_before_its_average_holds_anything():
    trainer = Trainer(
        language_model(), Batches(sentences(), size=8), language_model_loss,
        config(average_decay=0.9), validation=Batches(sentences(), size=8),
    )  # fmt: skip
    assert trainer.evaluate() > 0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("c++") is None, reason="a compiler is needed")
@pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning")
def test_a_compiled_run_learns_the_same():
    learned = []  # by a model that the tests' type checker doesn't wrap
    for compiled in (False, True):
        model = language_model()
        Trainer(
            model, Batches(sentences(), size=8), language_model_loss,
            config(steps=4, compile=compiled, evaluate_every=2),
            validation=Batches(sentences(), size=8),
        ).run()  # fmt: skip
        learned.append(weights(model))
    torch.testing.assert_close(*learned, rtol=1e-4, atol=1e-5)
