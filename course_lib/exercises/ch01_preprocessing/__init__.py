"""Chapter 01, preprocessing: from raw text to words, to pieces, to vectors."""

EXERCISES: tuple[str, ...] = ()
