package org.centerloss.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PlateauScheduleTest {
    @Test
    void ratesEqualPyTorchsExactly() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(getClass().getResourceAsStream("/golden/plateau.json"));
        assertEquals(2, cases.size());
        for (JsonNode c : cases) {
            PlateauSchedule schedule =
                    new PlateauSchedule(
                            new PlateauSchedule.Settings(
                                    c.get("factor").asDouble(),
                                    c.get("patience").asInt(),
                                    c.get("threshold").asDouble()),
                            c.get("initial_lr").asDouble());
            for (int i = 0; i < c.get("metric").size(); i++) {
                schedule.step(c.get("metric").get(i).asDouble());
                assertEquals(c.get("lr_after").get(i).asDouble(), schedule.learningRate());
                // A schedule made anew from its state goes on as if nothing had happened.
                schedule =
                        new PlateauSchedule(
                                new PlateauSchedule.Settings(
                                        c.get("factor").asDouble(),
                                        c.get("patience").asInt(),
                                        c.get("threshold").asDouble()),
                                schedule.state());
            }
        }
    }
}
