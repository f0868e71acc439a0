import contextlib

import pytest
import torch

from course_lib.errors import InputError
from course_lib.gpu.precision import choose_precision, tensor_float32


def test_a_t4_gets_float16_with_a_scaler_although_it_claims_bfloat16(t4):
    assert torch.cuda.is_bf16_supported()
    precision = choose_precision("cuda")
    assert precision.dtype == torch.float16
    assert precision.needs_scaler
    assert not precision.has_tf32


def test_an_a100_gets_bfloat16_and_needs_no_scaler(a100):
    precision = choose_precision("cuda")
    assert precision.dtype == torch.bfloat16
    assert not precision.needs_scaler
    assert precision.has_tf32


@pytest.mark.parametrize(("gpu", "dtype"), [("t4", torch.float16), ("a100", torch.bfloat16)])
def test_an_older_pytorch_is_asked_for_the_capability(gpu, dtype, request, monkeypatch):
    request.getfixturevalue(gpu)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    assert choose_precision("cuda").dtype == dtype


def test_apple_stays_in_float32(apple):
    assert choose_precision().dtype == torch.float32
    with pytest.raises(InputError, match="float32 on mps"):
        choose_precision("mps", "float16")


@pytest.mark.parametrize(
    ("units", "dtype"),
    [
        ({"avx512_bf16": True, "amx_bf16": False}, torch.bfloat16),
        ({"avx512_bf16": False, "amx_bf16": True}, torch.bfloat16),
        ({"avx512_bf16": False, "avx512_f": True}, torch.float32),
        ({}, torch.float32),
    ],
)
def test_a_processor_gets_bfloat16_where_it_has_units_for_it(units, dtype, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: units, raising=False)
    precision = choose_precision("cpu")
    assert precision.dtype == dtype
    assert not precision.needs_scaler


def test_a_pytorch_that_cannot_say_stays_in_float32(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert choose_precision("cpu").dtype == torch.float32


def test_an_unknown_format_is_refused():
    with pytest.raises(InputError, match="'int8'"):
        choose_precision("cpu", "int8")


def test_a_wish_for_float16_brings_the_scaler(a100):
    assert choose_precision("cuda", "float16").needs_scaler


def test_products_inside_autocast_have_the_chosen_format(device):
    precision = choose_precision(device)
    weight = torch.ones(4, 4, device=device)
    with precision.autocast():
        assert (weight @ weight).dtype == precision.dtype


def test_bfloat16_can_be_asked_of_the_processor():
    weight = torch.ones(4, 4)
    with choose_precision("cpu", "bfloat16").autocast():
        assert (weight @ weight).dtype == torch.bfloat16
    assert (weight @ weight).dtype == torch.float32


def test_a_step_with_the_scaler_is_the_plain_step_in_float32(device):
    weights = torch.nn.Parameter(torch.tensor([2.0], device=device))
    optimizer = torch.optim.SGD([weights], lr=0.25)
    scaler = choose_precision(device, "float32").scaler()
    scaler.scale(weights.square().sum()).backward()
    scaler.step(optimizer)
    scaler.update()
    assert weights.item() == 1.0  # 2 - 0.25 * (2 * 2)


@pytest.mark.gpu
def test_a_step_in_float16_keeps_gradients_that_would_underflow(device):
    if device.type != "cuda":
        pytest.skip("float16 is trained on CUDA only")
    precision = choose_precision(device, "float16")
    weights, scaler = torch.nn.Parameter(torch.ones(8, 8, device=device)), precision.scaler()
    with precision.autocast():
        loss = (weights @ weights).float().mean() * 1e-7
    scaler.scale(loss).backward()
    assert weights.grad.abs().min() > 0


def test_tf32_is_on_inside_the_block_and_as_before_after_an_error():
    before = torch.get_float32_matmul_precision()
    with contextlib.suppress(ZeroDivisionError), tensor_float32():
        assert torch.get_float32_matmul_precision() == "high"
        _ = 1 / 0
    assert torch.get_float32_matmul_precision() == before


def test_the_description_states_scaler_and_tf32(t4, monkeypatch):
    line = str(choose_precision("cuda"))
    assert line.startswith("float16 on cuda: ")
    assert line.endswith("gradients are scaled; no TF32 units")


def test_the_description_says_whether_tf32_is_on(a100):
    precision = choose_precision("cuda")
    assert "TF32 is off" in str(precision)
    with tensor_float32():
        assert "TF32 is on" in str(precision)
