package benchmarks.timefold.strongest;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.heuristic.selector.move.factory.MoveIteratorFactoryConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.localsearch.decider.acceptor.LocalSearchAcceptorConfig;
import ai.timefold.solver.core.config.localsearch.decider.forager.LocalSearchForagerConfig;
import ai.timefold.solver.core.config.score.director.ScoreDirectorFactoryConfig;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import ai.timefold.solver.core.config.solver.termination.TerminationConfig;
import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Facts;

/**
 * Late acceptance over moves that eject and rehouse, from the plan that the facts start with. A long memory first,
 * which finds more people beds; then a short one, which is quicker to earlier and nearer beds.
 */
public final class Search {

    private static final int LONG_MEMORY = 50;
    private static final int SHORT_MEMORY = 5;
    private static final double SHARE_OF_LONG = 0.7;

    private Search() {
    }

    /** What is found within the limit, by number of party. */
    public static Map<Integer, Choice> run(Facts facts, Duration limit, long seed) {
        var first = new TerminationConfig().withMillisecondsSpentLimit(Math.round(SHARE_OF_LONG * limit.toMillis()));
        var config = new SolverConfig()
                .withSolutionClass(Plan.class)
                .withEntityClasses(Placement.class)
                .withScoreDirectorFactory(
                        new ScoreDirectorFactoryConfig().withIncrementalScoreCalculatorClass(LedgerScore.class))
                // A second score director to check with would write into the one ledger.
                .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
                .withRandomSeed(seed)
                .withTerminationSpentLimit(limit)
                .withPhases(phase(LONG_MEMORY).withTerminationConfig(first), phase(SHORT_MEMORY));
        var best = SolverFactory.<Plan>create(config).buildSolver().solve(new Plan(facts));
        var found = new HashMap<Integer, Choice>();
        for (var placement : best.placements()) {
            found.put(placement.getNumber(), placement.getChoice());
        }
        return found;
    }

    private static LocalSearchPhaseConfig phase(int memory) {
        return new LocalSearchPhaseConfig()
                .withMoveSelectorConfig(
                        new MoveIteratorFactoryConfig().withMoveIteratorFactoryClass(EjectAndRehouse.class))
                .withAcceptorConfig(new LocalSearchAcceptorConfig().withLateAcceptanceSize(memory))
                .withForagerConfig(new LocalSearchForagerConfig().withAcceptedCountLimit(1));
    }
}
