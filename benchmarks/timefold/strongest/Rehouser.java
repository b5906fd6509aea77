package benchmarks.timefold.strongest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Party;

/** Makes moves: someone is put in a choice, whoever is in the way goes, and is put elsewhere in turn. */
final class Rehouser {

    /** Which of several open choices a move takes: the first seen, the fewest idle nights, or what is worth most. */
    private enum Order {
        FIRST, TIGHT, WORTH
    }

    /** At most, of the beds that a party may have. */
    private static final int BEDS_SEEN = 100;
    /** At most, after the first. */
    private static final int EJECTIONS = 6;
    /** What people in the way count for less than when there are none. */
    private static final long OPEN = 1;
    /** One in so many of those ejected may eject people who count for as much. */
    private static final int AS_MUCH = 4;

    private final List<Placement> placements;
    private final Ledger ledger;
    private final boolean[] touched;
    private final Choice[] before;
    /** All who are touched by the move being made, and what they had before it. */
    private final List<Integer> whom = new ArrayList<>();
    private final List<Integer> homeless = new ArrayList<>();
    private Order order;

    Rehouser(Plan plan) {
        placements = plan.placements();
        ledger = plan.ledger();
        touched = new boolean[placements.size()];
        before = new Choice[placements.size()];
    }

    /** A move that changes something. */
    Rehousing next(Random random) {
        Rehousing move;
        do {
            move = attempt(random);
        } while (move == null);
        return move;
    }

    /**
     * A move, or null when it would change nothing; the ledger is left as it was. Who finds nothing else loses the bed,
     * so that there always is a move.
     */
    private Rehousing attempt(Random random) {
        order = Order.values()[random.nextInt(Order.values().length)];
        var number = someone(random);
        lift(number);
        var choice = cheapest(number, Ledger.BEYOND_ALL, 1 + random.nextInt(BEDS_SEEN), random);
        if (choice != null) {
            put(number, choice);
            rehouse(random);
        }
        homeless.clear();
        return undone();
    }

    /** Half of the time somebody without a bed. */
    private int someone(Random random) {
        if (ledger.unplacedCount() > 0 && random.nextBoolean()) {
            return ledger.unplaced(random.nextInt(ledger.unplacedCount()));
        }
        return random.nextInt(placements.size());
    }

    /** Whoever counts most first: an open bed, or else one whose people count for less (sometimes: for as much). */
    private void rehouse(Random random) {
        var ejections = random.nextInt(EJECTIONS + 1);
        while (!homeless.isEmpty()) {
            var number = mostUrgent();
            var most = OPEN;
            if (ejections > 0) {
                most = ledger.weight(number) + (random.nextInt(AS_MUCH) == 0 ? 1 : 0);
            }
            var choice = cheapest(number, most, BEDS_SEEN, random);
            if (choice != null && put(number, choice)) {
                ejections--;
            }
        }
    }

    private int mostUrgent() {
        var first = 0;
        for (var n = 1; n < homeless.size(); n++) {
            if (ledger.weight(homeless.get(n)) > ledger.weight(homeless.get(first))) {
                first = n;
            }
        }
        return homeless.remove(first);
    }

    /**
     * Among so many beds, the choice whose people in the way count for least, and less than `most`; of open ones the
     * best in the order of this move. Null if there is none.
     */
    private Choice cheapest(int number, long most, int seen, Random random) {
        var party = placements.get(number).getParty();
        var beds = party.beds();
        var first = random.nextInt(beds);
        var least = most;
        var bestSpot = -1;
        var bestDay = -1;
        for (var n = 0; n < Math.min(beds, seen); n++) {
            var spot = first + n < beds ? first + n : first + n - beds;
            var day = ledger.firstOpen(party, spot);
            if (day < 0) {
                if (least <= OPEN) {
                    continue;
                }
                day = party.arrivalByChance(spot, random);
            }
            if (before[number] != null && before[number].spot() == spot && before[number].day() == day) {
                continue;
            }
            var people = ledger.weightInTheWay(party, party.bed(spot), day, touched);
            if (people < least || people == 0 && least == 0 && isBetter(party, spot, day, bestSpot, bestDay)) {
                least = people;
                bestSpot = spot;
                bestDay = day;
                if (least == 0 && order == Order.FIRST) {
                    break;
                }
            }
        }
        return bestSpot < 0 ? null : new Choice(bestSpot, party.bed(bestSpot), bestDay);
    }

    private boolean isBetter(Party party, int spot, int day, int bestSpot, int bestDay) {
        if (order == Order.TIGHT) {
            return ledger.idleBeside(party, party.bed(spot), day)
                    < ledger.idleBeside(party, party.bed(bestSpot), bestDay);
        }
        return party.isWorthMore(spot, day, bestSpot, bestDay);
    }

    /** Whether anyone had to go. */
    private boolean put(int number, Choice choice) {
        var party = placements.get(number).getParty();
        var ejected = false;
        for (var other = ledger.inTheWay(party, choice); other >= 0; other = ledger.inTheWay(party, choice)) {
            lift(other);
            homeless.add(other);
            ejected = true;
        }
        ledger.enter(number, choice);
        return ejected;
    }

    private void lift(int number) {
        var choice = ledger.now(number);
        if (!touched[number]) {
            touched[number] = true;
            before[number] = choice;
            whom.add(number);
        }
        if (choice != null) {
            ledger.leave(number);
        }
    }

    /** Takes everything back and says it as a move. */
    private Rehousing undone() {
        var changed = new ArrayList<Placement>(whom.size());
        var wanted = new ArrayList<Choice>(whom.size());
        for (var number : whom) {
            var choice = ledger.now(number);
            if (!Objects.equals(choice, before[number])) {
                changed.add(placements.get(number));
                wanted.add(choice);
            }
            if (choice != null) {
                ledger.leave(number);
            }
        }
        for (var number : whom) {
            if (before[number] != null) {
                ledger.enter(number, before[number]);
            }
            touched[number] = false;
            before[number] = null;
        }
        whom.clear();
        return changed.isEmpty() ? null : new Rehousing(changed, wanted);
    }
}
