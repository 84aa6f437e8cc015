#!/usr/bin/env bash
# The R package PRISMA2020 (CRAN), the code of the web tool, reads results/screening/PRISMA.csv.
#
# Run from the folder of a built project; needs R with the network to CRAN, and is no part of `.ci/run`. With Debian:
# apt-get install r-base-core r-cran-scales r-cran-htmltools r-cran-htmlwidgets r-cran-stringr r-cran-shiny r-cran-dt \
#   r-cran-xml2 r-cran-rsvg r-cran-v8
# The package itself comes from CRAN into a temporary folder, unless R has it. PRISMA_data() must find every row, without a
# warning; the numbers that it reads must be those of the file; PRISMA_flowdiagram() must draw them, by database too.
# Ends with 0 where all is so, with 3 where the package cannot be had.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export R_LIBS="$work${R_LIBS:+:$R_LIBS}"
if ! Rscript -e 'library(PRISMA2020)' > /dev/null 2>&1; then
    Rscript -e 'install.packages("PRISMA2020", lib = Sys.getenv("R_LIBS"), quiet = TRUE)' > "$work/log" 2>&1 || true
    Rscript -e 'library(PRISMA2020)' > /dev/null 2>&1 || { echo "The package PRISMA2020 cannot be installed here."; exit 3; }
fi
Rscript - results/screening/PRISMA.csv <<'R'
options(warn = 2)  # a row that is not found is a warning of the package
library(PRISMA2020)
table <- read.csv(commandArgs(trailingOnly = TRUE)[1])
read <- PRISMA_data(table)
for (name in table$data[!is.na(table$data)]) {
  said <- table$n[which(table$data == name)]
  found <- read[[name]]
  if (is.data.frame(found)) found <- paste(found$reason, found$n, sep = ", ", collapse = "; ")
  plain <- function(text) gsub("[, ]", "", as.character(text))
  if (!is.null(found) && plain(said) != "0" && plain(found) != plain(said)) stop(name, ": read ", found, ", told ", said)
}
invisible(PRISMA_flowdiagram(read, detail_databases = TRUE, detail_registers = TRUE, meta_analysis = TRUE))
cat("PRISMA2020", as.character(packageVersion("PRISMA2020")), "reads and draws all", nrow(table), "rows.\n")
R
