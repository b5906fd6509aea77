package benchmarks.timefold.bedanddelay;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.heuristic.selector.entity.EntitySelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.composite.CartesianProductMoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.composite.UnionMoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.generic.ChangeMoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.move.generic.SwapMoveSelectorConfig;
import ai.timefold.solver.core.config.heuristic.selector.value.ValueSelectorConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchPhaseConfig;
import ai.timefold.solver.core.config.localsearch.LocalSearchType;
import ai.timefold.solver.core.config.solver.EnvironmentMode;
import ai.timefold.solver.core.config.solver.SolverConfig;
import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Facts;

/** Late acceptance over changes of bed, of delay and of both, and swaps, from the plan that the facts start with. */
public final class Search {

    private static final String WHO = "who";

    private Search() {
    }

    /** What is found within the limit, by number of party. */
    public static Map<Integer, Choice> run(Facts facts, Duration limit, long seed) {
        var both = new CartesianProductMoveSelectorConfig().withMoveSelectors(
                change(Stay.BED).withEntitySelectorConfig(new EntitySelectorConfig().withId(WHO)),
                change(Stay.DELAY).withEntitySelectorConfig(EntitySelectorConfig.newMimicSelectorConfig(WHO)));
        var moves = new UnionMoveSelectorConfig()
                .withMoveSelectors(change(Stay.BED), change(Stay.DELAY), both, new SwapMoveSelectorConfig());
        var config = new SolverConfig()
                .withSolutionClass(Schedule.class)
                .withEntityClasses(Stay.class)
                .withConstraintProviderClass(Rules.class)
                .withEnvironmentMode(EnvironmentMode.NO_ASSERT)
                .withRandomSeed(seed)
                .withTerminationSpentLimit(limit)
                .withPhases(new LocalSearchPhaseConfig()
                        .withLocalSearchType(LocalSearchType.LATE_ACCEPTANCE)
                        .withMoveSelectorConfig(moves));
        var best = SolverFactory.<Schedule>create(config).buildSolver().solve(new Schedule(facts));
        var found = new HashMap<Integer, Choice>();
        for (var stay : best.stays()) {
            found.put(stay.number(), stay.choice());
        }
        return found;
    }

    private static ChangeMoveSelectorConfig change(String variable) {
        return new ChangeMoveSelectorConfig()
                .withValueSelectorConfig(new ValueSelectorConfig().withVariableName(variable));
    }
}
