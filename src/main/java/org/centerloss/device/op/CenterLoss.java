package org.centerloss.device.op;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Center loss: the mean attraction of samples to the center of their class, L = (1/m) Σ_i ψ(‖x_i −
 * c_{y_i}‖²). Source: Wen et al. 2016, eq. 2, without the factor 1/2 and divided by m.
 *
 * <p>Shapes: x, dx [m, d]; labels [m] in [0, C); centers, dCenters [C, d]; loss [1].
 *
 * <p>A label outside [0, C) makes L and the row of dx of its sample NaN; it adds to no center's
 * gradient, and nothing outside the tensors is read or written for it.
 */
public interface CenterLoss extends Op {
    /**
     * The function ψ of the squared distance.
     *
     * @param alpha 0 for ψ(s) = s; above 0 for ψ(s) = exp(alpha·s), the reference README's
     *     alternative that goes with {@link CenterSpread}
     */
    record Attraction(double alpha) {
        public static final Attraction SQUARED = new Attraction(0);

        public Attraction {
            if (!(alpha >= 0 && alpha < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "alpha must be finite and not negative: " + alpha);
            }
        }

        public boolean exponential() {
            return alpha > 0;
        }
    }

    /** Writes L to {@code loss}. */
    void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss);

    /**
     * Writes L to {@code loss}; dx_i = scale·(2/m)·ψ′·(x_i − c_{y_i}); adds −scale·(2/m) Σ_{y_i=j}
     * ψ′·(x_i − c_j) to row j of dCenters.
     *
     * @param accumulate whether dx is added to what is there or overwrites it
     * @param dCenters added to, whatever {@code accumulate} says; rows of classes that are absent
     *     from the batch are not touched. Null where the centers need no gradient
     */
    void forwardBackward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor loss,
            Tensor dx,
            Tensor dCenters);

    /** As {@link #forwardBackward}, without L. */
    void backward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters);
}
