package org.centerloss.report.picture;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.centerloss.base.InputException;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Projection;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;

/** How the features of the test images move from epoch to epoch: one frame each, on fixed axes. */
final class FeaturesAnimation {
    /** More epochs are thinned evenly. */
    static final int MOST_FRAMES = 60;

    private static final Dimension CELL = new Dimension(740, 620);
    private static final int MOST_POINTS = 2000;

    /** Twice the pixels would make long animations four times as large: 6 MB for 60 frames. */
    private static final int SCALE = 1;

    private static final int WHOLE_MILLISECONDS = 12_000;
    private static final int LONGEST_MILLISECONDS = 800;
    private static final int LAST_MILLISECONDS = 2500;

    /** What a frame shows. */
    private record Frame(
            int epoch,
            int[] labels,
            double[][] points,
            DrawnCenters centers,
            double trainAccuracy,
            double testAccuracy) {}

    private final RunResults run;
    private final List<String> classes;
    private final Projection projection;
    private final List<Frame> frames = new ArrayList<>();
    private final Viewport window;
    private final int testImages;

    /**
     * Reads the epochs that are shown.
     *
     * @param files a snapshot for each epoch, in order
     * @throws InputException where one is damaged or of another run
     */
    FeaturesAnimation(RunResults run, List<Path> files, Snapshot best, Projection projection) {
        this.run = run;
        this.projection = projection;
        classes = best.classes();
        testImages = best.test().count();
        for (int chosen : chosen(files.size())) {
            Snapshot snapshot = Snapshot.read(files.get(chosen));
            if (!snapshot.classes().equals(classes)
                    || snapshot.dimension() != best.dimension()
                    || snapshot.test().count() != testImages) {
                throw new InputException(
                        "%s: expected the classes, features and number of images of the run's best epoch, found others"
                                .formatted(files.get(chosen)));
            }
            Embeddings test = FeatureChart.thinned(snapshot.test(), MOST_POINTS);
            frames.add(
                    new Frame(
                            snapshot.epoch(),
                            test.labels(),
                            projection.project(test.features()),
                            DrawnCenters.of(run.configuration().config(), snapshot, projection),
                            snapshot.train().accuracy(),
                            snapshot.test().accuracy()));
        }
        window = last().centers().in(Viewport.of(frames.stream().map(Frame::points).toList()));
    }

    private Frame last() {
        return frames.get(frames.size() - 1);
    }

    /** At most {@link #MOST_FRAMES} of so many epochs, evenly spaced, first and last among them. */
    static int[] chosen(int epochs) {
        int[] chosen = new int[Math.min(epochs, MOST_FRAMES)];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] =
                    chosen.length == 1
                            ? epochs - 1
                            : (int) Math.round((double) i * (epochs - 1) / (chosen.length - 1));
        }
        return chosen;
    }

    Picture draw(Theme theme) {
        List<Color> colors = new ArrayList<>(List.of(theme.ink(), theme.softInk()));
        colors.addAll(theme.classColors());
        int delay = Math.min(LONGEST_MILLISECONDS, WHOLE_MILLISECONDS / frames.size());
        int width = 0;
        int height = 0;
        int outside = 0;
        byte[] bytes;
        try (AnimatedGif gif = new AnimatedGif(theme, colors)) {
            for (Frame frame : frames) {
                BufferedImage image = image(theme, frame);
                width = image.getWidth();
                height = image.getHeight();
                gif.add(image, frame == last() ? LAST_MILLISECONDS : delay);
                outside = Math.max(outside, window.outside(frame.points()));
            }
            bytes = gif.finish();
        }
        int shown = frames.get(0).labels().length;
        return new Picture(
                "features",
                "Features over the epochs",
                "How the features of %s %s move over %d epochs, on fixed axes; each point is an image, its colour the true class. %s%s"
                        .formatted(
                                shown < testImages
                                        ? String.format(
                                                Locale.ROOT, "%,d of %,d", shown, testImages)
                                        : "the " + shown,
                                run.images(),
                                run.epochCount(),
                                last().centers().caption(),
                                outside == 0
                                        ? ""
                                        : String.format(
                                                Locale.ROOT,
                                                " In no epoch more than %.1f %% of the points lie outside.",
                                                Math.ceil(1000.0 * outside / shown) / 10)),
                "gif",
                width,
                height,
                SCALE,
                0,
                bytes,
                null);
    }

    private BufferedImage image(Theme theme, Frame frame) {
        int outside = window.outside(frame.points());
        Figure figure =
                new Figure(
                        theme,
                        "Epoch %d of %d".formatted(frame.epoch(), run.epochCount()),
                        1,
                        CELL);
        figure.subheading(
                String.format(
                        Locale.ROOT,
                        "accuracy: %s %.1f %%, training sample %.1f %%%s",
                        run.part().adjective(),
                        100 * frame.testAccuracy(),
                        100 * frame.trainAccuracy(),
                        outside == 0
                                ? ""
                                : "; %d of %d points outside"
                                        .formatted(outside, frame.labels().length)));
        figure.add(
                "",
                FeatureChart.of(
                        theme,
                        frame.points(),
                        frame.labels(),
                        frame.centers(),
                        projection.labels(),
                        window,
                        CELL));
        frame.centers().addLegend(figure, theme);
        return figure.image(SCALE);
    }
}
