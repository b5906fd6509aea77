package benchmarks.timefold.strongest;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import benchmarks.timefold.Levels;
import benchmarks.timefold.facts.Apart;
import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Facts;
import benchmarks.timefold.facts.Limit;
import benchmarks.timefold.facts.Party;

/**
 * Who is where: what is open, what they who are in the way count for, and the total of every level. Parties are known
 * by number here, and kept in plain arrays: this is where the search spends its time.
 */
final class Ledger {

    /** What those in the way count for when one of them may not be asked to go. */
    static final long BEYOND_ALL = Long.MAX_VALUE;

    private final Facts facts;
    private final List<Party> parties;
    private final Choice[] now;
    private final int[] arrival;
    private final int[] departure;
    private final long[] weight;
    private final int[][] inBed;
    private final int[] countInBed;
    private final int[][] beside;
    private final int[][] left;
    private final long[] totals = new long[Levels.MOST];
    private final int[] unplaced;
    private final int[] unplacedAt;
    private int unplacedCount;

    Ledger(Facts facts) {
        this.facts = facts;
        parties = facts.parties();
        var people = parties.size();
        now = new Choice[people];
        arrival = new int[people];
        departure = new int[people];
        unplaced = new int[people];
        unplacedAt = new int[people];
        var bands = parties.stream().mapToInt(Party::band).max().orElse(0);
        // A person of a band counts as four of the next, and a booking as four of the first.
        weight = parties.stream().mapToLong(party -> 1L << 2 * (bands - party.band())).toArray();
        inBed = new int[facts.beds()][4];
        countInBed = new int[facts.beds()];
        beside = new int[facts.beds()][];
        for (var bed = 0; bed < beside.length; bed++) {
            beside[bed] = facts.beside(bed).stream().mapToInt(Integer::intValue).toArray();
        }
        left = new int[facts.limits().size()][];
        clear();
    }

    /** Nobody is anywhere. */
    void clear() {
        Arrays.fill(now, null);
        Arrays.fill(totals, 0);
        Arrays.fill(countInBed, 0);
        for (var limit : facts.limits()) {
            left[limit.number()] = limit.room().clone();
        }
        unplacedCount = 0;
        for (var number = 0; number < now.length; number++) {
            addUnplaced(number);
        }
    }

    Choice now(int number) {
        return now[number];
    }

    int unplacedCount() {
        return unplacedCount;
    }

    /** Parties without a bed, in no order. */
    int unplaced(int position) {
        return unplaced[position];
    }

    long[] totals() {
        return totals.clone();
    }

    /** What a party counts for when it must be asked to go. */
    long weight(int number) {
        return weight[number];
    }

    void enter(int number, Choice choice) {
        var party = parties.get(number);
        now[number] = choice;
        arrival[number] = choice.day();
        departure[number] = choice.day() + party.nights();
        var bed = choice.bed();
        if (countInBed[bed] == inBed[bed].length) {
            inBed[bed] = Arrays.copyOf(inBed[bed], 2 * countInBed[bed]);
        }
        inBed[bed][countInBed[bed]++] = number;
        count(party, choice, 1);
        removeUnplaced(number);
    }

    void leave(int number) {
        var choice = now[number];
        now[number] = null;
        var here = inBed[choice.bed()];
        var position = 0;
        while (here[position] != number) {
            position++;
        }
        here[position] = here[--countInBed[choice.bed()]];
        count(parties.get(number), choice, -1);
        addUnplaced(number);
    }

    /** The first arrival at which a bed of the party, and the room, is open to it; -1: none. */
    int firstOpen(Party party, int spot) {
        var bed = party.bed(spot);
        var day = party.arrivalFrom(spot, 0);
        while (day >= 0) {
            var blocked = blockedUntil(party, bed, day);
            if (blocked < 0) {
                return day;
            }
            day = party.arrivalFrom(spot, blocked);
        }
        return day;
    }

    /**
     * What all who are in the way of a party count for; BEYOND_ALL when one is among them whom the move has touched. A
     * limit that is reached counts as one more of the party's band.
     */
    long weightInTheWay(Party party, int bed, int day, boolean[] touched) {
        var sum = 0L;
        var end = day + party.nights();
        var here = inBed[bed];
        for (var n = 0; n < countInBed[bed]; n++) {
            var other = here[n];
            if (meets(other, day, end)) {
                if (touched[other]) {
                    return BEYOND_ALL;
                }
                sum += weight[other];
            }
        }
        for (var next : beside[bed]) {
            for (var n = 0; n < countInBed[next]; n++) {
                var other = inBed[next][n];
                if (mayNotBeBeside(party, other, day, end)) {
                    if (touched[other]) {
                        return BEYOND_ALL;
                    }
                    sum += weight[other];
                }
            }
        }
        var site = facts.site(bed);
        for (var pair : facts.apartOf(party)) {
            if (isTooNear(party, pair, site, day)) {
                var other = pair.besides(party).number();
                if (touched[other]) {
                    return BEYOND_ALL;
                }
                sum += weight[other];
            }
        }
        for (var limit : facts.limitsAt(site)) {
            if (fullNight(limit, party, day) >= 0) {
                sum += weight[party.number()];
            }
        }
        return sum;
    }

