# Computes with lme4, survival, psych and R's own functions what alliance describe computes: known answers for the test beside.
# Run in this folder: Rscript make.R. The keys are those of the published findings that the statistics belong to.
suppressMessages({
  library(lme4)
  library(survival)
  library(psych)
})
options(warn = 2)

read <- function(file) read.csv(file, na.strings = "", stringsAsFactors = FALSE)

# One row a client: the score of one session, the mean of sessions 3 to 5, the last score.
at <- function(d, column, session) {
  d <- d[d$session == session & !is.na(d[[column]]), ]
  setNames(d[[column]], d$client)
}
by_client <- function(values, client, f) {
  found <- tapply(values, client, f)
  setNames(as.vector(found), names(found))
}
early <- function(d, column) {
  d <- d[d$session %in% 3:5 & !is.na(d[[column]]), ]
  by_client(d[[column]], d$client, mean)
}
last <- function(d, column) {
  d <- d[!is.na(d[[column]]), ]
  d <- d[order(d$client, d$session), ]
  by_client(d[[column]], d$client, function(x) x[length(x)])
}
both <- function(...) {
  parts <- list(...)
  names <- Reduce(intersect, lapply(parts, names))
  data.frame(lapply(parts, function(one) as.numeric(one[names])), row.names = names)
}
correlation <- function(x, y) {
  d <- both(x = x, y = y)
  corr.test(d$x, d$y)$r
}
# What is left of the last score after the score at intake, signed so that + is better, in standard deviations.
gain <- function(d) {
  b <- both(x = at(d, "core_10", 0), y = last(d[d$session > 0, ], "core_10"))
  fit <- lm(y ~ x, b)
  setNames(-residuals(fit) / sigma(fit), rownames(b))
}
cohen <- function(values, stayed) {
  b <- both(value = values, stayed = stayed)
  # psych divides the pooled sum of squares by n; Cohen (1988, p. 67) and describe divide it by n - 2.
  unname(cohen.d(b$value, b$stayed)$cohen.d[, "effect"]) * sqrt((nrow(b) - 2) / nrow(b))
}

measurement <- function(d) {
  third <- d[d$session == 3 & !is.na(d$wai_sr_client), ]
  parts <- third[, c("wai_sr_client_bond", "wai_sr_client_task", "wai_sr_client_goal")]
  spread <- describe(third$wai_sr_client)
  intake <- describe(at(d, "core_10", 0))
  relief <- at(d, "core_10", 0) - last(d[d$session > 0, ], "core_10")[names(at(d, "core_10", 0))]
  growth <- d[d$session %in% 1:10 & !is.na(d$wai_sr_client), ]
  growth <- growth[growth$client %in% names(which(table(growth$client) > 1)), ]
  slope <- coef(lm(wai_sr_client ~ session + factor(client), growth))[["session"]]
  list(
    F01 = correlation(early(d, "wai_sr_client"), gain(d)),
    F15 = correlation(early(d, "wai_sr_client_goal"), gain(d)),
    F16 = correlation(early(d, "wai_sr_client_task"), gain(d)),
    F17 = correlation(early(d, "wai_sr_client_bond"), gain(d)),
    F46r = correlation(at(d, "wai_sr_client", 3), at(d, "wai_sr_therapist", 3)),
    F72 = slope / sqrt(mean((growth$wai_sr_client - mean(growth$wai_sr_client))^2)),
    F73s = skew(third$wai_sr_client, type = 1),
    F74 = (spread$mean - 12) / 48,
    F75 = spread$sd,
    F76 = suppressWarnings(alpha(parts)$total$raw_alpha),
    F87 = mean(relief) / intake$sd,
    F115 = intake$sd
  )
}

# Residual gain on alliance within therapists and on their mean alliance, each per standard deviation between clients.
within_between <- function(d) {
  b <- both(gain = gain(d), alliance = early(d, "wai_sr_client"), therapist = by_client(d$therapist, d$client, unique))
  spread <- sqrt(mean((b$alliance - mean(b$alliance))^2))
  b$between <- ave(b$alliance, b$therapist) / spread
  b$within <- b$alliance / spread - b$between
  as.list(setNames(coef(lm(gain ~ within + between, b))[2:3], c("F44", "F42")))
}

# A score on both scores one session before, each from the client's own mean, the mean of each session taken out.
lagged <- function(d, cause, effect, lag = 1) {
  d <- d[d$session %in% 1:7, ]
  for (one in c(cause, effect)) d[[one]] <- d[[one]] - ave(d[[one]], d$session, FUN = function(x) mean(x, na.rm = TRUE))
  later <- d[, c("client", "session", effect)]
  later$session <- later$session - lag
  b <- na.omit(merge(d[, c("client", "session", cause, effect)], later, by = c("client", "session")))
  names(b) <- c("client", "session", "x", "y", "later")
  b <- b[b$client %in% names(which(table(b$client) > 1)), ]
  from <- function(v) v - ave(v, b$client)
  fit <- lm(from(b$later) ~ 0 + from(b$x) + from(b$y))
  unname(coef(fit)[1] * sqrt(mean(from(b$x)^2) / mean(from(b$later)^2)))
}

