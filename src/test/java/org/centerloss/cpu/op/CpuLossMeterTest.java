package org.centerloss.cpu.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.LossMeter;
import org.junit.jupiter.api.Test;

class CpuLossMeterTest {
    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void sumsAndStepsStartAgainAfterAReading() {
        try (CpuDevice device = new CpuDevice(1);
                LossMeter meter = device.lossMeter(2);
                Tensor a = device.tensor(1);
                Tensor b = device.tensor(1)) {
            add(meter, a, b, 1, 10);
            add(meter, a, b, 2, 20);
            expect(meter.read(), 2, -1, -1, 3, 30);
            add(meter, a, b, 5, 50);
            expect(meter.read(), 1, -1, -1, 5, 50);
            expect(meter.read(), 0, -1, -1, 0, 0);
        }
    }

    @Test
    void theFirstTermThatIsNotFiniteIsNamed() {
        try (CpuDevice device = new CpuDevice(1);
                LossMeter meter = device.lossMeter(2);
                Tensor a = device.tensor(1);
                Tensor b = device.tensor(1)) {
            add(meter, a, b, 1, 2);
            add(meter, a, b, 1, INFINITY);
            add(meter, a, b, NAN, 2);
            expect(meter.read(), 3, 1, 1, NAN, INFINITY);
            add(meter, a, b, NAN, NAN);
            expect(meter.read(), 1, 0, 0, NAN, NAN);
            add(meter, a, b, 1, 2);
            expect(meter.read(), 1, -1, -1, 1, 2);
        }
    }

    private static void add(LossMeter meter, Tensor a, Tensor b, float first, float second) {
        a.write(new float[] {first});
        b.write(new float[] {second});
        meter.add(a, b);
    }

    private static void expect(
            LossMeter.Reading reading, long steps, long step, int term, double... sums) {
        assertEquals(steps, reading.steps());
        assertArrayEquals(sums, reading.sums());
        assertEquals(step, reading.firstNonFiniteStep());
        assertEquals(term, reading.nonFiniteTerm());
    }
}
