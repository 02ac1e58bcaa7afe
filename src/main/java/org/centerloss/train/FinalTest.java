package org.centerloss.train;

import java.nio.file.Files;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.centerloss.device.ImageStore;
import org.centerloss.evaluate.Embedder;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.loss.Objective;
import org.centerloss.nn.Parameters;

/**
 * What a run ends with: its best checkpoint is measured on the test images, by class means over all
 * training images too, and both are kept in its directory.
 *
 * @param parameters those of {@code embedder}; they are the best checkpoint's afterwards
 */
record FinalTest(
        RunDirectory run,
        Objective objective,
        Parameters parameters,
        Embedder embedder,
        ImageStore trainImages,
        int trainCount,
        ImageStore testImages,
        int testCount) {
    /**
     * What the test came to.
     *
     * @param finished false if it was stopped before the end, with nothing kept
     * @param result empty where it was stopped, or the run has no best checkpoint
     */
    record Outcome(boolean finished, Optional<FinalResult> result) {}

    /** Measures, unless what is kept already is of that checkpoint. */
    Outcome measure(BooleanSupplier stop) {
        if (!Files.exists(run.best())) {
            // Stopped within its first epoch, and not to go on: there is nothing to measure.
            return new Outcome(true, Optional.empty());
        }
        Checkpoint best = Checkpoint.read(run.best());
        Optional<ClassMeans> kept = ClassMeans.kept(run.path(), best);
        Optional<FinalResult> result =
                FinalResult.kept(run.path()).filter(r -> r.checksum() == best.checksum());
        if (kept.isPresent() && result.isPresent()) {
            return new Outcome(true, result);
        }
        best.restore(parameters);
        Optional<ClassMeans> means =
                kept.or(
                        () ->
                                embedder.embed(trainImages, Embedder.all(trainCount), stop)
                                        .map(training -> ClassMeans.of(best, training)));
        Optional<Embeddings> test = embedder.embed(testImages, Embedder.all(testCount), stop);
        if (means.isEmpty() || test.isEmpty()) {
            return new Outcome(false, Optional.empty());
        }
        ClassCenters centers = ClassCenters.of(objective, embedder.centers(), means.get().means());
        TrainState at = best.progress();
        FinalResult measured =
                new FinalResult(
                        best.checksum(),
                        at.position() == 0 ? at.epoch() - 1 : at.epoch(),
                        testCount,
                        centers.accuracies(test.get()));
        means.get().write(run.path());
        measured.write(FinalResult.file(run.path()));
        return new Outcome(true, Optional.of(measured));
    }
}
