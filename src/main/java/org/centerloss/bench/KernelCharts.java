package org.centerloss.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.centerloss.device.Peaks;
import org.centerloss.device.Variant;

/**
 * What is drawn of a run: time against size, and a roofline. Charts show the pass that gives every
 * result, or the first of those that were timed.
 */
final class KernelCharts {
    private static final Map<Variant, Color> COLORS =
            Map.of(
                    Variant.FUSED, new Color(0x0B62C4),
                    Variant.COMPOSED, new Color(0xD95F02),
                    Variant.NAIVE, new Color(0x6B6B6B));
    private static final BasicStroke LINE = new BasicStroke(3);
    private static final BasicStroke ROOF = new BasicStroke(2);

    /** A size, as an axis: how it is read from a shape. */
    private record Dimension(String symbol, String label, ToIntFunction<KernelShape> size) {}

    private static final List<Dimension> DIMENSIONS =
            List.of(
                    new Dimension("m", "m, samples", KernelShape::batch),
                    new Dimension("d", "d, features", KernelShape::features),
                    new Dimension("C", "C, classes", KernelShape::classes));

    private KernelCharts() {}

    /** Time against each size that was varied; none where nothing was. */
    static List<LogChart> times(KernelOp op, List<KernelRow> rows) {
        return DIMENSIONS.stream()
                .map(dimension -> time(dimension, complete(rows, op)))
                .filter(Objects::nonNull)
                .toList();
    }

    /** What the charts of an operation show. */
    static String heading(KernelOp op, List<KernelRow> rows) {
        if (op.passes().size() == 1) {
            return op.title();
        }
        Pass pass = complete(rows, op).get(0).key().pass();
        return op.title() + ", " + (pass == Pass.BOTH ? "forward + backward" : pass.key());
    }

    /** The timed rows of the pass that gives the most results. */
    private static List<KernelRow> complete(List<KernelRow> rows, KernelOp op) {
        Function<Pass, List<KernelRow>> of =
                pass ->
                        rows.stream()
                                .filter(row -> row.timing() != null)
                                .filter(row -> row.key().op() == op && row.key().pass() == pass)
                                .toList();
        List<KernelRow> both = of.apply(op.completePass());
        return !both.isEmpty()
                ? both
                : op.passes().stream()
                        .map(of)
                        .filter(timed -> !timed.isEmpty())
                        .findFirst()
                        .orElse(List.of());
    }

    /** The longest line of shapes that differ in that size alone; null where there is none. */
    private static LogChart time(Dimension dimension, List<KernelRow> rows) {
        Map<String, List<KernelRow>> lines = new LinkedHashMap<>();
        for (KernelRow row : rows) {
            List<String> others = new ArrayList<>();
            for (Dimension other : DIMENSIONS) {
                if (other != dimension) {
                    int size = other.size().applyAsInt(row.key().shape());
                    others.add(other.symbol() + " = " + size);
                }
            }
            lines.computeIfAbsent(String.join(", ", others), any -> new ArrayList<>()).add(row);
        }
        ToIntFunction<List<KernelRow>> sizes =
                line ->
                        (int)
                                line.stream()
                                        .map(row -> row.key().shape())
                                        .mapToInt(dimension.size())
                                        .distinct()
                                        .count();
        Map.Entry<String, List<KernelRow>> longest =
                lines.entrySet().stream()
                        .max(Comparator.comparingInt(e -> sizes.applyAsInt(e.getValue())))
                        .orElse(null);
        if (longest == null || sizes.applyAsInt(longest.getValue()) < 2) {
            return null;
        }
        List<KernelRow> line = new ArrayList<>(longest.getValue());
        line.sort(Comparator.comparingInt(row -> dimension.size().applyAsInt(row.key().shape())));
        LogChart chart =
                new LogChart(
                        longest.getKey(),
                        new LogChart.Axis(dimension.label(), LogChart::size),
                        new LogChart.Axis("time of a run", Units::roundSeconds));
        for (Variant variant : Variant.values()) {
            List<Point2D> points = new ArrayList<>();
            for (KernelRow row : line) {
                if (row.key().variant() == variant) {
                    points.add(
                            new Point2D.Double(
                                    dimension.size().applyAsInt(row.key().shape()),
                                    row.timing().median()));
                }
            }
            if (!points.isEmpty()) {
                chart.add(
                        new LogChart.Series(
                                KernelTable.name(variant),
                                COLORS.get(variant),
                                LINE,
                                mark(0, 12),
                                points));
            }
        }
        return chart;
    }

    /** The rate of each run against its operations per byte, below what the device can do. */
    static LogChart roofline(List<KernelRow> rows, Peaks peaks) {
        LogChart chart =
                new LogChart(
                        "rate of each run; the line is what its bytes and operations allow",
                        new LogChart.Axis("operations per byte", Units::round),
                        new LogChart.Axis("GFLOP/s", Units::round));
        List<LogChart.Series> marks = new ArrayList<>();
        double low = 1;
        double high = peaks.flopsPerSecond() / peaks.bytesPerSecond();
        for (KernelOp op : KernelOp.values()) {
            for (Variant variant : Variant.values()) {
                List<Point2D> points = new ArrayList<>();
                for (KernelRow row : complete(rows, op)) {
                    if (row.key().variant() == variant) {
                        double intensity = row.operations() / row.bytes();
                        points.add(new Point2D.Double(intensity, row.flopsPerSecond() / 1e9));
                        low = Math.min(low, intensity);
                        high = Math.max(high, intensity);
                    }
                }
                if (!points.isEmpty()) {
                    marks.add(
                            new LogChart.Series(
                                    op.title() + ", " + KernelTable.name(variant),
                                    COLORS.get(variant),
                                    null,
                                    mark(op.ordinal(), 13),
                                    points));
                }
            }
        }
        List<Point2D> roof = new ArrayList<>();
        double ridge = peaks.flopsPerSecond() / peaks.bytesPerSecond();
        for (double intensity : new double[] {low / 2, ridge, Math.max(high, ridge) * 2}) {
            roof.add(
                    new Point2D.Double(
                            intensity,
                            Math.min(intensity * peaks.bytesPerSecond(), peaks.flopsPerSecond())
                                    / 1e9));
        }
        chart.add(
                new LogChart.Series(
                        "measured peaks: "
                                + Units.digits(peaks.bytesPerSecond() / 1e9)
                                + " GB/s, "
                                + Units.digits(peaks.flopsPerSecond() / 1e9)
                                + " GFLOP/s",
                        Color.BLACK,
                        ROOF,
                        null,
                        roof));
        marks.forEach(chart::add);
        return chart;
    }

    /** A circle, a square, a triangle or a diamond. */
    private static Shape mark(int kind, double size) {
        double half = size / 2;
        switch (kind) {
            case 0:
                return new Ellipse2D.Double(-half, -half, size, size);
            case 1:
                return new Rectangle2D.Double(-half, -half, size, size);
            default:
                Path2D path = new Path2D.Double();
                path.moveTo(0, -half * 1.2);
                path.lineTo(half * 1.2, kind == 2 ? half : 0);
                path.lineTo(kind == 2 ? -half * 1.2 : 0, kind == 2 ? half : half * 1.2);
                if (kind != 2) {
                    path.lineTo(-half * 1.2, 0);
                }
                path.closePath();
                return path;
        }
    }
}
