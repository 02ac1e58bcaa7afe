package org.centerloss.verify.op;

import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Addition;
import org.centerloss.verify.Tolerance;

/** Into a third tensor, then over each operand. */
public record AdditionCase(int batch, int channels, int height, int width) implements OpCase {
    public static List<OpCase> all() {
        return List.of(
                new AdditionCase(1, 1, 1, 1),
                new AdditionCase(2, 3, 5, 7),
                new AdditionCase(3, 17, 4, 3),
                new AdditionCase(33, 32, 7, 7));
    }

    @Override
    public String op() {
        return "addition";
    }

    @Override
    public String shape() {
        return batch + "×" + channels + "×" + height + "×" + width;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        int size = batch * channels * height * width;
        return new Inputs().put("a", draw.normal(size)).put("b", draw.normal(size));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        Addition addition = stage.own(stage.device().addition(batch, channels, height, width));
        Tensor a = stage.activation(inputs.numbers("a"), batch, channels, height, width);
        Tensor b = stage.activation(inputs.numbers("b"), batch, channels, height, width);
        Tensor out = stage.emptyActivation(batch, channels, height, width);
        addition.forward(a, b, out);
        stage.put("a + b", out, Tolerance.randomSum(2));
        addition.forward(a, b, a);
        stage.put("a + b over a", a, Tolerance.randomSum(2));
        addition.forward(a, b, b);
        stage.put("(a + b) + b over b", b, Tolerance.randomSum(3));
    }
}
