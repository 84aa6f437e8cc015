#!/usr/bin/env bash
# @iebh/reflib 2.3.6 (npm): a case report read from NBIB leaves without its PubMed id, and as a sermon.
#
# Guess: a PubMed file read and written as RIS keeps PubMed id, authors with given names, the study group, and
#   the type; read and written as NBIB it is what it was.
# Behaviour: the PubMed id has no place in the RIS it writes (no AN, no ID), the collective author is dropped,
#   given names shrink to initials. Written as NBIB again, the publication types are gone and a line "TY  -
#   Sermon" stands in their place, for every journal article.
# Seen: RIS: no 90000001 anywhere, no "Invented Study Group", "Durand, A. M."; NBIB: "TY  - Sermon", no PT.
# Why it matters: reflib serves the tools of systematic reviews. What went through it can be matched by DOI and
#   title only, and no longer filtered by "Case Reports". Search exports are to be taken from PubMed itself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init --yes > /dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @iebh/reflib@2.3.6
cat > case.nbib <<'NBIB'
PMID- 90000001
OWN - NLM
STAT- MEDLINE
VI  - 5
DP  - 2021 Mar
TI  - Daratumumab in refractory lupus: an invented case.
PG  - 12-14
LID - 10.1000/abc [doi]
FAU - Durand, Anne Marie
AU  - Durand AM
CN  - Invented Study Group
LA  - eng
PT  - Case Reports
PT  - Letter
TA  - J Inv
AID - 10.1000/abc [doi]
SO  - J Inv. 2021 Mar;5:12-14.

NBIB
cat > check.mjs <<'JS'
import fs from 'node:fs';
import reflib from '@iebh/reflib';

const read = await reflib.readFile('case.nbib');
await reflib.writeFile('out.ris', read);
await reflib.writeFile('out.nbib', read);
const [ris, nbib] = ['out.ris', 'out.nbib'].map((name) => fs.readFileSync(name, 'utf8'));
console.log(ris.trim());
const seen = {
  pmidInRis: ris.includes('90000001'),
  groupInRis: ris.includes('Invented Study Group'),
  author: /^AU {2}- (.*)$/m.exec(ris)?.[1],
  type: /^TY {2}- (.*)$/m.exec(nbib)?.[1],
  caseReportsInNbib: nbib.includes('Case Reports'),
};
console.log(JSON.stringify(seen));
const expected = {
  pmidInRis: false, groupInRis: false, author: 'Durand, A. M.', type: 'Sermon', caseReportsInNbib: false,
};
if (JSON.stringify(seen) !== JSON.stringify(expected)) {
  console.log('CHANGED: reflib keeps or loses other fields now.');
  process.exit(1);
}
console.log('Still so: PubMed id and study group are lost, and a case report is a sermon.');
JS
node check.mjs
