from .cache import KVCache as KVCache
from .config import GPTConfig as GPTConfig
from .gpt import GPT as GPT
from .initialisation import initialise as initialise
