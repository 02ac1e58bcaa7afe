package org.centerloss.report.picture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.centerloss.base.InputException;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.MatrixChart;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Projection;
import org.centerloss.report.theme.Theme;
import org.centerloss.train.TrainingConfig;

/** The pictures of a run, drawn from its directory alone, in any {@link Theme}. */
public final class RunPictures {
    private final List<Function<Theme, Picture>> drawings = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final RunResults run;
    private final FeaturesDrawing drawing;

    /** One of the ways to draw features. */
    private interface FeaturesDrawing {
        Picture draw(Theme theme, RunResults run, Snapshot snapshot, Projection projection);
    }

    private RunPictures(RunResults run, FeaturesDrawing drawing) {
        this.run = run;
        this.drawing = drawing;
    }

    /**
     * Reads what the pictures of a run need.
     *
     * @throws InputException where a file of the run is damaged
     */
    public static RunPictures of(RunResults run) {
        RunPictures pictures = new RunPictures(run, FeaturesPicture::ofBoth);
        pictures.plan();
        return pictures;
    }

    /**
     * The same for the pictures of the features alone, narrow enough for those of several runs
     * beside each other.
     */
    public static RunPictures narrowFeaturesOf(RunResults run) {
        RunPictures pictures = new RunPictures(run, FeaturesPicture::ofTest);
        pictures.best().ifPresent(pictures::features);
        return pictures;
    }

    /** The snapshot of the run's best epoch; a run that was killed may keep that of another. */
    private Optional<Snapshot> best() {
        Optional<Snapshot> kept = Snapshots.best(run.path());
        int epoch = (int) run.epochs("epoch")[run.best()];
        Optional<Snapshot> best = kept.filter(snapshot -> snapshot.epoch() == epoch);
        if (best.isEmpty()) {
            String found =
                    kept.map(snapshot -> "those of epoch %d".formatted(snapshot.epoch()))
                            .orElse("none");
            leftOut.add(
                    "all but the curves: expected embeddings of the best epoch, %d, found %s"
                            .formatted(epoch, found));
        }
        return best;
    }

    private void plan() {
        Optional<Snapshot> best = best();
        best.ifPresent(this::features);
        drawings.add(theme -> new CurvesPicture(run, theme).draw());
        if (best.isPresent()) {
            classes(best.get());
            samples(best.get());
        }
    }

    private void features(Snapshot best) {
        Optional<Projection> projection = Projection.of(best);
        if (projection.isEmpty()) {
            leftOut.add("features: expected two features, two samples and finite values");
            return;
        }
        drawings.add(theme -> drawing.draw(theme, run, best, projection.get()));
        List<Path> epochs = Snapshots.ofEpochs(run.path(), run.epochCount());
        if (epochs.isEmpty()) {
            leftOut.add("the animation of the features: epochs are kept with 2 features only");
        } else if (epochs.size() == 1) {
            leftOut.add("the animation of the features: one epoch does not move");
        } else {
            FeaturesAnimation animation =
                    new FeaturesAnimation(run, epochs, best, projection.get());
            drawings.add(animation::draw);
        }
    }

    private void classes(Snapshot best) {
        int classes = best.classes().size();
        if (classes > MatrixChart.MOST_CLASSES) {
            leftOut.add(
                    "confusion matrix and distances between centers: %d classes, legible are %d"
                            .formatted(classes, MatrixChart.MOST_CLASSES));
            return;
        }
        drawings.add(theme -> ConfusionPicture.draw(theme, run, best));
        CenterPictures centers = new CenterPictures(run, best);
        if (centers.count() < 2) {
            leftOut.add("distances between centers: expected two classes with samples");
        } else {
            drawings.add(centers::heatMap);
            drawings.add(centers::dendrogram);
        }
    }

    private void samples(Snapshot best) {
        SampleDistances distances = SampleDistances.of(best.test(), best.centers());
        Optional<HardestSamples> hardest = Snapshots.hardest(run.path());
        if (!distances.anyFinite()) {
            leftOut.add("distances to centers and the hardest samples: expected two centers");
            return;
        }
        drawings.add(theme -> DistancesPicture.draw(theme, run, best, distances));
        if (hardest.isPresent() && hardest.get().areOf(best)) {
            drawings.add(theme -> HardestPicture.draw(theme, run, best, distances, hardest.get()));
        } else {
            leftOut.add("the hardest samples: the run keeps no images of its best epoch");
        }
    }

    /** Which run it is, in a line. */
    static String about(RunResults run) {
        TrainingConfig config = run.configuration().config();
        int features = config.network().features();
        return "%s, loss %s, %d feature%s, seed %d"
                .formatted(
                        Path.of(config.data().dataset()).getFileName(),
                        config.loss().objective(),
                        features,
                        features == 1 ? "" : "s",
                        config.seed());
    }

    /**
     * Draws every picture, in the order in which they are best shown.
     *
     * @throws InputException where this machine has no fonts
     */
    public List<Picture> draw(Theme theme) {
        Theme.requireFonts();
        return drawings.parallelStream().map(drawing -> drawing.apply(theme)).toList();
    }

    /** What is not drawn and why, a line each. */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /**
     * Draws the features of one epoch.
     *
     * @return empty where there is no plane to show them in
     * @throws InputException where this machine has no fonts
     */
    public static Optional<Picture> featuresOf(Snapshot snapshot, RunResults run, Theme theme) {
        Theme.requireFonts();
        return Projection.of(snapshot)
                .map(projection -> FeaturesPicture.ofBoth(theme, run, snapshot, projection));
    }

    /** Where a run keeps them. */
    public static Path folder(Path run) {
        return run.resolve("pictures");
    }

    /**
     * Writes pictures into the folder {@code pictures} of a run, each with its SVG beside it.
     *
     * @return their files
     * @throws InputException where that fails
     */
    public static List<Path> write(Path run, List<Picture> pictures) {
        Path folder = folder(run);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be made: " + InputException.reason(e), e);
        }
        return pictures.stream().map(picture -> picture.write(folder)).toList();
    }
}
