"""Who may do what: tokens, roles, and the one table of permissions."""
