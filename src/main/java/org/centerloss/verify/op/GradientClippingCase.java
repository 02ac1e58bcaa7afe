package org.centerloss.verify.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.verify.Tolerance;

/**
 * A slice of gradients around zero whose norm is limited.
 *
 * @param deviation of the gradients; 0 where all are zero
 * @param spoiler value of the last gradient where that is not finite; 0 where all are drawn
 */
public record GradientClippingCase(int size, double maxNorm, double deviation, double spoiler)
        implements OpCase {
    public static List<OpCase> all() {
        List<OpCase> cases = new ArrayList<>();
        // The last has more elements than threads.
        for (int size : new int[] {1, 2, 31, 33, 127, 257, 10_000, (1 << 20) + 7}) {
            cases.add(new GradientClippingCase(size, 1e-3, 1, 0));
        }
        cases.add(new GradientClippingCase(257, 100, 1, 0));
        cases.add(new GradientClippingCase(257, 1, 0, 0));
        cases.add(new GradientClippingCase(257, 1, 1e-30, 0));
        cases.add(new GradientClippingCase(257, 1e-6, 1e-7, 0));
        cases.add(new GradientClippingCase(257, 1, 1e30, 0));
        cases.add(new GradientClippingCase(257, Double.POSITIVE_INFINITY, 1, 0));
        for (double maxNorm : new double[] {1, Double.POSITIVE_INFINITY}) {
            cases.add(new GradientClippingCase(257, maxNorm, 1, Double.NaN));
            cases.add(new GradientClippingCase(257, maxNorm, 1, Double.NEGATIVE_INFINITY));
        }
        return cases;
    }

    @Override
    public String op() {
        return "gradient clipping";
    }

    @Override
    public String shape() {
        return "%d, norm at most %s, gradients ±%s%s"
                .formatted(size, maxNorm, deviation, spoiler == 0 ? "" : ", one " + spoiler);
    }

    @Override
    public Inputs draw(RandomInputs draw) {
        return new Inputs().put("gradients", draw.normal(size, 0, deviation));
    }

    @Override
    public void run(OpRun stage, Inputs inputs) {
        GradientClipping clipping = stage.own(stage.device().gradientClipping(size, maxNorm));
        double[] values = inputs.numbers("gradients").clone();
        if (spoiler != 0) {
            values[size - 1] = spoiler;
        }
        Tensor block = stage.own(stage.device().tensor(2 * Device.ALIGNMENT + size));
        Tensor gradients = block.slice(Device.ALIGNMENT, size);
        gradients.write(values);
        Tensor norm = stage.emptyPlain(1);
        clipping.clip(gradients, norm);
        if (spoiler == 0) {
            // The sum is in float64: what differs is the rounding of the factor and the product.
            stage.put("gradients and their surroundings", block, Tolerance.sum(1));
            stage.put("norm", norm, Tolerance.sum(1));
        } else {
            stage.put("kinds of gradients", kinds(block), Tolerance.EXACT);
            stage.put("kind of the norm", kinds(norm), Tolerance.EXACT);
        }
    }

    /** 0 for zero, 1 for another finite number, 2 for an infinite one, 3 for NaN. */
    private static double[] kinds(Tensor tensor) {
        return Arrays.stream(tensor.toDoubles())
                .map(v -> v == 0 ? 0 : Double.isNaN(v) ? 3 : Double.isInfinite(v) ? 2 : 1)
                .toArray();
    }
}
