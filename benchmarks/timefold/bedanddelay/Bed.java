package benchmarks.timefold.bedanddelay;

/** A bed; `shared` says whether its room has another. */
public record Bed(int number, int site, int room, boolean shared) {
}
