"""Exercise: an order of the data that is new in each epoch and can be taken up anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import ARRAY, SEQUENCE, either


def batch_places(items: int, size: int, seed: int, position: int) -> list[int]:
    """Return the places of the items in the batch at a position, counted over all epochs."""
    epoch, index = divmod(position, items // size)
    order = np.random.default_rng([seed, epoch]).permutation(items)
    places: list[int] = order[index * size : (index + 1) * size].tolist()
    return places


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield both ends of the first epoch, the second epoch, and positions far ahead."""
    yield Case("the first batch", 8, 4, 1, 0)
    yield Case("later in the epoch", 9, 3, 2, 2)
    yield Case("the next epoch", 8, 4, 1, 2)
    yield Case("items left over", 11, 4, 5, 2)
    for _ in range(3):
        items, size = int(rng.integers(20, 40)), int(rng.integers(3, 9))
        seed, position = int(rng.integers(100)), int(rng.integers(20, 90))
        yield Case("far ahead", items, size, seed, position)


def same_each_epoch(items: int, size: int, seed: int, position: int) -> list[int]:
    """Shuffle once for all."""
    import numpy as np

    index = position % (items // size)
    order = np.random.default_rng([seed, 0]).permutation(items)
    return list(order[index * size : (index + 1) * size].tolist())


def seeds_added(items: int, size: int, seed: int, position: int) -> list[int]:
    """Add epoch and seed."""
    import numpy as np

    epoch, index = divmod(position, items // size)
    order = np.random.default_rng(seed + epoch).permutation(items)
    return list(order[index * size : (index + 1) * size].tolist())


def rest_counted(items: int, size: int, seed: int, position: int) -> list[int]:
    """Let the short batch at the end count."""
    import numpy as np

    epoch, index = divmod(position, -(-items // size))
    order = np.random.default_rng([seed, epoch]).permutation(items)
    return list(order[index * size : (index + 1) * size].tolist())


def not_shuffled(items: int, size: int, seed: int, position: int) -> list[int]:
    """Read in order."""
    index = position % (items // size)
    return list(range(index * size, (index + 1) * size))


def drawn_anew(items: int, size: int, seed: int, position: int) -> list[int]:
    """Draw every batch by itself."""
    import numpy as np

    return list(np.random.default_rng([seed, position]).permutation(items)[:size].tolist())


def one_generator(items: int, size: int, seed: int, position: int) -> list[int]:
    """Shuffle epoch after epoch with one generator."""
    import numpy as np

    epoch, index = divmod(position, items // size)
    rng = np.random.default_rng(seed)
    for _ in range(epoch + 1):
        order: Any = rng.permutation(items)
    return list(order[index * size : (index + 1) * size].tolist())


def one_item_too_far(items: int, size: int, seed: int, position: int) -> list[int]:
    """Count items instead of batches."""
    import numpy as np

    epoch = position * size // items
    index = position - epoch * (items // size)
    order = np.random.default_rng([seed, epoch]).permutation(items)
    return list(order[index * size : (index + 1) * size].tolist())


def epoch_by_epoch(items: int, size: int, seed: int, position: int) -> list[int]:
    """Count down epoch after epoch, and cut with a step."""
    batches, epoch = items // size, 0
    while position >= batches:
        position, epoch = position - batches, epoch + 1
    order = np.random.default_rng((seed, epoch)).permutation(items)
    return [int(order[place]) for place in range(position * size, position * size + size)]


def rows_of_a_table(items: int, size: int, seed: int, position: int) -> Any:
    """Lay the epoch out as a table with a row a batch."""
    batches = items // size
    order = np.random.default_rng([seed, position // batches]).permutation(items)
    return order[: batches * size].reshape(batches, size)[position % batches]


EXERCISE = Exercise(
    name="batch_places",
    points=2,
    difficulty=3,
    minutes=12,
    reference="course_lib.exercises.ch03_training.batch_places:batch_places",
    cases=cases,
    returns=either(SEQUENCE, ARRAY),
    alternatives=(epoch_by_epoch, rows_of_a_table),
    not_by=("course_lib.training:Batches", "course_lib.training.batches:_order"),
    mistakes=(
        Mistake("the same order each epoch", same_each_epoch,
                "Every epoch reads in the same order, so the same items always share a batch. The "
                "epoch belongs into the generator's seed."),
        Mistake("seed and epoch added", seeds_added,
                "seed + epoch makes epoch 1 of seed 0 the same as epoch 0 of seed 1. A list, "
                "[seed, epoch], keeps the two apart."),
        Mistake("a short batch at the end", rest_counted,
                "What is left over at the end of an epoch is not a batch: an epoch has "
                "items // size of them."),
        Mistake("not shuffled", not_shuffled,
                "The items come as they lie. Neighbours in a corpus are alike, so batches would "
                "be one-sided."),
        Mistake("each batch drawn anew", drawn_anew,
                "Each batch is a draw of its own, so within an epoch some items come twice and "
                "others never. Permute once for each epoch, and cut."),
        Mistake("one generator for all epochs", one_generator,
                "To reach epoch 50 you shuffle fifty times, and the order depends on all that was "
                "drawn before. A generator from [seed, epoch] needs no past."),
        Mistake("items counted for batches", one_item_too_far,
                "position · size // items counts items, the ones left over too. An epoch has "
                "items // size batches: divmod(position, items // size)."),
    ),
    hints=(
        "How many whole batches has an epoch? In which epoch is position 7, when there are three?",
        "divmod gives the epoch, and the batch in it. The generator of an epoch is "
        "np.random.default_rng([seed, epoch]).",
        "order = np.random.default_rng([seed, epoch]).permutation(items); then "
        "order[index * size : (index + 1) * size].tolist().",
    ),
)  # fmt: skip
