#!/usr/bin/env bash
# Debian's pdfLaTeX: every TeX table of the manuscript on a line of 16 cm, in both languages.
#
# Run from the folder of a built project; needs texlive-latex-recommended, texlive-lang-french and lmodern, and is no part of
# `.ci/run`. Each language is one document (article, A4, margins of 2.5 cm, babel) that takes in all tables by \casepooltable:
# in 12 pt Latin Modern, in 10 pt Times with hyperref, and in 11 pt Helvetica, the widest. Prints the overfull boxes above
# 1 pt and the tables on their side; ends with 0 where no box is overfull and no reference or command is undefined.
set -euo pipefail
project=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v pdflatex > /dev/null || { echo "TeX is not installed here."; exit 3; }
bad=0
for folder in "$project"/results/manuscript/*/; do
    language=$(basename "$folder")
    babel=$([ "$language" = fr ] && echo french || echo british)
    for points in 12pt 11pt 10pt; do
        face='\usepackage{lmodern}'
        [ "$points" = 10pt ] && face='\usepackage{mathptmx}\usepackage{hyperref}'
        [ "$points" = 11pt ] && face='\usepackage{helvet}\renewcommand\familydefault{\sfdefault}'
        {
            echo "\\documentclass[a4paper,$points]{article}\\usepackage[T1]{fontenc}$face"
            echo "\\usepackage[$babel]{babel}\\usepackage[margin=2.5cm]{geometry}"
            echo "\\usepackage{${folder}casepool}\\hfuzz=1pt\\begin{document}"
            for table in "$folder"tables/*.tex; do echo "\\casepooltable{$(basename "$table" .tex | sed 's/^[0-9]*_//')}\\clearpage"; done
            echo "\\end{document}"
        } > "$work/$language.tex"
        for _ in 1 2; do
            (cd "$work" && pdflatex -interaction=nonstopmode -halt-on-error "$language.tex" > "$language.printed" 2>&1) ||
                { tail -30 "$work/$language.printed"; exit 1; }
        done
        overfull=$(grep -c '^Overfull .hbox' "$work/$language.log" || true)
        undefined=$(grep -ci 'undefined' "$work/$language.log" || true)
        [ "$overfull$undefined" = 00 ] || { grep -i -A2 '^Overfull .hbox\|undefined' "$work/$language.log" | head -40; bad=1; }
        side=$(grep -l 'begin{landscape}' "$folder"tables/*.tex | wc -l || true)
        tables=$(find "$folder"tables -name '*.tex' | wc -l)
        echo "$language, $points: $tables tables, overfull above 1 pt: $overfull, undefined: $undefined, on their side: $side"
        [ -z "${KEEP:-}" ] || cp "$work/$language.pdf" "$KEEP/${language}_$points.pdf"
    done
done
exit "$bad"
