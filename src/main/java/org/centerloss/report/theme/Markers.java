package org.centerloss.report.theme;

import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/** The marks of points, of about equal weight. */
public final class Markers {
    private Markers() {}

    /** A circle, square, triangle, diamond, cross or inverted triangle around (0, 0), in turn. */
    public static Shape of(int kind, double size) {
        return of(kind, size, 0, 0);
    }

    /** The same around (x, y). */
    static Shape of(int kind, double size, double x, double y) {
        double half = size / 2;
        switch (kind % 6) {
            case 0:
                return new Ellipse2D.Double(x - half, y - half, size, size);
            case 1:
                return new Rectangle2D.Double(
                        x - 0.9 * half, y - 0.9 * half, 0.9 * size, 0.9 * size);
            case 2:
                return polygon(half, x, y, 0, -1.2, 1.2, 0.9, -1.2, 0.9);
            case 3:
                return polygon(half, x, y, 0, -1.25, 1.25, 0, 0, 1.25, -1.25, 0);
            case 4:
                return polygon(
                        half, x, y, -.4, -1.2, .4, -1.2, .4, -.4, 1.2, -.4, 1.2, .4, .4, .4, .4,
                        1.2, -.4, 1.2, -.4, .4, -1.2, .4, -1.2, -.4, -.4, -.4);
            default:
                return polygon(half, x, y, 0, 1.2, 1.2, -0.9, -1.2, -0.9);
        }
    }

    private static Shape polygon(double unit, double x, double y, double... corners) {
        Path2D path = new Path2D.Double();
        path.moveTo(x + corners[0] * unit, y + corners[1] * unit);
        for (int i = 2; i < corners.length; i += 2) {
            path.lineTo(x + corners[i] * unit, y + corners[i + 1] * unit);
        }
        path.closePath();
        return path;
    }
}
