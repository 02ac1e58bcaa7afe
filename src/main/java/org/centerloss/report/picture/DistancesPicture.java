package org.centerloss.report.picture;

import java.awt.Color;
import java.awt.Dimension;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Look;
import org.centerloss.report.theme.Marks;
import org.centerloss.report.theme.Numbers;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Sheet;
import org.centerloss.report.theme.Window;
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

    static Picture draw(Look look, RunResults run, Snapshot snapshot, SampleDistances distances) {
        double[] own = finite(distances.own());
        double[] foreign = finite(distances.foreign());
        double[] all =
                DoubleStream.concat(Arrays.stream(own), Arrays.stream(foreign)).sorted().toArray();
        double end = all.length == 0 ? 1 : Math.max(1e-9, Window.quantile(all, 1 - BEYOND));
        HistogramDataset data = new HistogramDataset();
        data.setType(HistogramType.RELATIVE_FREQUENCY);
        XYBarRenderer renderer = new XYBarRenderer();
        renderer.setShadowVisible(false);
        renderer.setDrawBarOutline(false);
        NumberAxis across = Look.axis("Euclidean distance");
        NumberAxis up = Look.axis("share of the " + run.images());
        up.setNumberFormatOverride(Numbers.axis("0.# %"));
        add(data, renderer, 0, own, end, look.line(0));
        add(data, renderer, 1, foreign, end, look.line(1));
        JFreeChart chart = look.chart(data, across, up, renderer);
        across.setRange(0, end);
        String nearer =
                String.format(
                        Locale.ROOT,
                        "%.1f %% of the %s are nearer to their own center than to any other",
                        100 * nearerToOwn(distances),
                        run.images());
        Sheet sheet = new Sheet(look, "Distances to centers, epoch " + snapshot.epoch(), 1, CELL);
        sheet.subheading(RunPictures.about(run));
        sheet.add(nearer, chart);
        sheet.legend("to the center of the own class (intra)", Marks.of(0, 12), look.line(0));
        sheet.legend(
                "to the nearest center of another class (inter)", Marks.of(0, 12), look.line(1));
        return sheet.picture(
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
        renderer.setSeriesPaint(series, Look.transparent(color, 0.6));
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
