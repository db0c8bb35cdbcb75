"""Files handed in at the hub: understood, rehearsed, taken in as deliveries, accounted for, taken back."""
