#!/usr/bin/env bash
# lme4 (Debian 1.1-31): the log-likelihood of a binomial model jumps by four when nAGQ goes from 1 to 2.
#
# Guess: nAGQ = 1, 2, 25 approximate the same integral ever better, so logLik() settles; the likelihood-ratio
#   test of "no heterogeneity" against glm() gets better with it.
# Behaviour: with nAGQ > 1 the constant of the binomial likelihood is left out (the value belongs to the
#   deviance against the saturated model). logLik() of such a fit cannot be compared with nAGQ = 1 nor with
#   glm(), and nothing warns.
# Seen: x = 1 3 0 5 2 4 of n = 4 5 3 6 6 4: logLik -10.292 (nAGQ 1), -6.319 (2), -6.242 (25); glm -11.148. The
#   test of heterogeneity against glm is 1.7 with nAGQ = 1 and 9.8 with nAGQ = 25.
# Why it matters: this is the model that pools rare responses from small sources. The better approximation turns
#   a heterogeneity of p about 0.1 into p about 0.001. Our own likelihoods keep the constant; a comparison with
#   lme4 must add it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
if ! command -v Rscript > /dev/null || ! Rscript -e 'library(lme4)' > /dev/null 2>&1; then
  echo "CANNOT RUN: needs R with lme4 (Debian: apt-get install --no-install-recommends r-cran-lme4)."
  exit 3
fi
cat > check.R <<'R'
suppressMessages(library(lme4))
cat("seen with", R.version.string, "and lme4", as.character(packageVersion("lme4")), "\n")
d <- data.frame(x = c(1, 3, 0, 5, 2, 4), n = c(4, 5, 3, 6, 6, 4), source = factor(1:6))
fit <- function(q) as.numeric(logLik(glmer(cbind(x, n - x) ~ 1 + (1 | source), d, family = binomial, nAGQ = q)))
plain <- as.numeric(logLik(glm(cbind(x, n - x) ~ 1, binomial, d)))
l <- sapply(c(1, 2, 25), fit)
cat(sprintf("logLik: nAGQ 1 %.3f, 2 %.3f, 25 %.3f; glm %.3f\n", l[1], l[2], l[3], plain))
cat(sprintf("test of heterogeneity against glm: %.2f and %.2f\n", 2 * (l[1] - plain), 2 * (l[3] - plain)))
constant <- sum(dbinom(d$x, d$n, d$x / d$n, log = TRUE))
cat(sprintf("with the constant %.3f added back: nAGQ 25 %.3f\n", constant, l[3] + constant))
if (!(l[2] - l[1] > 3 && abs(l[3] - l[2]) < 0.3 && abs(l[3] + constant - l[1]) < 0.3)) {
  cat("CHANGED: logLik with nAGQ > 1 now keeps the constant.\n")
  quit(status = 1)
}
cat("Still so: nAGQ > 1 leaves the binomial constant out of logLik().\n")
R
Rscript check.R
