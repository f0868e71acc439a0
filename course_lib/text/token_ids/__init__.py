"""Tokens as numbers, the form that a model reads.

Read ``vocabulary`` first (each token's number), then ``padded_batches`` (texts of different lengths
as one tensor); ``token_file`` keeps a long row of numbers on disk.
"""
