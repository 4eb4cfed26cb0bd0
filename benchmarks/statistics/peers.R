# What psych and lme4 take for the same tables, in seconds of processor time; one JSON object a line.
# Rscript peers.R FOLDER [without-lme4]
suppressMessages({library(psych); library(lme4); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]

# `expression` is a promise: it is computed inside system.time and nowhere else.
timed <- function(task, package, expression) {
  spent <- system.time(value <- expression)
  list(task = task, package = paste(package, packageVersion(package)),
       cpu_s = unname(spent["user.self"] + spent["sys.self"]), value = value)
}
tell <- function(row, values) {
  row$value <- values(row$value)
  cat(toJSON(row, auto_unbox = TRUE, digits = NA), "\n", sep = "")
}

items <- read.csv(file.path(folder, "items.csv"))
set.seed(1)
tell(timed("alpha", "psych", suppressWarnings(alpha(items, n.iter = 2000))), function(found)
  list(value = found$total$raw_alpha,
       limits = unname(quantile(found$boot[, "raw_alpha"], c(.025, .975)))))
six <- function(found) list(forms = found$results$ICC)
tell(timed("icc, lmer = TRUE (its default)", "psych", suppressMessages(ICC(items))), six)
tell(timed("icc, lmer = FALSE", "psych", ICC(items, lmer = FALSE)), six)

fit <- function(long) suppressWarnings(suppressMessages(lmer(
  value ~ (1|person) + (1|item) + (1|occasion) + (1|person:item) + (1|person:occasion) +
    (1|item:occasion), long, control = lmerControl(calc.derivs = FALSE))))
for (name in if (length(arguments) == 1) c("balanced", "unbalanced")) {
  long <- read.csv(file.path(folder, paste0(name, ".csv")))
  long[1:3] <- lapply(long[1:3], factor)
  tell(timed(name, "lme4", fit(long)), function(found) {
    parts <- as.data.frame(VarCorr(found))
    list(components = setNames(as.list(parts$vcov), parts$grp), criterion = REMLcrit(found),
         message = paste(c(found@optinfo$message, unlist(found@optinfo$conv$lme4$messages)),
                         collapse = "; "))
  })
}
