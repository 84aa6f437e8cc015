# Time lme4::glmer and metafor::rma.glmm on a CSV of counts (study, xi, ni); print JSON with seconds.
# Called by benchmarks/run.py: Rscript glmm.R counts.csv repetitions
suppressMessages({
  library(lme4)
  library(metafor)
  library(jsonlite)
})
arguments <- commandArgs(trailingOnly = TRUE)
dat <- read.csv(arguments[1])
repetitions <- as.integer(arguments[2])

seconds <- function(expression) {
  expression <- substitute(expression)
  frame <- parent.frame()
  sort(vapply(seq_len(repetitions), function(i) {
    system.time(suppressWarnings(suppressMessages(eval(expression, frame))))[["elapsed"]]
  }, numeric(1)))
}

glmer_fit <- function(nodes) {
  glmer(cbind(xi, ni - xi) ~ 1 + (1 | study), data = dat, family = binomial, nAGQ = nodes)
}
metafor_fit <- function() rma.glmm(measure = "PLO", xi = xi, ni = ni, data = dat)

out <- list(
  glmer_7 = seconds(glmer_fit(7)),
  glmer_25 = seconds(glmer_fit(25)),
  rma_glmm = seconds(metafor_fit()),
  estimate = unname(fixef(glmer_fit(25))),
  versions = list(
    R = paste(R.version$major, R.version$minor, sep = "."),
    lme4 = as.character(packageVersion("lme4")),
    metafor = as.character(packageVersion("metafor"))
  )
)
cat(toJSON(out, auto_unbox = TRUE, digits = 10))
