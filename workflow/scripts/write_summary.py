"""Write the summary that is shown when a build ends."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

import pandas as pd

from casepool.files import atomic, sheets, store
from casepool.model.protocol import load_protocol
from casepool.report.words.catalogue import load_catalogue
from casepool.report.summary import summary

names = {"prisma_counts": "flow", "candidate_pairs": "pairs", "open_questions": "questions"}
frames = {name: store.read_table(name, snakemake.input[key]) for name, key in names.items()}
frames["reading_list"] = sheets.read_table("reading_list", snakemake.input.reading_list)
catalogue = load_catalogue(snakemake.params.language)
synthetic = load_protocol(snakemake.input.protocol).synthetic
content = summary(frames, pd.read_csv(snakemake.input.to_screen), catalogue, synthetic=synthetic)
atomic.write_text(snakemake.output.summary, content)
job.finish()
