package benchmarks.timefold.facts;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A referral or an open booking: what it may have, and what each choice is worth. Days count from the plan's date.
 * Its beds are in order; runs of arrival days belong to one bed each.
 */
public final class Party {

    private final int number;
    private final boolean asks;
    private final int band;
    private final int nights;
    private final int lastShared;
    private final int attributes;
    private final int waitingLevel;
    private final int release;
    private final int[] beds;
    private final int[] firstRun;
    private final int[] runFirst;
    private final int[] runLast;
    private final int[] choicesBefore;
    private final int[] amounts;
    private final int levels;

    Party(int number, int levels, Numbers from) {
        this.number = number;
        this.levels = levels;
        asks = from.next() == 1;
        band = from.next();
        nights = from.next();
        lastShared = from.next();
        attributes = from.next();
        waitingLevel = from.next();
        release = from.next();
        beds = from.list();
        firstRun = from.list();
        runFirst = from.list();
        runLast = from.list();
        amounts = from.list();
        choicesBefore = new int[runFirst.length + 1];
        for (var run = 0; run < runFirst.length; run++) {
            choicesBefore[run + 1] = choicesBefore[run] + runLast[run] - runFirst[run] + 1;
        }
    }

    public int number() {
        return number;
    }

    /** A referral; a booking does not ask. */
    public boolean asks() {
        return asks;
    }

    /** The referral's band, 1 the highest; 0 for a booking, which comes before all of them. */
    public int band() {
        return band;
    }

    public int nights() {
        return nights;
    }

    /** The last night on which they may share a room; -1: none. */
    public int lastShared() {
        return lastShared;
    }

    boolean has(int attribute) {
        return (attributes >> attribute & 1) == 1;
    }

    /** How many beds it may have; each is known by its spot among them. */
    public int beds() {
        return beds.length;
    }

    public int bed(int spot) {
        return beds[spot];
    }

    /** First and last arrival over all beds. */
    public int earliest() {
        return Arrays.stream(runFirst).min().orElseThrow();
    }

    public int latest() {
        return Arrays.stream(runLast).max().orElseThrow();
    }

    /** The first arrival from `day` on that the bed allows, or -1. */
    public int arrivalFrom(int spot, int day) {
        for (var run = firstRun[spot]; run < firstRun[spot + 1]; run++) {
            if (runLast[run] >= day) {
                return Math.max(day, runFirst[run]);
            }
        }
        return -1;
    }

    /** Whether a bed and an arrival are lawful, were there nobody else. */
    public boolean allows(int bed, int day) {
        var spot = spot(bed);
        return spot >= 0 && arrivalFrom(spot, day) == day;
    }

    public Choice choice(int bed, int day) {
        return new Choice(spot(bed), bed, day);
    }

    /** One of the arrivals that a bed allows. */
    public int arrivalByChance(int spot, Random random) {
        var begin = choicesBefore[firstRun[spot]];
        return choices().get(begin + random.nextInt(choicesBefore[firstRun[spot + 1]] - begin)).day();
    }

    /** Every choice, made when it is asked for: a national list has tens of millions. */
    public List<Choice> choices() {
        return new AbstractList<>() {
            @Override
            public int size() {
                return choicesBefore[runFirst.length];
            }

            @Override
            public Choice get(int index) {
                var found = Arrays.binarySearch(choicesBefore, index);
                var run = found >= 0 ? found : -found - 2;
                var at = Arrays.binarySearch(firstRun, run);
                var spot = at >= 0 ? at : -at - 2;
                return new Choice(spot, beds[spot], runFirst[run] + index - choicesBefore[run]);
            }
        };
    }

    /** What a choice adds to a level; more is better on every level. */
    public long amount(int level, Choice choice) {
        return amount(level, choice.spot(), choice.day());
    }

    /** Whether the first of two choices is worth more, level by level. */
    public boolean isWorthMore(int spot, int day, int otherSpot, int otherDay) {
        for (var level = 0; level < levels; level++) {
            var difference = amount(level, spot, day) - amount(level, otherSpot, otherDay);
            if (difference != 0) {
                return difference > 0;
            }
        }
        return false;
    }

    private long amount(int level, int spot, int day) {
        return amounts[spot * levels + level] - (level == waitingLevel ? day - release : 0);
    }

    private int spot(int bed) {
        return Arrays.binarySearch(beds, bed);
    }
}
