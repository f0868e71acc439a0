"""Chapter 01, preprocessing: from raw text to words, to pieces, to vectors."""

EXERCISES: tuple[str, ...] = (
    "normalise_text",
    "word_counts",
    "greedy_words",
    "longest_match",
    "best_segmentation",
    "without_stop_words",
    "zipf_slope",
    "preprocess",
    "decode_tokens",
    "count_pairs",
    "merge_pair",
    "predicted_merges",
    "learn_merges",
    "encode_word",
    "bytes_per_token",
)
