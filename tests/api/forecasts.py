"""A small forecast of invented people, as forecast.json has it."""

from __future__ import annotations

from typing import Any

from allocator.policy import load_policy

_POLICY = load_policy()
_SURE = {"value": 0.1, "low": 0.05, "high": 0.2, "counted": 60}
_NOTICE = {"values": [7, 14, 28], "weights": [1.0, 2.0, 1.0], "counted": 60}
_KNOWN = {
    1: {"tier": "A1", "rosh": "Very High", "mappa_level": 3},
    2: {"tier": "B1", "rosh": "High", "mappa_level": 2},
    3: {"tier": "C1", "rosh": "High", "mappa_level": 1},
    4: {"tier": "C2", "rosh": "Medium", "mappa_level": 0},
}

A_FORECAST: dict[str, Any] = {
    "version": 1,
    "basis": {
        "as_of": "2026-11-02",
        "policy_name": _POLICY.name,
        "policy_digest": _POLICY.digest,
        "first": "2026-09-07",
        "until": "2026-11-02",
        "referrals": 60,
        "counts_from": "2026-09-07",
        "weekly": [[2] * 8, [2] * 8, [2] * 8, [1] * 8],
        "synthetic": True,
    },
    "total": {
        "coefficients": [2.0, 0.0, 0.0],
        "covariance": [[0.02, 0.0, 0.0], [0.0, 0.0064, 0.0], [0.0, 0.0, 0.0064]],
        "dispersion": 0.0,
        "weekdays": [0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0],
    },
    "cells": [
        {
            "band": band,
            "region": "Midlands",
            "gender": "man",
            "ap_type": "normal",
            "share": 0.25,
            "counted": 15,
            "own": False,
            "scale": 1.0,
        }
        for band in _KNOWN
    ],
    "sure_of": 60,
    "notice": [{"band": None, "ap_type": None, **_NOTICE}],
    "nights": [
        {
            "band": None,
            "ap_type": "normal",
            "values": [56, 84],
            "weights": [1.0, 3.0],
            "counted": 60,
        }
    ],
    "outcomes": {
        "withdrawn": _SURE,
        "withdrawn_at": [0.0, 1.0],
        "not_arriving": _SURE,
        "early": _SURE,
        "early_at": [0.0, 1.0],
        "changed": _SURE,
        "changed_at": [0.0, 1.0],
        "changed_by": [0.0],
    },
    "donors": [
        {
            "band": band,
            "gender": "man",
            "ap_type": "normal",
            **known,
            "mappa_category": None,
            "exceptional_case": False,
            "window_days": 7,
            "aimed_radius_miles": None,
            "consented_radius_miles": None,
            "essential": [],
            "desirable": [],
            "offences": [],
            "offences_unknown": [],
            "restriction_codes": [],
            "licence_days": None,
            "share_suitable": None,
            "share_days": 0,
        }
        for band, known in _KNOWN.items()
    ],
    "homes": [{"region": "Midlands", "outcode": None, "location": None, "people": 60}],
    "remarks": [],
}
