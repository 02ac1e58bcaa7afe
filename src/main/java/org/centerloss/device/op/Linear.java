package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/**
 * Fully connected layer, as in PyTorch's {@code Linear}: y = x·weightᵀ + bias.
 *
 * <p>Shapes: x [m, in]; weight [out, in]; bias [out]; y [m, out]; all plain.
 */
public interface Linear extends Op {
    void forward(Tensor x, Tensor weight, Tensor bias, Tensor y);

    /** Overwrites dx (unless null), dWeight and dBias with the gradients. */
    void backward(Tensor x, Tensor dy, Tensor weight, Tensor dx, Tensor dWeight, Tensor dBias);
}
