package org.centerloss.baseline;

import org.centerloss.device.Tensor;

/**
 * Squared distances in expanded form, as PyTorch code has them: ‖a_i‖² + ‖b_j‖² − 2 a_i·b_j, not
 * below 0. The difference of large numbers loses digits far from the origin.
 */
final class ComposedDistances {
    private final MatrixOps ops;
    private final Tensor matrix;
    private final Tensor rowNorms;
    private final Tensor columnNorms;

    private ComposedDistances(
            ComposedOp op, int rows, int columns, Tensor rowNorms, Tensor columnNorms) {
        ops = op.ops;
        this.rowNorms = rowNorms;
        this.columnNorms = columnNorms;
        matrix = op.workspace(rows, columns);
    }

    /**
     * Of a [rows, d] from b [columns, d].
     *
     * @param op owns the memory
     */
    static ComposedDistances between(ComposedOp op, int rows, int columns) {
        return new ComposedDistances(op, rows, columns, op.workspace(rows), op.workspace(columns));
    }

    /** Of points from each other: b is a. */
    static ComposedDistances among(ComposedOp op, int points) {
        Tensor norms = op.workspace(points);
        return new ComposedDistances(op, points, points, norms, norms);
    }

    /** [rows, columns], as of the last {@link #run}. */
    Tensor matrix() {
        return matrix;
    }

    void run(Tensor a, Tensor b) {
        ops.squaredNorms(a, rowNorms);
        if (columnNorms != rowNorms) {
            ops.squaredNorms(b, columnNorms);
        }
        ops.product(a, b, matrix);
        ops.expand(rowNorms, columnNorms, matrix);
    }
}
