package benchmarks.timefold.bedanddelay;

import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.countBi;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.toList;
import static ai.timefold.solver.core.api.score.stream.Joiners.equal;
import static ai.timefold.solver.core.api.score.stream.Joiners.filtering;
import static ai.timefold.solver.core.api.score.stream.Joiners.lessThan;
import static ai.timefold.solver.core.api.score.stream.Joiners.overlapping;

import java.util.ArrayList;
import java.util.List;

import ai.timefold.solver.core.api.score.buildin.bendablelong.BendableLongScore;
import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import benchmarks.timefold.Levels;
import benchmarks.timefold.facts.Apart;
import benchmarks.timefold.facts.Facts;
import benchmarks.timefold.facts.Limit;

/** Every rule of the plan as a hard constraint, and every aim as a soft one. */
public class Rules implements ConstraintProvider {

    private static final BendableLongScore BREACH = BendableLongScore.ofHard(1, Levels.MOST, 0, 1);

    @Override
    public Constraint[] defineConstraints(ConstraintFactory factory) {
        var all = new ArrayList<>(List.of(
                lawfulAlone(factory),
                oneInABed(factory),
                shareARoom(factory),
                keepApart(factory),
                limit(factory),
                arrivals(factory)));
        for (var level = 0; level < Levels.MOST; level++) {
            all.add(aim(factory, level));
        }
        return all.toArray(Constraint[]::new);
    }

    /** Rules about one person, the bed and the nights: bed rules, and facts that will not move. */
    Constraint lawfulAlone(ConstraintFactory factory) {
        return factory.forEach(Stay.class)
                .filter(stay -> !stay.isLawfulAlone())
                .penalizeLong(BREACH, stay -> stay.party().nights())
                .asConstraint("a bed and an arrival that are lawful together");
    }

    Constraint oneInABed(ConstraintFactory factory) {
        return factory.forEachUniquePair(Stay.class, equal(Stay::bed), overlapping(Stay::arrival, Stay::departure))
                .penalizeLong(BREACH, Stay::nightsWith)
                .asConstraint("one person a bed and night");
    }

    Constraint shareARoom(ConstraintFactory factory) {
        return factory.forEach(Stay.class)
                .filter(stay -> stay.bed().shared())
                .join(factory.forEach(Stay.class).filter(stay -> stay.bed().shared()),
                        equal(Stay::room),
                        lessThan(Stay::number),
                        overlapping(Stay::arrival, Stay::departure))
                .filter((one, other) -> one.bed() != other.bed())
                .join(Facts.class, filtering((one, other, facts) -> !facts.mayShare(one.party(), other.party(),
                        Math.min(one.departure(), other.departure()) - 1)))
                .penalizeLong(BREACH, (one, other, facts) -> one.nightsWith(other))
                .asConstraint("who may share a room");
    }

    Constraint keepApart(ConstraintFactory factory) {
        return factory.forEach(Apart.class)
                .join(Stay.class, equal(Apart::one, Stay::party))
                .join(Stay.class, equal((pair, stay) -> pair.other(), Stay::party))
                .filter((pair, one, other) -> one.nightsWith(other) > 0 && pair.forbids(one.site(), other.site()))
                .penalizeLong(BREACH, (pair, one, other) -> one.nightsWith(other))
                .asConstraint("people kept apart");
    }

    Constraint limit(ConstraintFactory factory) {
        return factory.forEach(Limit.class)
                .filter(limit -> !limit.arrivals())
                .join(Stay.class, equal(Limit::site, Stay::site),
                        filtering((limit, stay) -> limit.counts(stay.party())))
                .groupBy((limit, stay) -> limit, toList((limit, stay) -> stay))
                .penalizeLong(BREACH, Rules::nightsOver)
                .asConstraint("no more people of a kind than a premises takes");
    }

    Constraint arrivals(ConstraintFactory factory) {
        return factory.forEach(Limit.class)
                .filter(Limit::arrivals)
                .join(Stay.class, equal(Limit::site, Stay::site),
                        filtering((limit, stay) -> limit.counts(stay.party())))
                .groupBy((limit, stay) -> limit, (limit, stay) -> stay.arrival(), countBi())
                .filter((limit, day, people) -> people > limit.room()[day])
                .penalizeLong(BREACH, (limit, day, people) -> people - limit.room()[day])
                .asConstraint("no more arrivals a day than a premises takes");
    }

    Constraint aim(ConstraintFactory factory, int level) {
        return factory.forEach(Stay.class)
                .filter(stay -> stay.amount(level) != 0)
                .impactLong(BendableLongScore.ofSoft(1, Levels.MOST, level, 1), stay -> stay.amount(level))
                .asConstraint("aim " + level);
    }

    private static long nightsOver(Limit limit, List<Stay> stays) {
        var over = 0L;
        var room = limit.room().clone();
        for (var stay : stays) {
            for (var night = stay.arrival(); night < stay.departure(); night++) {
                if (--room[night] < 0) {
                    over++;
                }
            }
        }
        return over;
    }
}
