package org.centerloss.report.theme;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.LegendItem;
import org.jfree.chart.LegendItemCollection;
import org.jfree.chart.block.ColumnArrangement;
import org.jfree.chart.block.FlowArrangement;
import org.jfree.chart.block.RectangleConstraint;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.Size2D;
import org.jfree.chart.ui.VerticalAlignment;

/** A picture in the making: a heading, charts in rows of equal cells, a legend, a remark. */
public final class Figure {
    private static final int MARGIN = 20;
    private static final int HEADING_HEIGHT = 38;
    private static final int SUBHEADING_HEIGHT = 24;
    private static final int TITLE_HEIGHT = 34;
    private static final int REMARK_HEIGHT = 26;

    private static final int LEGEND_LINE = 26;

    /** Pixels of a picture, across and down, for each pixel of a sheet. */
    private static final int SCALE = 2;

    /**
     * Pixels across a sheet that is larger than what it is shown on, so that it is sharp anyway.
     */
    private static final int LARGE = 2400;

    /** Something that fills a rectangle of a sheet. */
    public interface Content {
        void draw(Graphics2D graphics, Rectangle2D area);
    }

    private record Cell(String title, Content content) {}

    private final Theme theme;
    private final String heading;
    private final int columns;
    private final Dimension cell;
    private final List<Cell> cells = new ArrayList<>();
    private final LegendItemCollection legend = new LegendItemCollection();
    private String subheading = "";
    private String remark = "";

    /**
     * @param columns cells beside each other
     * @param cell the size of a chart in pixels, its title not included
     */
    public Figure(Theme theme, String heading, int columns, Dimension cell) {
        this.theme = theme;
        this.heading = heading;
        this.columns = columns;
        this.cell = cell;
    }

    /** A line below the heading. */
    public Figure subheading(String text) {
        subheading = text;
        return this;
    }

    /** A line at the lower edge. */
    public Figure remark(String text) {
        remark = text;
        return this;
    }

    /** Adds a chart; empty titles take no room if all are. */
    public Figure add(String title, JFreeChart chart) {
        return add(title, (graphics, area) -> chart.draw(graphics, area));
    }

    public Figure add(String title, Content content) {
        cells.add(new Cell(title, content));
        return this;
    }

    /** Adds an entry to the legend. */
    public Figure legend(String label, Shape mark, Color color) {
        return legend(label, mark, color, color);
    }

    /** Adds an entry with an outline to the legend. */
    public Figure legend(String label, Shape mark, Color color, Color outline) {
        Stroke stroke = new BasicStroke(outline.equals(color) ? 0 : 2);
        LegendItem item = new LegendItem(label, null, null, null, mark, color, stroke, outline);
        item.setLabelPaint(theme.ink());
        legend.add(item);
        return this;
    }

    /** Where things stand on the sheet, in pixels. */
    private record Layout(
            int width, int height, int top, int title, int charts, LegendTitle legend, int foot) {}

    private Layout layout() {
        int rows = (cells.size() + columns - 1) / columns;
        int title = cells.stream().allMatch(c -> c.title().isEmpty()) ? 0 : TITLE_HEIGHT;
        int top = MARGIN / 2 + HEADING_HEIGHT + (subheading.isEmpty() ? 0 : SUBHEADING_HEIGHT);
        int width = Math.max(columns * cell.width + MARGIN, widestText() + 2 * MARGIN);
        LegendTitle legendTitle = legendTitle();
        int legendHeight = legend.getItemCount() == 0 ? 0 : height(legendTitle, width);
        int charts = rows * (cell.height + title);
        int height =
                top + charts + legendHeight + (remark.isEmpty() ? 0 : REMARK_HEIGHT) + MARGIN / 2;
        return new Layout(width, height, top, title, charts, legendTitle, legendHeight);
    }

    /** Adds a line to the legend, with a mark on it where that is not null. */
    public Figure legend(String label, Stroke stroke, Shape mark, Color color) {
        Shape shown = mark == null ? new Path2D.Double() : mark;
        Shape line = new Line2D.Double(-LEGEND_LINE / 2.0, 0, LEGEND_LINE / 2.0, 0);
        LegendItem item =
                new LegendItem(
                        label,
                        null,
                        null,
                        null,
                        true,
                        shown,
                        true,
                        color,
                        false,
                        color,
                        new BasicStroke(0),
                        true,
                        line,
                        stroke,
                        color);
        item.setLabelPaint(theme.ink());
        legend.add(item);
        return this;
    }

