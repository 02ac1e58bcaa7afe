package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.verify.Tolerance;

/** Exact ties, from centers given twice, count; near ties are drawn anew. */
public record NearestCenterCase(
        int samples, int features, int classes, InputDistribution points, boolean twice)
        implements OpCase.Compared {
    /** Relative gap between the smallest two squared distances that differ. */
    private static final double TIE_GAP = 1e-5;

    public static List<OpCase> all() {
        int[][] shapes = {
            {1, 1, 1}, {2, 31, 2}, {31, 2, 10}, {33, 127, 10}, {127, 33, 33}, {257, 257, 10}
        };
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            cases.add(new NearestCenterCase(s[0], s[1], s[2], InputDistribution.NORMAL, false));
        }
        for (InputDistribution points : InputDistribution.values()) {
            cases.add(new NearestCenterCase(33, 31, 7, points, false));
            cases.add(new NearestCenterCase(33, 31, 8, points, true));
        }
        return cases;
    }

    @Override
    public String op() {
        return "nearest center";
    }

    @Override
    public String shape() {
        return points.describe(samples + "×" + features + ", " + classes + " classes")
                + (twice ? ", each center twice" : "");
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        Inputs inputs = new Inputs();
        points.addTo(inputs, draw, samples, features, classes);
        if (twice) {
            double[] centers = inputs.numbers("centers");
            int half = centers.length / 2;
            System.arraycopy(centers, 0, centers, half, half);
        }
        return inputs;
    }

    @Override
    public boolean decisive(Inputs inputs) {
        for (int i = 0; i < samples; i++) {
            double[] distances = new double[classes];
            for (int j = 0; j < classes; j++) {
                distances[j] =
                        InputDistribution.squaredDistance(
                                inputs.numbers("x"), i, inputs.numbers("centers"), j, features);
            }
            Arrays.sort(distances);
            for (int j = 1; j < classes; j++) {
                double gap = distances[j] - distances[0];
                if (gap > 0 && gap < TIE_GAP * distances[j]) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean composedLosesDigits() {
        return points == InputDistribution.FAR;
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        NearestCenter nearest = stage.own(stage.device().nearestCenter(samples, features, classes));
        Tensor x = stage.plain(inputs.numbers("x"), samples, features);
        Tensor centers = stage.plain(inputs.numbers("centers"), classes, features);
        IntTensor prediction = stage.emptyIntegers(samples);
        Tensor squaredDistance = stage.emptyPlain(samples);
        nearest.forward(x, centers, prediction, squaredDistance);
        stage.put("prediction", prediction);
        stage.put("squaredDistance", squaredDistance, Tolerance.sum(features));
    }
}
