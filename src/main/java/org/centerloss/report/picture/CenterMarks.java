package org.centerloss.report.picture;

import java.awt.BasicStroke;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Theme;
import org.jfree.chart.annotations.AbstractXYAnnotation;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;

/**
 * The centers over a scatter: a large mark each, with the name of its class where a place is free
 * near it, and a line to the class's center of the other kind. Names never overlap each other or a
 * mark; one without a free place is left out.
 */
final class CenterMarks extends AbstractXYAnnotation {
    private static final long serialVersionUID = 1;
    private static final double SIZE = 15;
    private static final double OTHER_SIZE = 9;
    private static final int GAP = 4;
    private static final int LONGEST_NAME = 150;

    /** How many distances from the mark are tried; among many centers lines would tangle. */
    private static final int FARTHEST = 4;

    /** Where a name may stand: across and up from the mark, in widths and heights of the name. */
    private static final double[][] PLACES = {
        {0, -1}, {1, 0}, {-1, 0}, {0, 1}, {0.8, -1}, {-0.8, -1}, {0.8, 1}, {-0.8, 1}
    };

    private final transient Theme theme;
    private final transient DrawnCenters centers;

    CenterMarks(Theme theme, DrawnCenters centers) {
        this.theme = theme;
        this.centers = centers;
    }

    @Override
    public void draw(
            Graphics2D graphics,
            XYPlot plot,
            Rectangle2D area,
            ValueAxis across,
            ValueAxis up,
            int rendererIndex,
            PlotRenderingInfo info) {
        List<Point2D> places = places(centers.centers(), plot, area, across, up);
        List<Point2D> others =
                centers.others() == null
                        ? Collections.nCopies(places.size(), null)
                        : places(centers.others(), plot, area, across, up);
        List<Rectangle2D> taken = new ArrayList<>();
        for (int c = 0; c < places.size(); c++) {
            if (others.get(c) != null) {
                taken.add(square(others.get(c), OTHER_SIZE));
                other(graphics, c, others.get(c), places.get(c));
            }
        }
        for (int c = 0; c < places.size(); c++) {
            if (places.get(c) != null) {
                taken.add(square(places.get(c), SIZE));
                mark(graphics, c, places.get(c));
            }
        }
        graphics.setFont(theme.name(places.size()));
        for (int c = 0; c < places.size(); c++) {
            if (places.get(c) != null) {
                name(graphics, centers.classes().get(c), places.get(c), area, taken);
            }
        }
    }

    /** Where points stand on the chart; null where that is outside or a point is none. */
    private static List<Point2D> places(
            double[][] points, XYPlot plot, Rectangle2D area, ValueAxis across, ValueAxis up) {
        List<Point2D> places = new ArrayList<>();
        for (int c = 0; c < points[0].length; c++) {
            Point2D place =
                    new Point2D.Double(
                            across.valueToJava2D(points[0][c], area, plot.getDomainAxisEdge()),
                            up.valueToJava2D(points[1][c], area, plot.getRangeAxisEdge()));
            // False for what is not a number, too.
            places.add(area.contains(place) ? place : null);
        }
        return places;
    }

    private static Rectangle2D square(Point2D middle, double size) {
        return new Rectangle2D.Double(
                middle.getX() - size / 2, middle.getY() - size / 2, size, size);
    }

    /** A hollow mark, with a line to the center of its class where that is seen. */
    private void other(Graphics2D graphics, int label, Point2D place, Point2D center) {
        if (center != null) {
            Line2D line = new Line2D.Double(center, place);
            graphics.setColor(theme.background());
            graphics.setStroke(new BasicStroke(4));
            graphics.draw(line);
            graphics.setColor(theme.ink());
            graphics.setStroke(new BasicStroke(1.5f));
            graphics.draw(line);
        }
        Shape shape = theme.classMark(label, OTHER_SIZE, place.getX(), place.getY());
        graphics.setColor(theme.background());
        graphics.fill(shape);
        graphics.setColor(theme.ink());
        graphics.setStroke(new BasicStroke(4.5f));
        graphics.draw(shape);
        graphics.setColor(theme.classColor(label));
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(shape);
    }

    private void mark(Graphics2D graphics, int label, Point2D place) {
        Shape shape = theme.classMark(label, SIZE, place.getX(), place.getY());
        graphics.setColor(theme.background());
        graphics.setStroke(new BasicStroke(5));
        graphics.draw(shape);
        graphics.setColor(theme.classColor(label));
        graphics.fill(shape);
        graphics.setColor(theme.ink());
        graphics.setStroke(new BasicStroke(2));
        graphics.draw(shape);
    }

    private void name(
            Graphics2D graphics,
            String name,
            Point2D mark,
            Rectangle2D area,
            List<Rectangle2D> taken) {
        FontMetrics metrics = graphics.getFontMetrics();
        String text = Figure.fitting(name, metrics, LONGEST_NAME);
        if (text.isBlank()) {
            return;
        }
        double width = metrics.stringWidth(text);
        double height = metrics.getAscent() + metrics.getDescent();
        int farthest = centers.many() ? 1 : FARTHEST;
        for (int distance = 0; distance < farthest; distance++) {
            for (double[] place : PLACES) {
                double dx = width / 2 + SIZE / 2 + GAP + 22 * distance;
                double dy = height / 2 + SIZE / 2 + 1 + 18 * distance;
                double x = mark.getX() + place[0] * dx - width / 2;
                double y = mark.getY() + place[1] * dy - height / 2;
                Rectangle2D box = new Rectangle2D.Double(x, y, width, height);
                if (area.contains(box) && taken.stream().noneMatch(box::intersects)) {
                    taken.add(box);
                    if (distance > 0) {
                        lead(graphics, mark, box);
                    }
                    write(graphics, text, x, y + metrics.getAscent());
                    return;
                }
            }
        }
    }

    /** A thin line from a mark to its name. */
    private void lead(Graphics2D graphics, Point2D mark, Rectangle2D name) {
        double x = Math.max(name.getMinX(), Math.min(name.getMaxX(), mark.getX()));
        double y = Math.max(name.getMinY(), Math.min(name.getMaxY(), mark.getY()));
        double edge = (SIZE / 2 + 1) / mark.distance(x, y);
        graphics.setColor(theme.softInk());
        graphics.setStroke(new BasicStroke(0.8f));
        graphics.draw(
                new Line2D.Double(
                        mark.getX() + edge * (x - mark.getX()),
                        mark.getY() + edge * (y - mark.getY()),
                        x,
                        y));
    }

    private void write(Graphics2D graphics, String text, double x, double y) {
        TextLayout layout =
                new TextLayout(text, graphics.getFont(), graphics.getFontRenderContext());
        Shape outline = layout.getOutline(AffineTransform.getTranslateInstance(x, y));
        graphics.setColor(Theme.transparent(theme.background(), 0.85));
        graphics.setStroke(new BasicStroke(4, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(outline);
        graphics.setColor(theme.ink());
        graphics.drawString(text, (float) x, (float) y);
    }
}
