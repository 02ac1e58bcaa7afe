package org.centerloss.report.theme;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/**
 * A logarithmic axis with ticks at powers of ten, and with few of these also at their doubles and
 * fivefolds.
 */
final class DecadeAxis extends LogAxis {
    private static final long serialVersionUID = 1;

    /** Above this ratio of the ends only powers of ten have ticks. */
    private static final double MANY_DECADES = 1000;

    private static final int GAP = 6;

    private final transient DoubleFunction<String> text;

    /**
     * @param text how a tick is written
     */
    DecadeAxis(String label, DoubleFunction<String> text) {
        super(label);
        this.text = text;
    }

    /** The numbers at which ticks stand. */
    static List<Double> ticks(double low, double high) {
        int[] steps = high / low > MANY_DECADES ? new int[] {1} : new int[] {1, 2, 5};
        List<Double> ticks = new ArrayList<>();
        for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
            for (int step : steps) {
                double value = step * Math.pow(10, power);
                if (value >= low && value <= high) {
                    ticks.add(value);
                }
            }
        }
        return ticks;
    }

    @Override
    protected List<NumberTick> refreshTicksHorizontal(
            Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        FontMetrics metrics = graphics.getFontMetrics(getTickLabelFont());
        List<NumberTick> ticks = new ArrayList<>();
        double end = Double.NEGATIVE_INFINITY;
        for (double value : ticks(getLowerBound(), getUpperBound())) {
            String written = text.apply(value);
            double half = metrics.stringWidth(written) / 2.0;
            double middle = valueToJava2D(value, area, edge);
            boolean free = middle - half > end + GAP;
            ticks.add(
                    new NumberTick(
                            value,
                            free ? written : "",
                            TextAnchor.TOP_CENTER,
                            TextAnchor.TOP_CENTER,
                            0));
            end = free ? middle + half : end;
        }
        return ticks;
    }

    @Override
    protected List<NumberTick> refreshTicksVertical(
            Graphics2D graphics, Rectangle2D area, RectangleEdge edge) {
        return ticks(getLowerBound(), getUpperBound()).stream()
                .map(
                        value ->
                                new NumberTick(
                                        value,
                                        text.apply(value),
                                        TextAnchor.CENTER_RIGHT,
                                        TextAnchor.CENTER_RIGHT,
                                        0))
                .toList();
    }
}
