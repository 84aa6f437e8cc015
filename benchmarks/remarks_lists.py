"""Make the list of identifying remarks: each template with names that Faker makes, in four languages.

pip install faker; python benchmarks/remarks_lists.py
"""

from __future__ import annotations

import random
import re
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent / "remarks"
LOCALES = ("fr_FR", "fr_FR", "fr_BE", "nl_BE", "pt_PT", "fr_DZ")
EACH, SEED = 4, 20261128  # remarks made of a template that holds a name
PLACE = re.compile(r"\{([SGI])(?:\|([Ul]))?\}")
CASES = {"U": str.upper, "l": str.lower, None: str}
HEAD = """# SYNTHETIC: made by benchmarks/remarks_lists.py; names by Faker, numbers invented. Half, kind, text.
# Templates and names of the half "held_out" are in no remark of the half "tuning".
"""


def names_of(half: int) -> list[tuple[list[str], list[str]]]:
    """Return surnames and given names of each locale, those of one half."""
    providers = [import_module(f"faker.providers.person.{locale}").Provider for locale in LOCALES]
    lists = [(sorted(set(one.last_names)), sorted(set(one.first_names))) for one in providers]
    return [(last[half::2], first[half::2]) for last, first in lists]


def filled(template: str, names: list[tuple[list[str], list[str]]], choose: random.Random) -> str:
    """Return a template with names of one locale in its places."""
    last, first = choose.choice(names)
    given = choose.choice(first)

    def name(place: re.Match[str]) -> str:
        chosen = {"S": choose.choice(last), "G": given, "I": given[0]}[place[1]]
        return CASES[place[2]](chosen)

    return PLACE.sub(name, template)


def main() -> None:
    """Write the list."""
    choose = random.Random(SEED)  # noqa: S311 (no secret)
    lines = []
    templates = (HERE / "identifying_templates.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for number, line in enumerate(templates):
        half = number % 2
        kind, template = line.split("\t")
        names = names_of(half)
        texts = [filled(template, names, choose) for _ in range(EACH)] if "{" in template else [template]
        lines += [f"{('tuning', 'held_out')[half]}\t{kind}\t{text}" for text in dict.fromkeys(texts)]
    (HERE / "identifying.tsv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
