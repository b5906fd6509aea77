"""Simulated years on several machines: cells as rows with a lease, apart from the register.

`allocator scenario --executor queue=URL` puts them there; `python -m api.years URL` works on them.
"""
