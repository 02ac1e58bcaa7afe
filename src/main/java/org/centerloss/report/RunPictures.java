package org.centerloss.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.centerloss.InputException;
import org.centerloss.train.AtomicFile;
import org.centerloss.train.TrainingConfig;

/** The pictures of a run, drawn from its directory alone, in any {@link Look}. */
public final class RunPictures {
    private final List<Function<Look, Picture>> drawings = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final RunResults run;

    private RunPictures(RunResults run) {
        this.run = run;
    }

    /**
     * Reads what the pictures of a run need.
     *
     * @throws InputException where a file of the run is damaged
     */
    public static RunPictures of(RunResults run) {
        RunPictures pictures = new RunPictures(run);
        pictures.plan();
        return pictures;
    }

    private void plan() {
        Optional<Snapshot> best = Snapshots.best(run.path());
        if (best.isPresent()) {
            features(best.get());
        } else {
            leftOut.add("pictures of the features: the run keeps no embeddings");
        }
        drawings.add(look -> new CurvesPicture(run, look).draw());
    }

    private void features(Snapshot best) {
        Optional<Plane> plane = Plane.of(best);
        if (plane.isPresent()) {
            drawings.add(look -> FeaturesPicture.draw(look, run, best, plane.get()));
        } else {
            leftOut.add(
                    "scatter of the features: it takes two features, two samples and finite values");
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
    public List<Picture> draw(Look look) {
        Look.requireFonts();
        return drawings.parallelStream().map(drawing -> drawing.apply(look)).toList();
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
    public static Optional<Picture> featuresOf(Snapshot snapshot, RunResults run, Look look) {
        Look.requireFonts();
        return Plane.of(snapshot).map(plane -> FeaturesPicture.draw(look, run, snapshot, plane));
    }

    /**
     * Writes pictures into the folder {@code pictures} of a run.
     *
     * @return their files
     * @throws InputException where that fails
     */
    public static List<Path> write(Path run, List<Picture> pictures) {
        Path folder = run.resolve("pictures");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be made: " + e.getMessage(), e);
        }
        List<Path> files = new ArrayList<>();
        for (Picture picture : pictures) {
            Path file = folder.resolve(picture.fileName());
            AtomicFile.write(file, out -> out.write(picture.bytes()));
            files.add(file);
        }
        return files;
    }
}
