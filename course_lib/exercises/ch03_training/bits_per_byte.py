"""Exercise: a loss that does not depend on the tokenizer."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake, close
from course_lib.exercises.returned import PYTHON_NUMBER


def bits_per_byte(loss: float, tokens: int, text: str) -> float:
    """Return the bits that the model needs for a byte of the text."""
    return loss * tokens / math.log(2) / len(text.encode())


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield texts in both scripts, and tokens of several lengths."""
    yield Case("one bit for each byte", math.log(2), 4, "loss")
    yield Case("long tokens", 3.0, 2, "the training loss")
    yield Case("Chinese characters", 4.5, 3, "训练损失")
    letters = "".join(rng.choice(list("abc dé训练"), 25))
    yield Case("mixed texts", float(rng.uniform(1, 6)), int(rng.integers(5, 20)), letters + "损é")


def nats(loss: float, tokens: int, text: str) -> float:
    """Leave it in nats."""
    return loss * tokens / len(text.encode())


def per_character(loss: float, tokens: int, text: str) -> float:
    """Divide by characters."""
    import math

    return loss * tokens / math.log(2) / len(text)


def per_token(loss: float, tokens: int, text: str) -> float:
    """Stay with the token."""
    import math

    return loss / math.log(2)


def times_log_two(loss: float, tokens: int, text: str) -> float:
    """Multiply by log 2."""
    import math

    return loss * tokens * math.log(2) / len(text.encode())


def tokens_forgotten(loss: float, tokens: int, text: str) -> float:
    """Divide the mean once more."""
    import math

    return loss / math.log(2) / len(text.encode())


def eight_bits(loss: float, tokens: int, text: str) -> float:
    """Divide by eight."""
    import math

    return loss * tokens / math.log(2) / (8 * len(text.encode()))


def by_log2_of_e(loss: float, tokens: int, text: str) -> float:
    """Turn nats into bits by log₂ e."""
    return math.log2(math.e) * loss * tokens / len(bytes(text, "utf-8"))


def by_probability(loss: float, tokens: int, text: str) -> float:
    """Go through the mean probability of a token."""
    bits = [-math.log2(math.exp(-loss))] * tokens
    return sum(bits) / sum(len(letter.encode("utf-8")) for letter in text)


EXERCISE = Exercise(
    name="bits_per_byte",
    points=1,
    difficulty=2,
    minutes=6,
    reference="course_lib.exercises.ch03_training.bits_per_byte:bits_per_byte",
    cases=cases,
    returns=PYTHON_NUMBER,
    alternatives=(by_log2_of_e, by_probability),
    not_by=("course_lib.evaluation.metrics:bits_per_byte",
            "course_lib.evaluation.metrics.language:bits_per_byte"),
    compare=close(relative=1e-6),
    mistakes=(
        Mistake("nats for each byte", nats,
                "This is in nats. A bit is log 2 = 0.693 nats, so divide by math.log(2)."),
        Mistake("bits for each character", per_character,
                "len(text) counts characters, and a Chinese one has three bytes: "
                "len(text.encode()) counts bytes."),
        Mistake("bits for each token", per_token,
                "A tokenizer with longer tokens has a larger loss for each of them and fewer of "
                "them. Multiply by the tokens, divide by the bytes: then both are comparable."),
        Mistake("multiplied by log 2", times_log_two,
                "One nat is 1.44 bits, so there are *more* bits than nats: divide by log 2."),
        Mistake("tokens forgotten", tokens_forgotten,
                "The loss is a mean over tokens. Times their number it is the loss of the text, "
                "which the bytes share."),
        Mistake("divided by eight", eight_bits,
                "A byte as it lies on the disk has eight bits, but the question is how many bits "
                "the *model* needs for it: do not divide by 8."),
    ),
    hints=(
        "What is the loss of the whole text, if the mean over its tokens is loss?",
        "How many nats is a bit? And how many bytes has the text, in UTF-8?",
        "loss * tokens / math.log(2) / len(text.encode())",
    ),
)  # fmt: skip
