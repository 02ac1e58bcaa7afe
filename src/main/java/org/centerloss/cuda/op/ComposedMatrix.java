package org.centerloss.cuda.op;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import jcuda.Pointer;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.library.Cublas;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;

/**
 * A matrix with a row for each sample and a column for each point that it is compared with, as
 * composed operations keep it, and what they do with the whole of it: {@code kernels/composed.cu}
 * and products by cuBLAS, whose matrices are column-major, so that every product is written the
 * other way round.
 */
final class ComposedMatrix {
    private static final int THREADS = 256;
    private static final int ROWS_OF_NORMS_PER_BLOCK = 8;

    /** exp(parameter · s) by the kernels' numbers; those below it are the potentials of pairs. */
    static final int EXPONENTIAL = 3;

    private final CudaOp op;
    private final int rows;
    private final int columns;
    private final int features;
    private final Cublas cublas;
    private final DeviceMemory memory;
    private final DeviceMemory ones;
    private final Kernel mask;

    /**
     * @param op owns the memory
     */
    ComposedMatrix(CudaOp op, int rows, int columns, int features) {
        this.op = op;
        this.rows = rows;
        this.columns = columns;
        this.features = features;
        cublas = op.planned(() -> op.device.libraries().cublas());
        memory = op.workspace((long) Float.BYTES * rows * columns);
        ones = op.ones(Math.max(rows, columns));
        mask = op.kernel(KernelFunction.COMPOSED_MASK);
    }

    static Grid threads(long count) {
        return Grid.of(Grid.blocks(count, THREADS), THREADS);
    }

    DeviceMemory memory() {
        return memory;
    }

    private Pointer pointer() {
        return op.address(memory);
    }

    private long size() {
        return (long) rows * columns;
    }

    /** Memory for the squared norms of so many points. */
    static DeviceMemory norms(CudaOp op, int points) {
        return op.workspace((long) Float.BYTES * points);
    }

    /** Becomes the squared distances of a [rows, d] and b [columns, d], in expanded form. */
    void distances(CudaTensor a, DeviceMemory rowNorms, CudaTensor b, DeviceMemory columnNorms) {
        squaredNorms(a, rows, rowNorms);
        if (b != a) {
            squaredNorms(b, columns, columnNorms);
        }
        cublas.product(
                op.name() + " distances",
                CUBLAS_OP_T,
                CUBLAS_OP_N,
                new int[] {columns, rows, features},
                b.address(),
                features,
                a.address(),
                features,
                HostScalar.ZERO,
                pointer());
        op.kernel(KernelFunction.COMPOSED_DISTANCES)
                .launch(
                        threads(size()),
                        rowNorms,
                        b == a ? rowNorms : columnNorms,
                        rows,
                        columns,
                        memory);
    }

    private void squaredNorms(CudaTensor points, int count, DeviceMemory norms) {
        op.kernel(KernelFunction.COMPOSED_NORMS)
                .launch(
                        Grid.of(Grid.blocks(count, ROWS_OF_NORMS_PER_BLOCK), THREADS),
                        points,
                        count,
                        features,
                        norms);
    }

    /** Becomes the function, or its slope, of the distances. */
    void map(KernelFunction function, ComposedMatrix distances, int kind, double parameter) {
        op.kernel(function)
                .launch(threads(size()), distances.memory, size(), kind, (float) parameter, memory);
    }

    /**
     * Becomes {@code source} where the labels differ, or where {@code columnLabels} is null where
     * the row's label is the column's number; else 0.
     *
     * @param source this matrix or another; null for ones
     */
    void mask(ComposedMatrix source, CudaIntTensor rowLabels, CudaIntTensor columnLabels) {
        mask.launch(
                threads(size()),
                source == null ? null : source.memory,
                rowLabels,
                columnLabels,
                rows,
                columns,
                memory);
    }

    /** sums [rows] = this · 1. */
    void rowSums(DeviceMemory sums) {
        cublas.sums(
                op.name() + " row sums",
                CUBLAS_OP_T,
                columns,
                rows,
                pointer(),
                op.address(ones),
                op.address(sums));
    }

    /** As {@link #rowSums(DeviceMemory)}; NaN where a row's label is no column's number. */
    void rowSums(CudaIntTensor rowLabels, DeviceMemory sums) {
        rowSums(sums);
        op.kernel(KernelFunction.COMPOSED_NO_CLASS)
                .launch(threads(rows), rowLabels, rows, columns, sums);
    }

    /** sums [columns] = thisᵀ · 1. */
    void columnSums(DeviceMemory sums) {
        cublas.sums(
                op.name() + " column sums",
                CUBLAS_OP_N,
                columns,
                rows,
                pointer(),
                op.address(ones),
                op.address(sums));
    }

    /** products [rows, d] = this · b [columns, d]. */
    void times(CudaTensor b, DeviceMemory products) {
        cublas.product(
                op.name() + " product",
                CUBLAS_OP_N,
                CUBLAS_OP_N,
                new int[] {features, rows, columns},
                b.address(),
                features,
                pointer(),
                columns,
                HostScalar.ZERO,
                op.address(products));
    }

    /** products [columns, d] = thisᵀ · a [rows, d]. */
    void transposedTimes(CudaTensor a, DeviceMemory products) {
        cublas.product(
                op.name() + " transposed product",
                CUBLAS_OP_N,
                CUBLAS_OP_T,
                new int[] {features, columns, rows},
                a.address(),
                features,
                pointer(),
                columns,
                HostScalar.ZERO,
                op.address(products));
    }
}
