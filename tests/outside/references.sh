#!/usr/bin/env bash
# Other programs read the references of the manuscript: BibTeX sets all of them, pandoc cites from each of the three files.
#
# Run from the folder of a built project; needs pdflatex and bibtex (texlive-latex-base), pandoc where it is there (PANDOC names
# another one), and is no part of `.ci/run`. BibTeX may warn of fields that are not known, which the notes say; an error, or a work
# that is missing, fails. Zotero itself imports all three formats, and cannot be run without a desktop: these stand in for it.
set -euo pipefail
project=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v bibtex > /dev/null && command -v pdflatex > /dev/null || { echo "BibTeX is not installed here."; exit 3; }
pandoc=${PANDOC:-$(command -v pandoc || true)}
for folder in "$project"/results/manuscript/*/; do
    language=$(basename "$folder")
    works=$(grep -c '^@' "$folder/references.bib")
    cd "$work"
    printf '%s\n' '\documentclass{article}\usepackage[T1]{fontenc}\usepackage{lmodern}\begin{document}\nocite{*}' \
        "\\bibliographystyle{plain}\\bibliography{${folder}references}\\end{document}" > all.tex
    pdflatex -interaction=batchmode all.tex > /dev/null
    bibtex all > bibtex.log || { cat bibtex.log; exit 1; }
    pdflatex -interaction=batchmode -halt-on-error all.tex > /dev/null || { grep '^!' all.log; exit 1; }
    echo "$language: BibTeX sets $(grep -c bibitem all.bbl) of $works works; warnings: $(grep -c '^Warning' bibtex.log || true)"
    [ "$(grep -c bibitem all.bbl)" = "$works" ]
    [ -n "$pandoc" ] || { echo "$language: pandoc is not there"; continue; }
    for suffix in bib json ris; do
        keys=$(sed -n 's/^@[a-z]*{\(.*\),$/@\1/p' "$folder/references.bib" | paste -sd ';')
        echo "[$keys]" > cite.md
        "$pandoc" --citeproc --bibliography "${folder}references.$suffix" cite.md -t plain > cited.txt 2> cited.log || { cat cited.log; exit 1; }
        ! grep -q 'not found\|no printed form' cited.log || { head -5 cited.log; exit 1; }
        echo "$language: pandoc finds all $works keys in references.$suffix"
    done
done
