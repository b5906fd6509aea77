package benchmarks.timefold.strongest;

import java.util.Iterator;
import java.util.Random;

import ai.timefold.solver.core.api.score.director.ScoreDirector;
import ai.timefold.solver.core.impl.heuristic.selector.move.factory.MoveIteratorFactory;

/** Gives Timefold moves that eject people and find other beds for them. */
public class EjectAndRehouse implements MoveIteratorFactory<Plan, Rehousing> {

    private Rehouser rehouser;

    @Override
    public void phaseStarted(ScoreDirector<Plan> director) {
        rehouser = new Rehouser(director.getWorkingSolution());
    }

    @Override
    public long getSize(ScoreDirector<Plan> director) {
        return director.getWorkingSolution().placements().stream().mapToLong(p -> p.getChoices().size()).sum();
    }

    @Override
    public Iterator<Rehousing> createOriginalMoveIterator(ScoreDirector<Plan> director) {
        throw new UnsupportedOperationException("moves come by chance");
    }

    @Override
    public Iterator<Rehousing> createRandomMoveIterator(ScoreDirector<Plan> director, Random random) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Rehousing next() {
                return rehouser.next(random);
            }
        };
    }
}
