package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/** Mean over the pixels of each channel: activation x [n, c, h, w] to plain y [n, c]. */
public interface GlobalAveragePooling extends Op {
    void forward(Tensor x, Tensor y);

    /** Overwrites dx: each pixel receives dy / (h·w). */
    void backward(Tensor dy, Tensor dx);
}
