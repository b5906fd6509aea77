package benchmarks.timefold.facts;

/**
 * No more new people at a premises than there is room for, night by night. With an attribute only those who have it
 * count; a limit on arrivals counts them on their first night alone.
 */
public record Limit(int number, int site, int attribute, boolean arrivals, int[] room) {

    /** Whether a party counts. Bookings are in `room` already. */
    public boolean counts(Party party) {
        return party.asks() && (attribute < 0 || party.has(attribute));
    }

    /** The night after the last on which a stay counts. */
    public int end(Party party, int day) {
        return arrivals ? day + 1 : day + party.nights();
    }
}
