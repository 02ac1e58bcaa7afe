package org.centerloss.device.op;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Mean cross-entropy of the softmax: L = (1/m) Σ_i (log Σ_j exp z_ij − z_{i,y_i}), computed with
 * the row maximum subtracted.
 *
 * <p>Shapes: logits, dLogits [m, C]; labels [m] in [0, C); loss [1].
 *
 * <p>A label outside [0, C) makes L and the row of dLogits of its sample NaN; the other rows are
 * what they are without it, and nothing outside the tensors is read or written for it.
 */
public interface SoftmaxCrossEntropy extends Op {
    /** Writes L to {@code loss}. */
    void forward(Tensor logits, IntTensor labels, Tensor loss);

    /**
     * Writes L to {@code loss} and overwrites dLogits with scale · ∂L/∂z = scale/m · (softmax −
     * onehot).
     */
    void forwardBackward(
            Tensor logits, IntTensor labels, double scale, Tensor loss, Tensor dLogits);
}
