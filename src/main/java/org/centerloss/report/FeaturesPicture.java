package org.centerloss.report;

import java.awt.Dimension;
import java.util.List;
import java.util.Locale;
import org.centerloss.train.Embeddings;
import org.jfree.chart.JFreeChart;

/** The features of the best epoch, training sample and test images beside each other. */
final class FeaturesPicture {
    private static final Dimension CELL = new Dimension(640, 600);
    private static final int MOST_POINTS = 10_000;

    private FeaturesPicture() {}

    static Picture draw(Look look, RunResults run, Snapshot snapshot, Plane plane) {
        Embeddings train = FeatureChart.thinned(snapshot.train(), MOST_POINTS);
        Embeddings test = FeatureChart.thinned(snapshot.test(), MOST_POINTS);
        double[][] trainPoints = plane.project(train.features());
        double[][] testPoints = plane.project(test.features());
        double[][] centers = plane.project(snapshot.centers());
        // Both sets count as last epochs: each must be seen whole.
        Window window =
                Window.of(List.<double[][]>of(trainPoints))
                        .including(centers)
                        .and(Window.of(List.<double[][]>of(testPoints)));
        Sheet sheet = new Sheet(look, "Features at epoch " + snapshot.epoch(), 2, CELL);
        sheet.subheading(RunPictures.about(run));
        sheet.add(
                title("training images", train, snapshot.train()),
                chart(look, snapshot, train, trainPoints, plane, centers, window));
        sheet.add(
                title("test images", test, snapshot.test()),
                chart(look, snapshot, test, testPoints, plane, centers, window));
        FeatureChart.addLegend(sheet, look, snapshot.classes());
        int outside = window.outside(trainPoints) + window.outside(testPoints);
        return sheet.picture(
                "features",
                "Features",
                "Features of a sample of the training images and of the test images at the best epoch, %d%s. Each point is an image, its colour the true class. %s%s"
                        .formatted(
                                snapshot.epoch(),
                                snapshot.dimension() > 2
                                        ? ", projected from %d features onto the two principal components of the training sample"
                                                .formatted(snapshot.dimension())
                                        : "",
                                FeatureChart.centersAre(snapshot.classes()),
                                outside == 0
                                        ? ""
                                        : " %d of %d points lie outside the picture."
                                                .formatted(
                                                        outside,
                                                        trainPoints[0].length
                                                                + testPoints[0].length)));
    }

    private static String title(String name, Embeddings shown, Embeddings set) {
        return String.format(
                Locale.ROOT, "%,d %s, accuracy %.1f %%", shown.count(), name, 100 * set.accuracy());
    }

    private static JFreeChart chart(
            Look look,
            Snapshot snapshot,
            Embeddings set,
            double[][] points,
            Plane plane,
            double[][] centers,
            Window window) {
        return FeatureChart.of(
                look,
                points,
                set.labels(),
                snapshot.classes(),
                centers,
                plane.labels(),
                window,
                CELL);
    }
}
