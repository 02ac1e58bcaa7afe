package org.centerloss.cli.command;

import org.centerloss.data.Dataset;
import org.centerloss.train.TrainingConfig;
import org.centerloss.train.WeightsFile;

/**
 * Settings and data that go together.
 *
 * @param weights how the file of initial weights fits
 */
record CheckedTraining(TrainingConfig config, Dataset dataset, WeightsFile.Fit weights) {
    /** What the name of a new run directory begins with. */
    String name() {
        return "%s-%s-d%d-s%d"
                .formatted(
                        dataset.name(),
                        config.loss().objective(),
                        config.network().features(),
                        config.seed());
    }
}
