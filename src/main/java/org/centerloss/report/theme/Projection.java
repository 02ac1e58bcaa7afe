package org.centerloss.report.theme;

import java.util.Locale;
import java.util.Optional;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.picture.Snapshot;

/**
 * How features become points of a plane: two features as they are, more by their two leading
 * principal components.
 *
 * @param mean [dimension], subtracted first
 * @param axes [2][dimension], unit vectors
 * @param labels what the axes are called
 */
public record Projection(double[] mean, double[][] axes, String[] labels) {

    /** The plane in which a snapshot is shown; empty where there is none. */
    public static Optional<Projection> of(Snapshot snapshot) {
        return snapshot.dimension() == 2
                ? Optional.of(ofTwoFeatures())
                : ofMostVariance(snapshot.train());
    }

    private static Projection ofTwoFeatures() {
        return new Projection(
                new double[2],
                new double[][] {{1, 0}, {0, 1}},
                new String[] {"feature 1", "feature 2"});
    }

    /**
     * The plane in which a set's features vary most: the eigenvectors of the largest eigenvalues of
     * their covariance matrix (Pearson 1901). A component's sign is such that its largest entry is
     * positive.
     *
     * @return empty where there are fewer than two features, no two samples or values that are not
     *     finite
     */
    static Optional<Projection> ofMostVariance(Embeddings embeddings) {
        int dimension = embeddings.dimension();
        int count = embeddings.count();
        if (dimension < 2 || count < 2 || !finite(embeddings.features())) {
            return Optional.empty();
        }
        double[][] rows = new double[count][dimension];
        double[] mean = new double[dimension];
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < dimension; k++) {
                rows[i][k] = embeddings.features()[i * dimension + k];
                mean[k] += rows[i][k] / count;
            }
        }
        RealMatrix covariance =
                new Covariance(new Array2DRowRealMatrix(rows, false)).getCovarianceMatrix();
        // Sorted by decreasing eigenvalue, since the matrix is symmetric.
        EigenDecomposition eigen = new EigenDecomposition(covariance);
        double variance = covariance.getTrace();
        double[][] axes = new double[2][];
        String[] labels = new String[2];
        for (int a = 0; a < 2; a++) {
            axes[a] = withPositiveLargest(eigen.getEigenvector(a).toArray());
            double share = variance > 0 ? eigen.getRealEigenvalue(a) / variance : 0;
            labels[a] =
                    String.format(
                            Locale.ROOT,
                            "principal component %d (%.1f %% of the variance)",
                            a + 1,
                            100 * share);
        }
        return Optional.of(new Projection(mean, axes, labels));
    }

    private static boolean finite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    private static double[] withPositiveLargest(double[] vector) {
        int largest = 0;
        for (int k = 1; k < vector.length; k++) {
            // Rounding must not decide between entries of equal size.
            if (Math.abs(vector[k]) > Math.abs(vector[largest]) * (1 + 1e-9)) {
                largest = k;
            }
        }
        double sign = vector[largest] < 0 ? -1 : 1;
        double[] result = new double[vector.length];
        for (int k = 0; k < vector.length; k++) {
            result[k] = sign * vector[k];
        }
        return result;
    }

    /**
     * Projects samples.
     *
     * @param features [count, dimension]
     * @return [2][count]: x and y
     */
    public double[][] project(float[] features) {
        int dimension = mean.length;
        int count = features.length / dimension;
        double[][] points = new double[2][count];
        for (int a = 0; a < 2; a++) {
            for (int i = 0; i < count; i++) {
                double sum = 0;
                for (int k = 0; k < dimension; k++) {
                    sum += axes[a][k] * (features[i * dimension + k] - mean[k]);
                }
                points[a][i] = sum;
            }
        }
        return points;
    }
}
