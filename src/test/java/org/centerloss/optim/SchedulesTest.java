package org.centerloss.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates that PyTorch's schedulers gave, to 1e-12. */
class SchedulesTest {
    private static List<JsonNode> cases(String scheduler) throws IOException {
        JsonNode golden =
                new ObjectMapper()
                        .readTree(
                                SchedulesTest.class.getResourceAsStream("/golden/schedules.json"));
        List<JsonNode> cases = new ArrayList<>();
        for (JsonNode c : golden.get("cases")) {
            if (c.get("scheduler").asText().equals(scheduler)) {
                cases.add(c);
            }
        }
        return cases;
    }

    private static Schedules.Settings settings(
            String name, double factor, int stepEpochs, double minimum) {
        return new Schedules.Settings(factor, 10, 0.1, name, 0.0, stepEpochs, minimum);
    }

    /** A schedule whose epochs have one step, told of every epoch. */
    private static void assertRates(JsonNode c, Schedule schedule) {
        Schedule.State state = Schedule.State.start(c.get("optimizer_lr").asDouble());
        int count = c.get("lr").size();
        for (int k = 0; k < count; k++) {
            double expected = c.get("lr").get(k).asDouble();
            assertEquals(expected, schedule.rate(k, state), 1e-12 * expected, c + " at " + k);
            state = schedule.after(state, 0.5, k + 1);
        }
    }

    private static Schedules.Run run(JsonNode c, long steps) {
        return new Schedules.Run(c.get("optimizer_lr").asDouble(), 1, steps);
    }

    @Test
    void stepFollowsPyTorch() throws IOException {
        JsonNode c = cases("StepLR").get(0);
        JsonNode options = c.get("options");
        Schedules.Settings settings =
                settings(
                        "step",
                        options.get("gamma").asDouble(),
                        options.get("step_size").asInt(),
                        0);
        assertRates(c, settings.schedule(run(c, 13)));
    }

    @Test
    void cosineFollowsPyTorchAlsoAfterAWarmup() throws IOException {
        for (JsonNode c : cases("CosineAnnealingLR")) {
            double minimum = c.get("options").path("eta_min").asDouble(0);
            assertRates(c, settings("cosine", 1, 1, minimum).schedule(run(c, 20)));
        }
        JsonNode sequence = cases("SequentialLR").get(0);
        Schedule cosine = settings("cosine", 1, 1, 0).schedule(run(sequence, 15));
        assertRates(sequence, new Warmup(cosine, 5, 0.1));
    }

    @Test
    void oneCycleFollowsPyTorch() throws IOException {
        JsonNode c = cases("OneCycleLR").get(0);
        assertEquals("cos", c.get("options").get("anneal_strategy").asText());
        assertRates(c, settings("one-cycle", 1, 1, 0).schedule(run(c, 50)));
    }

    @Test
    void warmupFollowsPyTorch() throws IOException {
        JsonNode c = cases("LinearLR").get(0);
        JsonNode options = c.get("options");
        Schedule constant = settings("step", 1, 1000, 0).schedule(run(c, 10));
        int steps = options.get("total_iters").asInt();
        double start = options.get("start_factor").asDouble();
        assertRates(c, new Warmup(constant, steps, start));
    }

    @Test
    void aPlateauWaitsForTheEndOfTheWarmup() {
        Schedules.Settings settings =
                new Schedules.Settings(0.5, 0, 0.1, "plateau", 2.0, null, null);
        Schedule schedule = settings.schedule(new Schedules.Run(0.1, 10, 100));
        Schedule.State state = Schedule.State.start(0.1);
        assertEquals(0.001, schedule.rate(0, state), 1e-15);
        assertEquals(0.1 * (0.01 + 0.99 * 0.95), schedule.rate(19, state), 1e-15);
        assertEquals(0.1, schedule.rate(20, state));
        assertEquals(state, schedule.after(state, 0.5, 10));
        state = schedule.after(state, 0.5, 20);
        assertEquals(0.1, schedule.rate(20, state));
        state = schedule.after(state, 0.5, 30);
        assertEquals(0.05, schedule.rate(30, state));
    }

    @Test
    void theStateHoldsTheHighestRateToCome() {
        Schedule cycle = settings("one-cycle", 1, 1, 0).schedule(new Schedules.Run(0.1, 10, 100));
        Schedule.State start = Schedule.State.start(0.1);
        assertEquals(start, cycle.after(start, 0.5, 10));
        assertEquals(cycle.rate(50, start), cycle.after(start, 0.5, 50).learningRate());
        Schedule step = settings("step", 0.5, 1, 0).schedule(new Schedules.Run(0.1, 10, 100));
        assertEquals(0.05, step.after(start, 0.5, 10).learningRate());
    }
}
