package org.centerloss.cuda.baseline;

import static jcuda.jcublas.cublasOperation.CUBLAS_OP_N;
import static jcuda.jcublas.cublasOperation.CUBLAS_OP_T;

import org.centerloss.baseline.MatrixOps;
import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.Grid;
import org.centerloss.cuda.driver.HostScalar;
import org.centerloss.cuda.driver.Kernel;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.library.Cublas;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.RowTeams;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/**
 * Passes of {@code kernels/composed.cu} and products by cuBLAS, whose matrices are column-major, so
 * that every product is written the other way round.
 */
public final class CudaMatrixOps extends CudaOp implements MatrixOps {
    private static final int THREADS = 256;
    private static final int ROWS_OF_NORMS_PER_BLOCK = 8;

    private final int rows;
    private final int columns;
    private final int features;
    private final Cublas cublas;
    private final DeviceMemory ones;
    private final Kernel norms;
    private final Kernel expand;
    private final Kernel map;
    private final Kernel mask;
    private final Kernel spoil;
    private final Kernel sum;
    private final Kernel gradient;
    private final Kernel argMin;
    private final Kernel move;

    public CudaMatrixOps(CudaDevice device, String name, int rows, int columns, int features) {
        super(device, name);
        this.rows = rows;
        this.columns = columns;
        this.features = features;
        cublas = planned(() -> device.libraries().cublas());
        ones = ones(Math.max(rows, columns));
        norms = kernel(KernelFunction.COMPOSED_NORMS);
        expand = kernel(KernelFunction.COMPOSED_DISTANCES);
        map = kernel(KernelFunction.COMPOSED_MAP);
        mask = kernel(KernelFunction.COMPOSED_MASK);
        spoil = kernel(KernelFunction.COMPOSED_NO_CLASS);
        sum = kernel(KernelFunction.SUM_PARTIALS);
        gradient = kernel(KernelFunction.COMPOSED_GRADIENT);
        argMin =
                kernel(
                        RowTeams.areWarps(columns)
                                ? KernelFunction.COMPOSED_ARG_MIN_WARP
                                : KernelFunction.COMPOSED_ARG_MIN_BLOCK);
        move = kernel(KernelFunction.COMPOSED_CENTER_STEP);
    }

    @Override
    public void requirePlain(Tensor tensor, String argument, int... expected) {
        checkOpen();
        plain(tensor, argument, expected);
    }

    @Override
    public void requireIntegers(IntTensor tensor, String argument, int expectedSize) {
        checkOpen();
        integers(tensor, argument, expectedSize);
    }

    private CudaTensor matrix(Tensor tensor, String argument) {
        return plain(tensor, argument, rows, columns);
    }

    private long size() {
        return (long) rows * columns;
    }

    private static Grid threads(long count) {
        return Grid.of(Grid.blocks(count, THREADS), THREADS);
    }

    @Override
    public Pass map(Function function, double parameter) {
        return (source, result) ->
                map.launch(
                        threads(size()),
                        matrix(source, "source"),
                        size(),
                        number(function),
                        (float) parameter,
                        matrix(result, "result"));
    }

    /** As {@code kernels/composed.cu} has them. */
    private static int number(Function function) {
        return switch (function) {
            case LOGARITHM -> 0;
            case RECIPROCAL -> 1;
            case MINIMUM -> 2;
            case BELOW -> 3;
            case EXPONENTIAL -> 4;
        };
    }

    @Override
    public void product(Tensor a, Tensor b, Tensor products) {
        cublas.product(
                name() + " distances",
                CUBLAS_OP_T,
                CUBLAS_OP_N,
                new int[] {columns, rows, features},
                plain(b, "b", columns, features).address(),
                features,
                plain(a, "a", rows, features).address(),
                features,
                HostScalar.ZERO,
                matrix(products, "products").address());
    }

    @Override
    public void times(Tensor matrix, Tensor b, Tensor products) {
        cublas.product(
                name() + " product",
                CUBLAS_OP_N,
                CUBLAS_OP_N,
                new int[] {features, rows, columns},
                plain(b, "b", columns, features).address(),
                features,
                matrix(matrix, "matrix").address(),
                columns,
                HostScalar.ZERO,
                plain(products, "products", rows, features).address());
    }

