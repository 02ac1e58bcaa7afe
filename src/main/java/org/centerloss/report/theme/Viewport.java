package org.centerloss.report.theme;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The part of a plane that a picture shows.
 *
 * @param left smallest x
 * @param right largest x
 * @param bottom smallest y
 * @param top largest y
 */
public record Viewport(double left, double right, double bottom, double top) {
    /** The share of an epoch's points that may lie beyond each side. */
    private static final double TAIL = 0.002;

    /** The share of the epochs that may reach beyond each side. */
    private static final double WILD_EPOCHS = 0.2;

    private static final double PADDING = 0.06;

    /**
     * A window for epochs that are shown one after the other: it holds nearly all points of the
     * last one and of four in five of the others, so that a wild epoch does not make all others
     * small.
     *
     * @param epochs the points [2][count] of each; not empty
     */
    public static Viewport of(List<double[][]> epochs) {
        double[] across = range(epochs.stream().map(points -> points[0]).toList());
        double[] up = range(epochs.stream().map(points -> points[1]).toList());
        return new Viewport(across[0], across[1], up[0], up[1]);
    }

    private static double[] range(List<double[]> epochs) {
        List<double[]> sorted =
                epochs.stream().map(Viewport::finite).filter(values -> values.length > 0).toList();
        if (sorted.isEmpty()) {
            return new double[] {-1, 1};
        }
        double[] last = sorted.get(sorted.size() - 1);
        double low = Math.min(quantile(last, TAIL), quantile(ends(sorted, TAIL), WILD_EPOCHS));
        double high =
                Math.max(
                        quantile(last, 1 - TAIL),
                        quantile(ends(sorted, 1 - TAIL), 1 - WILD_EPOCHS));
        double padding = high > low ? PADDING * (high - low) : Math.max(1, Math.abs(low));
        return new double[] {low - padding, high + padding};
    }

    private static double[] ends(Collection<double[]> sorted, double share) {
        return sorted.stream().mapToDouble(values -> quantile(values, share)).sorted().toArray();
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    }

    /** The value at a share of the way through sorted values, rounded towards the nearer end. */
    public static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        return sorted[(int) (share < 0.5 ? Math.floor(at) : Math.ceil(at))];
    }

    /**
     * Made large enough for these points [2][count] too, as far as they are finite, with some room
     * beyond them.
     */
    public Viewport including(double[][] points) {
        Viewport all = extreme(points);
        double x = PADDING * (all.right - all.left);
        double y = PADDING * (all.top - all.bottom);
        return new Viewport(
                all.left < left ? all.left - x : left,
                all.right > right ? all.right + x : right,
                all.bottom < bottom ? all.bottom - y : bottom,
                all.top > top ? all.top + y : top);
    }

    private Viewport extreme(double[][] points) {
        Viewport all = this;
        for (int i = 0; i < points[0].length; i++) {
            double x = points[0][i];
            double y = points[1][i];
            if (Double.isFinite(x) && Double.isFinite(y)) {
                all =
                        new Viewport(
                                Math.min(all.left, x),
                                Math.max(all.right, x),
                                Math.min(all.bottom, y),
                                Math.max(all.top, y));
            }
        }
        return all;
    }

    /** Large enough for both. */
    public Viewport and(Viewport other) {
        return extreme(new double[][] {{other.left, other.right}, {other.bottom, other.top}});
    }

    /** The same middle, made wider or higher until a unit is as long across as up. */
    public Viewport withAspect(double width, double height) {
        double unit = Math.max((right - left) / width, (top - bottom) / height);
        double x = (left + right) / 2;
        double y = (bottom + top) / 2;
        return new Viewport(
                x - unit * width / 2,
                x + unit * width / 2,
                y - unit * height / 2,
                y + unit * height / 2);
    }

    /** The number of points [2][count] that lie outside. */
    public int outside(double[][] points) {
        int outside = 0;
        for (int i = 0; i < points[0].length; i++) {
            double x = points[0][i];
            double y = points[1][i];
            boolean inside = x >= left && x <= right && y >= bottom && y <= top;
            outside += inside ? 0 : 1;
        }
        return outside;
    }
}
