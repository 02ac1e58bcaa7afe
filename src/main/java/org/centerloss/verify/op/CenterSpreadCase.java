package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.verify.Tolerance;

/** With coincident centers only the value is looked at: minus infinity, without a gradient. */
public record CenterSpreadCase(int classes, int features, InputDistribution points)
        implements OpCase {
    private static final double SCALE = -0.4;

    public static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        int[][] shapes = {{1, 5}, {2, 1}, {10, 2}, {10, 128}, {33, 31}, {127, 2}, {31, 257}};
        for (int[] s : shapes) {
            cases.add(new CenterSpreadCase(s[0], s[1], InputDistribution.NORMAL));
        }
        for (InputDistribution points :
                new InputDistribution[] {
                    InputDistribution.FAR,
                    InputDistribution.HUGE,
                    InputDistribution.TINY,
                    InputDistribution.COINCIDENT
                }) {
            cases.add(new CenterSpreadCase(10, 17, points));
        }
        return cases;
    }

    @Override
    public String op() {
        return "center spread";
    }

    @Override
    public String shape() {
        return points.describe(classes + " classes × " + features);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        double[] centers = draw.normal(classes * features, points.mean, points.deviation);
        if (points == InputDistribution.COINCIDENT) {
            System.arraycopy(centers, 0, centers, features, features);
        }
        return new Inputs()
                .put("centers", centers)
                .put("dCenters before", draw.normal(classes * features, 0, 1 / points.deviation));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        CenterSpread spread = stage.own(stage.device().centerSpread(classes, features));
        Tensor centers = stage.plain(inputs.numbers("centers"), classes, features);
        Tensor value = stage.emptyPlain(1);
        spread.forward(centers, value);
        // Logarithms of both signs may cancel.
        Tolerance tolerance =
                Tolerance.sum((long) classes * features)
                        .withTerms(classes * (1 + Math.abs(Math.log(points.deviation))));
        stage.put("value", value, tolerance);
        if (points == InputDistribution.COINCIDENT) {
            return;
        }
        Tensor again = stage.emptyPlain(1);
        Tensor dCenters = stage.plain(inputs.numbers("dCenters before"), classes, features);
        spread.forwardBackward(centers, SCALE, again, dCenters);
        stage.put("value with gradient", again, tolerance);
        stage.put("dCenters", dCenters, Tolerance.sum(classes + features));
    }

    @Override
    public List<Derivative> derivatives() {
        return points == InputDistribution.COINCIDENT || classes > 33
                ? List.of()
                : List.of(
                        Derivative.ofLoss(
                                "centers", "dCenters", "value", SCALE, "dCenters before"));
    }
}
