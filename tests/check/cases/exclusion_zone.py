from allocator.geography.point import Point
from allocator.safeguards import Circle, ExclusionZone, Polygon
from tests.builders import a_circle_zone, a_point, a_problem, a_referral, an_estate
from tests.check.case import allowed, breached

CRN = "CRN-ref-1"
PLACE = a_point()
OUTSIDE = ((-2.0, 51.0), (-1.0, 51.0), (-1.0, 53.0), (-2.0, 53.0), (-2.0, 51.0))
HOLE = ((-1.75, 51.5), (-1.25, 51.5), (-1.25, 52.5), (-1.75, 52.5), (-1.75, 51.5))


def asked(*zones, location=PLACE):
    estate = an_estate(premises={"P1": {"location": location}})
    return a_problem(referrals=[a_referral()], zones=tuple(zones), **estate)


def polygon(*rings, crn=CRN):
    return ExclusionZone(crn=crn, polygon=Polygon(polygons=(rings,)))


def named(*premises, crn=CRN):
    return ExclusionZone(crn=crn, premises_ids=frozenset(premises))


CASES = [
    allowed("a circle that ends before the premises", asked(a_circle_zone(CRN, 2.99, a_point(3)))),
    allowed("somebody else's circle", asked(a_circle_zone("CRN-other", 9))),
    allowed("outside the polygon", asked(polygon(OUTSIDE), location=Point(52.0, -2.25))),
    allowed("in a hole of the polygon", asked(polygon(OUTSIDE, HOLE))),
    allowed("other premises are named", asked(named("P2"))),
    allowed(
        "premises are named and this one's place is not known", asked(named("P2"), location=None)
    ),
    breached("a circle that reaches the premises", asked(a_circle_zone(CRN, 3.01, a_point(3)))),
    breached("a circle of no size around the premises", asked(a_circle_zone(CRN, 0))),
    breached("inside the polygon", asked(polygon(OUTSIDE))),
    breached("on a side of the polygon", asked(polygon(OUTSIDE), location=Point(52.0, -2.0))),
    breached("on a corner of the polygon", asked(polygon(OUTSIDE), location=Point(53.0, -1.0))),
    breached("on the edge of a hole", asked(polygon(OUTSIDE, HOLE), location=Point(52.0, -1.25))),
    breached(
        "in the second of two polygons",
        asked(
            ExclusionZone(crn=CRN, polygon=Polygon(polygons=((HOLE,), (OUTSIDE,)))),
            location=Point(52.0, -1.9),
        ),
    ),
    breached("this premises is named", asked(named("P1", "P2"))),
    breached("the second of two zones", asked(named("P2"), named("P1"))),
    breached("nobody can say where the premises is", asked(a_circle_zone(CRN, 1), location=None)),
    breached(
        "outside the circle and inside the polygon",
        asked(
            ExclusionZone(
                crn=CRN, circle=Circle(a_point(9), 1), polygon=Polygon(polygons=((OUTSIDE,),))
            )
        ),
    ),
]
