"""Which warehouses serve an order: exact, and with its reasons."""
