package org.centerloss.report.theme;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import org.centerloss.base.InputException;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.AxisSpace;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnitSource;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.AbstractXYItemRenderer;
import org.jfree.chart.renderer.xy.StandardXYBarPainter;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.XYDataset;

/**
 * The one look of every picture: colours, fonts, marks and margins, for a light and a dark
 * background.
 *
 * <p>Ten colours tell classes apart. They were searched for with two conditions: for normal vision
 * and for protanopia, deuteranopia and tritanopia as simulated by Machado, Oliveira and Fernandes
 * (IEEE TVCG 15(6), 2009), any two keep a distance of 0.11 in Oklab (Ottosson 2020), about twice
 * that of the usual ten-colour sequences; and each stands out from the background. From the
 * eleventh class on the colours come again with another {@linkplain Markers mark}.
 */
public enum Theme {
    LIGHT(
            0xFFFFFF,
            0x1F2328,
            0x57606A,
            0xDDE2E7,
            new int[] {0x0B62C4, 0xD95F02, 0x6B6B6B},
            new int[] {
                0x62A5FE, 0xEBB228, 0xFC3314, 0x0E965F, 0x681BB7,
                0x783A11, 0xD176B1, 0x1D6878, 0xB0BF9F, 0x925AE5
            }),
    DARK(
            0x15181E,
            0xE8ECF1,
            0xA3ADB8,
            0x343A43,
            new int[] {0x5BA7F7, 0xF5923E, 0x9AA3AD},
            new int[] {
                0x39B5FF, 0xF2CF4B, 0xFC5019, 0x609A75, 0x8C17FD,
                0xAF3F24, 0xFB71BE, 0x177370, 0xADEFE5, 0xB655B9
            });

    /** Numbers of an axis: as many decimals as they have. */
    private static final String PLAIN = "#,##0.##########";

