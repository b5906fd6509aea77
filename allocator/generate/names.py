"""Invented names of premises and people's numbers. No name is that of a real premises."""

from __future__ import annotations

from itertools import product

import numpy as np

_BEGINNINGS = (
    *("Alder", "Brack", "Corn", "Dunna", "Elms", "Farn", "Gors", "Hazel"),
    *("Ivel", "Juni", "Kest", "Lark", "Mallo", "Nettle", "Orle", "Pinna"),
    *("Quill", "Rush", "Sedge", "Tansy", "Under", "Vetch", "Willo", "Yarrow"),
)
_ENDINGS = (
    *("beck", "combe", "croft", "den", "fen", "holt"),
    *("ley", "mere", "shaw", "stow", "thorpe", "wick"),
)
_KINDS = ("House", "Lodge", "Court")


def premises_names(rng: np.random.Generator, count: int) -> list[str]:
    """So many different names such as 'Larkmere Lodge'; beyond 864 they are numbered."""
    names = [f"{a}{b} {kind}" for a, b, kind in product(_BEGINNINGS, _ENDINGS, _KINDS)]
    order = rng.permutation(len(names))
    found = []
    for n in range(count):
        again, pick = divmod(n, len(names))
        name = names[order[pick]]
        found.append(f"{name} {again + 1}" if again else name)
    return found


def crns(rng: np.random.Generator, count: int, letter: str = "X") -> list[str]:
    """So many different case reference numbers: a letter and six digits."""
    return [f"{letter}{number:06d}" for number in rng.choice(1_000_000, size=count, replace=False)]
