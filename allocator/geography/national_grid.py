"""British National Grid eastings and northings to latitude and longitude.

Source: Ordnance Survey, "A guide to coordinate systems in Great Britain": annex C.2 (the inverse
transverse Mercator projection), B.1 and B.2 (the ellipsoid and Cartesian coordinates), and the
Helmert transformation of section 6.6. The Helmert step is good to about 5 metres, far below what
an outcode can say; the survey's own grid of shifts (OSTN15) would give centimetres.
"""

from __future__ import annotations

import math

from allocator.geography.point import Point

# Airy 1830 and WGS84: semi-major and semi-minor axes in metres
AIRY_A, AIRY_B = 6377563.396, 6356256.909
WGS84_A, WGS84_B = 6378137.0, 6356752.3142

# The National Grid's projection: scale on the central meridian, true origin, its coordinates
F0 = 0.9996012717
PHI0, LAMBDA0 = math.radians(49), math.radians(-2)
E0, N0 = 400000.0, -100000.0

# Helmert, OSGB36 to WGS84: the published WGS84 to OSGB36 values with their signs changed.
# Metres, parts per million, seconds of arc.
TX, TY, TZ = 446.448, -125.157, 542.060
SCALE_PPM = -20.4894
RX, RY, RZ = 0.1502, 0.2470, 0.8421


def grid_to_wgs84(easting: float, northing: float) -> Point:
    """The place of a National Grid reference in metres, within about 5 metres."""
    latitude, longitude = grid_to_osgb36(easting, northing)
    x, y, z = _to_cartesian(math.radians(latitude), math.radians(longitude), AIRY_A, AIRY_B)
    phi, lam = _from_cartesian(*_helmert(x, y, z), WGS84_A, WGS84_B)
    return Point(math.degrees(phi), math.degrees(lam))


def grid_to_osgb36(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in degrees on OSGB36, the grid's own datum: not a GPS position."""
    e2 = 1 - (AIRY_B / AIRY_A) ** 2
    phi = PHI0 + (northing - N0) / (AIRY_A * F0)
    while abs(rest := northing - N0 - _meridian_arc(phi)) >= 1e-5:  # a hundredth of a millimetre
        phi += rest / (AIRY_A * F0)
    sin2 = math.sin(phi) ** 2
    nu = AIRY_A * F0 / math.sqrt(1 - e2 * sin2)
    rho = AIRY_A * F0 * (1 - e2) / (1 - e2 * sin2) ** 1.5
    eta2 = nu / rho - 1
    t, sec, d = math.tan(phi), 1 / math.cos(phi), easting - E0
    t2, t4, t6 = t**2, t**4, t**6

    # The names are the guide's.
    vii = t / (2 * rho * nu)
    viii = t / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    ix = t / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t4)
    x = sec / nu
    xi = sec / (6 * nu**3) * (nu / rho + 2 * t2)
    xii = sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t4)
    xiia = sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t4 + 720 * t6)

    latitude = phi - vii * d**2 + viii * d**4 - ix * d**6
    longitude = LAMBDA0 + x * d - xi * d**3 + xii * d**5 - xiia * d**7
    return math.degrees(latitude), math.degrees(longitude)


def _meridian_arc(phi: float) -> float:
    """Metres along the central meridian from the true origin to latitude `phi` (the guide's M)."""
    n = (AIRY_A - AIRY_B) / (AIRY_A + AIRY_B)
    n2, n3 = n**2, n**3
    less, more = phi - PHI0, phi + PHI0
    return (
        AIRY_B
        * F0
        * (
            (1 + n + 5 / 4 * n2 + 5 / 4 * n3) * less
            - (3 * n + 3 * n2 + 21 / 8 * n3) * math.sin(less) * math.cos(more)
            + (15 / 8 * n2 + 15 / 8 * n3) * math.sin(2 * less) * math.cos(2 * more)
            - 35 / 24 * n3 * math.sin(3 * less) * math.cos(3 * more)
        )
    )


def _helmert(x: float, y: float, z: float) -> tuple[float, float, float]:
    scale = 1 + SCALE_PPM * 1e-6
    rx, ry, rz = (math.radians(seconds / 3600) for seconds in (RX, RY, RZ))
    return (
        TX + scale * x - rz * y + ry * z,
        TY + rz * x + scale * y - rx * z,
        TZ - ry * x + rx * y + scale * z,
    )


def _to_cartesian(phi: float, lam: float, a: float, b: float) -> tuple[float, float, float]:
    """Metres from the ellipsoid's centre of a place on its surface."""
    e2 = 1 - (b / a) ** 2
    nu = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return (
        nu * math.cos(phi) * math.cos(lam),
        nu * math.cos(phi) * math.sin(lam),
        (1 - e2) * nu * math.sin(phi),
    )


def _from_cartesian(x: float, y: float, z: float, a: float, b: float) -> tuple[float, float]:
    """Latitude and longitude in radians; the height is dropped."""
    e2 = 1 - (b / a) ** 2
    p = math.hypot(x, y)
    phi = math.atan2(z, p * (1 - e2))
    for _ in range(10):  # each round gains more than two digits
        nu = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * nu * math.sin(phi), p)
    return phi, math.atan2(y, x)
