package benchmarks.timefold.facts;

/** A bed from an arrival day on; `spot` is the bed's position among the party's beds. */
public record Choice(int spot, int bed, int day) {
}
