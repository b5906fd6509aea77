"""The register in a database: rows, timeline, and how the one follows from the other."""
