package org.centerloss.report.picture;

import java.awt.Dimension;
import java.util.List;
import java.util.Locale;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Look;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Plane;
import org.centerloss.report.theme.Sheet;
import org.centerloss.report.theme.Window;
import org.jfree.chart.JFreeChart;

/** The features of the best epoch. */
final class FeaturesPicture {
    private static final String TITLE = "Features at the best epoch";
    private static final Dimension CELL = new Dimension(640, 600);
    private static final int MOST_POINTS = 10_000;

    private FeaturesPicture() {}

    /** Of the test images alone. */
    static Picture ofTest(Look look, RunResults run, Snapshot snapshot, Plane plane) {
        Embeddings test = FeatureChart.thinned(snapshot.test(), MOST_POINTS);
        double[][] points = plane.project(test.features());
        DrawnCenters centers = DrawnCenters.of(run.configuration().config(), snapshot, plane);
        Window window = centers.in(Window.of(List.<double[][]>of(points)));
        Sheet sheet = sheet(look, run, snapshot, 1);
        sheet.add(
                title(run.images(), test, snapshot.test()),
                chart(look, test, points, plane, centers, window));
        centers.addLegend(sheet, look);
        return sheet.picture(
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
    static Picture ofBoth(Look look, RunResults run, Snapshot snapshot, Plane plane) {
        Embeddings train = FeatureChart.thinned(snapshot.train(), MOST_POINTS);
        Embeddings test = FeatureChart.thinned(snapshot.test(), MOST_POINTS);
        double[][] trainPoints = plane.project(train.features());
        double[][] testPoints = plane.project(test.features());
        DrawnCenters centers = DrawnCenters.of(run.configuration().config(), snapshot, plane);
        // Both sets count as last epochs: each must be seen whole.
        Window window =
                centers.in(Window.of(List.<double[][]>of(trainPoints)))
                        .and(Window.of(List.<double[][]>of(testPoints)));
        Sheet sheet = sheet(look, run, snapshot, 2);
        sheet.add(
                title("training images", train, snapshot.train()),
                chart(look, train, trainPoints, plane, centers, window));
        sheet.add(
                title(run.images(), test, snapshot.test()),
                chart(look, test, testPoints, plane, centers, window));
        centers.addLegend(sheet, look);
        int outside = window.outside(trainPoints) + window.outside(testPoints);
        return sheet.picture(
                "features",
                TITLE,
                caption(
                        "a sample of the training images and of the " + run.images(),
                        snapshot,
                        centers,
                        outside,
                        trainPoints[0].length + testPoints[0].length));
    }

    private static Sheet sheet(Look look, RunResults run, Snapshot snapshot, int charts) {
        return new Sheet(look, "Features at epoch " + snapshot.epoch(), charts, CELL)
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
            Look look,
            Embeddings set,
            double[][] points,
            Plane plane,
            DrawnCenters centers,
            Window window) {
        return FeatureChart.of(look, points, set.labels(), centers, plane.labels(), window, CELL);
    }
}
