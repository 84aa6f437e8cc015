"""Write the demonstration project: ``python demo/generate.py [--out FOLDER] [--no-planted]``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> int:
    """Write the project; return 0, or 1 where the folder must not be written to."""
    parser = argparse.ArgumentParser(description="Write an invented project for `make demo`.")
    parser.add_argument("--out", type=Path, default=HERE / "build", help="the folder to write (default: demo/build)")
    parser.add_argument(
        "--planted",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="add a return with identifying content, which a build must refuse",
    )
    chosen = parser.parse_args(arguments)
    if str(HERE.parent) not in sys.path:  # the package demo, from whatever folder this is called
        sys.path.insert(0, str(HERE.parent))
    from casepool.model.errors import CasepoolError
    from demo.project import generate

    try:
        changed = generate(chosen.out, with_planted=chosen.planted)
    except CasepoolError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{chosen.out}: {len(changed)} file(s) written or changed; every patient in it is invented.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
