package benchmarks.timefold.bedanddelay;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.ProblemFactProperty;
import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import benchmarks.timefold.Levels;
import benchmarks.timefold.facts.Apart;
import benchmarks.timefold.facts.Facts;
import benchmarks.timefold.facts.Limit;

/** Everyone's stay: rules are one hard level, and the aims soft ones in the policy's order. */
@PlanningSolution
public class Schedule {

    @PlanningEntityCollectionProperty
    private List<Stay> stays;
    @ProblemFactProperty
    private Facts facts;
    @ProblemFactCollectionProperty
    private List<Limit> limits;
    @ProblemFactCollectionProperty
    private List<Apart> apart;
    @PlanningScore(bendableHardLevelsSize = 1, bendableSoftLevelsSize = Levels.MOST)
    private BendableLongScore score;

    /** For Timefold's cloner. */
    public Schedule() {
    }

    Schedule(Facts facts) {
        this.facts = facts;
        limits = facts.limits();
        apart = facts.apart();
        stays = new ArrayList<>();
        var beds = IntStream.range(0, facts.beds())
                .mapToObj(bed -> new Bed(bed, facts.site(bed), facts.room(bed), !facts.beside(bed).isEmpty()))
                .toList();
        for (var party : facts.parties()) {
            var open = IntStream.range(0, party.beds()).mapToObj(spot -> beds.get(party.bed(spot))).toList();
            var start = facts.start(party);
            stays.add(start == null ? new Stay(party, open, null, 0)
                    : new Stay(party, open, beds.get(start.bed()), start.day()));
        }
    }

    List<Stay> stays() {
        return stays;
    }

    public BendableLongScore getScore() {
        return score;
    }

    public void setScore(BendableLongScore score) {
        this.score = score;
    }
}
