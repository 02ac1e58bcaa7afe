package org.centerloss.cuda.virtual.instruction;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * IEEE 754's rounding directions, from exact decimals; the names are PTX's modifiers. Each function
 * takes the result that is rounded to nearest, of type float or double, and says where the exact
 * one lies: 1 above, -1 below, 0 where they are equal or not finite.
 */
public enum Rounding {
    RN,
    RZ,
    RM,
    RP;

    public String modifier() {
        return "." + name().toLowerCase(Locale.ROOT);
    }

    public float direct(float nearest, int error) {
        if (up(error, nearest < 0)) {
            return Math.nextUp(nearest);
        }
        return down(error, nearest > 0) ? Math.nextDown(nearest) : nearest;
    }

    public double direct(double nearest, int error) {
        if (up(error, nearest < 0)) {
            return Math.nextUp(nearest);
        }
        return down(error, nearest > 0) ? Math.nextDown(nearest) : nearest;
    }

    private boolean up(int error, boolean negative) {
        return error > 0 && (this == RP || this == RZ && negative);
    }

    private boolean down(int error, boolean positive) {
        return error < 0 && (this == RM || this == RZ && positive);
    }

    /** A sum that cancels is zero, negative only where rounding goes down or both terms are. */
    public boolean negativeZero(double exactProductOrTerm, double term, int error, double nearest) {
        return this == RM
                && nearest == 0
                && error == 0
                && !(isPositiveZero(exactProductOrTerm) && isPositiveZero(term));
    }

    private static boolean isPositiveZero(double value) {
        return Double.doubleToRawLongBits(value) == 0;
    }

    public static int ofSum(double a, double b, double nearest) {
        return compare(() -> new BigDecimal(a).add(new BigDecimal(b)), nearest, finite(a, b));
    }

    public static int ofProduct(double a, double b, double nearest) {
        return compare(() -> new BigDecimal(a).multiply(new BigDecimal(b)), nearest, finite(a, b));
    }

    public static int ofFma(double a, double b, double c, double nearest) {
        return compare(
                () -> new BigDecimal(a).multiply(new BigDecimal(b)).add(new BigDecimal(c)),
                nearest,
                finite(a, b) && Double.isFinite(c));
    }

    public static int ofQuotient(double a, double b, double nearest) {
        if (!finite(a, b) || b == 0) {
            return 0;
        }
        // a / b > q exactly where a > q·b, for positive b.
        int product = compareProduct(a, b, nearest);
        return b > 0 ? product : -product;
    }

    private static int compareProduct(double a, double b, double quotient) {
        if (Double.isInfinite(quotient)) {
            return quotient > 0 == b > 0 ? -1 : 1;
        }
        return new BigDecimal(a).compareTo(new BigDecimal(quotient).multiply(new BigDecimal(b)));
    }

    public static int ofRoot(double a, double nearest) {
        return Double.isFinite(a) && a > 0
                ? new BigDecimal(a).compareTo(new BigDecimal(nearest).pow(2))
                : 0;
    }

    /** Of a conversion: the value itself is exact. */
    public static int ofValue(double value, double nearest) {
        return compare(() -> new BigDecimal(value), nearest, Double.isFinite(value));
    }

    public static int compare(Supplier<BigDecimal> exact, double nearest, boolean finite) {
        if (!finite) {
            return 0;
        } else if (Double.isInfinite(nearest)) {
            return nearest > 0 ? -1 : 1;
        }
        return exact.get().compareTo(new BigDecimal(nearest));
    }

    private static boolean finite(double a, double b) {
        return Double.isFinite(a) && Double.isFinite(b);
    }
}
