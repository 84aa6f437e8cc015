"""Files that stand at the root of a checkout and inside an installed package: the workflow and what goes with it."""

from __future__ import annotations

from pathlib import Path

import casepool


def packaged(name: str) -> Path:
    """Return a file of the repository: in the package where it is installed, else where it stands in the checkout.

    Raises
    ------
    FileNotFoundError
        If the package was taken out of its checkout by hand.
    """
    package = Path(casepool.__file__).resolve().parent
    places = (package / "packaged" / name, package.parents[1] / name)
    for place in places:
        if place.is_file():
            return place
    message = f"no {name} at {' or '.join(map(str, places))}; install casepool again"
    raise FileNotFoundError(message)
