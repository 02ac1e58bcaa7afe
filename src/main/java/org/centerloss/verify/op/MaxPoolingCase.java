package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.verify.Tolerance;

/**
 * @param ties whether x is made of few numbers, so that windows hold equal ones
 */
public record MaxPoolingCase(MaxPooling.Shape of, boolean ties) implements OpCase {
    public static List<OpCase> all() {
        int[][] planes = {
            {1, 1, 5, 7}, {2, 1, 8, 6}, {1, 3, 9, 9}, {3, 2, 4, 5}, {2, 17, 7, 5}, {1, 31, 6, 7}
        };
        int[][] windows = {{3, 2, 1}, {2, 2, 0}, {3, 1, 1}, {3, 3, 0}, {2, 3, 1}, {1, 2, 0}};
        List<OpCase> cases = new ArrayList<>();
        for (int[] plane : planes) {
            for (int[] window : windows) {
                cases.add(of(plane, window, cases.size() % 2 == 1));
            }
        }
        int[] stem = windows[0];
        int[] halving = windows[1];
        cases.add(of(new int[] {1, 1, 1, 1}, stem, false));
        cases.add(of(new int[] {1, 5, 2, 2}, halving, true));
        cases.add(of(new int[] {1, 1, 17, 19}, new int[] {16, 1, 8}, false));
        for (boolean ties : new boolean[] {false, true}) {
            cases.add(of(new int[] {5, 33, 13, 11}, stem, ties));
            cases.add(of(new int[] {33, 16, 7, 7}, halving, ties));
        }
        return cases;
    }

    private static MaxPoolingCase of(int[] plane, int[] window, boolean ties) {
        return new MaxPoolingCase(
                new MaxPooling.Shape(
                        plane[0], plane[1], plane[2], plane[3], window[0], window[1], window[2],
                        true),
                ties);
    }

    @Override
    public String op() {
        return "max pooling";
    }

    @Override
    public String shape() {
        return "%d×%d×%d×%d, window %d, stride %d, padding %d%s"
                .formatted(
                        of.batch(),
                        of.channels(),
                        of.height(),
                        of.width(),
                        of.kernel(),
                        of.stride(),
                        of.padding(),
                        ties ? ", ties" : "");
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        int planes = of.batch() * of.channels();
        double[] x = draw.normal(planes * of.height() * of.width());
        if (ties) {
            Arrays.setAll(x, i -> Math.rint(x[i]));
        }
        return new Inputs()
                .put("x", x)
                .put("dy", draw.normal(planes * of.outHeight() * of.outWidth()));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        MaxPooling pooling = stage.own(stage.device().maxPooling(of));
        int n = of.batch();
        int c = of.channels();
        Tensor x = stage.activation(inputs.numbers("x"), n, c, of.height(), of.width());
        Tensor dy = stage.activation(inputs.numbers("dy"), n, c, of.outHeight(), of.outWidth());
        Tensor y = stage.emptyActivation(n, c, of.outHeight(), of.outWidth());
        Tensor dx = stage.emptyActivation(n, c, of.height(), of.width());
        pooling.forward(x, y);
        stage.put("y", y, Tolerance.EXACT);
        pooling.backward(x, y, dy, dx);
        int windowsAlong = (of.kernel() - 1) / of.stride() + 1;
        stage.put("dx", dx, Tolerance.randomSum((long) windowsAlong * windowsAlong));
    }

    /** Between equal elements the largest has no derivative. */
    @Override
    public List<Derivative> derivatives() {
        return ties ? List.of() : List.of(Derivative.of("x", "dx", "y", "dy"));
    }
}
