"""A year, day by day: when to commit and what to hold back, tried on people not yet referred.

The same bed rules as the optimiser, its plan rules on a board of beds and nights, and the referee
over every year as it was decided. Invented people only; docs/simulation.md says what it leaves out.
"""
