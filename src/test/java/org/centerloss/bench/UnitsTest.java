package org.centerloss.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UnitsTest {
    @Test
    void threeDigitsAndAUnit() {
        assertEquals("12.3 µs", Units.seconds(1.234e-5));
        assertEquals("1.00 ms", Units.seconds(9.9996e-4));
        assertEquals("250 s", Units.seconds(250));
        assertEquals("0.50 ns", Units.seconds(5e-10));
        assertEquals("4.30 GB", Units.bytes(4.3e9));
        assertEquals("1.00 MB", Units.bytes(999_900));
        assertEquals("512 B", Units.bytes(512));
        assertEquals("–", Units.digits(Double.NaN));
        assertEquals("2.0e+06", Units.digits(2e6));
        assertEquals("42.0 %", Units.percent(0.42));
        assertEquals("<0.1 %", Units.percent(1e-4));
    }

    @Test
    void roundNumbersHaveNoZerosBehindThePoint() {
        assertEquals("50 µs", Units.roundSeconds(5e-5));
        assertEquals("2 ms", Units.roundSeconds(2e-3));
        assertEquals("0.5", Units.round(0.5));
        assertEquals("100", Units.round(100));
    }
}
