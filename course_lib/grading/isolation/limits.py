"""How much of everything a submission may use."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 2**20
GIBIBYTE = 2**30
MOST_IMAGES, IMAGE_BYTES = 8, MEBIBYTE
"""Of one cell: how many images are kept, and of what size."""


@dataclass(frozen=True)
class Limits:
    """Bounds on one submission: seconds for its parts, bytes for its memory, files and words.

    ``address_bytes`` bounds what one process reserves, of which torch alone takes several
    gibibytes; ``memory_bytes`` what all processes of the submission use together.
    """

    cell_seconds: float = 10.0
    call_seconds: float = 5.0
    exercise_seconds: float = 15.0
    submission_seconds: float = 60.0
    grace_seconds: float = 1.0
    address_bytes: int = 16 * GIBIBYTE
    memory_bytes: int = 4 * GIBIBYTE
    file_bytes: int = 64 * MEBIBYTE
    folder_bytes: int = 256 * MEBIBYTE
    processes: int = 64
    cell_output_bytes: int = 200_000
    output_bytes: int = 2_000_000
    images_bytes: int = 8 * MEBIBYTE
    answer_bytes: int = 256 * MEBIBYTE
    submission_bytes: int = 20 * MEBIBYTE
    replays: int = 6
