package benchmarks.timefold.strongest;

import java.util.Collection;
import java.util.List;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.impl.heuristic.move.AbstractMove;
import benchmarks.timefold.facts.Choice;

/** A party put in a choice, with all who moved or lost their bed for it: `wanted` is side by side with who. */
final class Rehousing extends AbstractMove<Plan> {

    private final List<Placement> placements;
    private final List<Choice> wanted;

    Rehousing(List<Placement> placements, List<Choice> wanted) {
        this.placements = placements;
        this.wanted = wanted;
    }

    @Override
    public boolean isMoveDoable(ScoreDirector<Plan> director) {
        return true;
    }

    /** Everyone leaves before anyone enters, so that the plan is lawful all the way, and on the way back. */
    @Override
    protected void doMoveOnGenuineVariables(ScoreDirector<Plan> director) {
        for (var placement : placements) {
            if (placement.getChoice() != null) {
                change(director, placement, null);
            }
        }
        for (var n = 0; n < placements.size(); n++) {
            if (wanted.get(n) != null) {
                change(director, placements.get(n), wanted.get(n));
            }
        }
    }

    @Override
    public Collection<?> getPlanningEntities() {
        return placements;
    }

    @Override
    public Collection<?> getPlanningValues() {
        return wanted;
    }

    private static void change(ScoreDirector<Plan> director, Placement placement, Choice choice) {
        director.beforeVariableChanged(placement, Placement.CHOICE);
        placement.setChoice(choice);
        director.afterVariableChanged(placement, Placement.CHOICE);
    }
}
