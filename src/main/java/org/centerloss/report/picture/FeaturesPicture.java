package org.centerloss.report.picture;

import java.awt.Dimension;
import java.util.List;
import java.util.Locale;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Projection;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;
import org.jfree.chart.JFreeChart;

/** The features of the best epoch. */
final class FeaturesPicture {
    private static final String TITLE = "Features at the best epoch";
    private static final Dimension CELL = new Dimension(640, 600);
    private static final int MOST_POINTS = 10_000;

    private FeaturesPicture() {}

    /** Of the test images alone. */
    static Picture ofTest(Theme theme, RunResults run, Snapshot snapshot, Projection projection) {
        Embeddings test = FeatureChart.thinned(snapshot.test(), MOST_POINTS);
        double[][] points = projection.project(test.features());
        DrawnCenters centers = DrawnCenters.of(run.configuration().config(), snapshot, projection);
        Viewport window = centers.in(Viewport.of(List.<double[][]>of(points)));
        Figure figure = figure(theme, run, snapshot, 1);
        figure.add(
                title(run.images(), test, snapshot.test()),
                chart(theme, test, points, projection, centers, window));
        centers.addLegend(figure, theme);
        return figure.picture(
                "features",
                TITLE,
                caption(
                        "the " + run.images(),
                        snapshot,
                        centers,
                        window.outside(points),
                        points[0].length));
    }

    /** Of training sample and test images, beside each other. */
    static Picture ofBoth(Theme theme, RunResults run, Snapshot snapshot, Projection projection) {
        Embeddings train = FeatureChart.thinned(snapshot.train(), MOST_POINTS);
        Embeddings test = FeatureChart.thinned(snapshot.test(), MOST_POINTS);
        double[][] trainPoints = projection.project(train.features());
        double[][] testPoints = projection.project(test.features());
        DrawnCenters centers = DrawnCenters.of(run.configuration().config(), snapshot, projection);
        // Both sets count as last epochs: each must be seen whole.
        Viewport window =
                centers.in(Viewport.of(List.<double[][]>of(trainPoints)))
                        .and(Viewport.of(List.<double[][]>of(testPoints)));
        Figure figure = figure(theme, run, snapshot, 2);
        figure.add(
                title("training images", train, snapshot.train()),
                chart(theme, train, trainPoints, projection, centers, window));
        figure.add(
                title(run.images(), test, snapshot.test()),
                chart(theme, test, testPoints, projection, centers, window));
        centers.addLegend(figure, theme);
        int outside = window.outside(trainPoints) + window.outside(testPoints);
        return figure.picture(
                "features",
                TITLE,
                caption(
                        "a sample of the training images and of the " + run.images(),
                        snapshot,
                        centers,
                        outside,
                        trainPoints[0].length + testPoints[0].length));
    }

    private static Figure figure(Theme theme, RunResults run, Snapshot snapshot, int charts) {
        return new Figure(theme, "Features at epoch " + snapshot.epoch(), charts, CELL)
                .subheading(RunPictures.about(run));
    }

    private static String caption(
            String whose, Snapshot snapshot, DrawnCenters centers, int outside, int points) {
        return "Features of %s at the best epoch, %d%s. Each point is an image, its colour the true class. %s%s"
                .formatted(
                        whose,
                        snapshot.epoch(),
                        snapshot.dimension() > 2
                                ? ", projected from %d features onto the two principal components of the training sample"
                                        .formatted(snapshot.dimension())
                                : "",
                        centers.caption(),
                        outside == 0
                                ? ""
                                : " %d of %d points lie outside the picture."
                                        .formatted(outside, points));
    }

    private static String title(String name, Embeddings shown, Embeddings set) {
        return String.format(
                Locale.ROOT, "%,d %s, accuracy %.1f %%", shown.count(), name, 100 * set.accuracy());
    }

    private static JFreeChart chart(
            Theme theme,
            Embeddings set,
            double[][] points,
            Projection projection,
            DrawnCenters centers,
            Viewport window) {
        return FeatureChart.of(
                theme, points, set.labels(), centers, projection.labels(), window, CELL);
    }
}
