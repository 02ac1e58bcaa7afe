package org.centerloss.device.op;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * For each sample the class whose center is nearest, the lowest index among equals. A distance that
 * is not a number is nobody's nearest, but which class is then predicted differs between devices.
 *
 * <p>Shapes: x [m, d]; centers [C, d]; prediction [m]; squaredDistance [m].
 */
public interface NearestCenter extends Op {
    void forward(Tensor x, Tensor centers, IntTensor prediction, Tensor squaredDistance);
}
