package org.centerloss.report.picture;

import java.util.Locale;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.MatrixChart;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;

/** Which classes of the test images are taken for which. */
final class ConfusionPicture {
    private ConfusionPicture() {}

    static Picture draw(Theme theme, RunResults run, Snapshot snapshot) {
        MatrixChart matrix =
                new MatrixChart(
                        theme,
                        "predicted class",
                        "true class",
                        snapshot.classes(),
                        percentages(snapshot),
                        // Errors are few: the square root lets them be seen.
                        percent -> Math.sqrt(percent / 100),
                        ConfusionPicture::text);
        Figure figure =
                new Figure(
                        theme,
                        "Confusion matrix, %s, epoch %d".formatted(run.images(), snapshot.epoch()),
                        1,
                        matrix.size());
        figure.subheading(RunPictures.about(run) + "; in % of a row");
        matrix.addTo(figure, 100);
        return figure.picture(
                "confusion",
                "Confusion matrix",
                String.format(
                        Locale.ROOT,
                        "Of the %s of each true class (a row), the percentage that the best epoch, %d, takes for each class (a column). The diagonal is right.",
                        run.images(),
                        snapshot.epoch()));
    }

    /** [true class][predicted class]: percent of the true class; NaN for one without images. */
    static double[][] percentages(Snapshot snapshot) {
        int classes = snapshot.classes().size();
        double[][] percentages = new double[classes][classes];
        int[] labels = snapshot.test().labels();
        int[] counts = new int[classes];
        for (int i = 0; i < labels.length; i++) {
            if (snapshot.test().isFinite(i)) {
                percentages[labels[i]][snapshot.test().predictions()[i]]++;
            }
            counts[labels[i]]++;
        }
        for (int row = 0; row < classes; row++) {
            for (int column = 0; column < classes; column++) {
                percentages[row][column] *= 100.0 / counts[row];
            }
        }
        return percentages;
    }

    private static String text(double percent) {
        return percent == 0
                ? ""
                : percent < 0.95
                        ? String.format(Locale.ROOT, "%.1f", percent)
                        : String.format(Locale.ROOT, "%.0f", percent);
    }
}
