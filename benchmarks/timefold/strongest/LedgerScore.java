package benchmarks.timefold.strongest;

import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;

/** Keeps the ledger of the working plan up to date, which adds up every level as people come and go. */
public class LedgerScore implements IncrementalScoreCalculator<Plan, BendableLongScore> {

    private static final long[] NO_HARD_LEVEL = {};

    private Ledger ledger;

    @Override
    public void resetWorkingSolution(Plan plan) {
        ledger = plan.ledger();
        ledger.clear();
        for (var placement : plan.placements()) {
            if (placement.getChoice() != null) {
                ledger.enter(placement.getNumber(), placement.getChoice());
            }
        }
    }

    @Override
    public void beforeVariableChanged(Object entity, String variable) {
        var placement = (Placement) entity;
        if (placement.getChoice() != null) {
            ledger.leave(placement.getNumber());
        }
    }

    @Override
    public void afterVariableChanged(Object entity, String variable) {
        var placement = (Placement) entity;
        if (placement.getChoice() != null) {
            ledger.enter(placement.getNumber(), placement.getChoice());
        }
    }

    @Override
    public BendableLongScore calculateScore() {
        return BendableLongScore.of(NO_HARD_LEVEL, ledger.totals());
    }

    @Override
    public void beforeEntityAdded(Object entity) {
    }

    @Override
    public void afterEntityAdded(Object entity) {
    }

    @Override
    public void beforeEntityRemoved(Object entity) {
    }

    @Override
    public void afterEntityRemoved(Object entity) {
    }
}
