from .tokenizer import BPETokenizer as BPETokenizer