    /** One who must go for a choice; -1 when it is open. */
    int inTheWay(Party party, Choice choice) {
        var day = choice.day();
        var end = day + party.nights();
        for (var n = 0; n < countInBed[choice.bed()]; n++) {
            if (meets(inBed[choice.bed()][n], day, end)) {
                return inBed[choice.bed()][n];
            }
        }
        for (var next : beside[choice.bed()]) {
            for (var n = 0; n < countInBed[next]; n++) {
                if (mayNotBeBeside(party, inBed[next][n], day, end)) {
                    return inBed[next][n];
                }
            }
        }
        var site = facts.site(choice.bed());
        for (var pair : facts.apartOf(party)) {
            if (isTooNear(party, pair, site, day)) {
                return pair.besides(party).number();
            }
        }
        for (var limit : facts.limitsAt(site)) {
            var night = fullNight(limit, party, day);
            if (night >= 0) {
                return lowestOn(limit, night);
            }
        }
        return -1;
    }

    /** Idle nights between a choice and the stays beside it in the bed. */
    int idleBeside(Party party, int bed, int day) {
        var end = day + party.nights();
        var before = day;
        var after = facts.nights() - end;
        for (var n = 0; n < countInBed[bed]; n++) {
            var other = inBed[bed][n];
            if (arrival[other] < day) {
                before = Math.min(before, day - departure[other]);
            } else {
                after = Math.min(after, arrival[other] - end);
            }
        }
        return before + after;
    }

    private int blockedUntil(Party party, int bed, int day) {
        var end = day + party.nights();
        var here = inBed[bed];
        for (var n = 0; n < countInBed[bed]; n++) {
            if (meets(here[n], day, end)) {
                return departure[here[n]];
            }
        }
        for (var next : beside[bed]) {
            for (var n = 0; n < countInBed[next]; n++) {
                if (mayNotBeBeside(party, inBed[next][n], day, end)) {
                    return departure[inBed[next][n]];
                }
            }
        }
        return -1;
    }

    private boolean mayNotBeBeside(Party party, int other, int day, int end) {
        return meets(other, day, end)
                && !facts.mayShare(party, parties.get(other), Math.min(end, departure[other]) - 1);
    }

    private boolean isTooNear(Party party, Apart pair, int site, int day) {
        var other = pair.besides(party).number();
        return now[other] != null && meets(other, day, day + party.nights())
                && pair.forbids(site, facts.site(now[other].bed()));
    }

    private boolean meets(int other, int day, int end) {
        return arrival[other] < end && day < departure[other];
    }

    /** The first night on which a limit has no room for one more party from this day; -1 if it has. */
    private int fullNight(Limit limit, Party party, int day) {
        if (limit.counts(party)) {
            var room = left[limit.number()];
            for (var night = day; night < limit.end(party, day); night++) {
                if (room[night] <= 0) {
                    return night;
                }
            }
        }
        return -1;
    }

    private int lowestOn(Limit limit, int night) {
        return facts.bedsAt(limit.site()).stream()
                .flatMapToInt(bed -> Arrays.stream(inBed[bed], 0, countInBed[bed]))
                .mapToObj(parties::get)
                .filter(other -> limit.counts(other) && arrival[other.number()] <= night
                        && night < limit.end(other, arrival[other.number()]))
                .max(Comparator.comparingInt(Party::band))
                .map(Party::number)
                .orElse(-1);
    }

    private void count(Party party, Choice choice, int sign) {
        for (var level = 0; level < facts.levels(); level++) {
            totals[level] += sign * party.amount(level, choice);
        }
        for (var limit : facts.limitsAt(facts.site(choice.bed()))) {
            if (limit.counts(party)) {
                var room = left[limit.number()];
                for (var night = choice.day(); night < limit.end(party, choice.day()); night++) {
                    room[night] -= sign;
                }
            }
        }
    }

    private void addUnplaced(int number) {
        unplacedAt[number] = unplacedCount;
        unplaced[unplacedCount++] = number;
    }

    private void removeUnplaced(int number) {
        var last = unplaced[--unplacedCount];
        unplaced[unplacedAt[number]] = last;
        unplacedAt[last] = unplacedAt[number];
    }
}
