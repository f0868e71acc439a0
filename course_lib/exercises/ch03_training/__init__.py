"""Chapter 03, training: what the loss says, a loop that can be trusted, a GPT from scratch."""

EXERCISES: tuple[str, ...] = (
    "first_losses",
    "token_loss",
    "shift_targets",
    "perplexity_of_batches",
    "bigram_table",
    "bits_per_byte",
    "loop_order",
    "accumulated_gradient",
    "clip_gradients",
    "learning_rate",
    "adamw_step",
    "decay_groups",
    "batch_places",
    "snapshot",
    "train_epoch",
    "leak_free",
    "next_probabilities",
    "mined_documents",
    "character_model",
)
