# Writes the records in records.csv as R keeps them, and as haven and foreign write them for SPSS and Stata.
library(haven)

plain <- read.csv("records.csv", encoding = "UTF-8", na.strings = "", stringsAsFactors = FALSE)
plain$date <- as.Date(plain$date)

# As R has them: words as factors, a session that is a whole number with its class, a score that is missing.
records <- plain
records$therapist <- factor(records$therapist)
records$ended <- factor(records$ended)
saveRDS(records, "gzip.rds")
saveRDS(records, "xz.rds", compress = "xz")
saveRDS(records, "bzip2.rds", compress = "bzip2", version = 2)
saveRDS(records, "text.rds", ascii = TRUE)
notes <- data.frame(row = 1:2, text = c("Teil 1", "Teil 2"))
save(records, notes, file = "two.RData")

# As labelled codes, with a score that the file declares missing.
ends <- c(abgebrochen = 0, `regulär beendet` = 1)
labelled <- plain
labelled$ended <- labelled_spss(ifelse(plain$ended == "abgebrochen", 0, 1), ends)
labelled$phq9 <- labelled_spss(ifelse(is.na(plain$phq9), 99, plain$phq9), c(`keine Angabe` = 99), na_values = 99)
attr(labelled$phq9, "label") <- "PHQ-9, Summe"
saveRDS(labelled, "labelled.rds")
write_sav(labelled, "byte.sav", compress = "byte")
write_sav(labelled, "none.sav", compress = "none")
write_sav(labelled, "zsav.zsav", compress = "zsav")

# Stata has letters for missing values; the first version with text in UTF-8 is 14.
coded <- plain
coded$ended <- labelled(ifelse(plain$ended == "abgebrochen", 0, 1), ends)
coded$phq9[is.na(coded$phq9)] <- tagged_na("a")
for (version in 8:15) write_dta(coded, sprintf("haven_%02d.dta", version), version = version)
for (version in c(7, 8, 10, 12)) {
  foreign::write.dta(records, sprintf("foreign_%02d.dta", version), version = version)
}
