"""The service: a register that drops nobody, and the solver, behind an HTTP API."""
