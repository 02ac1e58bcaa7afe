package org.centerloss.report.picture;

import java.awt.Color;
import java.awt.Dimension;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Markers;
import org.centerloss.report.theme.Numbers;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.renderer.xy.XYBarRenderer;
import org.jfree.data.statistics.HistogramDataset;
import org.jfree.data.statistics.HistogramType;

/** How near test images lie to their own center, against the nearest other one. */
final class DistancesPicture {
    private static final Dimension CELL = new Dimension(900, 520);
    private static final int BINS = 60;

    /** The share of the distances that lies beyond the last bin and is counted into it. */
    private static final double BEYOND = 0.005;

    private DistancesPicture() {}

    static Picture draw(Theme theme, RunResults run, Snapshot snapshot, SampleDistances distances) {
        double[] own = finite(distances.own());
        double[] foreign = finite(distances.foreign());
        double[] all =
                DoubleStream.concat(Arrays.stream(own), Arrays.stream(foreign)).sorted().toArray();
        double end = all.length == 0 ? 1 : Math.max(1e-9, Viewport.quantile(all, 1 - BEYOND));
        HistogramDataset data = new HistogramDataset();
        data.setType(HistogramType.RELATIVE_FREQUENCY);
        XYBarRenderer renderer = new XYBarRenderer();
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        NumberAxis across = Theme.axis("Euclidean distance");
        NumberAxis up = Theme.axis("share of the " + run.images());
        up.setNumberFormatOverride(Numbers.axis("0.# %"));
        add(data, renderer, 0, own, end, theme.line(0));
        add(data, renderer, 1, foreign, end, theme.line(1));
        JFreeChart chart = theme.chart(data, across, up, renderer);
        across.setRange(0, end);
        String nearer =
                String.format(
                        Locale.ROOT,
                        "%.1f %% of the %s are nearer to their own center than to any other",
                        100 * nearerToOwn(distances),
                        run.images());
        Figure figure =
                new Figure(theme, "Distances to centers, epoch " + snapshot.epoch(), 1, CELL);
        figure.subheading(RunPictures.about(run));
        figure.add(nearer, chart);
        figure.legend("to the center of the own class (intra)", Markers.of(0, 12), theme.line(0));
        figure.legend(
                "to the nearest center of another class (inter)", Markers.of(0, 12), theme.line(1));
        return figure.picture(
                "distances",
                "Distances to centers",
                String.format(
                        Locale.ROOT,
                        "Euclidean distance of the %s to the center of their own class (median %.2f) and to the nearest center of another class (median %.2f) at the best epoch, %d. %s. The last bin holds all beyond.",
                        run.images(),
                        new Median().evaluate(own),
                        new Median().evaluate(foreign),
                        snapshot.epoch(),
                        nearer));
    }

    private static void add(
            HistogramDataset data,
            XYBarRenderer renderer,
            int series,
            double[] values,
            double end,
            Color color) {
        data.addSeries(series, values, BINS, 0, end);
        renderer.setSeriesPaint(series, Theme.transparent(color, 0.6));
    }

    static double nearerToOwn(SampleDistances distances) {
        int nearer = 0;
        for (int i = 0; i < distances.own().length; i++) {
            nearer += distances.hardness(i) < 0 ? 1 : 0;
        }
        return (double) nearer / distances.own().length;
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).toArray();
    }
}
