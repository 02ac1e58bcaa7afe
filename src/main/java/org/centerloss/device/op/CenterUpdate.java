package org.centerloss.device.op;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * The center update of Wen et al. 2016, eq. 4: c_j ← c_j − alpha · Σ_{y_i=j}(c_j − x_i) / (1 +
 * n_j), n_j being the number of samples of class j in the batch. Centers of absent classes stay.
 *
 * <p>The other rule, centers as parameters of the optimiser, is {@link Sgd} over their gradient.
 *
 * <p>Shapes: x [m, d]; labels [m] in [0, C); centers [C, d]. A sample whose label is outside [0, C)
 * moves no center.
 */
public interface CenterUpdate extends Op {
    /** Moves the centers in place. */
    void update(Tensor x, IntTensor labels, Tensor centers);
}
