"""Tell an error that means *no memory left* from every other error."""

from __future__ import annotations

import torch

# What PyTorch says where it raises a plain RuntimeError, by back-end; compared in lower case.
SENTENCES = (
    "out of memory",  # CUDA, HIP and MPS
    "can't allocate memory",  # the CPU's allocator on Linux and macOS
    "not enough memory",  # the CPU's allocator on Windows
    "cublas_status_alloc_failed",  # a work space of cuBLAS
    "invalid buffer size",  # one tensor larger than Metal allows
)


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether ``error`` means that the memory did not suffice.

    >>> is_out_of_memory(RuntimeError("CUDA error: out of memory"))
    True
    >>> is_out_of_memory(RuntimeError("the shapes do not fit"))
    False
    """
    if isinstance(error, MemoryError | torch.cuda.OutOfMemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sentence in text for sentence in SENTENCES)
