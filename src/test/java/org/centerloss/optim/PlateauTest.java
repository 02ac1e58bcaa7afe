package org.centerloss.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PlateauTest {
    @Test
    void ratesEqualPyTorchsExactly() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(getClass().getResourceAsStream("/golden/plateau.json"));
        assertEquals(2, cases.size());
        for (JsonNode c : cases) {
            double rate = c.get("initial_lr").asDouble();
            Schedules.Settings settings =
                    Schedules.Settings.plateau(
                            c.get("factor").asDouble(),
                            c.get("patience").asInt(),
                            c.get("threshold").asDouble());
            Schedule schedule = settings.schedule(new Schedules.Run(rate, 3, 300));
            Schedule.State state = Schedule.State.start(rate);
            for (int i = 0; i < c.get("metric").size(); i++) {
                int nextStep = 3 * (i + 1);
                state = schedule.after(state, c.get("metric").get(i).asDouble(), nextStep);
                double expected = c.get("lr_after").get(i).asDouble();
                assertEquals(expected, schedule.rate(nextStep, state));
                assertEquals(expected, schedule.rate(nextStep + 2, state));
            }
        }
    }
}
