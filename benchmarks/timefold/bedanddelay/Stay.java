package benchmarks.timefold.bedanddelay;

import java.util.List;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.lookup.PlanningId;
import ai.timefold.solver.core.api.domain.valuerange.CountableValueRange;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeFactory;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import benchmarks.timefold.facts.Choice;
import benchmarks.timefold.facts.Party;

/** A party's stay: one of the beds that some arrival makes lawful for it, or none, and days of delay. */
@PlanningEntity
public class Stay {

    static final String BED = "bed";
    static final String DELAY = "delay";

    private Party party;
    private List<Bed> beds;
    private int earliest;
    private int longestDelay;
    @PlanningVariable(allowsUnassigned = true, valueRangeProviderRefs = "beds")
    private Bed bed;
    @PlanningVariable(valueRangeProviderRefs = "delays")
    private Integer delay;

    /** For Timefold's cloner. */
    public Stay() {
    }

    Stay(Party party, List<Bed> beds, Bed bed, int arrival) {
        this.party = party;
        this.beds = beds;
        this.bed = bed;
        earliest = party.earliest();
        longestDelay = party.latest() - earliest;
        delay = bed == null ? 0 : arrival - earliest;
    }

    @PlanningId
    public int number() {
        return party.number();
    }

    @ValueRangeProvider(id = "beds")
    public List<Bed> beds() {
        return beds;
    }

    @ValueRangeProvider(id = "delays")
    public CountableValueRange<Integer> delays() {
        return ValueRangeFactory.createIntValueRange(0, longestDelay + 1);
    }

    Party party() {
        return party;
    }

    Bed bed() {
        return bed;
    }

    int site() {
        return bed.site();
    }

    int room() {
        return bed.room();
    }

    int arrival() {
        return earliest + delay;
    }

    int departure() {
        return arrival() + party.nights();
    }

    /** Nights in common. */
    int nightsWith(Stay other) {
        return Math.min(departure(), other.departure()) - Math.max(arrival(), other.arrival());
    }

    /** Whether bed and arrival go together, were there nobody else. */
    boolean isLawfulAlone() {
        return party.allows(bed.number(), arrival());
    }

    long amount(int level) {
        return party.amount(level, choice());
    }

    /** Null without a bed. */
    Choice choice() {
        return bed == null ? null : party.choice(bed.number(), arrival());
    }
}
