package org.centerloss.report;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** The marks of points, of about equal weight. */
public final class Marks {
    private Marks() {}

    /** A circle, square, triangle, diamond, cross or inverted triangle around (0, 0), in turn. */
    public static Shape of(int kind, double size) {
        double half = size / 2;
        switch (kind % 6) {
            case 0:
                return new Ellipse2D.Double(-half, -half, size, size);
            case 1:
                return new Rectangle2D.Double(-0.9 * half, -0.9 * half, 0.9 * size, 0.9 * size);
            case 2:
                return polygon(size, 0, -1.2, 1.2, 0.9, -1.2, 0.9);
            case 3:
                return polygon(size, 0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0);
            case 4:
                return polygon(
                        size, -.4, -1.2, .4, -1.2, .4, -.4, 1.2, -.4, 1.2, .4, .4, .4, .4, 1.2, -.4,
                        1.2, -.4, .4, -1.2, .4, -1.2, -.4, -.4, -.4);
            default:
                return AffineTransform.getScaleInstance(1, -1).createTransformedShape(of(2, size));
        }
    }

    private static Shape polygon(double size, double... corners) {
        Path2D path = new Path2D.Double();
        for (int i = 0; i < corners.length; i += 2) {
            double x = corners[i] * size / 2;
            double y = corners[i + 1] * size / 2;
            if (i == 0) {
                path.moveTo(x, y);
            } else {
                path.lineTo(x, y);
            }
        }
        path.closePath();
        return path;
    }
}
