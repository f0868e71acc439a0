"""Chapter 02, transformers: attention by hand, a block, GPT and its relatives."""

EXERCISES: tuple[str, ...] = (
    "softmax",
    "scaled_attention",
    "predicted_shapes",
    "causal_mask",
    "padding_mask",
    "split_heads",
    "multi_head",
    "layer_norm",
    "block_order",
    "sinusoidal_positions",
    "rotate_halves",
    "alibi_bias",
    "gpt_stack",
    "causal_reading",
    "inputs_and_labels",
    "loss_per_token",
    "gpt2_parameters",
    "cached_positions",
    "keep_top_p",
    "continue_text",
)
