package benchmarks.timefold.strongest;

import java.util.ArrayList;
import java.util.List;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import benchmarks.timefold.Levels;
import benchmarks.timefold.facts.Facts;

/** Everyone's placement. No move leaves the lawful plans, so there is no hard level. */
@PlanningSolution
public class Plan {

    @PlanningEntityCollectionProperty
    private List<Placement> placements;
    @PlanningScore(bendableHardLevelsSize = 0, bendableSoftLevelsSize = Levels.MOST)
    private BendableLongScore score;
    private Ledger ledger;

    /** For Timefold's cloner. */
    public Plan() {
    }

    Plan(Facts facts) {
        ledger = new Ledger(facts);
        placements = new ArrayList<>();
        for (var party : facts.parties()) {
            placements.add(new Placement(party, facts.start(party)));
        }
    }

    List<Placement> placements() {
        return placements;
    }

    /** Of the plan that is worked on, with which its copies share it. */
    Ledger ledger() {
        return ledger;
    }

    public BendableLongScore getScore() {
        return score;
    }

    public void setScore(BendableLongScore score) {
        this.score = score;
    }
}