    /** Of text beside data. */
    public static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 16);

    /** Of a chart's title. */
    public static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);

    /** Of a whole picture's heading. */
    public static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 22);

    /** Of curves. */
    public static final Stroke LINE =
            new BasicStroke(2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

    /** Pixels between the data and a chart's edge: room for ticks and the axis' name. */
    private static final int LEFT = 96;

    private static final int BOTTOM = 58;
    private static final int RIGHT = 16;
    private static final int TOP = 8;

    static {
        // Turned text is text in an SVG file, not outlines.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    private final Color background;
    private final Color ink;
    private final Color softInk;
    private final Color grid;
    private final Color[] lines;
    private final Color[] classes;

    Theme(int background, int ink, int softInk, int grid, int[] lines, int[] classes) {
        this.background = new Color(background);
        this.ink = new Color(ink);
        this.softInk = new Color(softInk);
        this.grid = new Color(grid);
        this.lines = Arrays.stream(lines).mapToObj(Color::new).toArray(Color[]::new);
        this.classes = Arrays.stream(classes).mapToObj(Color::new).toArray(Color[]::new);
    }

    public Color background() {
        return background;
    }

    /** Of text and outlines. */
    public Color ink() {
        return ink;
    }

    /** Of what matters less: ticks, remarks. */
    public Color softInk() {
        return softInk;
    }

    public Color grid() {
        return grid;
    }

    /** The colour of the first, second or third line of a chart. */
    public Color line(int index) {
        return lines[index];
    }

    /** The colour of a class, from 0 up. */
    public Color classColor(int label) {
        return classes[label % classes.length];
    }

    /** The colours of the classes, as often as they differ. */
    public List<Color> classColors() {
        return List.of(classes);
    }

    /** The font of class names among {@code classes}. */
    public Font name(int classes) {
        return TEXT.deriveFont(Font.BOLD, classes > 20 ? 12f : 16f);
    }

    /** The mark of a class, around (0, 0). */
    public Shape classMark(int label, double size) {
        return classMark(label, size, 0, 0);
    }

    /** The mark of a class, around (x, y). */
    public Shape classMark(int label, double size, double x, double y) {
        return Markers.of(label / classes.length, size, x, y);
    }

    /** Between the background and {@code color}: 0 gives the first, 1 the second. */
    public Color blend(Color color, double share) {
        return new Color(
                blend(background.getRed(), color.getRed(), share),
                blend(background.getGreen(), color.getGreen(), share),
                blend(background.getBlue(), color.getBlue(), share));
    }

    private static int blend(int from, int to, double share) {
        return (int) Math.round(from + (to - from) * share);
    }

    public static Color transparent(Color color, double alpha) {
        return new Color(
                color.getRed(), color.getGreen(), color.getBlue(), (int) Math.round(255 * alpha));
    }

    /** An axis of numbers that need not reach zero. */
    public static NumberAxis axis(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setStandardTickUnits(new NumberTickUnitSource(false, Numbers.axis(PLAIN)));
        axis.setAutoRangeIncludesZero(false);
        return axis;
    }

    /** A logarithmic axis whose ticks are written by {@code text}. */
    public static ValueAxis logAxis(String label, DoubleFunction<String> text) {
        return new DecadeAxis(label, text);
    }

    /**
     * A chart without title or legend, whose {@link Figure} has them. Its margins are fixed, so
     * that charts side by side are aligned; see {@link #dataWidth}.
     */
    public JFreeChart chart(
            XYDataset data, ValueAxis across, ValueAxis up, AbstractXYItemRenderer renderer) {
        XYPlot plot = new XYPlot(data, across, up, renderer);
        JFreeChart chart = new JFreeChart(null, TITLE, plot, false);
        // Else a theme takes back what a renderer was told, and the plot's own supplier decides.
        renderer.setAutoPopulateSeriesPaint(false);
        renderer.setAutoPopulateSeriesStroke(false);
        renderer.setDefaultStroke(LINE);
        theme().apply(chart);
        chart.setPadding(RectangleInsets.ZERO_INSETS);
        chart.setTextAntiAlias(true);
        plot.setInsets(new RectangleInsets(TOP, 0, 0, RIGHT));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        plot.setOutlineVisible(false);
        plot.setDomainGridlineStroke(new BasicStroke(1));
        plot.setRangeGridlineStroke(new BasicStroke(1));
        setMargins(plot, LEFT, BOTTOM);
        for (ValueAxis axis : List.of(across, up)) {
            axis.setAxisLinePaint(softInk);
            axis.setTickMarksVisible(false);
            axis.setTickLabelPaint(softInk);
        }
        return chart;
    }

    private StandardChartTheme theme() {
        StandardChartTheme theme = new StandardChartTheme(name(), false);
        theme.setExtraLargeFont(TITLE);
        theme.setLargeFont(TEXT);
        theme.setRegularFont(TEXT.deriveFont(15f));
        theme.setSmallFont(TEXT.deriveFont(14f));
        theme.setChartBackgroundPaint(background);
        theme.setPlotBackgroundPaint(background);
        theme.setPlotOutlinePaint(softInk);
        theme.setDomainGridlinePaint(grid);
        theme.setRangeGridlinePaint(grid);
        theme.setAxisLabelPaint(ink);
        theme.setTickLabelPaint(softInk);
        theme.setItemLabelPaint(ink);
        theme.setXYBarPainter(new StandardXYBarPainter());
        theme.setAxisOffset(RectangleInsets.ZERO_INSETS);
        return theme;
    }

    /** Pixels to the left of a plot's data and below them. */
    public static void setMargins(XYPlot plot, int left, int bottom) {
        AxisSpace across = new AxisSpace();
        across.setBottom(bottom);
        plot.setFixedDomainAxisSpace(across);
        AxisSpace up = new AxisSpace();
        up.setLeft(left);
        plot.setFixedRangeAxisSpace(up);
    }

    /** The size of a {@link #chart} with such margins around data of a size. */
    static Dimension size(Dimension data, int left, int bottom) {
        return new Dimension(left + data.width + RIGHT, TOP + data.height + bottom);
    }

    /** Pixels across the data of a {@link #chart} of that width. */
    public static int dataWidth(int width) {
        return width - LEFT - RIGHT;
    }

    /** Pixels of the data of a {@link #chart} of that height. */
    public static int dataHeight(int height) {
        return height - TOP - BOTTOM;
    }

    /**
     * Finds out whether text can be drawn.
     *
     * @throws InputException if this Java finds no fonts
     */
    public static void requireFonts() {
        try {
            Graphics2D graphics =
                    new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
            graphics.setFont(TEXT);
            graphics.drawString("m", 0, 1);
            graphics.dispose();
        } catch (RuntimeException | Error e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new InputException(
                    "pictures need fonts, and Java finds none (%s); install fontconfig and a font such as DejaVu"
                            .formatted(root.getMessage()),
                    e);
        }
    }

    /** Smooth lines and text; images keep their pixels as squares. */
    static void smooth(Graphics2D graphics) {
        graphics.setRenderingHint(
                RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        // Text is as wide at every scale as it was measured.
        graphics.setRenderingHint(
                RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        graphics.setRenderingHint(
                RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    }
}
