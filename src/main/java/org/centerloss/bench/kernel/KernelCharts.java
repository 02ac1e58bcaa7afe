package org.centerloss.bench.kernel;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Shape;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.Units;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Markers;
import org.centerloss.report.theme.Theme;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/**
 * What is drawn of a run: time against size, and a roofline. Charts show the pass that gives every
 * result, or the first of those that were timed.
 */
final class KernelCharts {
    private static final Theme LOOK = Theme.LIGHT;
    private static final Dimension CELL = new Dimension(640, 500);
    private static final Dimension ROOFLINE_CELL = new Dimension(1200, 640);
    private static final Map<Variant, Color> COLORS =
            Map.of(
                    Variant.FUSED, LOOK.line(0),
                    Variant.COMPOSED, LOOK.line(1),
                    Variant.NAIVE, LOOK.line(2));

    private static final int LINE_MARK = 11;
    private static final int ROOFLINE_MARK = 13;

    /** How far axes reach beyond the points: factors. */
    private static final double MARGIN_ACROSS = 1.3;

    private static final double MARGIN_UP = 1.6;

    /**
     * Points of one kind.
     *
     * @param mark null for a line alone
     * @param line whether the points are joined, in their order
     */
    private record Series(Color color, Shape mark, boolean line, List<Point2D> points) {}

    /** A size, as an axis: how it is read from a shape. */
    private record Size(String symbol, String label, ToIntFunction<KernelShape> of) {}

    private static final List<Size> SIZES =
            List.of(
                    new Size("m", "m, samples", KernelShape::batch),
                    new Size("d", "d, features", KernelShape::features),
                    new Size("C", "C, classes", KernelShape::classes));

    private KernelCharts() {}

    /** Time against each size that was varied; empty where nothing was. */
    static Optional<Figure> times(KernelOp op, List<KernelRow> rows) {
        List<Line> lines =
                SIZES.stream()
                        .map(size -> line(size, complete(rows, op)))
                        .filter(Objects::nonNull)
                        .toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Figure figure = new Figure(LOOK, heading(op, rows), lines.size(), CELL);
        for (Line line : lines) {
            figure.add(line.title(), time(line));
        }
        for (Variant variant : Variant.values()) {
            if (lines.stream().anyMatch(line -> !line.of(variant).isEmpty())) {
                figure.legend(variant.key(), Markers.of(0, LINE_MARK), COLORS.get(variant));
            }
        }
        return Optional.of(figure);
    }

    /** What the charts of an operation show. */
    private static String heading(KernelOp op, List<KernelRow> rows) {
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

    /**
     * Rows whose shapes differ in one size alone.
     *
     * @param title what the other sizes are
     */
    private record Line(Size size, String title, List<KernelRow> rows) {
        /** Size and time of one variant, by size. */
        List<Point2D> of(Variant variant) {
            List<Point2D> points = new ArrayList<>();
            for (KernelRow row : rows) {
                if (row.key().variant() == variant) {
                    int at = size.of().applyAsInt(row.key().shape());
                    points.add(new Point2D.Double(at, row.timing().median()));
                }
            }
            points.sort(Comparator.comparingDouble(Point2D::getX));
            return points;
        }
    }

    /** The line with the most values of that size; null where there is none with two. */
    private static Line line(Size size, List<KernelRow> rows) {
        Map<String, List<KernelRow>> lines = new LinkedHashMap<>();
        for (KernelRow row : rows) {
            List<String> others = new ArrayList<>();
            for (Size other : SIZES) {
                if (other != size) {
                    int value = other.of().applyAsInt(row.key().shape());
                    others.add(other.symbol() + " = " + value);
                }
            }
            lines.computeIfAbsent(String.join(", ", others), any -> new ArrayList<>()).add(row);
        }
        ToIntFunction<List<KernelRow>> values =
                line ->
                        (int)
                                line.stream()
                                        .map(row -> row.key().shape())
                                        .mapToInt(size.of())
                                        .distinct()
                                        .count();
        return lines.entrySet().stream()
                .filter(line -> values.applyAsInt(line.getValue()) >= 2)
                .max(Comparator.comparingInt(line -> values.applyAsInt(line.getValue())))
                .map(line -> new Line(size, line.getKey(), line.getValue()))
                .orElse(null);
    }

    private static JFreeChart time(Line line) {
        List<Series> series = new ArrayList<>();
        for (Variant variant : Variant.values()) {
            series.add(
                    new Series(
                            COLORS.get(variant), Markers.of(0, LINE_MARK), true, line.of(variant)));
        }
        return chart(
                series,
                Theme.logAxis(line.size().label(), KernelCharts::size),
                Theme.logAxis("time of a run", Units::roundSeconds));
    }

    /** A size on an axis: 16384, and 100k from there on. */
    private static String size(double value) {
        return value < 1e5
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.0fk", value / 1000);
    }

    /** The rate of each run against its operations per byte, below what the device can do. */
    static Figure roofline(List<KernelRow> rows, Peaks peaks) {
        Figure figure = new Figure(LOOK, "Roofline", 1, ROOFLINE_CELL);
        List<Series> marks = new ArrayList<>();
        double ridge = peaks.flopsPerSecond() / peaks.bytesPerSecond();
        double low = 1;
        double high = ridge;
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
                    Shape mark = Markers.of(op.ordinal(), ROOFLINE_MARK);
                    marks.add(new Series(COLORS.get(variant), mark, false, points));
                    String label = op.title() + ", " + variant.key();
                    figure.legend(label, mark, COLORS.get(variant));
                }
            }
        }
        List<Point2D> roof = new ArrayList<>();
        for (double intensity : new double[] {low / 2, ridge, high * 2}) {
            double rate = Math.min(intensity * peaks.bytesPerSecond(), peaks.flopsPerSecond());
            roof.add(new Point2D.Double(intensity, rate / 1e9));
        }
        List<Series> series = new ArrayList<>();
        series.add(new Series(LOOK.ink(), null, true, roof));
        series.addAll(marks);
        return figure.add(
                "rate of each run; the line is what bytes and operations allow at the measured peaks, %s GB/s and %s GFLOP/s"
                        .formatted(
                                Units.digits(peaks.bytesPerSecond() / 1e9),
                                Units.digits(peaks.flopsPerSecond() / 1e9)),
                chart(
                        series,
                        Theme.logAxis("operations per byte", Units::round),
                        Theme.logAxis("GFLOP/s", Units::round)));
    }

    private static JFreeChart chart(List<Series> series, ValueAxis across, ValueAxis up) {
        XYSeriesCollection data = new XYSeriesCollection();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
        for (int i = 0; i < series.size(); i++) {
            Series one = series.get(i);
            XYSeries points = new XYSeries(i, false);
            one.points().forEach(point -> points.add(point.getX(), point.getY()));
            data.addSeries(points);
            renderer.setSeriesPaint(i, one.color());
            renderer.setSeriesLinesVisible(i, one.line());
            renderer.setSeriesShapesVisible(i, one.mark() != null);
            renderer.setSeriesShape(i, one.mark());
        }
        fit(
                across,
                data.getDomainLowerBound(false),
                data.getDomainUpperBound(false),
                MARGIN_ACROSS);
        fit(up, data.getRangeLowerBound(false), data.getRangeUpperBound(false), MARGIN_UP);
        return LOOK.chart(data, across, up, renderer);
    }

    private static void fit(ValueAxis axis, double low, double high, double margin) {
        axis.setRange(low / margin, high * margin);
    }
}
