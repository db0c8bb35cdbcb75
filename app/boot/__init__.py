"""One file per process; only here do app, sync and widgets meet."""
