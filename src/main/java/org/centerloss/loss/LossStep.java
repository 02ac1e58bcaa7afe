package org.centerloss.loss;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Op;

/** An {@link Objective} planned for one batch size. */
public interface LossStep extends Op {
    /** The unweighted value of each term, a tensor [1] each, in the order of the objective's. */
    Tensor[] terms();

    /**
     * Computes every term and the gradients of the weighted sum: that of the features, which is
     * overwritten, and those of the parameters that the objective has, which the caller has zeroed.
     *
     * @param features [samples, features]
     * @param labels [samples]
     * @param featureGradient [samples, features]
     */
    void run(Tensor features, IntTensor labels, Tensor featureGradient);
}
