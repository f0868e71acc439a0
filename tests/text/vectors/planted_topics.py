"""Sentences with a structure that word vectors must find."""

import numpy as np

TOPICS = 4


def planted(rng, sentences=250):
    """Sentences that keep to a topic, sprinkled with words that any topic uses."""
    for topic in rng.integers(TOPICS, size=sentences):
        words = [f"topic{topic}_{number}" for number in rng.integers(8, size=12)]
        yield [f"any_{rng.integers(8)}" if rng.random() < 0.3 else word for word in words]


def share_of_neighbours_on_topic(words, matrix):
    """Return how many of the seven nearest words of a topic's word share its topic."""
    rows = [row for row, word in enumerate(words) if word.startswith("topic")]
    topics = np.array([words[row][:6] for row in rows])
    unit = matrix[rows] / np.linalg.norm(matrix[rows], axis=1, keepdims=True)
    cosines = unit @ unit.T - 2 * np.eye(len(rows))
    nearest = np.argsort(-cosines, axis=1)[:, :7]
    return (topics[nearest] == topics[:, None]).mean()
