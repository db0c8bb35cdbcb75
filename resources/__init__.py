"""Files the program reads: words, fonts, icons, rules, lessons, samples."""