    /** Draws everything, with so many pixels for each of the sheet. */
    public BufferedImage image(int scale) {
        Layout layout = layout();
        BufferedImage image =
                new BufferedImage(
                        scale * layout.width, scale * layout.height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(scale, scale);
        draw(graphics, layout);
        graphics.dispose();
        return image;
    }

    private void draw(Graphics2D graphics, Layout layout) {
        Theme.smooth(graphics);
        graphics.setColor(theme.background());
        graphics.fillRect(0, 0, layout.width, layout.height);
        graphics.setColor(theme.ink());
        graphics.setFont(Theme.HEADING);
        graphics.drawString(heading, MARGIN, MARGIN / 2 + 26);
        graphics.setColor(theme.softInk());
        graphics.setFont(Theme.TEXT);
        graphics.drawString(subheading, MARGIN, MARGIN / 2 + HEADING_HEIGHT + 14);
        graphics.drawString(remark, MARGIN, layout.height - MARGIN / 2 - 8);
        for (int i = 0; i < cells.size(); i++) {
            int x = MARGIN / 2 + i % columns * cell.width;
            int y = layout.top + i / columns * (cell.height + layout.title);
            graphics.setColor(theme.ink());
            graphics.setFont(Theme.TITLE);
            graphics.drawString(cells.get(i).title(), x + MARGIN / 2, y + 22);
            cells.get(i)
                    .content()
                    .draw(
                            graphics,
                            new Rectangle2D.Double(x, y + layout.title, cell.width, cell.height));
        }
        if (layout.foot > 0) {
            layout.legend.draw(
                    graphics,
                    new Rectangle2D.Double(
                            MARGIN - 7,
                            layout.top + layout.charts,
                            layout.width - MARGIN,
                            layout.foot));
        }
    }

    /** Pixels across the longest line; titles must fit their cells. */
    private int widestText() {
        FontMetrics text = metrics(Theme.TEXT);
        return Math.max(
                metrics(Theme.HEADING).stringWidth(heading),
                Math.max(text.stringWidth(subheading), text.stringWidth(remark)));
    }

    /** How wide text is on a sheet. */
    public static FontMetrics metrics(Font font) {
        return measuring().getFontMetrics(font);
    }

    private static Graphics2D measuring() {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        Theme.smooth(graphics);
        return graphics;
    }

    private LegendTitle legendTitle() {
        LegendTitle title =
                new LegendTitle(
                        () -> legend,
                        new FlowArrangement(
                                HorizontalAlignment.CENTER, VerticalAlignment.CENTER, 6, 2),
                        new ColumnArrangement());
        title.setItemFont(Theme.TEXT);
        title.setItemLabelPadding(new RectangleInsets(1, 7, 1, 10));
        return title;
    }

    private int height(LegendTitle title, int width) {
        Size2D size =
                title.arrange(measuring(), RectangleConstraint.NONE.toFixedWidth(width - MARGIN));
        return (int) Math.ceil(size.getHeight()) + MARGIN / 2;
    }

    /** Draws everything into a PNG that is sharp on dense screens and in print. */
    public Picture picture(String name, String title, String caption) {
        Layout layout = layout();
        int scale = layout.width > LARGE ? 1 : SCALE;
        BufferedImage image = image(scale);
        return new Picture(
                name,
                title,
                caption,
                "png",
                image.getWidth(),
                image.getHeight(),
                scale,
                scale * layout.top,
                Png.of(image),
                () -> svg(title, caption));
    }

    private byte[] svg(String title, String caption) {
        Layout layout = layout();
        return Svg.of(
                layout.width, layout.height, title, caption, graphics -> draw(graphics, layout));
    }

    /** {@code text}, or as much of its start as fits. */
    public static String fitting(String text, FontMetrics metrics, double width) {
        if (metrics.stringWidth(text) <= width) {
            return text;
        }
        int end = text.length();
        while (end > 0 && metrics.stringWidth(text.substring(0, end) + "…") > width) {
            end = text.offsetByCodePoints(end, -1);
        }
        return text.substring(0, end).stripTrailing() + "…";
    }
}
