package org.centerloss.verify;

/**
 * One line of the verification table: one result of one operation at one shape.
 *
 * @param op the operation, loss or file
 * @param shape its shape and what is special about its inputs
 * @param quantity the result: {@code y}, {@code dx}, …; {@code ∂x} by finite differences
 * @param maxAbs largest |a − r|
 * @param maxRel largest |a − r| / |r| where r is not 0
 * @param relativeL2 ‖a − r‖ / ‖r‖
 * @param tolerance the relative tolerance that was held; infinite where none was
 * @param losesDigits whether the way of computing is known to lose digits here, so that a row that
 *     does not pass is no failure
 * @param detail empty when passed: otherwise where it is worst, or the exception
 */
public record ResultRow(
        String op,
        String shape,
        String quantity,
        double maxAbs,
        double maxRel,
        double relativeL2,
        double tolerance,
        boolean pass,
        boolean losesDigits,
        String detail) {

    static ResultRow of(
            String op, String shape, String quantity, Comparison comparison, double tolerance) {
        return new ResultRow(
                op,
                shape,
                quantity,
                comparison.maxAbs(),
                comparison.maxRel(),
                comparison.relativeL2(),
                tolerance,
                comparison.pass(),
                false,
                comparison.detail());
    }

    /** The same result, held to no tolerance. */
    ResultRow notHeld() {
        return new ResultRow(
                op,
                shape,
                quantity,
                maxAbs,
                maxRel,
                relativeL2,
                Double.POSITIVE_INFINITY,
                pass,
                losesDigits,
                detail);
    }

    /** A row that fails because there is no result to compare. */
    static ResultRow failed(String op, String shape, String quantity, String detail) {
        return new ResultRow(
                op, shape, quantity, Double.NaN, Double.NaN, Double.NaN, 0, false, false, detail);
    }

    /** Whether something is wrong that is not known. */
    public boolean failed() {
        return !pass && !losesDigits;
    }

    /** The same of an operation that is told by another name. */
    ResultRow named(String name) {
        return new ResultRow(
                name,
                shape,
                quantity,
                maxAbs,
                maxRel,
                relativeL2,
                tolerance,
                pass,
                losesDigits,
                detail);
    }

    /** The same where digits are known to get lost; what is not finite has lost more than those. */
    ResultRow losingDigits() {
        return new ResultRow(
                op,
                shape,
                quantity,
                maxAbs,
                maxRel,
                relativeL2,
                tolerance,
                pass,
                Double.isFinite(maxAbs),
                detail);
    }
}
