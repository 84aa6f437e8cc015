"""Measure the way of 100,000 invented registry rows: read and checked, linked, released and pooled.

python benchmarks/registry.py [NUMBER]
"""

from __future__ import annotations

import gc
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from casepool.contract.registry import FORM
from casepool.counting.counts import study_counts
from casepool.extraction.cases import build_cases
from casepool.extraction.curated import read_tables
from casepool.files import store
from casepool.identity.ledger import link
from casepool.model.configuration import load_configuration
from casepool.model.protocol import Protocol, load_protocol
from casepool.model.study import use
from casepool.pooling.pool import pool_outcomes
from casepool.registry.intake.cases import registry_cases
from casepool.registry.intake.reading import read_registry
from casepool.registry.release.public import release
from casepool.registry.release.rule import rule_of

ROOT = Path(__file__).resolve().parent.parent
NUMBER, CENTRES, SEED = 100_000, 30, 20200101
gc.set_threshold(500_000)  # as jobs and commands do
KEY = b"invented key of a benchmark, of no use elsewhere"


def invented_rows(number: int, protocol: Protocol) -> pd.DataFrame:
    """Return lines of the form: invented patients of thirty centres, half of them with a response."""
    random = np.random.default_rng(SEED)
    centre = np.sort(random.integers(0, CENTRES, number))
    serial = pd.Series(centre).groupby(centre).cumcount() + 1
    size = pd.Series(centre).map(pd.Series(centre).value_counts())

    def chosen(*values: str) -> np.ndarray:
        return random.choice(np.array(values), number)

    told = pd.DataFrame(
        {
            "centre": [f"Centre {one:02d}" for one in centre],
            "country": "France",
            "filled_on": "2026-01-31",
            "centre_n_treated": size,
            "centre_n_reported": size,
            "patient_code": "P" + serial.astype(str),
            "objection_checked": "yes",
            "age_years": random.integers(18, 91, number),
            "sex": chosen("female", "male"),
            "treatment_year": random.integers(2016, 2027, number),
            "disease": chosen(*protocol.eligible_ids),
            "autoimmune": "yes",
            "n_prior_lines": random.integers(0, 9, number),
            "prior_rituximab": chosen("yes", "no", "not_reported"),
            "route": chosen("iv", "sc"),
            "dose": chosen("16 mg/kg", "1800 mg"),
            "n_doses": random.integers(1, 17, number),
            "response": chosen("complete", "partial", "none", "none"),
            "follow_up_months": random.integers(1, 60, number),
            "death": chosen("yes", "no", "no", "no"),
            "published": "no",
            "note": [f"answer after dose {n}" for n in random.integers(1, 9, number)],
        }
    )
    told["disease_as_reported"] = [f"refractory disease, {n} relapses" for n in random.integers(0, 50, number)]
    told["concomitant"] = [f"prednisone {n} mg; rituximab" for n in random.integers(1, 500, number)]
    return told.reindex(columns=FORM.names)


@contextmanager
def timed(name: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note the seconds that a block takes."""
    start = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - start


def main(number: int) -> None:
    """Print the seconds of each stage and the peak memory of this process."""
    configuration = load_configuration(ROOT / "config" / "config.yaml")
    protocol = load_protocol(ROOT / configuration.protocol)
    use(protocol)
    names = ("reports", "patients", "cohorts", "appraisal", "corrections", "identity_decisions")
    curated = read_tables({name: ROOT / "data" / "curated" / f"{name}.csv" for name in names})
    literature, decisions = build_cases(curated, protocol), curated["identity_decisions"]
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        # A centre has at most 9,999 serial numbers, a file at most 200,000 rows.
        invented_rows(number, protocol).to_csv(Path(folder) / "returns.csv", index=False)
        with timed("read and checked", seconds):
            intake = read_registry(Path(folder), KEY, protocol)
            cases = registry_cases(intake.registry, protocol)
    with timed("linked", seconds):
        linked = link(store.stack("cases", literature, cases), decisions)
    with timed("released", seconds):
        released = release(literature, linked.unique, linked.all_same, rule_of(configuration.disclosure))
    with timed("pooled", seconds):
        public = link(released.cases, store.stack("identity_decisions", decisions, released.links)).unique
        studies = study_counts(public, configuration.pooling.level)
        pool_outcomes(studies, public, released.linkage, protocol, configuration.pooling)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stages = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
    print(f"{len(cases)} of {number} rows: {stages}; {sum(seconds.values()):.1f} s in all, {peak:.0f} MiB at the peak")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else NUMBER)
