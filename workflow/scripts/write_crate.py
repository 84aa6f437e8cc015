"""Describe the results as a research object (RO-Crate)."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import json
from pathlib import Path

from casepool.files import atomic
from casepool.model.protocol import load_protocol
from casepool.provenance.crate import crate
from casepool.provenance.manifest import as_text

manifest = json.loads(atomic.read_bytes(snakemake.input.manifest))
sizes = {path: Path(path).stat().st_size for path in manifest["outputs"]}
title = load_protocol(snakemake.input.protocol).title[snakemake.params.language]
atomic.write_text(snakemake.output.crate, as_text(crate(manifest, title, sizes)))
job.finish()
