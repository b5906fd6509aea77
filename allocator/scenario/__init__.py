"""Scenarios: what a planner would change, tried on the same simulated years as the base.

docs/scenarios.md says what each change does, and what none of them does.
"""