treatment <- function(d) {
  held <- by_client(d$session, d$client, max)
  status <- by_client(d$status, d$client, unique)
  ended <- status != "in_treatment"
  left <- status %in% c("dropped_out", "boundary_violation")
  names(left) <- names(status)
  curve <- survfit(Surv(held, left) ~ 1)
  hazard <- function(sessions) {
    chosen <- curve$time %in% sessions
    at_risk <- sapply(sessions, function(s) sum(held >= s))
    sum(curve$n.event[chosen]) / sum(at_risk)
  }
  first <- at(d, "wai_sr_client", 1)
  b <- both(time = held, left = left + 0, alliance = first, therapist = by_client(d$therapist, d$client, unique))
  b$between <- ave(b$alliance, b$therapist)
  b$within <- b$alliance - b$between
  cox <- coef(coxph(Surv(time, left) ~ within + between, b, ties = "efron", control = coxph.control(eps = 1e-12, toler.chol = 1e-13)))
  stayed <- (!left)[ended] + 0
  score <- both(score = last(d, "wai_sr_client"), left = left[ended] + 0)
  score$z <- (score$score - mean(score$score)) / sqrt(mean((score$score - mean(score$score))^2))
  logit <- glm(left ~ z, binomial, score, epsilon = 1e-14)
  # Recovery: reliable, more than 6 points, and from at least 11 to below 11.
  case <- names(which(at(d, "core_10", 0) >= 11))
  recovery <- t(sapply(case, function(one) {
    own <- d[d$client == one & d$session > 0 & !is.na(d$core_10), ]
    before <- at(d, "core_10", 0)[[one]]
    there <- own$session[before - own$core_10 >= 6 & own$core_10 < 11]
    c(if (length(there)) min(there) else held[[one]], length(there) > 0)
  }))
  median <- quantile(survfit(Surv(recovery[, 1], recovery[, 2]) ~ 1), 0.5)$quantile
  csq <- last(d, "csq_8")
  list(
    F23 = mean(left[ended]),
    F28h = hazard(1:2) / hazard(3:8),
    F33 = cohen(last(d, "wai_sr_client"), stayed),
    F33e = cohen(at(d, "wai_sr_client", 3), stayed),
    F34 = cox[["between"]] / cox[["within"]],
    F34p = exp(cox[["within"]]),
    F53 = lagged(d, "wai_sr_client", "core_10"),
    F53s = lagged(d, "core_10", "wai_sr_client"),
    F56 = lagged(d, "wai_sr_client", "core_10", 2),
    F79 = correlation(csq, last(d, "wai_sr_client")),
    F79m = describe(csq)$mean,
    F82 = unname(median),
    A9 = coef(logit)[["z"]]
  )
}

# Where nothing is missing and caseloads are equal, restricted maximum likelihood gives what the analysis of variance does.
variances <- function(d) {
  tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 1e-3, rhoend = 1e-11, maxfun = 1e5))
  share <- function(fit, of) {
    parts <- as.data.frame(VarCorr(fit))
    parts$vcov[parts$grp == of] / sum(parts$vcov)
  }
  clients <- both(gain = gain(d), therapist = by_client(d$therapist, d$client, unique))
  outcome <- lmer(gain ~ 1 + (1 | therapist), clients, control = tight)
  centred <- function(sessions) {
    w <- d[d$session %in% sessions, ]
    w$score <- w$wai_sr_client - ave(w$wai_sr_client, w$session)
    w
  }
  seven <- lmer(score ~ 1 + (1 | client), centred(1:7), control = tight)
  six <- lmer(score ~ 1 + (1 | client), centred(3:8), control = tight)
  nested <- lmer(score ~ 1 + (1 | therapist / client), centred(1:7), control = tight)
  one <- share(six, "client")
  list(
    F39 = share(outcome, "therapist"),
    F44v = share(nested, "therapist"),
    F57v = share(seven, "client"),
    F60 = one,
    F60n = 4 * (1 - one) / one,
    F60m = 9 * (1 - one) / one
  )
}

simulated <- read("simulated.csv")
balanced <- read("balanced.csv")
answers <- list(
  versions = list(
    R = paste(R.version$major, R.version$minor, sep = "."),
    lme4 = format(packageVersion("lme4")),
    survival = format(packageVersion("survival")),
    psych = format(packageVersion("psych"))
  ),
  simulated = c(measurement(simulated), within_between(simulated), treatment(simulated)),
  balanced = c(measurement(balanced), within_between(balanced), variances(balanced))
)
lines <- unlist(lapply(names(answers), function(part) {
  values <- answers[[part]]
  told <- if (part == "versions") sprintf("%s = \"%s\"", names(values), values) else
    sprintf("%s = %s", names(values), format(unlist(values), digits = 15, trim = TRUE))
  c("", sprintf("[%s]", part), told)
}))
writeLines(c("# Made by make.R; not to be changed by hand.", lines), "answers.toml")
