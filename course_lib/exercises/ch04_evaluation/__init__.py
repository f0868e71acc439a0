"""Chapter 04, evaluation: numbers that one can believe, and how far."""

EXERCISES: tuple[str, ...] = (
    "constant_scores",
    "confusion_counts",
    "macro_f1",
    "roc_area",
    "best_threshold",
    "scaled_by_train",
    "shared_shingles",
    "split_by_group",
    "evaluate",
    "bootstrap_f1",
    "mcnemar_p",
    "holm",
    "calibration_error",
    "nested_order",
    "sure_digits",
)
