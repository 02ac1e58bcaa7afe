package org.centerloss.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    private static final long MILLISECOND = 1_000_000;

    @Test
    void lossesAreTheFormulas() {
        Workload workload = new Workload(Workload.Kind.LOSSES, 33, 3);
        try (Contender contender = new Centerloss(1)) {
            Measurement measured = Measurement.of(contender, workload, MILLISECOND, MILLISECOND);
            assertTrue(measured.seconds() > 0);
            assertEquals(intra(workload), measured.results().get("intra"), 1e-4);
            assertEquals(inter(workload), measured.results().get("inter"), 1e-3);
        }
    }

    private static double distance(Workload workload, float[] a, int i, float[] b, int j) {
        double sum = 0;
        for (int k = 0; k < workload.features(); k++) {
            double difference = a[i * workload.features() + k] - b[j * workload.features() + k];
            sum += difference * difference;
        }
        return sum;
    }

    private static double intra(Workload workload) {
        double sum = 0;
        for (int i = 0; i < workload.batch(); i++) {
            int label = workload.labels()[i];
            sum += distance(workload, workload.samples(), i, workload.centers(), label);
        }
        return sum / workload.batch();
    }

    private static double inter(Workload workload) {
        float[] x = workload.samples();
        int[] labels = workload.labels();
        double sum = 0;
        for (int i = 0; i < workload.batch(); i++) {
            for (int j = 0; j < workload.batch(); j++) {
                if (labels[i] != labels[j]) {
                    sum += Math.log1p(distance(workload, x, i, x, j));
                }
            }
        }
        return sum / workload.batch();
    }

    @Test
    void everyKindOfWorkloadRuns() {
        try (Contender contender = new Centerloss(1)) {
            for (Workload.Kind kind : Workload.Kind.values()) {
                Workload workload = new Workload(kind, 2, 2);
                Measurement measured = Measurement.of(contender, workload, 0, 0);
                double expected = kind == Workload.Kind.LOSSES ? 4 : 1;
                assertEquals(expected, measured.results().size());
            }
        }
    }

    /** A contender that holds so many bytes for its batch while it runs. */
    private record Memory(int bytesPerSample) implements Contender {
        @Override
        public Task plan(Workload workload) {
            return new Task() {
                private ByteBuffer held;

                @Override
                public void run() {
                    if (held == null) {
                        held = ByteBuffer.allocateDirect(workload.batch() * bytesPerSample);
                    }
                    for (int i = 0; i < held.capacity(); i += 4096) {
                        held.put(i, (byte) 1);
                    }
                }

                @Override
                public Map<String, Double> results() {
                    return Map.of();
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }

    @Test
    void memoryIsWhatTheWorkloadAdds() {
        Workload workload = new Workload(Workload.Kind.LOSSES, 96, 2);
        long bytes = Measurement.of(new Memory(1 << 20), workload, 0, 0).bytes();
        assertEquals(96e6, bytes, 16e6, "the small batch that warms up is not counted");
    }
}
