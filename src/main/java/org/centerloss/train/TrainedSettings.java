package org.centerloss.train;

import java.nio.file.Path;
import org.centerloss.base.InputException;
import org.centerloss.format.StrictJson;
import org.centerloss.optim.Schedules;

/**
 * The settings that a checkpoint was trained with.
 *
 * @param path of the checkpoint
 */
record TrainedSettings(Path path, TrainingConfig own) {
    /**
     * Checks that a run which goes on from the checkpoint has the same, as far as they decide what
     * is learned; where the data lie may change, and how long the run takes where the learning
     * rates do not depend on it.
     */
    void requireSame(TrainingConfig run) {
        requireEqual("network", own.network(), run.network());
        requireEqual("loss", own.loss(), run.loss());
        requireEqual("optimization", own.optimization(), run.optimization());
        requireEqual("seed", own.seed(), run.seed());
        if (Schedules.of(own.optimization().schedule().name()).spansRun()) {
            requireEqual("epochs", own.epochs(), run.epochs());
            requireEqual("maxSteps", own.maxSteps(), run.maxSteps());
        }
        requireEqual("centers", own.centers(), run.centers());
        requireEqual("images", own.data().images(), run.data().images());
        requireEqual("augmentation", own.data().augmentation(), run.data().augmentation());
        requireEqual("heldOutClasses", own.data().heldOutClasses(), run.data().heldOutClasses());
    }

    private void requireEqual(String setting, Object own, Object found) {
        if (!own.equals(found)) {
            throw new InputException(
                    "%s was trained with %s %s: expected the same of the run that goes on, found %s"
                            .formatted(
                                    path, setting, StrictJson.line(own), StrictJson.line(found)));
        }
    }
}
