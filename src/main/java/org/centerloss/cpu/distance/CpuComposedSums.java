package org.centerloss.cpu.distance;

import java.util.Arrays;
import org.centerloss.cpu.onednn.CpuProduct;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.NativeMemory;

/** Sums of a matrix's rows or columns: its product with a vector of ones, by oneDNN. */
final class CpuComposedSums {
    private final boolean ofRows;
    private final CpuProduct product;
    private final NativeMemory ones;
    private final NativeMemory sums;
    private final float[] values;

    private CpuComposedSums(CpuOp op, int count, int terms, boolean ofRows, CpuProduct product) {
        this.ofRows = ofRows;
        this.product = product;
        ones = op.memory((long) Float.BYTES * terms);
        sums = op.memory((long) Float.BYTES * count);
        values = new float[count];
        op.holds((long) Float.BYTES * count);
        float[] one = new float[terms];
        Arrays.fill(one, 1f);
        ones.floats().put(0, one);
    }

    static CpuComposedSums ofRows(CpuOp op, int rows, int columns) {
        CpuProduct product = new CpuProduct(op, rows, 1, columns, false, false);
        return new CpuComposedSums(op, rows, columns, true, product);
    }

    static CpuComposedSums ofColumns(CpuOp op, int rows, int columns) {
        CpuProduct product = new CpuProduct(op, 1, columns, rows, false, false);
        return new CpuComposedSums(op, columns, rows, false, product);
    }

    /** The sums, valid until the next call. */
    float[] of(CpuComposedMatrix matrix) {
        if (ofRows) {
            product.run(matrix.pointer(), ones.pointer(), sums.pointer());
        } else {
            product.run(ones.pointer(), matrix.pointer(), sums.pointer());
        }
        sums.floats().get(0, values);
        return values;
    }
}
