package benchmarks.timefold.facts;

/** Two parties who may not be at premises near each other while their stays meet; `near` is premises by premises. */
public record Apart(Party one, Party other, boolean[][] near) {

    /** The one who is not this one. */
    public Party besides(Party party) {
        return party == one ? other : one;
    }

    /** Whether two premises are too near. */
    public boolean forbids(int site, int otherSite) {
        return near[site][otherSite];
    }
}
