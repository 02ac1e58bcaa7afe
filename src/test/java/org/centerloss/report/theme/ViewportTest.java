package org.centerloss.report.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ViewportTest {
    private static final long SEED = Long.getLong("centerloss.seed", 5);

    private static double[][] cloud(int count, double scale) {
        Random random = new Random(SEED);
        double[][] points = new double[2][count];
        for (int i = 0; i < count; i++) {
            points[0][i] = scale * random.nextGaussian();
            points[1][i] = scale * random.nextGaussian();
        }
        return points;
    }

    @Test
    void oneWildEpochDoesNotWidenIt() {
        List<double[][]> epochs = new ArrayList<>();
        epochs.add(cloud(1000, 1000));
        for (int epoch = 1; epoch < 10; epoch++) {
            epochs.add(cloud(1000, 1));
        }
        Viewport window = Viewport.of(epochs);
        assertTrue(window.right() < 6 && window.left() > -6, "seed " + SEED + ": " + window);
        assertTrue(window.outside(epochs.get(0)) > 900, "the wild one is counted as outside");
        assertTrue(window.outside(epochs.get(9)) <= 8, "seed " + SEED);
    }

    @Test
    void theLastEpochIsSeenEvenIfItIsTheWidest() {
        Viewport window = Viewport.of(List.of(cloud(500, 1), cloud(500, 2), cloud(500, 50)));
        assertTrue(window.outside(cloud(500, 50)) <= 4, "seed " + SEED + ": " + window);
    }

    @Test
    void unitsAreEquallyLongOnBothAxes() {
        Viewport window = new Viewport(0, 10, 0, 1).withAspect(200, 100);
        assertEquals(new Viewport(0, 10, -2, 3), window);
        assertEquals(new Viewport(-1, 11, 0, 6), new Viewport(3, 7, 0, 6).withAspect(200, 100));
    }

    @Test
    void pointsThatAreNotNumbersAreOutsideAndWidenNothing() {
        double[][] points = {{0, 1, Double.NaN, Double.POSITIVE_INFINITY}, {0, 1, 1, 1}};
        Viewport window = Viewport.of(List.<double[][]>of(points)).including(points);
        assertTrue(window.right() < 1.2, window.toString());
        assertEquals(2, window.outside(points));
    }

    @Test
    void whatIsIncludedDoesNotLieOnTheEdge() {
        Viewport window = new Viewport(0, 10, 0, 10).including(new double[][] {{20}, {5}});
        assertEquals(new Viewport(0, 21.2, 0, 10), window);
        assertEquals(window, window.including(new double[][] {{20}, {5}}));
    }

    @Test
    void coincidentOrNoPointsStillHaveARange() {
        Viewport one = Viewport.of(List.<double[][]>of(new double[][] {{3}, {-2}}));
        assertTrue(one.left() < 3 && one.right() > 3 && one.bottom() < -2 && one.top() > -2);
        Viewport none = Viewport.of(List.<double[][]>of(new double[2][0]));
        assertTrue(none.left() < none.right());
    }
}
