package org.centerloss.report.theme;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.DoubleFunction;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYDataImageAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.DefaultXYDataset;

/**
 * A matrix over classes as coloured cells, with its numbers where there is room.
 *
 * @param columns what the columns are
 * @param rows what the rows are
 * @param names of rows and columns
 * @param values [row][column]; NaN leaves a cell empty
 * @param strength of the colour: from a value to 0 … 1
 * @param text what stands in a cell
 */
public record MatrixChart(
        Theme theme,
        String columns,
        String rows,
        List<String> names,
        double[][] values,
        DoubleFunction<Double> strength,
        DoubleFunction<String> text) {
    /** The most classes whose cells and names are still legible. */
    public static final int MOST_CLASSES = 200;

    private static final int MOST_NUMBERS = 40;
    private static final int LONGEST_NAME = 150;
    private static final int AXIS_NAME = 34;
    private static final int SMALLEST_SIDE = 200;

    /** Of the scale of colours. */
    private static final int STEPS = 5;

    private int cell() {
        int count = names.size();
        return count <= 12 ? 54 : count <= 25 ? 38 : count <= MOST_NUMBERS ? 32 : 14;
    }

    private Font font() {
        return Theme.TEXT.deriveFont(
                names.size() <= 25 ? 15f : names.size() <= MOST_NUMBERS ? 13f : 11f);
    }

    /** Pixels beside the cells, for names. */
    private int margin() {
        FontMetrics metrics = Figure.metrics(font());
        return AXIS_NAME
                + 12
                + names.stream()
                        .mapToInt(name -> Math.min(LONGEST_NAME, metrics.stringWidth(name)))
                        .max()
                        .orElse(0);
    }

    /** The size of the chart in pixels. */
    public Dimension size() {
        int cells = Math.max(names.size() * cell(), SMALLEST_SIDE);
        return Theme.size(new Dimension(cells, cells), margin(), margin());
    }

    /** Draws the first row at the top. */
    JFreeChart chart() {
        int count = names.size();
        SymbolAxis across = axis(columns);
        across.setVerticalTickLabels(true);
        SymbolAxis up = axis(rows);
        up.setInverted(true);
        JFreeChart chart =
                theme.chart(new DefaultXYDataset(), across, up, new XYLineAndShapeRenderer());
        XYPlot plot = chart.getXYPlot();
        // A pixel for a cell; pixels stay squares however large the image is drawn.
        plot.addAnnotation(new XYDataImageAnnotation(cells(), -0.5, -0.5, count, count));
        Theme.setMargins(plot, margin(), margin());
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        for (SymbolAxis axis : List.of(across, up)) {
            axis.setTickLabelFont(font());
            axis.setTickLabelPaint(theme.ink());
            axis.setAxisLineVisible(false);
        }
        if (count <= MOST_NUMBERS) {
            addNumbers(plot);
        }
        return chart;
    }

    private BufferedImage cells() {
        int count = names.size();
        BufferedImage image = new BufferedImage(count, count, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                image.setRGB(column, row, color(values[row][column]).getRGB());
            }
        }
        return image;
    }

    /**
     * Adds the chart to a sheet; where its cells have no numbers, with a legend of some colours.
     *
     * @param largest the last value of the legend, whose first is 0
     */
    public void addTo(Figure figure, double largest) {
        figure.add("", chart());
        for (int i = 0; i <= STEPS && names.size() > MOST_NUMBERS; i++) {
            double value = largest * i / STEPS;
            String label = value == 0 ? "0" : text.apply(value);
            figure.legend(label, Markers.of(1, 18), color(value));
        }
    }

    private SymbolAxis axis(String label) {
        FontMetrics metrics = Figure.metrics(font());
        SymbolAxis axis =
                new SymbolAxis(
                        label,
                        names.stream()
                                .map(name -> Figure.fitting(name, metrics, LONGEST_NAME))
                                .toArray(String[]::new));
        axis.setGridBandsVisible(false);
        axis.setRange(-0.5, names.size() - 0.5);
        return axis;
    }

    private void addNumbers(XYPlot plot) {
        Font font = Theme.TEXT.deriveFont(names.size() <= 12 ? 15f : 11f);
        for (int row = 0; row < names.size(); row++) {
            for (int column = 0; column < names.size(); column++) {
                double value = values[row][column];
                String number = Double.isNaN(value) ? "" : text.apply(value);
                if (!number.isEmpty()) {
                    XYTextAnnotation annotation = new XYTextAnnotation(number, column, row);
                    annotation.setFont(font);
                    annotation.setPaint(contrasting(color(value)));
                    plot.addAnnotation(annotation, false);
                }
            }
        }
    }

    private Color color(double value) {
        return Double.isNaN(value)
                ? theme.background()
                : theme.blend(
                        theme.line(0),
                        0.05 + 0.95 * Math.max(0, Math.min(1, strength.apply(value))));
    }

    /** Ink or background, whichever is further from {@code color} in brightness. */
    private Color contrasting(Color color) {
        double toInk = Math.abs(brightness(color) - brightness(theme.ink()));
        double toBackground = Math.abs(brightness(color) - brightness(theme.background()));
        return toInk >= toBackground ? theme.ink() : theme.background();
    }

    private static double brightness(Color color) {
        return 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
    }
}
