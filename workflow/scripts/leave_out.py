"""Pool again without each of a part of the reports in turn."""

from casepool.provenance.job import begin

job = begin(snakemake)  # before any other import: its errors go to the log

from casepool.files import store
from casepool.model.configuration import Pooling
from casepool.model.protocol import load_protocol
from casepool.sensitivity.analyses import left_out
from casepool.sensitivity.reading import read_material

protocol = load_protocol(snakemake.input.protocol)
pooling = Pooling.model_validate(snakemake.params.pooling)
material = read_material(snakemake.input, protocol, pooling)
part, parts = int(snakemake.wildcards.part), snakemake.params.parts
store.write_table("sensitivity", left_out(material, protocol, pooling, part, parts), snakemake.output.left_out)
job.finish()
