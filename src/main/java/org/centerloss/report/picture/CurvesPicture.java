package org.centerloss.report.picture;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Paint;
import java.awt.Shape;
import java.awt.Stroke;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.centerloss.loss.Objective;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Markers;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;
import org.centerloss.train.EpochResult;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.data.xy.DefaultXYDataset;

/** How a run went: loss and its terms, accuracy, the gap, the learning rate, over the epochs. */
final class CurvesPicture {
    private static final Dimension CELL = new Dimension(430, 290);
    private static final int MOST_READINGS = 600;
    private static final int MOST_DOTS = 30;
    private static final double DOT = 7;
    private static final Stroke THIN = new BasicStroke(1);
    private static final Stroke DOTTED =
            new BasicStroke(
                    2.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, new float[] {0, 6}, 0);
    private static final Stroke DASHED =
            new BasicStroke(
                    1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, new float[] {5, 4}, 0);

    /** A line of a chart; x in epochs. */
    private record Curve(double[] x, double[] y, Paint paint, Stroke stroke) {}

    private final RunResults run;
    private final Theme theme;
    private final double[] epoch;
    private final double[] stepEpoch;

    CurvesPicture(RunResults run, Theme theme) {
        this.run = run;
        this.theme = theme;
        epoch = run.epochs().get("epoch");
        double[] step = run.epochs().get("step");
        int last = epoch.length - 1;
        double stepsPerEpoch = step[last] / epoch[last];
        stepEpoch =
                Arrays.stream(run.steps().get("step"))
                        .map(reading -> reading / stepsPerEpoch)
                        .toArray();
    }

    Picture draw() {
        List<String> terms =
                run.configuration().config().objective().terms().stream()
                        .map(Objective.Term::name)
                        .toList();
        if (terms.size() == 1) {
            terms = List.of();
        }
        int charts = 4 + terms.size();
        Figure figure = new Figure(theme, "How the run went", charts > 4 ? 3 : 2, CELL);
        figure.subheading(RunPictures.about(run));
        figure.add("", loss("loss"));
        for (String term : terms) {
            figure.add("", loss(term));
        }
        figure.add("", percentages("accuracy, %", accuracies()));
        figure.add(
                "",
                percentages(
                        "accuracy gap, points", List.of(epochs("accuracy_gap", 100, theme.ink()))));
        JFreeChart rate = chart("learning rate", List.of(epochs("learning_rate", 1, theme.ink())));
        ((NumberAxis) rate.getXYPlot().getRangeAxis()).setAutoRangeIncludesZero(true);
        figure.add("", rate);
        legend(figure);
        double best = run.accuracy()[run.best()];
        return figure.picture(
                "curves",
                "Curves",
                String.format(
                        Locale.ROOT,
                        "Loss%s, accuracy, the gap between training and %s accuracy, and the learning rate over the epochs. "
                                + "The dashed line is the best epoch, %d, with %.2f %% on the %s images; faint lines are the loss within the epochs.",
                        terms.isEmpty() ? "" : " and its terms",
                        run.part().adjective(),
                        (int) epoch[run.best()],
                        100 * best,
                        run.part().adjective()));
    }

    private List<Curve> accuracies() {
        List<Curve> curves = new ArrayList<>();
        curves.add(epochs("train_accuracy", 100, theme.line(1)));
        run.otherAccuracy()
                .map(column -> epochs(column, 100, theme.line(0)))
                .ifPresent(c -> curves.add(new Curve(c.x(), c.y(), c.paint(), DOTTED)));
        curves.add(epochs(EpochResult.accuracyColumn(run.part()), 100, theme.line(0)));
        return curves;
    }

