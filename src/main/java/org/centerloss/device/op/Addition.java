package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/** Element-wise sum of two activations, the residual connection. */
public interface Addition extends Op {
    /** out = a + b; {@code out} may be {@code a} or {@code b}. */
    void forward(Tensor a, Tensor b, Tensor out);
}
