package org.centerloss.bench.kernel;

/**
 * The sizes of an operation.
 *
 * @param batch m, samples
 * @param features d
 * @param classes C; for pairwise repulsion only how many labels there are
 */
public record KernelShape(int batch, int features, int classes) {
    /** Whether its arrays fit a Java array, as results are compared in those. */
    public boolean fits() {
        return (long) features * Math.max(batch, classes) <= 1 << 29;
    }

    @Override
    public String toString() {
        return "m = %d, d = %d, C = %d".formatted(batch, features, classes);
    }
}
