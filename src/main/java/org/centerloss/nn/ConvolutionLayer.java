package org.centerloss.nn;

import java.util.List;
import org.centerloss.base.Owned;
import org.centerloss.device.Device;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Convolution;

/** A convolution of one activation, with its parameters and result. */
final class ConvolutionLayer implements AutoCloseable {
    private final Owned owned = new Owned();
    private final Tensor x;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor weightGradient;
    private final Tensor biasGradient;
    private final Convolution convolution;

    /** The result. */
    final Tensor y;

    static void declare(List<Parameter> all, String name, int in, int out, int kernel) {
        all.add(Parameter.kaiming(name + ".weight", out, in, kernel, kernel));
        all.add(Parameter.zeros(name + ".bias", out));
    }

    ConvolutionLayer(
            Device device,
            Parameters parameters,
            String name,
            Tensor x,
            Convolution.Shape shape,
            boolean training) {
        this.x = x;
        convolution = owned.add(device.convolution(shape));
        weight = parameters.value(name + ".weight");
        bias = parameters.value(name + ".bias");
        weightGradient = training ? parameters.gradient(name + ".weight") : null;
        biasGradient = training ? parameters.gradient(name + ".bias") : null;
        y =
                owned.add(
                        device.activation(
                                shape.batch(),
                                shape.outChannels(),
                                shape.outHeight(),
                                shape.outWidth()));
    }

    void forward() {
        convolution.forward(x, weight, bias, y);
    }

    /** Overwrites dx, unless it is null, and the gradients of weight and bias. */
    void backward(Tensor dy, Tensor dx) {
        convolution.backward(x, dy, weight, dx, weightGradient, biasGradient);
    }

    @Override
    public void close() {
        owned.close();
    }
}
