package org.centerloss.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** A chart with logarithmic axes: lines and marks, with title, units, ticks and legend. */
final class LogChart {
    private static final Color INK = new Color(0x222222);
    private static final Color GRID = new Color(0xDDDDDD);
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 17);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 19);
    private static final int TICK = 6;

    /**
     * Points of one look, in the order in which a line joins them.
     *
     * @param line how they are joined; null for marks alone
     * @param mark around (0, 0); null for a line alone
     */
    record Series(String label, Color color, BasicStroke line, Shape mark, List<Point2D> points) {}

    /** An axis: its name with the unit, and how its ticks are written. */
    record Axis(String label, DoubleFunction<String> tick) {}

    private final String title;
    private final Axis across;
    private final Axis up;
    private final List<Series> series = new ArrayList<>();

    private Rectangle plot;
    private double left;
    private double right;
    private double bottom;
    private double top;

    LogChart(String title, Axis across, Axis up) {
        this.title = title;
        this.across = across;
        this.up = up;
    }

    void add(Series more) {
        series.add(more);
    }

    boolean isEmpty() {
        return series.stream().allMatch(s -> s.points().isEmpty());
    }

    /** Draws within {@code area}. */
    void draw(Graphics2D graphics, Rectangle area) {
        graphics.setFont(TEXT);
        FontMetrics metrics = graphics.getFontMetrics();
        int line = metrics.getHeight();
        int legend = line * ((series.size() + 1) / 2) + 8;
        int margin = metrics.stringWidth("0000 ms") + line + 3 * TICK;
        plot =
                new Rectangle(
                        area.x + margin,
                        area.y + 2 * line + legend,
                        area.width - margin - 2 * line,
                        area.height - 5 * line - legend);
        fitAxes();
        drawAxes(graphics, metrics);
        drawSeries(graphics);
        graphics.setColor(INK);
        graphics.setFont(TITLE);
        graphics.drawString(title, plot.x, area.y + line + 4);
        graphics.setFont(TEXT);
        drawLegend(graphics, metrics, area.y + line + 14);
    }

    private void fitAxes() {
        double[] x =
                series.stream()
                        .flatMap(s -> s.points().stream())
                        .mapToDouble(Point2D::getX)
                        .toArray();
        double[] y =
                series.stream()
                        .flatMap(s -> s.points().stream())
                        .mapToDouble(Point2D::getY)
                        .toArray();
        left = Double.POSITIVE_INFINITY;
        bottom = Double.POSITIVE_INFINITY;
        right = 0;
        top = 0;
        for (int i = 0; i < x.length; i++) {
            left = Math.min(left, x[i]);
            right = Math.max(right, x[i]);
            bottom = Math.min(bottom, y[i]);
            top = Math.max(top, y[i]);
        }
        left /= 1.3;
        right *= 1.3;
        bottom /= 1.6;
        top *= 1.6;
    }

    private double toX(double value) {
        return plot.x + plot.width * Math.log(value / left) / Math.log(right / left);
    }

    private double toY(double value) {
        return plot.y + plot.height * (1 - Math.log(value / bottom) / Math.log(top / bottom));
    }

    /** Powers of ten within the range, or with few of them also their double and fivefold. */
    private static List<Double> ticks(double low, double high) {
        int[] steps = high / low > 1000 ? new int[] {1} : new int[] {1, 2, 5};
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
            double decade = Math.pow(10, power);
            for (int step : steps) {
                if (step * decade >= low && step * decade <= high) {
                    ticks.add(step * decade);
                }
            }
        }
        return ticks;
    }

    private void drawAxes(Graphics2D graphics, FontMetrics metrics) {
        graphics.setStroke(new BasicStroke(1));
        int lastEnd = Integer.MIN_VALUE;
        for (double value : ticks(left, right)) {
            int x = (int) Math.round(toX(value));
            graphics.setColor(GRID);
            graphics.drawLine(x, plot.y, x, plot.y + plot.height);
            String text = across.tick().apply(value);
            int start = x - metrics.stringWidth(text) / 2;
            if (start > lastEnd + TICK) {
                graphics.setColor(INK);
                graphics.drawString(text, start, plot.y + plot.height + TICK + metrics.getAscent());
                lastEnd = start + metrics.stringWidth(text);
            }
        }
        for (double value : ticks(bottom, top)) {
            int y = (int) Math.round(toY(value));
            graphics.setColor(GRID);
            graphics.drawLine(plot.x, y, plot.x + plot.width, y);
            graphics.setColor(INK);
            String text = up.tick().apply(value);
            graphics.drawString(
                    text,
                    plot.x - TICK - metrics.stringWidth(text),
                    y + metrics.getAscent() / 2 - 2);
        }
        graphics.setColor(INK);
        graphics.draw(plot);
        graphics.drawString(
                across.label(),
                plot.x + (plot.width - metrics.stringWidth(across.label())) / 2,
                plot.y + plot.height + TICK + 2 * metrics.getHeight() + 2);
        AffineTransform upright = graphics.getTransform();
        graphics.rotate(-Math.PI / 2);
        graphics.drawString(
                up.label(),
                -plot.y - (plot.height + metrics.stringWidth(up.label())) / 2,
                plot.x - metrics.stringWidth("0000 ms") - 2 * TICK);
        graphics.setTransform(upright);
    }

    private void drawSeries(Graphics2D graphics) {
        Shape before = graphics.getClip();
        graphics.clip(plot);
        for (Series one : series) {
            graphics.setColor(one.color());
            Point2D last = null;
            for (Point2D point : one.points()) {
                Point2D at = new Point2D.Double(toX(point.getX()), toY(point.getY()));
                if (one.line() != null && last != null) {
                    graphics.setStroke(one.line());
                    graphics.draw(new Line2D.Double(last, at));
                }
                mark(graphics, one, at.getX(), at.getY());
                last = at;
            }
        }
        graphics.setClip(before);
    }

    private static void mark(Graphics2D graphics, Series series, double x, double y) {
        if (series.mark() != null) {
            AffineTransform move = AffineTransform.getTranslateInstance(x, y);
            graphics.fill(move.createTransformedShape(series.mark()));
        }
    }

    /** In two columns. */
    private void drawLegend(Graphics2D graphics, FontMetrics metrics, int y) {
        int rows = (series.size() + 1) / 2;
        for (int i = 0; i < series.size(); i++) {
            Series one = series.get(i);
            int x = plot.x + i / rows * plot.width / 2;
            int middle = y + metrics.getHeight() * (i % rows) + metrics.getHeight() / 2;
            graphics.setColor(one.color());
            if (one.line() != null) {
                graphics.setStroke(one.line());
                graphics.drawLine(x, middle, x + 30, middle);
            }
            mark(graphics, one, x + 15, middle);
            graphics.setColor(INK);
            graphics.drawString(one.label(), x + 38, middle + metrics.getAscent() / 2 - 2);
        }
    }

    /** A size on an axis: 16384, and 100k from there on. */
    static String size(double value) {
        return value < 1e5
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.0fk", value / 1000);
    }
}
