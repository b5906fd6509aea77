package benchmarks.timefold;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Facts;

/** One run: the form, the problem's file, the answer's, seconds to solve, and the seed. */
public final class Main {

    private Main() {
    }

    /** Writes a line for everyone with a bed: party, bed and day. */
    public static void main(String[] words) throws IOException {
        var facts = new Facts(Path.of(words[1]));
        var limit = Duration.ofMillis(Math.round(1000 * Double.parseDouble(words[3])));
        var seed = Long.parseLong(words[4]);
        var found = switch (words[0]) {
            case "bed-and-delay" -> benchmarks.timefold.bedanddelay.Search.run(facts, limit, seed);
            case "strongest" -> benchmarks.timefold.strongest.Search.run(facts, limit, seed);
            default -> throw new IllegalArgumentException("no form " + words[0]);
        };
        var lines = new ArrayList<String>();
        for (var party : facts.parties()) {
            Choice choice = found.get(party.number());
            if (choice != null) {
                lines.add(party.number() + " " + choice.bed() + " " + choice.day());
            }
        }
        Files.write(Path.of(words[2]), lines);
    }
}
