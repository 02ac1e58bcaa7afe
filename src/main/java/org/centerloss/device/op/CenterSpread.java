package org.centerloss.device.op;

import org.centerloss.device.Tensor;

/**
 * Mean log distance between class centers: S = (1/C) Σ_{i≠j} log ‖c_i − c_j‖² over ordered pairs,
 * the reference README's alternative 1. Minus infinity where two centers coincide; 0 for one class.
 *
 * <p>Shapes: centers, dCenters [C, d]; value [1].
 */
public interface CenterSpread extends Op {
    /** Writes S to {@code value}. */
    void forward(Tensor centers, Tensor value);

    /**
     * Writes S to {@code value} and adds scale·(4/C) Σ_{j≠i} (c_i − c_j)/‖c_i − c_j‖² to row i of
     * dCenters.
     *
     * @param dCenters added to
     */
    void forwardBackward(Tensor centers, double scale, Tensor value, Tensor dCenters);
}
