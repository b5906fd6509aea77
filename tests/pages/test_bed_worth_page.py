"""What a bed is worth: what the figures are of is said, and what of them is proven."""

from allocator.plan import BedPrices, Certificate, PriceRun
from tests.api.registers import AS_OF, ask
from tests.api.service import a_service
from tests.pages.browsing import Browser, text_of
from tests.pages.finishing import finished

OF_A = Certificate(
    level="placed/1",
    scale=1_000,
    earlier=(),
    beds=(BedPrices(("A-1",), (PriceRun(AS_OF, 100),)), BedPrices(("B-1",), (PriceRun(AS_OF, 1),))),
)


def test_the_unit_of_a_beds_worth_is_said_and_what_of_it_is_proven(tmp_path):
    service = a_service(tmp_path)
    finished(service, ask(service.register), but=1, certificates=(OF_A,))
    read = text_of(Browser(service, "planner").get("/capacity/worth"))
    assert "at most how many more people a plan could come to" in read
    assert "on the aim “People placed, band 1” with one bed more" in read
    assert "The plan comes to 1 person" in read and "can beat 1 person" in read
    assert "That a bed more would bring so much is not proven" in read
    # Seven nights at 0.1 for one of two beds; and at 0.001.
    assert " 0.35 0.35 " in read and " <0.01 <0.01 " in read
    assert "0.00" not in read, "a little is told as a little, and nothing as nothing"


def test_a_price_of_more_than_everybody_without_a_bed_is_not_told(tmp_path):
    service = a_service(tmp_path)
    finished(service, ask(service.register), certificates=(OF_A,))
    read = text_of(Browser(service, "planner").get("/capacity/worth"))
    assert "charges for a week more than the 0 people of the band who have no bed" in read
    assert " – – " in read and " 0.35 " not in read
