"""Other systems of the company: how they ask, how they report, how they are told."""
