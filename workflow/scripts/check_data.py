"""Check every curated table and raw file; stop the build with all problems listed."""

import sys

sys.stdout = open(snakemake.log[0], "w", buffering=1)  # problems go to the terminal too

from casepool.files import atomic, store
from casepool.checks.data import as_json, check_data, require_valid
from casepool.model.errors import CuratedDataError
from casepool.model.protocol import load_protocol
from casepool.search.raw import Raw

entries = store.read_table("entries", snakemake.input.entries)
raw = Raw(entries, store.read_table("raw_faults", snakemake.input.faults))
report = check_data(".", load_protocol(snakemake.input.protocol), snakemake.params.snapshot, raw)
print(as_json(report))
try:
    require_valid(report)
except CuratedDataError as error:
    sys.exit(f"\n{error}\n('casepool check' shows this list again, 'casepool check --lang fr' in French)\n")
atomic.write_text(snakemake.output.check, as_json(report))
