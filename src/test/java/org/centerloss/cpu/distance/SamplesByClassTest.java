package org.centerloss.cpu.distance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.centerloss.device.op.Batch;
import org.junit.jupiter.api.Test;

class SamplesByClassTest {
    @Test
    void classesAreRunsInTheOrderOfTheSamples() {
        for (int classes : new int[] {1, 2, 10, 300, 70_000, 1 << 24, Integer.MAX_VALUE}) {
            for (int size : Batch.AWKWARD) {
                int[] labels = new Random(classes + size).ints(size, 0, classes).toArray();
                SamplesByClass order = new SamplesByClass(size);
                // The second sort must not be disturbed by the first.
                order.sort(IntStream.range(0, size).map(i -> size - i).toArray());
                order.sort(labels);
                int[] expected =
                        IntStream.range(0, size)
                                .boxed()
                                .sorted(Comparator.comparingInt(i -> labels[i]))
                                .mapToInt(i -> i)
                                .toArray();
                assertArrayEquals(expected, order.samples, classes + " classes, " + size);
                for (int p = 0; p < size; p++) {
                    int label = labels[order.samples[p]];
                    assertEquals(label, labels[order.samples[order.first[p]]]);
                    assertEquals(label, labels[order.samples[order.end[p] - 1]]);
                    assertTrue(order.first[p] <= p && p < order.end[p]);
                    assertTrue(
                            order.first[p] == 0
                                    || labels[order.samples[order.first[p] - 1]] != label);
                    assertTrue(
                            order.end[p] == size || labels[order.samples[order.end[p]]] != label);
                }
            }
        }
    }
}
