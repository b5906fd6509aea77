"""What the solver does millions of times, as machine code."""
