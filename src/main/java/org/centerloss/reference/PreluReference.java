package org.centerloss.reference;

import java.util.Arrays;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Prelu;

final class PreluReference extends ReferenceOp implements Prelu {
    private final int[] shape;

    PreluReference(ReferenceDevice device, int... shape) {
        super(device, "prelu " + Arrays.toString(Prelu.checkedShape(shape)), 0);
        this.shape = shape.clone();
    }

    private ReferenceTensor elements(String argument, Tensor tensor) {
        return shape.length == 4
                ? activation(argument, tensor, shape)
                : plain(argument, tensor, shape);
    }

    @Override
    public void forward(Tensor x, Tensor slope, Tensor y) {
        ReferenceTensor in = elements("x", x);
        double factor = plain("slope", slope, 1).get(0);
        ReferenceTensor out = elements("y", y);
        for (int i = 0; i < x.size(); i++) {
            double value = in.get(i);
            out.set(i, value > 0 ? value : factor * value);
        }
    }

    @Override
    public void backward(Tensor x, Tensor dy, Tensor slope, Tensor dx, Tensor dSlope) {
        ReferenceTensor in = elements("x", x);
        ReferenceTensor outGradient = elements("dy", dy);
        double factor = plain("slope", slope, 1).get(0);
        ReferenceTensor inGradient = elements("dx", dx);
        double sum = 0;
        for (int i = 0; i < x.size(); i++) {
            double value = in.get(i);
            double gradient = outGradient.get(i);
            device.notePreActivation(Math.abs(value));
            if (!(value > 0)) {
                sum += value * gradient;
                gradient *= factor;
            }
            inGradient.set(i, gradient);
        }
        plain("dSlope", dSlope, 1).set(0, sum);
    }
}
