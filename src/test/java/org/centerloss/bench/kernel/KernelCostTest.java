package org.centerloss.bench.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.centerloss.bench.Pass;
import org.junit.jupiter.api.Test;

class KernelCostTest {
    private static final KernelShape SHAPE = new KernelShape(40, 3, 9);
    private final KernelInputs inputs = KernelInputs.draw(SHAPE, 5);

    private int pairs() {
        int pairs = 0;
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < i; j++) {
                pairs += inputs.labels()[i] == inputs.labels()[j] ? 0 : 1;
            }
        }
        return pairs;
    }

    @Test
    void pairsOfDifferentClassesCountOnce() {
        assertEquals(pairs(), inputs.pairs());
        assertEquals(
                new KernelCost(4 * 40 * 3 + 4 * 40, pairs() * (3 * 3 + 2)),
                KernelCost.of(KernelOp.PAIRWISE_REPULSION, Pass.FORWARD, inputs));
        assertEquals(
                new KernelCost(8 * 40 * 3 + 4 * 40, pairs() * (6 * 3 + 3)),
                KernelCost.of(KernelOp.PAIRWISE_REPULSION, Pass.BOTH, inputs));
    }

    @Test
    void onlyCentersWithSamplesAreMoved() {
        KernelInputs few = inputs.first(4);
        long present = Arrays.stream(few.labels()).distinct().count();
        assertEquals(present, few.presentClasses());
        assertEquals(
                new KernelCost(8 * (4 + present) * 3 + 4 * 4, 3 * 4 * 3),
                KernelCost.of(KernelOp.CENTER_LOSS, Pass.BACKWARD, few));
        assertEquals(
                new KernelCost(4 * (4 + 2 * present) * 3 + 4 * 4, (4 + 3 * present) * 3),
                KernelCost.of(KernelOp.CENTER_UPDATE, Pass.FORWARD, few));
    }

    @Test
    void nearestCenterLooksAtEveryCenter() {
        assertEquals(
                new KernelCost(4 * (40 + 9) * 3 + 8 * 40, 3 * 40 * 9 * 3),
                KernelCost.of(KernelOp.NEAREST_CENTER, Pass.FORWARD, inputs));
    }
}
