package org.centerloss.verify.op;

import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Flatten;
import org.centerloss.verify.Tolerance;

public record FlattenCase(int batch, int channels, int height, int width) implements OpCase {
    public static List<OpCase> all() {
        return List.of(
                new FlattenCase(1, 1, 1, 1),
                new FlattenCase(1, 2, 5, 7),
                new FlattenCase(3, 1, 3, 9),
                new FlattenCase(2, 17, 7, 5),
                new FlattenCase(1, 33, 3, 13),
                new FlattenCase(5, 33, 1, 1),
                new FlattenCase(33, 128, 3, 3));
    }

    @Override
    public String op() {
        return "flatten";
    }

    @Override
    public String shape() {
        return batch + "×" + channels + "×" + height + "×" + width;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        int size = batch * channels * height * width;
        return new Inputs().put("x", draw.normal(size)).put("dy", draw.normal(size));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        Flatten flatten = stage.own(stage.device().flatten(batch, channels, height, width));
        int features = channels * height * width;
        Tensor x = stage.activation(inputs.numbers("x"), batch, channels, height, width);
        Tensor dy = stage.plain(inputs.numbers("dy"), batch, features);
        Tensor y = stage.emptyPlain(batch, features);
        Tensor dx = stage.emptyActivation(batch, channels, height, width);
        flatten.forward(x, y);
        flatten.backward(dy, dx);
        stage.put("y", y, Tolerance.EXACT);
        stage.put("dx", dx, Tolerance.EXACT);
    }

    @Override
    public List<Derivative> derivatives() {
        return List.of(Derivative.of("x", "dx", "y", "dy"));
    }
}
