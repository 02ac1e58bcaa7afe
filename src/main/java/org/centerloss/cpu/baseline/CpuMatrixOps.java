package org.centerloss.cpu.baseline;

import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_exp;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_log;

import java.util.Arrays;
import org.centerloss.baseline.MatrixOps;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.distance.PairPotential;
import org.centerloss.cpu.distance.SamplesByClass;
import org.centerloss.cpu.onednn.CpuProduct;
import org.centerloss.cpu.runtime.CpuElementwise;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.DeviceException;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;

/** Products and transcendental functions by oneDNN, other passes in Java, over rows in parallel. */
public final class CpuMatrixOps extends CpuOp implements MatrixOps {
    private final int rows;
    private final int columns;
    private final int features;
    private final CpuProduct product;
    private final CpuProduct times;
    private final CpuProduct transposedTimes;
    private final CpuProduct rowSums;
    private final CpuProduct columnSums;
    private final NativeMemory ones;
    private final MatrixRows matrixRows;
    private final PointRows pointRows;

    public CpuMatrixOps(CpuDevice device, String name, int rows, int columns, int features) {
        super(device, name);
        if ((long) Float.BYTES * rows * columns > Integer.MAX_VALUE) {
            close();
            throw new DeviceException(
                    "%s: a matrix of %d × %d is larger than 2 GiB; use smaller batches"
                            .formatted(name, rows, columns));
        }
        this.rows = rows;
        this.columns = columns;
        this.features = features;
        product = new CpuProduct(this, rows, columns, features, false, true);
        times = new CpuProduct(this, rows, features, columns, false, false);
        transposedTimes = new CpuProduct(this, columns, features, rows, true, false);
        rowSums = new CpuProduct(this, rows, 1, columns, false, false);
        columnSums = new CpuProduct(this, 1, columns, rows, false, false);
        float[] one = new float[Math.max(rows, columns)];
        Arrays.fill(one, 1f);
        ones = memory((long) Float.BYTES * one.length);
        ones.floats().put(0, one);
        matrixRows = new MatrixRows(this, rows, columns);
        pointRows = new PointRows(this, Math.max(rows, columns), features);
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

    private CpuTensor matrix(Tensor tensor, String argument) {
        return plain(tensor, argument, rows, columns);
    }

    @Override
    public Pass map(Function function, double parameter) {
        float p = (float) parameter;
        return switch (function) {
            case LOGARITHM -> inTwoSteps(1, 1, dnnl_eltwise_log);
            case EXPONENTIAL -> inTwoSteps(parameter, 0, dnnl_eltwise_exp);
            case MINIMUM -> inRows((row, values) -> minimum(values, p));
            case RECIPROCAL -> inRows((row, values) -> PairPotential.weighLogarithmic(values));
            case BELOW -> inRows((row, values) -> PairPotential.weighTruncated(values, p));
        };
    }

    /** f(factor · s + summand). */
    private Pass inTwoSteps(double factor, double summand, int function) {
        CpuElementwise linear =
                new CpuElementwise(this, rows, columns, dnnl_eltwise_linear, factor, summand);
        CpuElementwise last = new CpuElementwise(this, rows, columns, function, 0, 0);
        return (source, result) -> {
            CpuTensor to = matrix(result, "result");
            linear.run(matrix(source, "source").pointer(), to.pointer());
            last.run(to.pointer(), to.pointer());
        };
    }

    private Pass inRows(MatrixRows.Pass pass) {
        return (source, result) ->
                matrixRows.become(matrix(source, "source"), pass, matrix(result, "result"));
    }

    private static void minimum(float[] values, float most) {
        for (int j = 0; j < values.length; j++) {
            values[j] = Math.min(values[j], most);
        }
    }

    @Override
    public void product(Tensor a, Tensor b, Tensor products) {
        product.run(
                plain(a, "a", rows, features).pointer(),
                plain(b, "b", columns, features).pointer(),
                matrix(products, "products").pointer());
    }

    @Override
    public void times(Tensor matrix, Tensor b, Tensor products) {
        times.run(
                matrix(matrix, "matrix").pointer(),
                plain(b, "b", columns, features).pointer(),
                plain(products, "products", rows, features).pointer());
    }

    @Override
    public void transposedTimes(Tensor matrix, Tensor a, Tensor products) {
        transposedTimes.run(
                matrix(matrix, "matrix").pointer(),
                plain(a, "a", rows, features).pointer(),
                plain(products, "products", columns, features).pointer());
    }

    @Override
    public void rowSums(Tensor matrix, Tensor sums) {
        rowSums.run(
                matrix(matrix, "matrix").pointer(),
                ones.pointer(),
                plain(sums, "sums", rows).pointer());
    }

    @Override
    public void columnSums(Tensor matrix, Tensor sums) {
        columnSums.run(
                ones.pointer(),
                matrix(matrix, "matrix").pointer(),
                plain(sums, "sums", columns).pointer());
    }

    @Override
    public void squaredNorms(Tensor points, Tensor norms) {
        int count = (int) norms.size();
        pointRows.squaredNorms(
                plain(points, "points", count, features), plain(norms, "norms", count));
    }

    @Override
    public void expand(Tensor rowNorms, Tensor columnNorms, Tensor products) {
        matrixRows.expand(
                plain(rowNorms, "rowNorms", rows),
                plain(columnNorms, "columnNorms", columns),
                matrix(products, "products"));
    }

    @Override
    public void keepOwn(Tensor source, IntTensor labels, Tensor result) {
        matrixRows.keepOwn(
                source == null ? null : matrix(source, "source"),
                integers(labels, "labels", rows),
                matrix(result, "result"));
    }

    @Override
    public void keepOthers(Tensor source, IntTensor labels, Tensor result) {
        matrixRows.keepOthers(
                source == null ? null : matrix(source, "source"),
                integers(labels, "labels", columns),
                matrix(result, "result"));
    }

    @Override
    public void spoilRowsOfNoClass(IntTensor labels, Tensor sums) {
        CpuTensor spoiled = plain(sums, "sums", rows);
        int[] classOf = integers(labels, "labels", rows);
        for (int i = 0; i < rows; i++) {
            if (!SamplesByClass.isClass(classOf[i], columns)) {
                spoiled.buffer().put(i, Float.NaN);
            }
        }
    }

    @Override
    public void sum(Tensor values, double factor, Tensor result) {
        CpuTensor terms = plain(values, "values", rows);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += terms.buffer().get(i);
        }
        plain(result, "result", 1).buffer().put(0, (float) (factor * sum));
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
        pointRows.gradient(
                plain(a, "a", count, features),
                plain(sums, "sums", count),
                plain(products, "products", count, features),
                (float) factor,
                accumulate,
                plain(result, "result", count, features));
    }

    @Override
    public void argMin(Tensor matrix, IntTensor column, Tensor smallest) {
        matrixRows.argMin(
                matrix(matrix, "matrix"),
                integers(column, "column", rows),
                plain(smallest, "smallest", rows));
    }

    @Override
    public void moveCenters(Tensor counts, Tensor sums, double alpha, Tensor centers) {
        pointRows.moveCenters(
                plain(counts, "counts", columns),
                plain(sums, "sums", columns, features),
                (float) alpha,
                plain(centers, "centers", columns, features));
    }
}