    @Override
    public void transposedTimes(Tensor matrix, Tensor a, Tensor products) {
        cublas.product(
                name() + " transposed product",
                CUBLAS_OP_N,
                CUBLAS_OP_T,
                new int[] {features, columns, rows},
                plain(a, "a", rows, features).address(),
                features,
                matrix(matrix, "matrix").address(),
                columns,
                HostScalar.ZERO,
                plain(products, "products", columns, features).address());
    }

    @Override
    public void rowSums(Tensor matrix, Tensor sums) {
        cublas.sums(
                name() + " row sums",
                CUBLAS_OP_T,
                columns,
                rows,
                matrix(matrix, "matrix").address(),
                address(ones),
                plain(sums, "sums", rows).address());
    }

    @Override
    public void columnSums(Tensor matrix, Tensor sums) {
        cublas.sums(
                name() + " column sums",
                CUBLAS_OP_N,
                columns,
                rows,
                matrix(matrix, "matrix").address(),
                address(ones),
                plain(sums, "sums", columns).address());
    }

    @Override
    public void squaredNorms(Tensor points, Tensor ofPoints) {
        int count = (int) ofPoints.size();
        norms.launch(
                Grid.of(Grid.blocks(count, ROWS_OF_NORMS_PER_BLOCK), THREADS),
                plain(points, "points", count, features),
                count,
                features,
                plain(ofPoints, "norms", count));
    }

    @Override
    public void expand(Tensor rowNorms, Tensor columnNorms, Tensor products) {
        expand.launch(
                threads(size()),
                plain(rowNorms, "rowNorms", rows),
                plain(columnNorms, "columnNorms", columns),
                rows,
                columns,
                matrix(products, "products"));
    }

    @Override
    public void keepOwn(Tensor source, IntTensor labels, Tensor result) {
        mask(source, integers(labels, "labels", rows), null, result);
    }

    @Override
    public void keepOthers(Tensor source, IntTensor labels, Tensor result) {
        CudaIntTensor classOf = integers(labels, "labels", columns);
        mask(source, classOf, classOf, result);
    }

    private void mask(
            Tensor source, CudaIntTensor rowLabels, CudaIntTensor columnLabels, Tensor result) {
        mask.launch(
                threads(size()),
                source == null ? null : matrix(source, "source"),
                rowLabels,
                columnLabels,
                rows,
                columns,
                matrix(result, "result"));
    }

    @Override
    public void spoilRowsOfNoClass(IntTensor labels, Tensor sums) {
        spoil.launch(
                threads(rows),
                integers(labels, "labels", rows),
                rows,
                columns,
                plain(sums, "sums", rows));
    }

    @Override
    public void sum(Tensor values, double factor, Tensor result) {
        sum.launch(
                Grid.of(1, THREADS),
                plain(values, "values", rows),
                rows,
                (float) factor,
                plain(result, "result", 1));
    }

    @Override
    public void gradient(
            Tensor a,
            Tensor sums,
            Tensor products,
            double factor,
            boolean accumulate,
            Tensor result) {
        int count = (int) sums.size();
        gradient.launch(
                threads((long) count * features),
                plain(a, "a", count, features),
                plain(sums, "sums", count),
                plain(products, "products", count, features),
                count,
                features,
                (float) factor,
                accumulate ? 1 : 0,
                plain(result, "result", count, features));
    }

    @Override
    public void argMin(Tensor matrix, IntTensor column, Tensor smallest) {
        argMin.launch(
                RowTeams.grid(rows, columns),
                matrix(matrix, "matrix"),
                rows,
                columns,
                integers(column, "column", rows),
                plain(smallest, "smallest", rows));
    }

    @Override
    public void moveCenters(Tensor counts, Tensor sums, double alpha, Tensor centers) {
        move.launch(
                threads((long) columns * features),
                plain(counts, "counts", columns),
                plain(sums, "sums", columns, features),
                columns,
                features,
                (float) alpha,
                plain(centers, "centers", columns, features));
    }
}