    private void legend(Figure figure) {
        Shape dot = epoch.length <= MOST_DOTS ? Markers.of(0, DOT) : null;
        figure.legend(run.images(), Theme.LINE, dot, theme.line(0));
        String others = run.configuration().config().otherCenters().text();
        if (run.otherAccuracy().isPresent()) {
            figure.legend(run.images() + ", by " + others, DOTTED, dot, theme.line(0));
        }
        figure.legend("sample of the training images", Theme.LINE, dot, theme.line(1));
        figure.legend("each epoch", Theme.LINE, dot, theme.ink());
        if (run.steps().get("step").length > 0) {
            figure.legend("within the epochs", THIN, null, faint());
        }
        figure.legend("best epoch", DASHED, null, theme.softInk());
    }

    private Color faint() {
        return theme.blend(theme.softInk(), 0.55);
    }

    /** A column of both tables: each reading, faint, and the epochs' means. */
    private JFreeChart loss(String column) {
        Curve means = epochs(column, 1, theme.ink());
        double[] readings = run.steps().get(column);
        if (readings == null) {
            return chart(column, List.of(means));
        }
        int width = (readings.length + MOST_READINGS - 1) / MOST_READINGS;
        Curve faint =
                new Curve(
                        thinned(stepEpoch, Math.max(1, width)),
                        thinned(readings, Math.max(1, width)),
                        faint(),
                        THIN);
        JFreeChart chart = chart(column, List.of(faint, means));
        double[] sorted = DoubleStream.of(faint.y()).filter(Double::isFinite).sorted().toArray();
        double[] all = DoubleStream.of(means.y()).filter(Double::isFinite).sorted().toArray();
        if (sorted.length > 0 && all.length > 0) {
            // The very first readings may be far from everything that comes later.
            double low = Math.min(all[0], Viewport.quantile(sorted, 0.02));
            double high = Math.max(all[all.length - 1], Viewport.quantile(sorted, 0.98));
            double padding = high > low ? 0.05 * (high - low) : 1;
            chart.getXYPlot().getRangeAxis().setRange(low - padding, high + padding);
        }
        return chart;
    }

    /** Means of {@code width} values each. */
    private static double[] thinned(double[] values, int width) {
        double[] means = new double[(values.length + width - 1) / width];
        for (int i = 0; i < means.length; i++) {
            means[i] =
                    Arrays.stream(values, i * width, Math.min(values.length, (i + 1) * width))
                            .average()
                            .orElse(Double.NaN);
        }
        return means;
    }

    private Curve epochs(String column, double scale, Paint paint) {
        double[] values =
                Arrays.stream(run.epochs().get(column)).map(value -> scale * value).toArray();
        return new Curve(epoch, values, paint, Theme.LINE);
    }

    /** Curves in percent, on an axis of at least one percent. */
    private JFreeChart percentages(String name, List<Curve> curves) {
        JFreeChart chart = chart(name, curves);
        chart.getXYPlot().getRangeAxis().setAutoRangeMinimumSize(1);
        return chart;
    }

    /**
     * @param name what the curves are curves of
     */
    private JFreeChart chart(String name, List<Curve> curves) {
        DefaultXYDataset data = new DefaultXYDataset();
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            // What is not finite leaves a hole in the line.
            double[] finite =
                    Arrays.stream(curve.y())
                            .map(y -> Double.isFinite(y) ? y : Double.NaN)
                            .toArray();
            data.addSeries(i, new double[][] {curve.x(), finite});
            renderer.setSeriesPaint(i, curve.paint());
            renderer.setSeriesShape(i, Markers.of(0, DOT));
            renderer.setSeriesShapesVisible(i, curve.stroke() != THIN && epoch.length <= MOST_DOTS);
            renderer.setSeriesStroke(i, curve.stroke());
        }
        NumberAxis across = Theme.axis("epoch");
        across.setStandardTickUnits(NumberAxis.createIntegerTickUnits(Locale.ROOT));
        double last = epoch[epoch.length - 1];
        across.setRange(0, last + Math.max(0.1, 0.02 * last));
        JFreeChart chart = theme.chart(data, across, Theme.axis(name), renderer);
        ValueMarker best = new ValueMarker(epoch[run.best()], theme.softInk(), DASHED);
        chart.getXYPlot().addDomainMarker(best, Layer.BACKGROUND);
        return chart;
    }
}
