package org.centerloss.report.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class DecadeAxisTest {
    @Test
    void aFewDecadesHaveTicksBetweenThePowersOfTen() {
        assertEquals(List.of(0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0), DecadeAxis.ticks(0.4, 60));
        assertEquals(List.of(200.0, 500.0), DecadeAxis.ticks(101, 999));
    }

    @Test
    void manyDecadesHaveTheirPowersAlone() {
        assertEquals(List.of(1e-2, 1e-1, 1.0, 10.0, 100.0, 1000.0), DecadeAxis.ticks(0.005, 9000));
    }
}
