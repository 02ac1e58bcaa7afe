package org.centerloss.report.picture;

import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.MatrixChart;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.xy.DefaultXYDataset;

/** Which classes the embedding thinks alike: the distances between centers, and their tree. */
final class CenterPictures {
    private static final int LONGEST_NAME = 170;
    private static final int WIDTH = 900;

    private final RunResults run;
    private final int epoch;
    private final int missing;

    /** Names and distances in the order of the tree. */
    private final List<String> names;

    private final double[][] distances;
    private final AverageLinkage tree;

    CenterPictures(RunResults run, Snapshot snapshot) {
        this.run = run;
        epoch = snapshot.epoch();
        int[] present = finiteCenters(snapshot);
        missing = snapshot.classes().size() - present.length;
        AverageLinkage unordered = AverageLinkage.of(distances(snapshot, present));
        int[] labels = unordered.order().stream().mapToInt(i -> present[i]).toArray();
        names = Arrays.stream(labels).mapToObj(snapshot.classes()::get).toList();
        distances = distances(snapshot, labels);
        tree = AverageLinkage.of(distances);
    }

    /** The classes whose centers are known; a mean of no samples is not. */
    static int[] finiteCenters(Snapshot snapshot) {
        int dimension = snapshot.dimension();
        return IntStream.range(0, snapshot.classes().size())
                .filter(
                        c ->
                                IntStream.range(c * dimension, (c + 1) * dimension)
                                        .allMatch(k -> Float.isFinite(snapshot.centers()[k])))
                .toArray();
    }

    /** Euclidean distances between the centers of some classes. */
    static double[][] distances(Snapshot snapshot, int[] classes) {
        int dimension = snapshot.dimension();
        float[] centers = snapshot.centers();
        double[][] distances = new double[classes.length][classes.length];
        for (int i = 0; i < classes.length; i++) {
            for (int j = 0; j < classes.length; j++) {
                double sum = 0;
                for (int k = 0; k < dimension; k++) {
                    double difference =
                            centers[classes[i] * dimension + k]
                                    - centers[classes[j] * dimension + k];
                    sum += difference * difference;
                }
                distances[i][j] = Math.sqrt(sum);
            }
        }
        return distances;
    }

    /** The number of classes with a center. */
    int count() {
        return names.size();
    }

    private String missingNote() {
        return missing == 0
                ? ""
                : missing == 1
                        ? " One class without samples has no center."
                        : " %d classes without samples have no center.".formatted(missing);
    }

    Picture heatMap(Theme theme) {
        double largest = Arrays.stream(distances).flatMapToDouble(Arrays::stream).max().orElse(1);
        double[][] values = new double[names.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = distances[i].clone();
            values[i][i] = Double.NaN;
        }
        MatrixChart matrix =
                new MatrixChart(
                        theme,
                        "class",
                        "class",
                        names,
                        values,
                        distance -> largest > 0 ? 1 - distance / largest : 0,
                        CenterPictures::text);
        Figure figure =
                new Figure(theme, "Distances between centers, epoch " + epoch, 1, matrix.size());
        double smallest =
                Arrays.stream(values)
                        .flatMapToDouble(Arrays::stream)
                        .filter(Double::isFinite)
                        .min()
                        .orElse(0);
        figure.subheading("from %s to %s".formatted(text(smallest), text(largest)));
        matrix.addTo(figure, largest);
        return figure.picture(
                "center-distances",
                "Distances between centers",
                "Euclidean distance between the centers of each two classes at the best epoch, "
                        + epoch
                        + "; the stronger the colour, the nearer. Classes stand in the order of the tree of centers."
                        + missingNote());
    }

    private static String text(double distance) {
        return distance >= 99.95
                ? String.format(Locale.ROOT, "%.0f", distance)
                : distance >= 9.995
                        ? String.format(Locale.ROOT, "%.1f", distance)
                        : String.format(Locale.ROOT, "%.2f", distance);
    }

    Picture dendrogram(Theme theme) {
        int count = names.size();
        DefaultXYDataset data = new DefaultXYDataset();
        double[] height = new double[2 * count - 1];
        double[] place = new double[2 * count - 1];
        for (int leaf = 0; leaf < count; leaf++) {
            place[leaf] = leaf;
        }
        for (int m = 0; m < tree.merges().size(); m++) {
            AverageLinkage.Merge merge = tree.merges().get(m);
            double low = place[merge.left()];
            double high = place[merge.right()];
            height[count + m] = merge.distance();
            place[count + m] = (low + high) / 2;
            data.addSeries(
                    m,
                    new double[][] {
                        {
                            height[merge.left()],
                            merge.distance(),
                            merge.distance(),
                            height[merge.right()]
                        },
                        {low, low, high, high}
                    });
        }
        Font font = Theme.TEXT.deriveFont(count <= 40 ? 16f : 11f);
        FontMetrics metrics = Figure.metrics(font);
        List<String> shown = new ArrayList<>();
        int widest = 0;
        for (String name : names) {
            shown.add(Figure.fitting(name, metrics, LONGEST_NAME));
            widest = Math.max(widest, metrics.stringWidth(shown.get(shown.size() - 1)));
        }
        SymbolAxis up = new SymbolAxis("class", shown.toArray(String[]::new));
        up.setGridBandsVisible(false);
        up.setRange(-0.5, count - 0.5);
        up.setInverted(true);
        NumberAxis across = Theme.axis("mean distance between the centers of two groups");
        double largest = Arrays.stream(height).max().orElse(1);
        across.setRange(0, largest > 0 ? 1.04 * largest : 1);
        JFreeChart chart = theme.chart(data, across, up, branches(theme));
        XYPlot plot = chart.getXYPlot();
        Theme.setMargins(plot, widest + 46, 58);
        plot.setRangeGridlinesVisible(false);
        up.setTickLabelFont(font);
        up.setTickLabelPaint(theme.ink());
        up.setAxisLineVisible(false);
        Figure figure =
                new Figure(
                        theme,
                        "Tree of the centers, epoch " + epoch,
                        1,
                        new Dimension(WIDTH, 90 + Math.max(3, count) * (count <= 40 ? 40 : 15)));
        figure.subheading(RunPictures.about(run));
        figure.add("", chart);
        return figure.picture(
                "center-tree",
                "Tree of the centers",
                "Which classes the embedding takes for alike at the best epoch, "
                        + epoch
                        + ": classes are joined at the mean distance between their centers (average linkage); the further left a joint, the more alike."
                        + missingNote());
    }

    private XYLineAndShapeRenderer branches(Theme theme) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setAutoPopulateSeriesPaint(false);
        renderer.setDefaultPaint(theme.line(0));
        renderer.setDrawSeriesLineAsPath(true);
        return renderer;
    }
}
