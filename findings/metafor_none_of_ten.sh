#!/usr/bin/env bash
# metafor (Debian 3.8-1): ten single-patient reports, nobody responded, pooled as raw proportions: 25 %.
#
# Guess: measure = "PR" is the raw proportion, so ten times 0 of 1 pool to 0 (or are refused for their zero
#   variance); adding one half to the cells is a matter of the logit and log measures.
# Behaviour: every source with 0 or all responders gets one half added to both cells, for "PR" too: 0 of 1
#   counts as 0.5 of 2. The estimate does not change however many such reports there are, only its interval
#   narrows.
# Seen: 0 of 10 patients: "PR" and "PLO" both 0.25 (PLO: 0.11 to 0.48); the exact upper limit of 0 of 10 is
#   0.31. A hundred such reports: still 0.25, now 0.20 to 0.31, while the exact upper limit is 0.04.
# Why it matters: single patients are the rule here, not the exception. The correction that is harmless in
#   trials invents a response rate of one in four. Our pooling uses the binomial likelihood and adds nothing.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! command -v Rscript > /dev/null || ! Rscript -e 'library(metafor)' > /dev/null 2>&1; then
  echo "CANNOT RUN: needs R with metafor (Debian: apt-get install --no-install-recommends r-cran-metafor)."
  exit 3
fi
cat > check.R <<'R'
suppressMessages(library(metafor))
cat("seen with", R.version.string, "and metafor", as.character(packageVersion("metafor")), "\n")
pool <- function(k, measure, ...) {
  p <- predict(rma(measure = measure, xi = rep(0, k), ni = rep(1, k)), ...)
  c(p$pred, p$ci.lb, p$ci.ub)
}
seen <- rbind(PR10 = pool(10, "PR"), PLO10 = pool(10, "PLO", transf = transf.ilogit),
              PLO100 = pool(100, "PLO", transf = transf.ilogit))
print(round(seen, 3))
exact <- sapply(c(10, 100), function(k) binom.test(0, k)$conf.int[2])
cat(sprintf("exact upper limits: 0 of 10 %.3f, 0 of 100 %.3f\n", exact[1], exact[2]))
if (!(all(abs(seen[, 1] - 0.25) < 1e-6) && seen["PLO100", 2] > exact[2])) {
  cat("CHANGED: nobody of ten is no longer pooled to 25 %.\n")
  quit(status = 1)
}
cat("Still so: nobody responded, and the pooled rate is 25 %, with 10 reports as with 100.\n")
R
Rscript check.R
