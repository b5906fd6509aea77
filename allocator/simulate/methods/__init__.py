"""Ways to decide, behind one interface: see `allocator.simulate.decision.Method`."""
