"""Joint allocation of approved-premises beds, with a proof and a reason for every person.

Two doors: :func:`allocator.solving.solve` makes a plan, :func:`allocator.check.check` judges one.
A named person decides every placement; nothing here commits one.
"""

__version__ = "0.1.0"
