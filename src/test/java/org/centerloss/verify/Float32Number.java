package org.centerloss.verify;

/**
 * A number that a float32 computation approximates, and how far off that may be: running error
 * analysis (Higham, Accuracy and Stability of Numerical Algorithms, §3.3). Every operation adds at
 * most half a unit in the last place to what its operands were off; one that is fused with another
 * adds less.
 *
 * @param value in exact arithmetic, but for float64
 * @param error the most by which float32 may be off
 */
record Float32Number(double value, double error) {
    private static final double HALF_UNIT = 0x1p-24;

    /** Half of the smallest float32 above zero. */
    private static final double UNDERFLOW = 0x1p-150;

    /** A number that is rounded when it is given to the device. */
    static Float32Number of(double value) {
        return new Float32Number(value, Math.abs((float) value - value));
    }

    Float32Number plus(Float32Number other) {
        return rounded(value + other.value, error + other.error);
    }

    Float32Number minus(Float32Number other) {
        return rounded(value - other.value, error + other.error);
    }

    Float32Number times(Float32Number other) {
        return rounded(
                value * other.value,
                Math.abs(value) * other.error
                        + Math.abs(other.value) * error
                        + error * other.error);
    }

    Float32Number dividedBy(Float32Number other) {
        double quotient = value / other.value;
        return rounded(
                quotient,
                (error + Math.abs(quotient) * other.error) / (Math.abs(other.value) - other.error));
    }

    Float32Number squareRoot() {
        double root = Math.sqrt(value);
        return rounded(root, root - Math.sqrt(Math.max(0, value - error)));
    }

    private static Float32Number rounded(double value, double error) {
        return new Float32Number(value, error + HALF_UNIT * (Math.abs(value) + error) + UNDERFLOW);
    }
}
