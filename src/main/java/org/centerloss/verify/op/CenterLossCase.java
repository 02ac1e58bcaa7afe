package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.verify.Tolerance;

public record CenterLossCase(
        int samples,
        int features,
        int classes,
        InputDistribution points,
        double alpha,
        boolean accumulate,
        boolean centerGradient)
        implements OpCase.Compared {
    private static final double SCALE = 0.3;

    public static List<OpCase> all() {
        int[][] shapes = {
            {1, 1, 1},
            {2, 31, 2},
            {31, 2, 10},
            {33, 127, 10},
            {127, 33, 33},
            {257, 2, 1},
            {257, 257, 10},
            {1, 257, 127}
        };
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            boolean accumulate = cases.size() % 4 < 2;
            cases.add(
                    new CenterLossCase(
                            s[0], s[1], s[2], InputDistribution.NORMAL, 0, accumulate, true));
            cases.add(
                    new CenterLossCase(
                            s[0], s[1], s[2], InputDistribution.NORMAL, 0.05, !accumulate, true));
        }
        for (InputDistribution points : InputDistribution.values()) {
            cases.add(new CenterLossCase(33, 31, 7, points, 0, false, true));
            cases.add(new CenterLossCase(33, 31, 7, points, 0, true, false));
        }
        cases.add(new CenterLossCase(33, 31, 7, InputDistribution.COINCIDENT, 0.01, true, true));
        return cases;
    }

    @Override
    public String op() {
        return "center loss";
    }

    @Override
    public String shape() {
        return points.describe(samples + "×" + features + ", " + classes + " classes")
                + (alpha > 0 ? ", exp(" + alpha + " s)" : "")
                + (accumulate ? ", accumulate" : "")
                + (centerGradient ? "" : ", no dCenters");
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        Inputs inputs = new Inputs();
        points.addTo(inputs, draw, samples, features, classes);
        if (alpha > 0) {
            // Squared distances near 2, whatever the number of features.
            scale(inputs.numbers("x"), 1 / Math.sqrt(features));
            scale(inputs.numbers("centers"), 1 / Math.sqrt(features));
        }
        double magnitude = points.deviation;
        return inputs.put("dx before", draw.normal(samples * features, 0, magnitude))
                .put("dCenters before", draw.normal(classes * features, 0, magnitude));
    }

    private static void scale(double[] values, double factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (factor * values[i]);
        }
    }

    @Override
    public boolean composedLosesDigits() {
        return points == InputDistribution.FAR;
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        CenterLoss centerLoss =
                stage.own(
                        stage.device()
                                .centerLoss(
                                        samples,
                                        features,
                                        classes,
                                        new CenterLoss.Attraction(alpha)));
        Tensor x = stage.plain(inputs.numbers("x"), samples, features);
        IntTensor labels = stage.integers(inputs.integers("labels"));
        Tensor centers = stage.plain(inputs.numbers("centers"), classes, features);
        Tensor loss = stage.emptyPlain(1);
        Tensor again = stage.emptyPlain(1);
        Tensor dx = gradient(stage, inputs);
        Tensor dxAlone = gradient(stage, inputs);
        Tensor dCenters = centerGradient(stage, inputs);
        Tensor dCentersAlone = centerGradient(stage, inputs);
        centerLoss.forward(x, labels, centers, loss);
        centerLoss.forwardBackward(x, labels, centers, SCALE, accumulate, again, dx, dCenters);
        centerLoss.backward(x, labels, centers, SCALE, accumulate, dxAlone, dCentersAlone);
        Tolerance tolerance = Tolerance.sum((long) samples * features);
        stage.put("loss", loss, tolerance);
        stage.put("loss with gradient", again, tolerance);
        Tolerance ofDx = Tolerance.sum(features).withTerms(points.deviation);
        stage.put("dx", dx, ofDx);
        stage.put("dx alone", dxAlone, ofDx);
        if (centerGradient) {
            Tolerance ofCenters = Tolerance.sum(samples).withTerms(points.deviation);
            stage.put("dCenters", dCenters, ofCenters);
            stage.put("dCenters alone", dCentersAlone, ofCenters);
        }
    }

    private Tensor gradient(OpRun stage, Inputs inputs) {
        return accumulate
                ? stage.plain(inputs.numbers("dx before"), samples, features)
                : stage.emptyPlain(samples, features);
    }

    private Tensor centerGradient(OpRun stage, Inputs inputs) {
        return centerGradient
                ? stage.plain(inputs.numbers("dCenters before"), classes, features)
                : null;
    }

    @Override
    public List<Derivative> derivatives() {
        List<Derivative> derivatives = new ArrayList<>();
        if (samples * features > 20_000) {
            // One element's part in the mean drowns in the mean's rounding.
            return derivatives;
        }
        derivatives.add(
                Derivative.ofLoss("x", "dx", "loss", SCALE, accumulate ? "dx before" : null));
        if (centerGradient) {
            derivatives.add(
                    Derivative.ofLoss("centers", "dCenters", "loss", SCALE, "dCenters before"));
        }
        return derivatives;
    }
}
