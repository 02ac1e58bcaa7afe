package org.centerloss.bench.kernel;

import org.centerloss.bench.Pass;

/**
 * What an operation cannot do without: rates and shares of the peaks are counted in these, so a
 * variant that moves or computes more than it needs shows lower rates, not higher ones.
 *
 * <p>With m samples, d features, C classes of which T have samples, and P pairs of samples of
 * different classes, each pair counted once; float32:
 *
 * <pre>
 *                                bytes                        operations
 * center loss, forward           4 (m + T) d + 4 m            3 m d
 * center loss, backward          8 (m + T) d + 4 m            3 m d
 * center loss, both              8 (m + T) d + 4 m            5 m d
 * pairwise repulsion, forward    4 m d + 4 m                  P (3 d + 2)
 * pairwise repulsion, backward   8 m d + 4 m                  P (6 d + 1)
 * pairwise repulsion, both       8 m d + 4 m                  P (6 d + 3)
 * center update                  4 (m + 2 T) d + 4 m          (m + 3 T) d
 * nearest center                 4 (m + C) d + 8 m            3 m C d
 * </pre>
 *
 * <p>Bytes: every argument that matters read once, every result written once. Operations: those of
 * direct differences (a difference, a square and a sum for each feature; in a gradient a product
 * and two sums for each feature of a pair); a logarithm and a division count as one.
 *
 * @param bytes read and written
 * @param operations of floats, a multiply-add being two
 */
record KernelCost(double bytes, double operations) {
    static KernelCost of(KernelOp op, Pass pass, KernelInputs inputs) {
        double m = inputs.shape().batch();
        double d = inputs.shape().features();
        double c = inputs.shape().classes();
        double gradients = pass == Pass.FORWARD ? 1 : 2;
        switch (op) {
            case CENTER_LOSS:
                return new KernelCost(
                        4 * gradients * (m + inputs.presentClasses()) * d + 4 * m,
                        (pass == Pass.BOTH ? 5 : 3) * m * d);
            case PAIRWISE_REPULSION:
                double value = pass == Pass.BACKWARD ? 0 : 2;
                double gradient = pass == Pass.FORWARD ? 0 : 3 * d + 1;
                return new KernelCost(
                        4 * gradients * m * d + 4 * m, inputs.pairs() * (3 * d + value + gradient));
            case CENTER_UPDATE:
                double present = inputs.presentClasses();
                return new KernelCost(4 * (m + 2 * present) * d + 4 * m, (m + 3 * present) * d);
            case NEAREST_CENTER:
                return new KernelCost(4 * (m + c) * d + 8 * m, 3 * m * c * d);
            default:
                throw new IllegalArgumentException("no cost of " + op);
        }
    }
}
