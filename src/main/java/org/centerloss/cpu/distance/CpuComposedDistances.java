package org.centerloss.cpu.distance;

import org.centerloss.cpu.onednn.CpuProduct;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;

/**
 * Squared distances in expanded form, as PyTorch code has them: ‖a_i‖² + ‖b_j‖² − 2 a_i·b_j, not
 * below 0. The difference of large numbers loses digits far from the origin.
 */
final class CpuComposedDistances {
    private final int features;
    private final CpuComposedMatrix matrix;
    private final CpuProduct product;
    private final float[] rowNorms;
    private final float[] columnNorms;
    private final float[] point;
    private final CpuComposedMatrix.RowPass expand = this::expand;

    /**
     * @param op owns the memory
     */
    CpuComposedDistances(CpuOp op, int rows, int columns, int features) {
        this.features = features;
        matrix = new CpuComposedMatrix(op, rows, columns);
        product = new CpuProduct(op, rows, columns, features, false, true);
        rowNorms = new float[rows];
        columnNorms = new float[columns];
        point = new float[features];
        op.holds(Float.BYTES * ((long) rows + columns + features));
    }

    CpuComposedMatrix matrix() {
        return matrix;
    }

    /** Computes the distances of a [rows, d] and b [columns, d]. */
    void run(CpuTensor a, CpuTensor b) {
        squaredNorms(a, rowNorms);
        squaredNorms(b, columnNorms);
        product.run(a.pointer(), b.pointer(), matrix.pointer());
        matrix.become(matrix, expand);
    }

    private void squaredNorms(CpuTensor points, float[] norms) {
        for (int i = 0; i < norms.length; i++) {
            points.buffer().get(i * features, point);
            double sum = 0;
            for (float value : point) {
                sum += (double) value * value;
            }
            norms[i] = (float) sum;
        }
    }

    private void expand(int row, float[] products) {
        expand(rowNorms[row], columnNorms, products);
    }

    private static void expand(float norm, float[] norms, float[] products) {
        for (int j = 0; j < norms.length; j++) {
            products[j] = Math.max(0f, norm + norms[j] - 2f * products[j]);
        }
    }
}
