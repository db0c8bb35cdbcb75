"""Sales platforms that speak their real protocols on this machine, for trainers, tests and fault runs.

They share nothing with what talks to them: every signature is computed anew over the bytes received, so a
connector that signs another set than it sends is refused here as it would be there.
"""
