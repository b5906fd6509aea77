package benchmarks.timefold;

/** How many soft levels a score has. */
public final class Levels {

    /** As many as the policy has of its aims; `timefold_file.py` refuses more, and fewer leave the last at nought. */
    public static final int MOST = 17;

    private Levels() {
    }
}
