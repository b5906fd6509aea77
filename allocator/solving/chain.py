"""Chain: the levels in turn, a stretch at a time.

The relaxation leads: for each level of a stretch it says what parts of people can reach, as if
all earlier levels had come out so. Then one search looks for whole people who reach all of it at
once; as a rule there are some, and every level of the stretch is proven. Where there are none,
the first level that is short is settled by a search of its own, and the relaxation leads again
from there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from allocator.solving.certify import best_anywhere, price_bound
from allocator.solving.clock import Clock
from allocator.solving.descent import by_band, descend
from allocator.solving.dive import dived
from allocator.solving.effort import Effort
from allocator.solving.making_way import make_way
from allocator.solving.model import Model
from allocator.solving.other_thread import OtherThread
from allocator.solving.parts import parts
from allocator.solving.places import places_of
from allocator.solving.prices import none_of
from allocator.solving.pricing import COARSE, EXACT, LAST, WARM, Care, Closed, Pricing, floor
from allocator.solving.redive import redived
from allocator.solving.relaxation import EXCHANGE, IN_USE, Relaxed
from allocator.solving.room import made_room
from allocator.solving.search import Search
from allocator.solving.start import second_turn, start
from allocator.solving.strips import Strips
from allocator.solving.tidy import tidied

Ints = npt.NDArray[np.int64]
MANY = 100_000
"""With more options than this, later levels are made better before they are bounded."""
VAST = 5_000_000
"""With more options than this the levels after who is placed are bounded only in what is left of a
time limit: it takes minutes."""
PART_NODES = 20
"""Nodes of the tree where a part is first looked at."""
WIDER, LONGER = 1.5, 5
"""How much more, of options and of nodes, after a pass over the parts that gave nothing."""
NOTHING_KNOWN = -(2**62)


@dataclass(frozen=True)
class LevelEnd:
    """How a level was bounded: by prices, by search, or (neither) as if beds never ran out."""

    bound: int
    closed: Closed | None = None
    seconds: float = 0.0


class Chain:
    """The plan so far, and how each level was bounded; `ends` lacks levels not come to."""

    def __init__(
        self,
        model: Model,
        option_of: Ints,
        effort: Effort,
        seed: int,
        clock: Clock,
        workers: int = 1,
    ) -> None:
        self.model, self.effort, self.clock, self.workers = model, effort, clock, workers
        self.option_of = option_of
        random = np.random.default_rng(seed)
        self.pricing = Pricing(model, option_of, effort.per_person, random, clock)
        self.search = Search(model, effort, seed, clock)
        self.every = Strips(model, np.arange(len(model.options), dtype=np.int64))
        self.ends: dict[int, LevelEnd] = {}
        self.leads: dict[int, LevelEnd] = {}
        self._plain: dict[int, int] = {}
        self._before: Sequence[int] = ()
        """Levels reached in full before the one that is being settled."""
        self.tidy = False
        self.together: Closed | None = None
        """Prices of all counts of people at once, where a large problem begins with them."""
        self.care: Care = EXACT
        """How exactly counts of people are priced one by one."""
        self.shape: Closed | None = None
        """The prices that last told equally good options apart."""

    @property
    def reached(self) -> tuple[int, ...]:
        """What the plan so far adds up to at each level."""
        return self.model.totals(self.option_of)

    def go(self, levels: Sequence[int], tell: Callable[[int], None]) -> None:
        """Take one stretch as far as time and effort allow; `tell` hears of each level settled."""
        left = list(levels)
        one_by_one = self._few()
        first_stretch = 0 in left
        lead: Callable[[Sequence[int]], list[int]] = self._lead
        if first_stretch and len(self.model.options) > MANY and self.clock.hurried():
            self._take(second_turn(self.model, self.option_of))
            self._make_room(left)
            lead = self._lead_beside
        elif first_stretch and not one_by_one:
            self._take(second_turn(self.model, self.option_of))
            late = self.clock.listed_late()
            if not (late and self.workers > 1):
                self._know_together(self._priced_together(left, self.pricing), left)
            if late:
                lead = self._lead_beside
            elif self.together is not None:
                self._take(self._placed_by(self._together(left), self.together.relaxed, 0))
        if not first_stretch and len(self.model.options) > MANY:
            self._tidy()
        if not first_stretch and len(self.model.options) > self.effort.first_stretch_only:
            if self.clock.limit_s is not None or len(self.model.options) <= VAST:
                self._bound(left)
            return
        while left and not self.clock.stopped():
            able = self.pricing.relaxation.able
            led = lead(left)
            if not led:
                return
            self._leap(led, left)
            settled = self._settled(led)
            if settled < len(led) and one_by_one:
                self._before = led[:settled]
                self._settle(led[settled])
                self._before = ()
                settled += 1
            self.pricing.relaxation.reopen(able)
            for level in left[:settled]:
                self.ends[level] = self.leads[level]
                self.pricing.relaxation.hold(level, self.reached[level])
                if not self.clock.stopped():
                    self._rule_out(level, self.reached)
                tell(level)
            if not one_by_one and settled < len(led):
                self._let_be(led[settled:], tell)
                return
            for level in led[settled:]:
                self.pricing.relaxation.targets.pop(level, None)
            left = left[settled:]

    def _few(self) -> bool:
        """Whether levels that come out short are searched for one by one."""
        return len(self.model.options) <= self.effort.one_by_one

    def _tidy(self) -> None:
        """Make the rest better without bounds."""
        if self.tidy:
            return
        self.tidy = True
        random = self.pricing.random
        self._change_places()
        for choice in tidied(
            self.model, self.search, self.effort, self.clock, random, self.option_of, self.plain
        ):
            self._take(choice)

    def _let_be(self, levels: Sequence[int], tell: Callable[[int], None]) -> None:
        """Go on from what was found, though the prices let hope for more."""
        for number, level in enumerate(levels):
            lead = self.leads[level]
            plain = bound = self.plain(level)
            if lead.closed is not None and not number:
                # All before it came out as they were led: what that ruled out is ruled out.
                bound = floor(lead.closed.bound_when(dict(enumerate(self.reached))))
            elif lead.closed is not None:
                bound = price_bound(self.every, level, lead.closed.prices, self.reached)
            self.ends[level] = replace(lead, bound=max(min(bound, plain), self.reached[level]))
            self.pricing.relaxation.hold(level, self.reached[level])
            tell(level)

    def _bound(self, levels: Sequence[int]) -> None:
        """Bound levels by prices, while there is time, without looking for anything better."""
        relaxation = self.pricing.relaxation
        self.pricing.enough = self.clock.stopped
        relaxation.weighs_all = True
        # Prices found after options were ruled out prove less by themselves.
        relaxation.reopen(np.ones(len(self.model.options), dtype=bool))
        for level in levels:
            if self.clock.stopped():
                return
            relaxation.hold(level, self.reached[level])
            end = self._lead_one(level, self.reached[level])
            if end is not None:
                self.leads[level] = end

    def plain(self, level: int) -> int:
        """The bound as if beds never ran out."""
        if level not in self._plain:
            gain, none = self.model.gain_of[level], none_of(self.model).whole(1)
            self._plain[level] = int(best_anywhere(self.every, gain, none).sum())
        return self._plain[level]

    # ---- leading --------------------------------------------------------------------------

    def _priced_together(self, levels: Sequence[int], pricing: Pricing) -> Closed | None:
        """Prices of all counts of people at once, coarsely, for whole people to be made of them.

        They are the plan that a large problem goes on from; and their programme has the columns
        that the levels need when they are led one after another, which takes longer and says
        nothing of the last.
        """
        if not self._together(levels) or pricing.clock.stopped():
            return None
        before = dict(pricing.relaxation.targets)
        for level in levels[:-1]:
            pricing.relaxation.hold(level, self.plain(level))
        found = pricing.close(levels[-1], NOTHING_KNOWN, len(COARSE.misses), COARSE)
        pricing.relaxation.targets = before
        return found

    def _know_together(self, found: Closed | None, levels: Sequence[int]) -> None:
        """Go by those prices from now on: they bound the last level too."""
        self.together = found
        if found is not None:
            self.care, last = WARM, levels[-1]
            self.leads.setdefault(last, LevelEnd(self.plain(last), found))

    def _dived(
        self,
        weights: Mapping[int, int],
        relaxed: Relaxed,
        anew: int,
        random: np.random.Generator,
        clock: Clock,
        enough: Callable[[], bool],
    ) -> Ints:
        """The plan, or whole people of a relaxation, where they are the better one; then so many
        stretches of it made anew."""
        if clock.stopped():
            return self.option_of
        found = dived(self.model, weights, relaxed, random, clock, enough)
        found = self._better(found, self.option_of)
        return redived(self.model, weights, relaxed, found, anew, random, clock, enough)

    def _placed_by(self, weights: Mapping[int, int], relaxed: Relaxed, anew: int) -> Ints:
        """The same in this thread, while there is time for who is placed."""
        random, clock = self.pricing.random, self.clock
        return self._dived(weights, relaxed, anew, random, clock, clock.placed_long_enough)

    def _lead(
        self, levels: Sequence[int], before_last: Callable[[], None] = lambda: None
    ) -> list[int]:
        """Bound the levels one after another, each as if those before it came out as bounded."""
        reached, attained, led = self.reached, True, []
        for level in levels:
            if level == levels[-1]:
                before_last()
            began = self.clock.elapsed()
            end = self._lead_one(level, reached[level] if attained else None)
            if end is None:
                break
            bound, target = end.bound, end.bound
            if end.closed is not None:
                target = end.closed.reachable
            attained = attained and reached[level] >= target
            self.pricing.relaxation.hold(level, max(target, reached[level]) if attained else target)
            self.leads[level] = LevelEnd(bound, end.closed, seconds=self.clock.elapsed() - began)
            led.append(level)
            if attained or self._few():
                # Prices found after more was ruled out than is reached prove little.
                self._rule_out(level, self._hoped(reached))
            if end.closed is not None and self.pricing.long_enough():
                break
        return led

    def _lead_beside(self, levels: Sequence[int]) -> list[int]:
        """Lead to the end of the time, while another thread makes the plan better.

        With one worker the plan comes first.
        """
        if self.workers == 1:
            clock, random = self.clock, self.pricing.random
            self.pricing.enough = clock.stopped
            times = clock.placed_long_enough, clock.tidied_long_enough
            self._take(self._made_better(levels, self.together, random, clock, *times))
            return self._lead(levels)
        self.pricing.enough = self.clock.bounded_long_enough
        random = self.pricing.random.spawn(1)[0]
        for level in levels:
            self.plain(level)  # kept from now on, for both threads
        with OtherThread(self.clock) as other:
            clock = other.clock
            times = clock.dived_long_enough, clock.changed_places_long_enough
            pricing = None
            if not clock.hurried():
                # Made here: what the two begin with alike is read by one of them alone.
                pricing = self.pricing.for_another_thread(self.option_of, random, clock)

            def price() -> Closed | None:
                return None if pricing is None else self._priced_together(levels, pricing)

            def make_better() -> Ints:
                return self._made_better(levels, priced.result(), random, clock, *times)

            def go_on() -> None:
                if pricing is not None and other.wait_for(priced):
                    self._go_on_from(pricing, priced.result(), levels)

            priced = other.does(price)
            better = other.does(make_better)
            led = self._lead(levels, go_on)
            other.wait_for(better)
            if self.together is None:
                go_on()  # not come to, the last level is bounded by what there is
        self._take(better.result())
        return led

    def _go_on_from(self, pricing: Pricing, found: Closed | None, levels: Sequence[int]) -> None:
        """Lead on from where the programme of all levels ended, if it came so far."""
        if found is not None:
            self._know_together(found, levels)
            self.pricing.relaxation.go_on_from(pricing.relaxation)
            self.care = LAST

    def _made_better(
        self,
        levels: Sequence[int],
        together: Closed | None,
        random: np.random.Generator,
        clock: Clock,
        dived_enough: Callable[[], bool],
        enough: Callable[[], bool],
    ) -> Ints:
        """Whole people of the prices of all counts, where there are some, who change places."""
        found = self.option_of
        if together is not None:
            weights, whole, times = self._together(levels), together.relaxed, self.effort.dives
            found = self._dived(weights, whole, times, random, clock, dived_enough)
        return self._places_changed(found, random, clock, enough)

    def _hoped(self, reached: Sequence[int]) -> list[int]:
        """What each level reaches, by what is held where something is."""
        targets = self.pricing.relaxation.targets
        return [targets.get(level, value) for level, value in enumerate(reached)]

    def _rule_out(self, level: int, reached: Sequence[int]) -> None:
        self.pricing.rule_out(level, self.leads[level].closed, dict(enumerate(reached)))

    def _lead_one(self, level: int, value: int | None) -> LevelEnd | None:
        plain = self.plain(level)
        if plain == value or (plain == 0 and self.model.gain_of[level].is_nothing):
            return LevelEnd(plain)
        known = value if value is not None else NOTHING_KNOWN
        care = self.care if self.model.levels[level].unit == "people" else EXACT
        before = self.leads.get(level)
        so_far = None
        if before is not None and before.closed is not None:
            so_far = self.pricing.again(before.closed)
        closed = self.pricing.close(level, known, self.effort.rounds, care, so_far)
        if closed is None:
            return None
        return LevelEnd(min(plain, closed.whole), closed)

    # ---- whole people ---------------------------------------------------------------------

    def _settled(self, led: Sequence[int]) -> int:
        """How many levels of the stretch the plan reaches in full."""
        reached, targets = self.reached, self.pricing.relaxation.targets
        for number, level in enumerate(led):
            if reached[level] < targets.get(level, self.leads[level].bound):
                return number
        return len(led)

    def _leap(self, led: Sequence[int], left: Sequence[int]) -> None:
        """Look for whole people who reach all that was led to, and the rest as well as may be."""
        last = next((k for k in reversed(led) if self.leads[k].closed is not None), None)
        if last is None or self._settled(led) == len(led) or self.clock.stopped():
            return
        closed = self.leads[last].closed
        assert closed is not None
        self.shape = closed
        if not self._few() or (self.pricing.relaxation.weighs and self._together(led)):
            self._among_many(led, left, last, closed.relaxed)
            return
        shape = self._shape(led[-1])
        if shape is not None:
            self.shape = self.pricing.close(shape, NOTHING_KNOWN, 1) or closed
        seen = 0
        for share in (0.0, 0.5, 1.0):
            which = self.search.likely(self.shape, round(share * self.effort.leap_options))
            if not seen < len(which) <= self.effort.leap_options or self.clock.stopped():
                break
            seen, before = len(which), self.reached
            self._reach(left, last, which)
            if self._settled(led) == len(led):
                return
            if self.reached > before:
                break
        if self._together(led):
            self._in_parts(led, left, last, which)

    def _in_parts(self, led: Sequence[int], left: Sequence[int], last: int, which: Ints) -> None:
        """Look part by part, cut anew each time, while that goes on finding something."""
        idle = 0
        while idle < self.effort.idle_leaps and not self._time_to_tidy():
            before = self.reached
            self._reach(left, last, which, idle)
            if self._settled(led) == len(led):
                return
            idle = 0 if self.reached > before else idle + 1

    def _among_many(
        self, led: Sequence[int], left: Sequence[int], last: int, whole: Relaxed
    ) -> None:
        """Round one plan in parts, picked by chance, and look at all that any of them takes.

        Where there are a great many options, parts of people are in too many of them at once.
        """
        relaxation, options = self.pricing.relaxation, self.model.options
        all_led = len(led) == len(left)
        together = self.together if self.together and self.together.level in left else None
        if not all_led and together is not None:
            whole = together.relaxed
        which = whole.columns[whole.flow > IN_USE]
        weights = self._together(range(left[-1] + 1))
        if weights and not self._time_to_tidy():
            self._take(self._placed_by(weights, whole, self.effort.dives))
        if not all_led and together is None:
            # Of people whose levels there was no time for, the options that were begun with.
            led_to = np.zeros(len(self.model.parties), dtype=bool)
            led_to[options.party[whole.columns]] = True
            others = np.flatnonzero(relaxation.inside)
            which = np.union1d(which, others[~led_to[options.party[others]]])
        self._in_parts(led, left, last, which)
        self._change_places()

    def _make_room(self, levels: Sequence[int]) -> None:
        """Look for beds for those of the highest bands who have none in the first plan."""
        weights = self._together(levels)
        bound = sum(weight * self._best_hope(k) for k, weight in weights.items())
        for choice in made_room(
            self.model,
            self.search,
            self.clock,
            lambda: self.option_of,
            weights,
            bound,
            self.effort.nodes,
        ):
            self._take(choice)

    def _change_places(self, enough: Callable[[], bool] | None = None) -> None:
        """Let people change places, where what is settled stays as it is; `enough`: ends it."""
        enough = enough or self.clock.changed_places_long_enough
        random, clock = self.pricing.random, self.clock
        self._take(self._places_changed(self.option_of, random, clock, enough))

    def _places_changed(
        self,
        option_of: Ints,
        random: np.random.Generator,
        clock: Clock,
        enough: Callable[[], bool],
    ) -> Ints:
        places = places_of(self.model, option_of, (*self.ends, *self._before))
        wishes, people = self.effort.wishes, by_band(self.model)
        descend(places, wishes, clock, people)
        make_way(places, self.effort.tries_of_way, random, clock, enough)
        descend(places, wishes, clock, people)
        return places.option_of

    def _time_to_tidy(self) -> bool:
        """Whether to leave it at this: a large problem's later levels need their time too."""
        many = len(self.model.options) > MANY
        return self.clock.stopped() or (many and self.clock.placed_long_enough())

    def _best_hope(self, level: int) -> int:
        return self.leads[level].bound if level in self.leads else self.plain(level)

    def _together(self, led: Sequence[int]) -> dict[int, int]:
        """Weights of levels that count people, each worth a few of the next; else none."""
        if any(self.model.levels[k].unit != "people" for k in led):
            return {}
        of_worth = [k for k in led if not self.model.gain_of[k].is_nothing]
        return {k: EXCHANGE ** (len(of_worth) - n) for n, k in enumerate(of_worth, 1)}

    def _reach(self, left: Sequence[int], last: int, which: Ints, idle: int | None = None) -> None:
        """Counts of people together, each worth a few of the next; else the last, others held.

        Part by part after so many `idle` passes; None: at all that there is to look at at once.
        """
        targets = dict(self.pricing.relaxation.targets)
        objective = self._together(left)
        if objective:
            bound = sum(
                weight * min(targets.get(k, 2**31), self._best_hope(k))
                for k, weight in objective.items()
            )
            targets = {k: t for k, t in targets.items() if k in self.ends}
        else:
            objective, bound = {last: 1}, self.leads[last].bound
            targets.pop(last, None)
        if idle is not None:
            self._look_in_parts(which, objective, targets, bound, idle)
        else:
            found = self.search.look(
                which, objective, targets, self.option_of, bound, self.effort.nodes
            )
            self._take(found.option_of)

    def _look_in_parts(
        self,
        which: Ints,
        objective: Mapping[int, int],
        targets: Mapping[int, int],
        bound: int,
        idle: int,
    ) -> None:
        """Look at the options part by part, each from what the one before came to.

        Small looks first: a wider and a longer one after each pass that gave nothing.
        """
        most = round(self.effort.part_options * WIDER**idle)
        nodes = min(self.effort.nodes, PART_NODES * LONGER**idle)
        random = self.pricing.random
        for part in parts(self.model, which, most, random):
            if self._time_to_tidy():
                return
            found = self.search.look(
                part, objective, targets, self.option_of, bound, nodes, alone=True
            )
            self._take(found.option_of)

    def _shape(self, led_to: int) -> int | None:
        """A later level that tells equally good plans apart: without one the relaxation takes a
        little of everything, and whole people are hard to find in that."""
        levels = self.model.levels
        return next((k for k in range(led_to + 1, len(levels)) if levels[k].aim == "miles"), None)

    def _settle(self, level: int) -> None:
        """Search for the best of one level, what was reached before it held."""
        end = self.leads[level]
        value, bound = self.reached[level], end.bound
        closed = end.closed
        if closed is None:
            return
        targets = {
            k: t
            for k, t in self.pricing.relaxation.targets.items()
            if (k in self.ends or k in self._before) and k != level
        }
        seen = -1
        for share in (0.25, 1.0):
            size = max(1, round(self.effort.candidates * share))
            which, beyond = self.search.worth_a_look(closed, self.shape, value, size)
            if len(which) == seen:
                break
            seen = len(which)
            found = self.search.look(
                which, {level: 1}, targets, self.option_of, bound, self.effort.nodes
            )
            self._take(found.option_of)
            value = self.reached[level]
            # What is not looked at reaches `beyond` at most.
            top = beyond if found.bound is None else max(found.bound, beyond)
            bound = min(bound, top) if top >= value else bound
            self.leads[level] = LevelEnd(bound, closed, end.seconds)
            if value >= bound or self.clock.stopped():
                return
        idle = 0
        while idle < self.effort.idle_leaps and not self.clock.stopped():
            self._look_in_parts(which, {level: 1}, targets, bound, idle)
            idle = 0 if self.reached[level] > value else idle + 1
            value = self.reached[level]
            if value >= bound:
                return

    def _take(self, option_of: Ints | None) -> None:
        """Keep a choice when it is the better plan, with beds for others that fit beside it."""
        better = self._better(option_of, self.option_of)
        if better is not self.option_of:
            self.option_of = better
            self.pricing.relaxation.take_in(better[better >= 0])

    def _better(self, option_of: Ints | None, than: Ints) -> Ints:
        """The best of a plan, a choice, and that choice with beds for others beside it."""
        if option_of is None:
            return than
        settled, best = (*self.ends, *self._before), than
        for choice in (option_of, start(self.model, option_of).option_of):
            totals, reached = self.model.totals(choice), self.model.totals(best)
            # Where few miles come before many people, others beside it make a plan worse; and what
            # is settled is held in all that came after it, even for more at a level before.
            if totals > reached and all(totals[k] >= reached[k] for k in settled):
                best = choice
        return best
