#!/usr/bin/env bash
# LibreOffice and Debian's pdfLaTeX: the first chapter, filled, saved by LibreOffice, filled again; compiled by LaTeX.
#
# Run from the folder of a built project; needs libreoffice-writer, texlive-latex-recommended, texlive-lang-french, lmodern and
# pdfinfo, and is no part of `.ci/run`. Ends with 0 where every number and line survives LibreOffice, whatever does not is
# named, the second pull after it writes nothing more, the LaTeX has no error and no box overfull above 1 pt, and an
# unknown name is an error that lists the names which begin alike.
set -euo pipefail
project=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for tool in soffice pdflatex pdfinfo; do command -v "$tool" > /dev/null || { echo "$tool is not installed here."; exit 3; }; done
casepool() { python -c 'from casepool.cli.main import main; main()' "$@"; }
bad=0
for language in fr en; do
    [ -f "$project/results/manuscript/$language/numbers.json" ] || continue
    mkdir -p "$work/$language/saved"
    cd "$work/$language"
    casepool pull --start thesis.docx --folder "$project" --lang "$language" | grep -v '→' | head -3
    soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to docx:"MS Word 2007 XML" \
        --outdir saved thesis.docx > /dev/null 2>&1
    casepool pull saved/thesis.docx --folder "$project" --lang "$language" > said.txt
    grep -c '→' said.txt > moved.txt || true
    [ "$(cat moved.txt)" = 0 ] || { echo "Numbers moved by saving alone:"; cat said.txt; bad=1; }
    echo "$language, after LibreOffice: $(tail -3 said.txt | head -1)"
    before=$(sha256sum saved/thesis.docx)
    casepool pull saved/thesis.docx --folder "$project" > /dev/null
    [ "$before" = "$(sha256sum saved/thesis.docx)" ] || { echo "A second pull changed bytes."; bad=1; }
    soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to pdf thesis.docx > /dev/null 2>&1
    echo "$language, Word: $(pdfinfo thesis.pdf | grep Pages | tr -s ' ')"
    cp thesis.pdf word.pdf
    casepool pull --start chapter.tex --folder "$project" --lang "$language" > /dev/null
    sed -i '1a\\\\hfuzz=1pt' chapter.tex
    for _ in 1 2; do pdflatex -interaction=nonstopmode -halt-on-error chapter.tex > tex.txt 2>&1 || { tail -30 tex.txt; exit 1; }; done
    overfull=$(grep -ac '^Overfull .hbox' chapter.log || true)
    undefined=$(grep -aci undefined chapter.log || true)
    echo "$language, LaTeX: $(pdfinfo chapter.pdf | grep Pages | tr -s ' '), overfull above 1 pt: $overfull, undefined: $undefined"
    [ "$overfull$undefined" = 00 ] || bad=1
    sed 's/any_response.overall.raw/any_response.overall.rwa/' chapter.tex > wrong.tex
    pdflatex -interaction=nonstopmode wrong.tex > tex.txt 2>&1 || true
    tr -d '\n' < tex.txt | grep -ao "no number 'any_response.overall.rwa'. Nearest: any_response.overall[a-z_.0-9]*" | head -1 ||
        { echo "An unknown name is no error."; bad=1; }
    [ -z "${KEEP:-}" ] || { cp word.pdf "$KEEP/word_$language.pdf"; cp chapter.pdf "$KEEP/latex_$language.pdf"; }
done
exit "$bad"
