package org.centerloss.verify.op;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Prelu;
import org.centerloss.verify.Tolerance;

/**
 * Into other tensors, then over x and over dy.
 *
 * @param sizes of x: 4 for an activation, 2 for a plain tensor
 */
public record PreluCase(double slope, List<Integer> sizes) implements OpCase {
    public static List<OpCase> all() {
        return List.of(
                new PreluCase(0.25, List.of(1, 1)),
                new PreluCase(0.25, List.of(2, 31)),
                new PreluCase(-1.5, List.of(33, 1)),
                new PreluCase(0, List.of(127, 33)),
                new PreluCase(0.25, List.of(1, 1, 1, 1)),
                new PreluCase(0.25, List.of(1, 2, 5, 7)),
                new PreluCase(3, List.of(2, 3, 31, 33)),
                new PreluCase(0.25, List.of(3, 17, 4, 3)),
                new PreluCase(0.25, List.of(33, 16, 7, 7)));
    }

    @Override
    public String op() {
        return "prelu";
    }

    @Override
    public String shape() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("×"))
                + ", slope "
                + slope;
    }

    private int[] shapeOfX() {
        return sizes.stream().mapToInt(Integer::intValue).toArray();
    }

    private int size() {
        return Arrays.stream(shapeOfX()).reduce(1, (a, b) -> a * b);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("x", draw.normal(size()))
                .put("dy", draw.normal(size()))
                .put("slope", new double[] {slope});
    }

    private Tensor tensor(OpRun stage, double[] values) {
        int[] s = shapeOfX();
        return s.length == 4
                ? stage.activation(values, s[0], s[1], s[2], s[3])
                : stage.plain(values, s);
    }

    private Tensor empty(OpRun stage) {
        return tensor(stage, IntStream.range(0, size()).mapToDouble(i -> Double.NaN).toArray());
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        Prelu prelu = stage.own(stage.device().prelu(shapeOfX()));
        Tensor x = tensor(stage, inputs.numbers("x"));
        Tensor dy = tensor(stage, inputs.numbers("dy"));
        Tensor factor = stage.plain(inputs.numbers("slope"), 1);
        Tensor y = empty(stage);
        Tensor dx = empty(stage);
        Tensor dSlope = stage.emptyPlain(1);
        prelu.forward(x, factor, y);
        stage.put("y", y, Tolerance.sum(1));
        prelu.backward(x, dy, factor, dx, dSlope);
        stage.put("dx", dx, Tolerance.sum(1));
        stage.put("dSlope", dSlope, Tolerance.randomSum(size()));
        prelu.backward(x, dy, factor, dy, dSlope);
        stage.put("dx over dy", dy, Tolerance.sum(1));
        stage.put("dSlope with dx over dy", dSlope, Tolerance.randomSum(size()));
        prelu.forward(x, factor, x);
        stage.put("y over x", x, Tolerance.sum(1));
    }

    @Override
    public List<Derivative> derivatives() {
        return List.of(
                Derivative.of("x", "dx", "y", "dy"), Derivative.of("slope", "dSlope", "y", "dy"));
    }
}
