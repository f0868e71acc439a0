import pytest
import torch

from course_lib.models import GPT, GPTConfig

SHAPES = {"vocabulary": 31, "context": 16, "layers": 2, "heads": 4, "width": 16}
FAMILIES = {
    "gpt2": GPTConfig.gpt2(**SHAPES),
    "post-norm": GPTConfig.gpt2(
        **SHAPES, norm_first=False, positions="sinusoidal", activation="gelu"
    ),
    "llama": GPTConfig.llama(**SHAPES, kv_heads=2),
    "neighbours": GPTConfig.llama(
        **SHAPES, rotary_pairing="neighbours", kv_heads=1, head_size=6, qkv_bias=True
    ),
    "no positions": GPTConfig.gpt2(**SHAPES, positions="none", tied=False, activation="relu"),
}


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


@pytest.fixture(params=FAMILIES)
def model(request, generator):
    return lively(FAMILIES[request.param], generator)


@pytest.fixture
def ids(generator):
    return torch.randint(31, (3, 10), generator=generator)


def lively(config, generator):
    """A model whose weights are large enough that every part of it shows in the logits."""
    model = GPT(config, generator).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            spread = 0.3 if parameter.ndim > 1 else 0.1
            parameter += torch.empty_like(parameter).normal_(0, spread, generator=generator)
    return model


@pytest.fixture(autouse=True)
def one_thread():
    """Products this small run faster on one thread, and much faster beside other tests."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
