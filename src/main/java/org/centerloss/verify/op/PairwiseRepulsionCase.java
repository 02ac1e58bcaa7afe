package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.PairwiseRepulsion.Potential;
import org.centerloss.verify.Tolerance;

public record PairwiseRepulsionCase(
        int samples,
        int features,
        int classes,
        InputDistribution points,
        Potential.Kind kind,
        boolean accumulate)
        implements OpCase.Compared {
    private static final double SCALE = -0.3;

    /** How near to the margin, relatively, no squared distance may lie. */
    private static final double MARGIN_GAP = 1e-5;

    public static List<OpCase> all() {
        int[][] shapes = {
            {1, 1, 1},
            {2, 1, 2},
            {2, 257, 2},
            {31, 2, 10},
            {33, 31, 1},
            {33, 257, 10},
            {127, 33, 10},
            {128, 128, 2},
            {257, 2, 10},
            {257, 127, 33}
        };
        List<OpCase> cases = new ArrayList<>();
        for (Potential.Kind kind : Potential.Kind.values()) {
            for (int[] s : shapes) {
                if (kind != Potential.Kind.TRUNCATED || s[0] < 128) {
                    boolean accumulate = cases.size() % 2 == 0;
                    cases.add(
                            new PairwiseRepulsionCase(
                                    s[0], s[1], s[2], InputDistribution.NORMAL, kind, accumulate));
                }
            }
            for (InputDistribution points : InputDistribution.values()) {
                cases.add(new PairwiseRepulsionCase(33, 31, 7, points, kind, false));
            }
        }
        return cases;
    }

    @Override
    public String op() {
        return "pairwise repulsion";
    }

    @Override
    public String shape() {
        return points.describe(samples + "×" + features + ", " + classes + " classes")
                + ", "
                + kind.name().toLowerCase(Locale.ROOT)
                + (accumulate ? ", accumulate" : "");
    }

    /** Near the mean squared distance, so that about half of the pairs lie beyond. */
    private double margin() {
        return 2 * points.deviation * points.deviation * features;
    }

    private Potential potential() {
        return kind == Potential.Kind.TRUNCATED
                ? Potential.truncated(margin())
                : new Potential(kind, 0);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        Inputs inputs = new Inputs();
        points.addTo(inputs, draw, samples, features, classes);
        return inputs.put("dx before", draw.normal(samples * features, 0, points.deviation));
    }

    @Override
    public boolean decisive(Inputs inputs) {
        double[] x = inputs.numbers("x");
        for (int i = 0; kind == Potential.Kind.TRUNCATED && i < samples; i++) {
            for (int j = 0; j < i; j++) {
                double s = InputDistribution.squaredDistance(x, i, x, j, features);
                if (Math.abs(s - margin()) < MARGIN_GAP * margin()) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public boolean composedLosesDigits() {
        return points == InputDistribution.FAR
                || points == InputDistribution.TINY && kind == Potential.Kind.LOGARITHMIC;
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        PairwiseRepulsion repulsion =
                stage.own(stage.device().pairwiseRepulsion(samples, features, potential()));
        Tensor x = stage.plain(inputs.numbers("x"), samples, features);
        IntTensor labels = stage.integers(inputs.integers("labels"));
        Tensor value = stage.emptyPlain(1);
        Tensor again = stage.emptyPlain(1);
        Tensor dx = gradient(stage, inputs);
        Tensor dxAlone = gradient(stage, inputs);
        repulsion.forward(x, labels, value);
        repulsion.forwardBackward(x, labels, SCALE, accumulate, again, dx);
        repulsion.backward(x, labels, SCALE, accumulate, dxAlone);
        Tolerance tolerance = Tolerance.sum((long) samples * features);
        stage.put("value", value, tolerance);
        stage.put("value with gradient", again, tolerance);
        // What dx is added to may cancel it.
        Tolerance ofGradient =
                Tolerance.sum(samples + features).withTerms(accumulate ? points.deviation : 0);
        stage.put("dx", dx, ofGradient);
        stage.put("dx alone", dxAlone, ofGradient);
    }

    private Tensor gradient(OpRun stage, Inputs inputs) {
        return accumulate
                ? stage.plain(inputs.numbers("dx before"), samples, features)
                : stage.emptyPlain(samples, features);
    }

    @Override
    public List<Derivative> derivatives() {
        return samples * samples * features > 200_000
                ? List.of()
                : List.of(
                        Derivative.ofLoss(
                                "x", "dx", "value", SCALE, accumulate ? "dx before" : null));
    }
}
