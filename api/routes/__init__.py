"""Routes: parse, call the work, shape the reply."""
