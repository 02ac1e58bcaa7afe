package org.centerloss.cuda.op;

import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;

/**
 * The gradient of points a that a matrix of weights w pulls to points b: Σ_j w_ij (a_i − b_j) as
 * (Σ_j w_ij)·a_i − (w·b)_i.
 */
final class ComposedGradient {
    private final int rows;
    private final int features;
    private final DeviceMemory sums;
    private final DeviceMemory products;
    private final Kernel gradient;

    /**
     * @param op owns the memory
     * @param rows how many points a there are
     */
    ComposedGradient(CudaOp op, int rows, int features) {
        this.rows = rows;
        this.features = features;
        sums = op.workspace((long) Float.BYTES * rows);
        products = op.workspace((long) Float.BYTES * rows * features);
        gradient = op.kernel(KernelFunction.COMPOSED_GRADIENT);
    }

    /**
     * For points that are the rows of the weights.
     *
     * @param labels the rows' columns, and the result is NaN where there is no such column; null
     *     where the weights need none
     */
    void ofRows(
            ComposedMatrix weights,
            CudaIntTensor labels,
            CudaTensor a,
            CudaTensor b,
            double factor,
            boolean accumulate,
            CudaTensor result) {
        if (labels == null) {
            weights.rowSums(sums);
        } else {
            weights.rowSums(labels, sums);
        }
        weights.times(b, products);
        finish(a, factor, accumulate, result);
    }

    /** For points that are the columns of the weights; added to what is there. */
    void ofColumns(
            ComposedMatrix weights, CudaTensor a, CudaTensor b, double factor, CudaTensor result) {
        weights.columnSums(sums);
        weights.transposedTimes(b, products);
        finish(a, factor, true, result);
    }

    private void finish(CudaTensor a, double factor, boolean accumulate, CudaTensor result) {
        gradient.launch(
                ComposedMatrix.threads((long) rows * features),
                a,
                sums,
                products,
                rows,
                features,
                (float) factor,
                accumulate ? 1 : 0,
                result);
    }
}
