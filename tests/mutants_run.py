"""Change one sign of the program at a time and see whether a test notices.

``python tests/mutants_run.py stats 60`` draws sixty mutants of one area, makes each in a copy of the project and runs
the tests of that area on it: first those that run the changed line, the quickest first, and all of them where these
notice nothing. It prints every mutant that no test noticed, and the share that was noticed. The mutants are those of
Cosmic Ray (``pip install cosmic-ray==8.7.0 coverage==7.17.5``, beside the packages of the lock); those that differ in
an annotation or a docstring alone are not drawn. ``--seed`` draws others.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# What an area holds, and the tests that are answerable for it, those first that take least time.
AREAS = {
    "eligibility": (("cases/eligibility.py",), ("unit/cases", "unit/counting")),
    "identity": (("identity",), ("unit/identity", "property/test_identity_and_counts.py")),
    "disclosure": (
        ("registry/release",),
        ("unit/registry/release", "unit/registry/test_decisions_and_listing.py", "unit/registry/test_publish_cli.py"),
    ),
    "stats": (
        ("stats",),
        ("unit/stats", "reference", "property/test_joint_invariants.py", "property/test_glmm_laws.py",
         "property/test_bounds_and_intervals.py", "property/test_moderator_laws.py"),
    ),
}  # fmt: skip
NOTED, SECONDS = "lines_of_tests", "seconds_of_tests.json"
LONGEST = 600  # seconds; a mutant that takes longer is noticed
_EARLY = "ignore::pytest.PytestAssertRewriteWarning"  # hypothesis is loaded before pytest begins
_LOADED = ("numpy", "pandas", "scipy.stats", "scipy.optimize", "scipy.special", "hypothesis", "pydantic", "pytest")


@dataclass(frozen=True)
class Mutant:
    """One changed place of one file."""

    path: Path
    operator: str
    line: int
    before: str
    after: str

    def shown(self) -> str:
        """Return where it is and what it changes."""
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=0)
        changed = [line for line in lines if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
        return f"{self.path.relative_to(ROOT)}:{self.line} {self.operator}\n  " + "\n  ".join(changed)


class _Bare(ast.NodeTransformer):
    """Takes away what the program does not run: annotations and docstrings."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return ast.Pass() if isinstance(node.value, ast.Constant) else self.generic_visit(node)


def _run_by_python(source: str) -> str | None:
    try:
        return ast.dump(_Bare().visit(ast.parse(source)))
    except SyntaxError:
        return None


def places(path: Path) -> Iterator[tuple[str, int, int]]:
    """Yield operator, occurrence and line of every mutant of a file."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    tree = get_ast_from_path(path)
    for name in operator_names():
        operator = get_operator(name)
        if operator.arguments():
            continue
        found = (position for node in ast_nodes(tree) for position in operator().mutation_positions(node))
        for occurrence, (start, _) in enumerate(found):
            yield name, occurrence, start[0]


def drawn(area: str, n: int, seed: int) -> list[Mutant]:
    """Return ``n`` mutants of an area that change what Python runs, each place as likely as any other."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    sources = [ROOT / "src" / "casepool" / one for one in AREAS[area][0]]
    files = sorted(path for one in sources for path in ([one] if one.is_file() else one.rglob("*.py")))
    everywhere = [(path, *place) for path in files for place in places(path)]
    random.Random(seed).shuffle(everywhere)
    chosen: list[Mutant] = []
    for path, operator, occurrence, line in everywhere:
        before = path.read_text(encoding="utf-8")
        after = mutate_code(before, get_operator(operator)(), occurrence)
        if after and _run_by_python(after) not in {None, _run_by_python(before)}:
            chosen.append(Mutant(path, operator.rpartition("/")[2], line, before, after))
        if len(chosen) == n:
            break
    print(f"{area}: {len(everywhere)} places in {len(files)} files, {len(chosen)} drawn", flush=True)
    return chosen


@dataclass(frozen=True)
class Bench:
    """A clone, the tests that are answerable, and which test runs which line."""

    copy: Path
    tests: list[str]

    def noticed(self, mutant: Mutant) -> bool:
        """Return whether a test fails on a mutant; it runs in a fork, so that libraries are loaded once."""
        place = self.copy / mutant.path.relative_to(ROOT)
        place.write_text(mutant.after, encoding="utf-8")
        try:
            near = self._near(place, mutant.line)
            return bool(near and _ended(_fork(self.copy, near))) or _ended(_fork(self.copy, self.tests)) != 0
        finally:
            place.write_text(mutant.before, encoding="utf-8")

    def learn(self) -> bool:
        """Run every test on the program as it is, note which lines each runs, and return whether all pass."""
        return _ended(_fork(self.copy, self.tests, noted=True)) == 0

    def _near(self, place: Path, line: int) -> list[str]:
        from coverage import CoverageData

        noted = CoverageData(self.copy / NOTED)
        noted.read()
        lines = noted.contexts_by_lineno(str(place.resolve()))
        before = max((one for one in lines if one <= line), default=0)  # a statement may go over several lines
        seconds = json.loads((self.copy / SECONDS).read_text(encoding="utf-8"))
        return sorted(filter(None, lines.get(before, [])), key=lambda one: seconds[one])


def _fork(copy: Path, tests: list[str], *, noted: bool = False) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        code = _noted(copy, tests) if noted else _tested(copy, tests)
    finally:
        os._exit(code)  # the folder of the copy is the parent's to remove


def _noted(copy: Path, tests: list[str]) -> int:
    from coverage import Coverage

    noted = Coverage(data_file=str(copy / NOTED), source=[str(copy / "src")], config_file=False)

    seconds: Counter[str] = Counter()

    class Named:
        def pytest_runtest_logstart(self, nodeid: str) -> None:
            noted.switch_context(nodeid.partition("[")[0])

        def pytest_runtest_logreport(self, report: Any) -> None:
            seconds[report.nodeid.partition("[")[0]] += report.duration

    with noted.collect():
        code = _tested(copy, tests, Named())
    noted.save()
    (copy / SECONDS).write_text(json.dumps(seconds), encoding="utf-8")
    return code


def _tested(copy: Path, tests: list[str], *plugins: object) -> int:
    os.setsid()
    os.chdir(copy)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    sys.path[:0] = [str(copy / "src"), str(copy / "tests")]
    os.environ["PYTHONPATH"] = str(copy / "src")
    sys.dont_write_bytecode = True
    return int(import_module("pytest").main(["-x", "-q", "-p", "no:cacheprovider", "-W", _EARLY, *tests], plugins))


def _ended(child: int) -> int:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.05)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def main() -> int:
    """Draw, make and try the mutants; return 0 where at least 85 % were noticed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("area", choices=AREAS)
    asked.add_argument("n", type=int)
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    mutants = drawn(wanted.area, wanted.n, wanted.seed)
    for name in _LOADED:
        import_module(name)
    tests = [f"tests/{one}" for one in AREAS[wanted.area][1]]
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(copy)], check=True)
        bench = Bench(copy, tests)
        if not bench.learn():
            sys.exit("The tests fail without any change, in a clone of the last commit: nothing can be noticed.")
        for number, mutant in enumerate(mutants, 1):
            if not bench.noticed(mutant):
                survivors.append(mutant)
                print(f"{number} not noticed: {mutant.shown()}", flush=True)
    share = 1 - len(survivors) / len(mutants)
    print(f"{wanted.area}: {len(mutants) - len(survivors)} of {len(mutants)} noticed, {100 * share:.0f} %")
    return share < 0.85


if __name__ == "__main__":
    sys.exit(main())
