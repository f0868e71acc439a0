"""Language models from attention up: GPT, an encoder–decoder, a masked-word encoder."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
