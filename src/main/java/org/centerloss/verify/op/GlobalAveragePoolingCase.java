package org.centerloss.verify.op;

import java.util.List;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.verify.Tolerance;

public record GlobalAveragePoolingCase(int batch, int channels, int height, int width)
        implements OpCase {
    public static List<OpCase> all() {
        return List.of(
                new GlobalAveragePoolingCase(1, 1, 1, 1),
                new GlobalAveragePoolingCase(2, 3, 5, 7),
                new GlobalAveragePoolingCase(3, 17, 1, 2),
                new GlobalAveragePoolingCase(2, 5, 31, 33),
                new GlobalAveragePoolingCase(1, 512, 1, 1),
                new GlobalAveragePoolingCase(2, 33, 13, 13),
                new GlobalAveragePoolingCase(33, 128, 7, 7));
    }

    @Override
    public String op() {
        return "global average pooling";
    }

    @Override
    public String shape() {
        return batch + "×" + channels + "×" + height + "×" + width;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("x", draw.normal(batch * channels * height * width))
                .put("dy", draw.normal(batch * channels));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        GlobalAveragePooling pooling =
                stage.own(stage.device().globalAveragePooling(batch, channels, height, width));
        Tensor x = stage.activation(inputs.numbers("x"), batch, channels, height, width);
        Tensor dy = stage.plain(inputs.numbers("dy"), batch, channels);
        Tensor y = stage.emptyPlain(batch, channels);
        Tensor dx = stage.emptyActivation(batch, channels, height, width);
        pooling.forward(x, y);
        pooling.backward(dy, dx);
        long pixels = (long) height * width;
        stage.put("y", y, Tolerance.sum(pixels).withTerms(1 / Math.sqrt(pixels)));
        stage.put("dx", dx, Tolerance.sum(1));
    }

    @Override
    public List<Derivative> derivatives() {
        return List.of(Derivative.of("x", "dx", "y", "dy"));
    }
}
