# What psych and lme4 take for the same tables, in seconds of processor time; one JSON object a line.
# Rscript peers.R FOLDER [without-lme4]
suppressMessages({library(psych); library(lme4); library(jsonlite)})
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]

# Processor seconds of the median run, those of child processes included: psych's bootstrap forks.
timed <- function(task, package, compute, runs = 1) {
  spent <- replicate(runs, {
    clock <- system.time(value <<- compute())
    sum(clock[c("user.self", "sys.self", "user.child", "sys.child")])
  })
  list(task = task, package = paste(package, packageVersion(package)), cpu_s = median(spent),
       runs = runs, value = value)
}
tell <- function(row, values) {
  row$value <- values(row$value)
  cat(toJSON(row, auto_unbox = TRUE, digits = NA), "\n", sep = "")
}

items <- read.csv(file.path(folder, "items.csv"))
set.seed(1)
resampled <- function() suppressWarnings(alpha(items, n.iter = 2000))
tell(timed("alpha", "psych", resampled, 5), function(found)
  list(value = found$total$raw_alpha,
       limits = unname(quantile(found$boot[, "raw_alpha"], c(.025, .975)))))
six <- function(found) list(forms = found$results$ICC)
tell(timed("icc, lmer = TRUE (its default)", "psych", function() suppressMessages(ICC(items)), 5),
     six)
tell(timed("icc, lmer = FALSE", "psych", function() ICC(items, lmer = FALSE)), six)

fit <- function(long) suppressWarnings(suppressMessages(lmer(
  value ~ (1|person) + (1|item) + (1|occasion) + (1|person:item) + (1|person:occasion) +
    (1|item:occasion), long, control = lmerControl(calc.derivs = FALSE))))
for (name in if (length(arguments) == 1) c("balanced", "unbalanced")) {
  long <- read.csv(file.path(folder, paste0(name, ".csv")))
  long[1:3] <- lapply(long[1:3], factor)
  tell(timed(name, "lme4", function() fit(long)), function(found) {
    parts <- as.data.frame(VarCorr(found))
    list(components = setNames(as.list(parts$vcov), parts$grp), criterion = REMLcrit(found),
         message = paste(c(found@optinfo$message, unlist(found@optinfo$conv$lme4$messages)),
                         collapse = "; "))
  })
}
