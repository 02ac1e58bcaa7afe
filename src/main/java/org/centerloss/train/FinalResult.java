package org.centerloss.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.centerloss.base.AtomicFile;
import org.centerloss.base.Bounds;
import org.centerloss.base.InputException;
import org.centerloss.format.StrictJson;

/**
 * What a finished run came to: its best checkpoint on the test images, kept in its {@code
 * final.json}. Unlike the accuracies of the epochs, it takes the class means from all training
 * images.
 *
 * @param checksum of the checkpoint, see {@link Checkpoint#checksum}
 * @param epoch the epoch that it is of
 * @param testImages how many images it was tested on
 * @param test the accuracies on them
 */
public record FinalResult(long checksum, int epoch, int testImages, Accuracies test) {
    public FinalResult {
        Bounds.atLeast("epoch", epoch, 1);
        Bounds.atLeast("testImages", testImages, 1);
    }

    /** Where a run's folder keeps it. */
    public static Path file(Path run) {
        return run.resolve("final.json");
    }

    /**
     * What a run keeps; empty where it has not finished.
     *
     * @throws InputException where the file is damaged
     */
    public static Optional<FinalResult> kept(Path run) {
        Path file = file(run);
        return Files.exists(file)
                ? Optional.of(StrictJson.read(file, FinalResult.class))
                : Optional.empty();
    }

    /** Writes it, replacing {@code file} in one step. */
    void write(Path file) {
        AtomicFile.write(file, out -> out.write(StrictJson.lines(this)));
    }
}
