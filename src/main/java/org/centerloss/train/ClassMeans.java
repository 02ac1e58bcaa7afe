package org.centerloss.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.format.StrictJson;

/**
 * The mean features of each class over all training images, without augmentation, kept in a run's
 * {@code class-means.json}. Trained centers move at the pace of the learning rate and lag behind
 * the features of their classes; the means do not.
 *
 * @param checksum of the checkpoint that made the features, see {@link Checkpoint#checksum}
 * @param step steps that this checkpoint was trained for
 * @param images how many images they are the means of
 * @param classes the names of the classes
 * @param means [class][feature], see {@link Embeddings#classMeans}
 */
public record ClassMeans(
        long checksum, long step, int images, List<String> classes, double[][] means) {
    public ClassMeans {
        Bounds.atLeast("step", step, 0);
        Bounds.atLeast("images", images, 1);
        Bounds.require(
                means.length > 0 && means.length == classes.size(),
                "means",
                "one for each of the %d classes".formatted(classes.size()),
                means.length);
        for (double[] mean : means) {
            Bounds.require(
                    mean.length > 0 && mean.length == means[0].length,
                    "means",
                    "the same number of features in each",
                    mean.length + " beside " + means[0].length);
            for (double value : mean) {
                Bounds.require(
                        !Double.isInfinite(value), "means", "numbers that are not infinite", value);
            }
        }
    }

    /** Where a run's folder keeps them. */
    public static Path file(Path run) {
        return run.resolve("class-means.json");
    }

    /**
     * The means of what a checkpoint makes of its training images.
     *
     * @param training all of them
     */
    public static ClassMeans of(Checkpoint checkpoint, Embeddings training) {
        List<String> classes = checkpoint.model().classes();
        return new ClassMeans(
                checkpoint.checksum(),
                checkpoint.progress().step(),
                training.count(),
                classes,
                training.classMeans(classes.size()));
    }

    /**
     * Those that a run keeps for a checkpoint; empty where it keeps none, or those of another.
     *
     * @param run a run's folder; where it is none, nothing is kept
     * @throws InputException where the file is damaged
     */
    public static Optional<ClassMeans> kept(Path run, Checkpoint checkpoint) {
        Path file = file(run);
        return Files.exists(file)
                ? Optional.of(StrictJson.read(file, ClassMeans.class))
                        .filter(means -> means.areOf(checkpoint))
                : Optional.empty();
    }

    private boolean areOf(Checkpoint checkpoint) {
        Checkpoint.Model model = checkpoint.model();
        return checksum == checkpoint.checksum()
                && classes.equals(model.classes())
                && means[0].length == model.shape().features();
    }

    /**
     * Writes them into a run's folder, replacing the file in one step.
     *
     * @throws InputException if that fails
     */
    public void write(Path run) {
        AtomicFile.write(file(run), out -> out.write(StrictJson.lines(this)));
    }
}
