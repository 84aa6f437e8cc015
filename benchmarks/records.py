"""Measure the reading of PubMed XML: records a second and peak memory for 10,000 invented records.

python benchmarks/records.py
"""

from __future__ import annotations

import gzip
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from eutils_server import Article

from casepool.search.formats.pubmed_xml import parse_pubmed

NUMBER = 10_000


def write_records(path: Path, number: int = NUMBER) -> None:
    """Write invented records of the usual size: 1,400 letters of abstract, 7 authors, 12 headings."""
    sentence = "An invented sentence about a patient who received a drug. "
    authors, headings = tuple(f"Author{n} AB" for n in range(7)), tuple(f"Heading {n}" for n in range(12))
    with gzip.open(path, "wt", encoding="utf-8") as handle:
        handle.write('<?xml version="1.0" ?>\n<PubmedArticleSet>\n')
        for pmid in range(1, number + 1):
            one = Article(pmid, abstract=sentence * 24, doi=f"10.1000/inv.{pmid}", authors=authors, mesh=headings)
            handle.write(one.xml())
        handle.write("</PubmedArticleSet>\n")


def main() -> None:
    """Print records a second and the peak memory of this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.xml.gz"
        write_records(path)
        start = time.perf_counter()
        number = sum(1 for _ in parse_pubmed(path))
        rate = number / (time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{number} records, {rate:,.0f} a second, {peak:.0f} MiB at the peak")


if __name__ == "__main__":
    main()
