package benchmarks.timefold.facts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The problem as `benchmarks/methods/timefold_file.py` hands it over. */
public final class Facts {

    private final int levels;
    private final int nights;
    private final int[] siteOfBed;
    private final int[] roomOfBed;
    private final List<List<Integer>> bedsBeside = new ArrayList<>();
    private final List<List<Integer>> bedsAt = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();
    private final List<List<Limit>> limitsAt = new ArrayList<>();
    private final int[] incompatible;
    private final List<Party> parties = new ArrayList<>();
    private final List<Apart> apart = new ArrayList<>();
    private final List<List<Apart>> apartOf = new ArrayList<>();
    private final int[] startBeds;
    private final int[] startDays;

    /** Reads a file. */
    public Facts(Path path) throws IOException {
        var from = new Numbers(path);
        levels = from.next();
        nights = from.next();
        siteOfBed = from.list();
        roomOfBed = from.list();
        findBedsBeside();
        readLimits(from, from.next());
        for (var bed = 0; bed < beds(); bed++) {
            bedsAt.get(site(bed)).add(bed);
        }
        incompatible = from.list();
        var people = from.next();
        for (var number = 0; number < people; number++) {
            parties.add(new Party(number, levels, from));
            apartOf.add(new ArrayList<>());
        }
        startBeds = from.list();
        startDays = from.list();
        readApart(from, from.next());
    }

    public int levels() {
        return levels;
    }

    public int nights() {
        return nights;
    }

    public int beds() {
        return siteOfBed.length;
    }

    public int site(int bed) {
        return siteOfBed[bed];
    }

    public int room(int bed) {
        return roomOfBed[bed];
    }

    /** The other beds of the room. */
    public List<Integer> beside(int bed) {
        return bedsBeside.get(bed);
    }

    /** The beds of a premises. */
    public List<Integer> bedsAt(int site) {
        return bedsAt.get(site);
    }

    public List<Limit> limits() {
        return limits;
    }

    /** Limits of a premises. */
    public List<Limit> limitsAt(int site) {
        return limitsAt.get(site);
    }

    public List<Party> parties() {
        return parties;
    }

    public List<Apart> apart() {
        return apart;
    }

    /** Whom a party may not be near. */
    public List<Apart> apartOf(Party party) {
        return apartOf.get(party.number());
    }

    /** What the party has in the plan to start from, or null. */
    public Choice start(Party party) {
        var bed = startBeds[party.number()];
        return bed < 0 ? null : party.choice(bed, startDays[party.number()]);
    }

    /** Whether two may sleep in one room up to a night; two bookings together are a fact. */
    public boolean mayShare(Party one, Party other, int lastNight) {
        if (!one.asks() && !other.asks()) {
            return true;
        }
        if (lastNight > one.lastShared() || lastNight > other.lastShared()) {
            return false;
        }
        for (var n = 0; n < incompatible.length; n += 2) {
            var first = incompatible[n];
            var last = incompatible[n + 1];
            if (one.has(first) && other.has(last) || one.has(last) && other.has(first)) {
                return false;
            }
        }
        return true;
    }

    private void findBedsBeside() {
        for (var bed = 0; bed < beds(); bed++) {
            var beside = new ArrayList<Integer>();
            for (var other = 0; other < beds(); other++) {
                if (other != bed && roomOfBed[other] == roomOfBed[bed]) {
                    beside.add(other);
                }
            }
            bedsBeside.add(beside);
        }
    }

    private void readLimits(Numbers from, int sites) {
        for (var site = 0; site < sites; site++) {
            limitsAt.add(new ArrayList<>());
            bedsAt.add(new ArrayList<>());
            var here = from.next();
            for (var n = 0; n < here; n++) {
                var limit = new Limit(limits.size(), site, from.next(), from.next() == 1, from.list());
                limits.add(limit);
                limitsAt.get(site).add(limit);
            }
        }
    }

    private void readApart(Numbers from, int pairs) {
        for (var n = 0; n < pairs; n++) {
            var one = parties.get(from.next());
            var other = parties.get(from.next());
            var near = new boolean[limitsAt.size()][limitsAt.size()];
            for (var site = 0; site < near.length; site++) {
                for (var otherSite : from.list()) {
                    near[site][otherSite] = true;
                }
            }
            var pair = new Apart(one, other, near);
            apart.add(pair);
            apartOf.get(one.number()).add(pair);
            apartOf.get(other.number()).add(pair);
        }
    }
}
