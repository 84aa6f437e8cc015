# Time lme4::glmer, alone and with profile limits, on a CSV of counts (study, xi, ni); print JSON with seconds.
# Called by benchmarks/mixed.py: Rscript glmm.R counts.csv repetitions. CPU seconds, as there.
suppressMessages({
  library(lme4)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
dat <- read.csv(arguments[1])
repetitions <- as.integer(arguments[2])

seconds <- function(expression) {
  expression <- substitute(expression)
  frame <- parent.frame()
  sort(vapply(seq_len(repetitions), function(i) {
    system.time(suppressWarnings(suppressMessages(eval(expression, frame))))[["user.self"]]
  }, numeric(1)))
}

glmer_fit <- function(nodes) {
  glmer(cbind(xi, ni - xi) ~ 1 + (1 | study), data = dat, family = binomial, nAGQ = nodes)
}
# Everything in it: the fit and the profile limits of both parameters.
glmer_limits <- function() {
  fit <- glmer_fit(7)
  confint(fit, method = "profile", quiet = TRUE)
}

out <- list(
  glmer = seconds(glmer_fit(7)),
  glmer_profile = seconds(glmer_limits()),
  versions = list(
    R = paste(R.version$major, R.version$minor, sep = "."),
    lme4 = as.character(packageVersion("lme4"))
  )
)
cat(toJSON(out, auto_unbox = TRUE, digits = 10))
