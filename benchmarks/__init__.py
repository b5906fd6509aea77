"""Benchmarks: the allocator against its peers on stored synthetic instances."""
