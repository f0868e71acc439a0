"""The number format that is really fast on a device, ready to train in.

Mixed precision (Micikevicius et al., 2018, https://arxiv.org/abs/1710.03740) keeps the weights in
float32 and computes products in 16 bits. bfloat16 has float32's range, so gradients survive as
they are; float16 has more digits but a small range, so the loss must be scaled up and the gradients
down again. A GPU without bfloat16 units (Turing's T4, for one) emulates the format slowly and yet
claims to support it, which is why the question is asked with emulation excluded. Processors differ
in the same way: those with AVX-512 BF16 or AMX multiply bfloat16 at twice float32's speed or more.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch

from course_lib.errors import InputError
from course_lib.gpu.device import choose_device

NAMES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
AMPERE = 8  # the first compute capability with bfloat16 and TF32 units


@dataclass(frozen=True)
class Precision:
    """A number format on a device, why it was chosen, and whether the device has TF32 units.

    TF32 rounds the factors of a float32 product to 10 bits of mantissa; PyTorch leaves it off for
    matrix products until it is asked (see ``tensor_float32``).

    A training step reads the same in every precision:

    >>> precision = choose_precision("cpu")
    >>> model, scaler = torch.nn.Linear(2, 1), precision.scaler()
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> with precision.autocast():
    ...     loss = model(torch.ones(4, 2)).square().mean()
    >>> scaler.scale(loss).backward()
    >>> _ = scaler.step(optimizer)
    >>> scaler.update()
    """

    device: torch.device
    dtype: torch.dtype
    reason: str
    has_tf32: bool = False

    @property
    def needs_scaler(self) -> bool:
        """Whether gradients underflow unless the loss is scaled."""
        return self.dtype == torch.float16

    def autocast(self) -> AbstractContextManager[object]:
        """Return a new context in which the forward pass runs in this precision."""
        if self.dtype == torch.float32:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def scaler(self) -> torch.amp.GradScaler:
        """Return a new gradient scaler; where none is needed it passes everything through."""
        return torch.amp.GradScaler(self.device.type, enabled=self.needs_scaler)

    def __str__(self) -> str:
        """Return one line: the format, the reason, the scaler, and TF32."""
        scaler = "; gradients are scaled" if self.needs_scaler else ""
        return f"{_name(self.dtype)} on {self.device}: {self.reason}{scaler}; {self._tf32()}"

    def _tf32(self) -> str:
        if not self.has_tf32:
            return "no TF32 units"
        on = torch.get_float32_matmul_precision() != "highest"
        return f"TF32 is {'on' if on else 'off'} for float32 products"


def choose_precision(
    device: str | torch.device | None = None, wanted: str | None = None
) -> Precision:
    """Return the precision that is fast on ``device``, or the one ``wanted`` by name.

    CUDA or a CPU with bfloat16 units: bfloat16. Other CUDA: float16 with a gradient scaler. Other
    CPUs and Apple's MPS: float32. Raises ``InputError`` for a name other than ``"float32"``,
    ``"bfloat16"`` and ``"float16"``, and for a 16-bit format on MPS.

    >>> print(choose_precision("cpu", "float32"))
    float32 on cpu: as asked; no TF32 units
    """
    chosen = choose_device(device)
    dtype, reason = _fastest(chosen) if wanted is None else (_named(wanted, chosen), "as asked")
    return Precision(chosen, dtype, reason, has_tf32=_has_tf32(chosen))


@contextlib.contextmanager
def tensor_float32(enabled: bool = True) -> Iterator[None]:
    """Switch TF32 on (or off) for float32 matrix products inside the block, then put it back.

    On a GPU from Ampere on, products gain several times in speed and lose 13 of 23 mantissa bits.

    >>> with tensor_float32():
    ...     torch.get_float32_matmul_precision()
    'high'
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high" if enabled else "highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def _fastest(device: torch.device) -> tuple[torch.dtype, str]:
    if device.type == "cpu":
        if _processor_has_bfloat16():
            return torch.bfloat16, "the processor has units for it, and it needs no scaling"
        return torch.float32, "the processor has no 16-bit units that are faster"
    if device.type == "mps":
        return torch.float32, "16-bit training on MPS depends on the versions of macOS and PyTorch"
    if _has_bfloat16(device):
        return torch.bfloat16, "the GPU has units for it, and it needs no scaling"
    return torch.float16, "the GPU has no bfloat16 units"


def _has_bfloat16(device: torch.device) -> bool:
    with torch.cuda.device(device):
        try:
            return bool(torch.cuda.is_bf16_supported(including_emulation=False))
        except TypeError:  # PyTorch before 2.5 counts emulation as support
            return bool(torch.version.hip) or torch.cuda.get_device_capability()[0] >= AMPERE


def _processor_has_bfloat16() -> bool:
    ask: Callable[[], Mapping[str, object]]
    ask = getattr(torch.cpu, "get_capabilities", dict)  # older versions of PyTorch don't say
    return any(ask().get(unit) for unit in ("avx512_bf16", "amx_bf16"))


def _has_tf32(device: torch.device) -> bool:
    if device.type != "cuda" or torch.version.hip:
        return False
    return torch.cuda.get_device_capability(device)[0] >= AMPERE


def _named(wanted: str, device: torch.device) -> torch.dtype:
    allowed = ["float32"] if device.type == "mps" else list(NAMES)
    if wanted not in allowed:
        expected = f"{' or '.join(allowed)} on {device.type}"
        raise InputError("the precision", expected=expected, got=repr(wanted))
    return NAMES[wanted]


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
