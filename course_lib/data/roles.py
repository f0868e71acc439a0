"""Who does what to whom: English sentences with PropBank's roles for each predicate.

PropBank's masked files are joined to the sentences of ``english_trees`` by genre, document and
number. Sentences that PropBank lacks are left out, and those that the two cut differently: when the
words differ in number, or in more than 30 % of their parts of speech (in all 61 of 4,078).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course_lib.data.catalogue import downloaded_file, downloads
from course_lib.data.conllu import Tree
from course_lib.data.propbank import Predicate, Skeleton, read_skeletons
from course_lib.data.trees import english_trees

_SET = "propbank_ewt"
_PATH = re.compile(r".*/ewt/(?P<genre>\w+)/\d+/(?P<document>.+)\.xml\.gold_skel")
_AGREEMENT = 0.7


@dataclass(frozen=True)
class RoleSentence:
    """A sentence with its grammar and its predicates; places and spans count the tree's words."""

    tree: Tree
    predicates: tuple[Predicate, ...]

    @property
    def words(self) -> list[str]:
        """The words' forms, in order."""
        return self.tree.words

    def labels(self, predicate: Predicate) -> list[str]:
        """Return a label for each word: ``B-`` begins a role, ``I-`` goes on with it, ``O`` none.

        The predicate itself is ``B-V``.
        """
        labels = ["O"] * len(self.tree.tokens)
        for role, start, end in predicate.arguments:
            labels[start:end] = [f"B-{role}"] + [f"I-{role}"] * (end - start - 1)
        labels[predicate.place] = "B-V"
        return labels


def semantic_roles(split: str) -> list[RoleSentence]:
    """Return the sentences of ``english_trees(split)`` ("dev" or "test") that PropBank labels.

    There are 1,963 and 2,054, with 9,755 predicates: verbs, and nouns and adjectives that tell of
    an act. Raises InputError for another split, DataError with the command to run when the set
    ``ud_english_ewt`` or ``propbank_ewt`` is not here.
    """
    paths = tuple(downloaded_file(_SET, file.path) for file in downloads()[_SET].files)
    trees = english_trees(split)
    if split not in _joined or _joined[split][0] != paths:
        _joined[split] = paths, tuple(_join(trees, paths))
    return list(_joined[split][1])


_joined: dict[str, tuple[tuple[Path, ...], tuple[RoleSentence, ...]]] = {}


def _join(trees: Sequence[Tree], paths: Sequence[Path]) -> Iterator[RoleSentence]:
    files = {
        f"{found['genre']}-{found['document']}": path
        for path in paths
        if (found := _PATH.fullmatch(path.as_posix()))
    }
    read: dict[str, list[Skeleton]] = {}
    for tree in trees:
        document, _, number = tree.name.rpartition("-")
        if document not in files:
            continue
        if document not in read:
            path = files[document]
            read[document] = read_skeletons(path.read_text(encoding="utf-8"), path.name)
        at = int(number) - 1
        if at < len(read[document]) and _fits(tree, read[document][at]):
            yield RoleSentence(tree, read[document][at].predicates)


def _fits(tree: Tree, skeleton: Skeleton) -> bool:
    if len(tree.tokens) != len(skeleton.xpos):
        return False
    pairs = zip(tree.tokens, skeleton.xpos, strict=True)
    alike = sum(token.xpos == xpos for token, xpos in pairs)
    return alike >= _AGREEMENT * len(tree.tokens)
