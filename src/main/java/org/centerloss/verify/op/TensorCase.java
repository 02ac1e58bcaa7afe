package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.verify.Tolerance;

/** Transfers, slices, copies and zeroing: the numbers come back as they went. */
public record TensorCase(int batch, int channels, int height, int width) implements OpCase {
    public static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        for (int channels : new int[] {1, 3, 16, 17, 33}) {
            cases.add(new TensorCase(2, channels, 3, 5));
        }
        cases.add(new TensorCase(1, 1, 1, 1));
        return cases;
    }

    @Override
    public String op() {
        return "tensor";
    }

    @Override
    public String shape() {
        return batch + "×" + channels + "×" + height + "×" + width;
    }

    private int size() {
        return batch * channels * height * width;
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs()
                .put("x", draw.normal(size()))
                .put("labels", draw.integers(size(), 1 << 30));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        double[] x = inputs.numbers("x");
        Tensor activation = stage.activation(x, batch, channels, height, width);
        Tensor copy = stage.emptyActivation(batch, channels, height, width);
        copy.copyFrom(activation);
        activation.zero();
        stage.put("activation", copy, Tolerance.EXACT);
        stage.put("zeroed", activation, Tolerance.EXACT);

        Tensor block = stage.emptyPlain(2 * Device.ALIGNMENT + size());
        block.zero();
        Tensor slice = block.slice(Device.ALIGNMENT, batch, channels, height, width);
        float[] rounded = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            rounded[i] = (float) x[i];
        }
        slice.write(rounded);
        Tensor plain = stage.emptyPlain(batch, channels, height, width);
        plain.copyFrom(slice);
        stage.put("block around a slice", block, Tolerance.EXACT);
        stage.put("copy of a slice", plain, Tolerance.EXACT);
        stage.put("integers", stage.integers(inputs.integers("labels")));
    }
}
