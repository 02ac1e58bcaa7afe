package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.verify.Tolerance;

public record CenterUpdateCase(
        int samples, int features, int classes, InputDistribution points, double alpha)
        implements OpCase.Compared {
    public static List<OpCase> all() {
        int[][] shapes = {
            {1, 1, 1}, {2, 31, 2}, {31, 2, 10}, {33, 127, 10}, {127, 33, 33}, {257, 257, 1}
        };
        List<OpCase> cases = new ArrayList<>();
        for (int[] s : shapes) {
            cases.add(new CenterUpdateCase(s[0], s[1], s[2], InputDistribution.NORMAL, 0.5));
        }
        for (InputDistribution points : InputDistribution.values()) {
            cases.add(new CenterUpdateCase(33, 31, 7, points, 0.9));
        }
        return cases;
    }

    @Override
    public String op() {
        return "center update";
    }

    @Override
    public String shape() {
        return points.describe(samples + "×" + features + ", " + classes + " classes")
                + ", alpha "
                + alpha;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        Inputs inputs = new Inputs();
        points.addTo(inputs, draw, samples, features, classes);
        return inputs;
    }

    /** No distance is composed. */
    @Override
    public boolean composedLosesDigits() {
        return false;
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        CenterUpdate update =
                stage.own(stage.device().centerUpdate(samples, features, classes, alpha));
        Tensor x = stage.plain(inputs.numbers("x"), samples, features);
        IntTensor labels = stage.integers(inputs.integers("labels"));
        Tensor centers = stage.plain(inputs.numbers("centers"), classes, features);
        update.update(x, labels, centers);
        stage.put("centers", centers, Tolerance.sum(samples).withTerms(points.deviation));
    }
}
