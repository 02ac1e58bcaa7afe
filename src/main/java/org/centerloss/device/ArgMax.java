package org.centerloss.device;

/** For each row of logits [m, C] the index of its largest value, the lowest among equals. */
public interface ArgMax extends Op {
    void forward(Tensor logits, IntTensor prediction);
}
