"""Exercise: one spelling for texts that look the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import numpy as np

from course_lib.exercises import Case, Exercise, Mistake
from course_lib.exercises.returned import TEXT


def normalise_text(text: str) -> str:
    """Return ``text`` in NFKC, in lower case, with single spaces between the words only."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def cases(rng: np.random.Generator) -> Iterator[Case]:
    """Yield one text for each thing to mend, then all of them in one."""
    yield Case("upper case", "Ab")
    yield Case("white space at the ends", " \n a ")
    yield Case("white space between words", "a \t\n  b")
    yield Case("accents", "cafe\u0301 \u00e9te\u0301")  # é as two characters, and as one
    yield Case("full width", "ＮＬＰ　２０２４，分词")
    yield Case("lower case alone", "Straße")
    yield Case("capitals that the form makes", "Word™ ℡")
    parts = ["Cafe\u0301", "ＧＰＵ", "深度学习", "\u00c9tude", "Word", "２１"]
    gaps = rng.permutation([" ", "\t\t", "\u3000", "  \n", " "])
    mixed = [part + gap for part, gap in zip(rng.permutation(parts), [*gaps, " "], strict=True)]
    yield Case("all at once", " " + "".join(mixed))


def without_a_form(text: str) -> str:
    """Choose no Unicode form."""
    return " ".join(text.lower().split())


def canonical(text: str) -> str:
    """Compose accents, and leave widths as they are."""
    import unicodedata

    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def decomposed(text: str) -> str:
    """Fold widths, and take accents apart."""
    import unicodedata

    return " ".join(unicodedata.normalize("NFKD", text).lower().split())


def ascii_only(text: str) -> str:
    """Throw away whatever is not ASCII."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.lower().split())


def capitals_kept(text: str) -> str:
    """Forget the lower case."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def double_spaces_only(text: str) -> str:
    """Replace two spaces by one, once."""
    return unicodedata.normalize("NFKC", text).lower().strip().replace("  ", " ")


def ends_kept(text: str) -> str:
    """Make one space of each gap, those at the ends too."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).lower())


def lower_case_too_early(text: str) -> str:
    """Lower the case before the form is there, which makes new capitals."""
    return " ".join(unicodedata.normalize("NFKC", text.lower()).split())


def by_expression(text: str) -> str:
    """Squeeze gaps by an expression, and strip the ends."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"\s+", " ", folded).strip()


def by_character(text: str) -> str:
    """Go through the characters, and note whether a gap is open."""
    words = [""]
    for character in unicodedata.normalize("NFKC", text):
        if character.isspace():
            words.append("")
        else:
            words[-1] += character.lower()
    return " ".join(filter(None, words))


def case_folded(text: str) -> str:
    """Fold cases."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


EXERCISE = Exercise(
    name="normalise_text",
    points=1,
    difficulty=1,
    minutes=6,
    reference="course_lib.exercises.ch01_preprocessing.normalise_text:normalise_text",
    withhold=("course_lib.text.words.normalisation",),
    cases=cases,
    returns=TEXT,
    alternatives=(by_expression, by_character),
    not_by=("course_lib.text:normalise", "course_lib.text.words.normalisation:normalise"),
    mistakes=(
        Mistake(
            "no Unicode form", without_a_form,
            "Lower case and spaces are right, but é may still be one character or two, and Ａ is "
            "not A. unicodedata.normalize makes them one.",
        ),
        Mistake(
            "NFC where NFKC is needed", canonical,
            "NFC joins a letter with its accent and no more: full-width Ａ and １ stay. The K in "
            "NFKC, for compatibility, folds these as well.",
        ),
        Mistake(
            "accents taken apart", decomposed,
            "NFKD takes é apart into e and an accent, two characters. The C in NFKC composes them "
            "again: one character, which is what almost every text on disk holds.",
        ),
        Mistake(
            "accents and Chinese thrown away", ascii_only,
            "Encoding to ASCII with 'ignore' deletes whatever is not ASCII: the accents, and every "
            "Chinese character. Normalising must change the spelling, never lose a letter.",
        ),
        Mistake("capitals kept", capitals_kept, "The text must come back in lower case: .lower()."),
        Mistake(
            "double spaces only", double_spaces_only,
            "Replacing two spaces by one leaves tabs, line ends and longer gaps. text.split() "
            "without an argument cuts at white space of any kind and length.",
        ),
        Mistake(
            "space left at the ends", ends_kept,
            "Each gap became one space, and so did the white space before the first word and "
            "after the last one. Take those away.",
        ),
        Mistake(
            "lower case before the form", lower_case_too_early,
            "NFKC makes TM of ™, with capitals that nobody lowers any more. The form comes first, "
            "then the case.",
        ),
        Mistake("casefold for lower", case_folded,
                "casefold is for comparing: it makes ß into ss, which changes the spelling. Lower "
                "case is text.lower()."),
    ),
    hints=(
        "Which of the four steps (form, case, gaps, ends) does your result lack?",
        "unicodedata.normalize(form, text) wants the name of a form. Which of NFC, NFD, NFKC, "
        "NFKD both composes accents and folds full-width letters?",
        'With the text in NFKC and lower case: " ".join(text.split()) mends gaps and ends at once.',
    ),
)  # fmt: skip
