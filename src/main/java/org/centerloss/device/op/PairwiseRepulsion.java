package org.centerloss.device.op;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Mean repulsion between samples of different classes: S = (1/m) Σ_i Σ_j [y_i ≠ y_j] φ(‖x_i −
 * x_j‖²). Both ordered pairs count. With φ(s) = log(1 + s) it is the log-inter loss of standalone
 * center loss.
 *
 * <p>Distances are direct differences, sums have a fixed order, memory is O(m·d): no m×m matrix.
 *
 * <p>Shapes: x, dx [m, d]; labels [m], any integers; value [1].
 */
public interface PairwiseRepulsion extends Op {
    /** The pair term φ of the squared distance s. */
    record Potential(Kind kind, double margin) {
        /** log(1 + s), min(s, margin), s. */
        public enum Kind {
            LOGARITHMIC,
            TRUNCATED,
            RAW
        }

        public static final Potential LOGARITHMIC = new Potential(Kind.LOGARITHMIC, 0);
        public static final Potential RAW = new Potential(Kind.RAW, 0);

        public Potential {
            if (kind == Kind.TRUNCATED && !(margin > 0 && margin < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the margin must be positive: " + margin);
            }
        }

        /** φ(s) = min(s, margin), with φ′(s) = 1 for s &lt; margin and 0 from there on. */
        public static Potential truncated(double margin) {
            return new Potential(Kind.TRUNCATED, margin);
        }
    }

    /** Writes S to {@code value}. */
    void forward(Tensor x, IntTensor labels, Tensor value);

    /**
     * Writes S to {@code value}; dx_i = scale·(4/m) Σ_j [y_i ≠ y_j] φ′(‖x_i − x_j‖²)·(x_i − x_j).
     *
     * @param accumulate whether dx is added to what is there or overwrites it
     */
    void forwardBackward(
            Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor value, Tensor dx);

    /** As {@link #forwardBackward}, without S. */
    void backward(Tensor x, IntTensor labels, double scale, boolean accumulate, Tensor dx);
}
