package org.centerloss.device.op;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/** For each row of logits [m, C] the index of its largest value, the lowest among equals. */
public interface ArgMax extends Op {
    void forward(Tensor logits, IntTensor prediction);
}
