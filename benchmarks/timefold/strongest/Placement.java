package benchmarks.timefold.strongest;

import java.util.List;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Party;

/** A party and what it has: one of the choices that are lawful for it alone, or none. */
@PlanningEntity
public class Placement {

    static final String CHOICE = "choice";

    private Party party;
    @PlanningVariable(allowsUnassigned = true, valueRangeProviderRefs = "choices")
    private Choice choice;

    /** For Timefold's cloner. */
    public Placement() {
    }

    Placement(Party party, Choice choice) {
        this.party = party;
        this.choice = choice;
    }

    @PlanningId
    public int getNumber() {
        return party.number();
    }

    public Party getParty() {
        return party;
    }

    public Choice getChoice() {
        return choice;
    }

    public void setChoice(Choice choice) {
        this.choice = choice;
    }

    @ValueRangeProvider(id = "choices")
    public List<Choice> getChoices() {
        return party.choices();
    }
}
