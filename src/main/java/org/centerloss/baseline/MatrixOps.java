package org.centerloss.baseline;

import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.Op;

/**
 * What composed operations are made of: products by the device's library, and passes over whole
 * matrices. Planned for matrices [rows, columns] and points of d features; a label belongs to the
 * column that has its number.
 */
public interface MatrixOps extends Op {
    /** Plans for one composed operation, which closes what it gets. */
    interface Factory {
        /**
         * @param name the composed operation with its shape, for messages
         */
        MatrixOps plan(String name, int rows, int columns, int features);
    }

    /** A function of one number, with a parameter p. */
    enum Function {
        /** log(1 + s). A device may add first, and so forget an s below 1e-7. */
        LOGARITHM,
        /** 1 / (1 + s), the derivative of the logarithm. */
        RECIPROCAL,
        /** min(s, p). */
        MINIMUM,
        /** 1 where s &lt; p, else 0: the derivative of the minimum. */
        BELOW,
        /** exp(p·s). */
        EXPONENTIAL
    }

    /** A planned pass over matrices [rows, columns]; the result may be the source. */
    interface Pass {
        void run(Tensor source, Tensor result);
    }

    /** Throws unless the argument is a plain tensor of this device with the expected shape. */
    void requirePlain(Tensor tensor, String argument, int... expected);

    /** Throws unless the argument is an integer tensor of this device with the expected size. */
    void requireIntegers(IntTensor tensor, String argument, int expectedSize);

    /** Plans result_ij = f(source_ij). */
    Pass map(Function function, double parameter);

    /** products [rows, columns] = a [rows, d] · b [columns, d]ᵀ. */
    void product(Tensor a, Tensor b, Tensor products);

    /** products [rows, d] = matrix [rows, columns] · b [columns, d]. */
    void times(Tensor matrix, Tensor b, Tensor products);

    /** products [columns, d] = matrix [rows, columns]ᵀ · a [rows, d]. */
    void transposedTimes(Tensor matrix, Tensor a, Tensor products);

    /** norms_i = ‖points_i‖², of rows or columns: points [n, d], norms [n]. */
    void squaredNorms(Tensor points, Tensor norms);

    /** In place: product_ij becomes max(0, rowNorms_i + columnNorms_j − 2 product_ij). */
    void expand(Tensor rowNorms, Tensor columnNorms, Tensor products);

    /**
     * Keeps the elements whose column is the row's label; the others become 0.
     *
     * @param source null for a matrix of ones; may be the result
     * @param labels [rows]
     */
    void keepOwn(Tensor source, IntTensor labels, Tensor result);

    /**
     * Keeps the elements whose row and column have different labels; the others become 0. For as
     * many rows as columns.
     *
     * @param source null for a matrix of ones; may be the result
     * @param labels of the rows, which are those of the columns
     */
    void keepOthers(Tensor source, IntTensor labels, Tensor result);

    /** sums [rows] = matrix · 1. */
    void rowSums(Tensor matrix, Tensor sums);

    /** sums [columns] = matrixᵀ · 1. */
    void columnSums(Tensor matrix, Tensor sums);

    /** sums_i becomes NaN where the row's label is the number of no column. */
    void spoilRowsOfNoClass(IntTensor labels, Tensor sums);

    /** result [1] = factor · Σ_i values_i, of values [rows]. */
    void sum(Tensor values, double factor, Tensor result);

    /**
     * result_i = factor · (sums_i a_i − products_i), of rows or columns: sums [n], the others [n,
     * d].
     *
     * @param accumulate whether that is added to what is there or overwrites it
     */
    void gradient(
            Tensor a,
            Tensor sums,
            Tensor products,
            double factor,
            boolean accumulate,
            Tensor result);

    /** Each row's smallest element, with its column, the lowest among equals. */
    void argMin(Tensor matrix, IntTensor column, Tensor smallest);

    /** centers_j −= alpha · (counts_j centers_j − sums_j) / (1 + counts_j), of columns. */
    void moveCenters(Tensor counts, Tensor sums, double alpha, Tensor centers);
}
