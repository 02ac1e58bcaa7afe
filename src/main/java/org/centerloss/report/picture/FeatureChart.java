package org.centerloss.report.picture;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CrosshairState;
import org.jfree.chart.plot.PlotRenderingInfo;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYItemRendererState;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.DefaultXYDataset;
import org.jfree.data.xy.XYDataset;

/** Features as points in a plane, coloured by class, with the centers over them. */
final class FeatureChart {
    private static final int TICKS = 10;

    private FeatureChart() {}

    /** Points in the order of their set, so that no class hides another. */
    private static final class Points extends XYLineAndShapeRenderer {
        private static final long serialVersionUID = 1;

        private final transient Theme theme;
        private final transient Paint[] paints;
        private final int[] labels;
        private final double size;

        Points(Theme theme, int classes, int[] labels) {
            super(false, true);
            this.theme = theme;
            this.labels = labels;
            int count = Math.max(1, labels.length);
            double alpha = Math.max(0.35, Math.min(0.8, Math.sqrt(1500.0 / count)));
            size = Math.max(3.4, Math.min(6, 6 * Math.pow(800.0 / count, 0.25)));
            paints = new Paint[classes];
            for (int c = 0; c < classes; c++) {
                paints[c] = Theme.transparent(theme.classColor(c), alpha);
            }
        }

        /** A mark that is told where it stands, not moved there, is a short line of an SVG file. */
        @Override
        public void drawItem(
                Graphics2D graphics,
                XYItemRendererState state,
                Rectangle2D area,
                PlotRenderingInfo info,
                XYPlot plot,
                ValueAxis across,
                ValueAxis up,
                XYDataset data,
                int series,
                int item,
                CrosshairState crosshair,
                int pass) {
            double x =
                    across.valueToJava2D(
                            data.getXValue(series, item), area, plot.getDomainAxisEdge());
            double y =
                    up.valueToJava2D(data.getYValue(series, item), area, plot.getRangeAxisEdge());
            if (pass == 0 && area.contains(x, y)) {
                graphics.setPaint(paints[labels[item]]);
                graphics.fill(theme.classMark(labels[item], size, x, y));
            }
        }
    }

    /**
     * @param points [2][count]
     * @param labels [count]
     * @param axes their names
     * @param size of the chart in pixels
     */
    static JFreeChart of(
            Theme theme,
            double[][] points,
            int[] labels,
            DrawnCenters centers,
            String[] axes,
            Viewport window,
            Dimension size) {
        DefaultXYDataset data = new DefaultXYDataset();
        data.addSeries("features", points);
        NumberAxis across = Theme.axis(axes[0]);
        NumberAxis up = Theme.axis(axes[1]);
        JFreeChart chart =
                theme.chart(data, across, up, new Points(theme, centers.classes().size(), labels));
        Viewport square =
                window.withAspect(Theme.dataWidth(size.width), Theme.dataHeight(size.height));
        across.setRange(square.left(), square.right());
        up.setRange(square.bottom(), square.top());
        NumberTickUnit unit =
                (NumberTickUnit)
                        across.getStandardTickUnits()
                                .getCeilingTickUnit((square.top() - square.bottom()) / TICKS);
        across.setTickUnit(unit);
        up.setTickUnit(unit);
        chart.getXYPlot().addAnnotation(new CenterMarks(theme, centers));
        return chart;
    }

    /** The first samples of a set, evenly spaced, so that there are at most {@code most}. */
    static Embeddings thinned(Embeddings set, int most) {
        if (set.count() <= most) {
            return set;
        }
        int dimension = set.dimension();
        float[] features = new float[most * dimension];
        int[] labels = new int[most];
        int[] predictions = new int[most];
        for (int i = 0; i < most; i++) {
            int from = (int) ((long) i * set.count() / most);
            System.arraycopy(set.features(), from * dimension, features, i * dimension, dimension);
            labels[i] = set.labels()[from];
            predictions[i] = set.predictions()[from];
        }
        return new Embeddings(dimension, features, labels, predictions);
    }
}
