package org.centerloss.baseline;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * The gradient of points a that a matrix of weights w pulls to points b: Σ_j w_ij (a_i − b_j) as
 * (Σ_j w_ij)·a_i − (w·b)_i.
 */
final class ComposedGradient {
    private final MatrixOps ops;
    private final Tensor sums;
    private final Tensor products;

    /**
     * @param op owns the memory
     * @param count how many points a there are
     */
    ComposedGradient(ComposedOp op, int count, int features) {
        ops = op.ops;
        sums = op.workspace(count);
        products = op.workspace(count, features);
    }

    /**
     * For points that are the rows of the weights.
     *
     * @param labels the rows' columns, and the result is NaN where there is no such column; null
     *     where the weights need none
     */
    void ofRows(
            Tensor weights,
            IntTensor labels,
            Tensor a,
            Tensor b,
            double factor,
            boolean accumulate,
            Tensor result) {
        ops.rowSums(weights, sums);
        if (labels != null) {
            ops.spoilRowsOfNoClass(labels, sums);
        }
        ops.times(weights, b, products);
        ops.gradient(a, sums, products, factor, accumulate, result);
    }

    /** For points that are the columns of the weights; added to what is there. */
    void ofColumns(Tensor weights, Tensor a, Tensor b, double factor, Tensor result) {
        ops.columnSums(weights, sums);
        ops.transposedTimes(weights, b, products);
        ops.gradient(a, sums, products, factor, true, result);
    }
}
