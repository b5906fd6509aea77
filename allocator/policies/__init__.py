"""Dated policies, as package data."""
