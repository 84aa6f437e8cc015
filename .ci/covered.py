"""Whether the tests run enough of the package: `make coverage` measured it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEAST = {"statements": 95.0, "branches": 90.0}
SHOWN = 15


def main() -> int:
    """Print both shares, and the modules with most that no test runs; 1 where a share is below its limit."""
    measured = json.loads((Path(__file__).resolve().parent.parent / "coverage.json").read_text(encoding="utf-8"))
    totals = measured["totals"]
    shares = {kind: float(totals[f"percent_{kind}_covered"]) for kind in LEAST}
    missing = {path: one["summary"] for path, one in measured["files"].items()}
    most = sorted(missing, key=lambda path: -missing[path]["missing_lines"] - missing[path]["missing_branches"])
    for path in most[:SHOWN]:
        print(f"{path}: {missing[path]['missing_lines']} lines, {missing[path]['missing_branches']} branches not run")
    for kind, share in shares.items():
        print(f"{kind}: {share:.1f} % run by tests, at least {LEAST[kind]:.0f} % asked")
    return int(any(share < LEAST[kind] for kind, share in shares.items()))


if __name__ == "__main__":
    sys.exit(main())
