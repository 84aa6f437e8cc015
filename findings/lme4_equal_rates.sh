#!/usr/bin/env bash
# lme4 (Debian 1.1-31) and metafor (3.8-1): sources that agree exactly cannot be pooled with the binomial model.
#
# Guess: 2 of 4, 3 of 6 and 2 of 4 are the easiest case there is: rate 50 %, heterogeneity 0, a message about a
#   singular fit at most.
# Behaviour: glmer() stops with "Response is constant", although the denominators differ and the counts vary;
#   and metafor's rma.glmm(measure = "PLO"), which fits the same model through lme4, stops with "Cannot fit ML
#   model". One patient more in one source and both answer.
# Seen: equal rates of 50 %, of 1/3 and of 100 % are all refused; 1, 1, 2 of 3 gives 0.444.
# Why it matters: case reports of one to six patients agree exactly all the time, most often because everybody
#   responded. A pipeline that catches the error and skips the disease drops the most consistent ones. The
#   pooled rate is then simply the sum, and must be told as such.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! command -v Rscript > /dev/null || ! Rscript -e 'library(lme4); library(metafor)' > /dev/null 2>&1; then
  echo "CANNOT RUN: needs R with lme4 and metafor (Debian: r-cran-lme4, r-cran-metafor)."
  exit 3
fi
cat > check.R <<'R'
suppressMessages({library(lme4); library(metafor)})
cat("seen with", R.version.string, "lme4", as.character(packageVersion("lme4")),
    "metafor", as.character(packageVersion("metafor")), "\n")
try_both <- function(x, n) {
  d <- data.frame(x = x, n = n, source = factor(seq_along(x)))
  ask <- function(e) tryCatch({suppressWarnings(suppressMessages(e)); "fitted"}, error = conditionMessage)
  a <- ask(glmer(cbind(x, n - x) ~ 1 + (1 | source), d, family = binomial))
  b <- ask(rma.glmm(measure = "PLO", xi = x, ni = n))
  cat(paste(paste0(x, "/", n), collapse = ", "), "| glmer:", a, "| rma.glmm:", b, "\n")
  c(a, b)
}
equal <- list(try_both(c(2, 3, 2), c(4, 6, 4)), try_both(c(1, 1, 1), c(3, 3, 3)), try_both(c(4, 5, 3), c(4, 5, 3)))
other <- try_both(c(1, 1, 2), c(3, 3, 3))
refused <- all(sapply(equal, function(s) grepl("constant", s[1]) && grepl("Cannot fit ML model", s[2])))
if (!(refused && all(other == "fitted"))) {
  cat("CHANGED: equal rates are now pooled.\n")
  quit(status = 1)
}
cat("Still so: sources with the very same rate are refused, not pooled.\n")
R
Rscript check.R
