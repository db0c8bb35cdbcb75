"""Papers: labels, slips and lists, drawn once for printer, PDF and preview alike."""
